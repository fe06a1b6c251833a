// Package domain holds what Octavo is about: notes, what they said before, their files, records and their owners; the
// rules they keep; what a search means (Query); and the ports through which the use cases reach a database, the contents
// of files and a clock. What a word is, what a text says beyond its words, and how two texts differ and are brought
// together, are packages below it, which know nothing of notes.
//
// It imports the standard library, a UUID library and Unicode libraries, nothing else. Rules stand here once, so that
// every adapter obeys the same ones.
package domain
