package app

import "octavo/domain"

// If is what must hold of something for it to be changed. A nil one holds of everything.
type If[T any] func(T) bool

func (f If[T]) is(what T) bool { return f == nil || f(what) }

// IfVersion holds of a note that is in the version.
func IfVersion(version int) If[domain.Note] {
	return func(n domain.Note) bool { return n.Version == version }
}
