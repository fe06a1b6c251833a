-- SQLite's index of full-text search is made anew. Nothing changes here.
SELECT 1;
