package ent

// Of note_search, which PostgreSQL and MySQL have.
const (
	deleteTerms = `DELETE FROM note_search WHERE note_id = ?`
	lostTerms   = `DELETE FROM note_search WHERE note_id > ? AND note_id <= ?
		AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.id = note_search.note_id)`
)

var staleRows = `SELECT n.id AS next, ` + staleColumns + ` FROM notes n WHERE n.id > ?
		AND COALESCE((SELECT s.version FROM note_search s WHERE s.note_id = n.id), -1) <> n.version ORDER BY n.id LIMIT ? FOR UPDATE`
