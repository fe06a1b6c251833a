-- SQLite's index of full-text search is made anew. Here the notes are read again, since texts mean more than they did.
UPDATE note_search SET version = 0;
