// Package domain holds what Octavo is about: notes, records and their owners, the rules they keep, and the ports
// through which the use cases reach a database and a clock.
//
// It imports the standard library and a UUID library, nothing else. Rules stand here once, so that every adapter
// obeys the same ones.
package domain
