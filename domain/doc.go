// Package domain holds what Octavo is about: notes, what they said before, their files, records, the spaces that all of it
// is in, and who may do what there; the rules they keep; and the ports through which the use cases reach a database, the
// contents of files and a clock.
//
// The packages below it know nothing of notes: what a word is (words), what a text says beyond its words (markup), how two
// texts differ and are brought together (textdiff), and what a search means (query).
//
// They import the standard library, a UUID library, Unicode libraries and a YAML library, nothing else. Rules stand here
// once, so that every adapter obeys the same ones.
package domain
