//go:build sqlite_fts5 || fts5

package backend

// hasFTS5 reports whether SQLite was built with its full-text search.
const hasFTS5 = true
