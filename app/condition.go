package app

// If is what must hold of something for it to be changed. A nil one holds of everything.
type If[T any] func(T) bool

func (f If[T]) is(what T) bool { return f == nil || f(what) }
