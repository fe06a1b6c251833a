package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"html"
	"log"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"octavo/web/markdown"
)

const (
	pageSize    = 20
	maxForm     = 2 << 20
	maxTitle    = 255
	maxContent  = 256 << 10
	maxExcerpt  = 240
	sessionIdle = 14 * 24 * time.Hour
	sessionLife = 90 * 24 * time.Hour
	policy      = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /notes", s.signedIn(s.listNotes))
	mux.HandleFunc("GET /notes/{id}", s.signedIn(s.showNote))
	mux.HandleFunc("GET /ids", s.signedIn(s.findNotes))
	mux.HandleFunc("POST /notes", s.signedIn(s.createNote))
	return http.NewCrossOriginProtection().Handler(mux)
}

// signedIn calls h for the own space of the user whose session the request's cookie names. An error of h becomes a 404 for
// what isn't there and a 500 otherwise.
func (s *server) signedIn(h func(w http.ResponseWriter, r *http.Request, space string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(s.cookie)
		if err != nil {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		hash := sha256.Sum256([]byte(cookie.Value))
		var space string
		var created, seen time.Time
		err = s.session.QueryRowContext(r.Context(), hex.EncodeToString(hash[:])).Scan(&space, &created, &seen)
		now := time.Now()
		if errors.Is(err, sql.ErrNoRows) || err == nil &&
			(now.Sub(seen) >= sessionIdle || now.Sub(created) >= sessionLife) {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		if err == nil {
			err = h(w, r, space)
		}
		switch {
		case errors.Is(err, sql.ErrNoRows):
			http.NotFound(w, r)
		case err != nil:
			log.Print(err)
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		}
	}
}

var errMore = errors.New("there are drafts or saved searches, which the pages here don't show")

func (s *server) listNotes(w http.ResponseWriter, r *http.Request, space string) error {
	rows, err := s.firstNotes.QueryContext(r.Context(), space, pageSize+1)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var notes [pageSize + 1]card
	n, others := 0, 0
	for ; rows.Next(); n++ {
		c := &notes[n]
		if err := rows.Scan(&c.id, &c.title, &c.excerpt, &c.tags, &c.pinned, &c.updated, &others); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if others > 0 {
		return errMore
	}
	draft := uuid.Must(uuid.NewV7()).String()
	send(w, func(b []byte) []byte { return appendList(b, draft, notes[:n]) })
	return nil
}

func (s *server) showNote(w http.ResponseWriter, r *http.Request, space string) error {
	n := note{id: r.PathValue("id")}
	var key, content string
	others := 0
	err := s.note.QueryRowContext(r.Context(), n.id, space).
		Scan(&n.title, &key, &content, &n.tags, &n.pinned, &n.created, &n.updated, &n.saved, &others)
	if err != nil {
		return err
	}
	if others > 0 {
		return errMore
	}
	body := strings.TrimPrefix(strings.TrimPrefix(content, "# "), n.title+"\n")
	doc := markdown.Render(content, markdown.Options{From: len(content) - len(body), Tasks: true})
	targets := map[string]string{}
	for _, link := range doc.Links {
		var id string
		err := s.target.QueryRowContext(r.Context(), space, strings.ToLower(link.Title)).Scan(&id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		targets[link.Title] = id
	}
	n.html = doc.HTML(func(link markdown.Link) (markdown.Target, bool) {
		return markdown.Target{URL: "/notes/" + targets[link.Title]}, targets[link.Title] != ""
	})
	n.tasks = strings.Contains(n.html, ` form="tasks"`)
	if n.backlinks, err = s.backlinksOf(r.Context(), space, n.id, key); err != nil {
		return err
	}
	send(w, func(b []byte) []byte { return appendNote(b, n) })
	return nil
}

// backlinksOf returns the notes that link to one, as items of HTML.
func (s *server) backlinksOf(ctx context.Context, space, note, key string) (string, error) {
	rows, err := s.backlinks.QueryContext(ctx, space, key)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	var items []byte
	for rows.Next() {
		var id, title string
		if err := rows.Scan(&id, &title); err != nil {
			return "", err
		}
		if id != note {
			items = backlink.appendTo(items, html.EscapeString(title), id)
		}
	}
	return string(items), rows.Err()
}

// findNotes answers with the ids of at most limit notes that have a word that begins like this, the last updated first,
// one on a line: it runs a bare query of the index, and neither reads the notes nor shows anything of them.
func (s *server) findNotes(w http.ResponseWriter, r *http.Request, space string) error {
	beginning := r.FormValue("q")
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || beginning == "" || strings.ContainsFunc(beginning, func(c rune) bool { return c < 'a' || c > 'z' }) {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return nil
	}
	rows, err := s.find(r.Context(), space, beginning, limit)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var ids []byte
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		ids = append(append(ids, id...), '\n')
	}
	if err := rows.Err(); err != nil {
		return err
	}
	setHeaders(w.Header())
	w.Header()["Content-Type"] = plainType
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(ids))}
	_, _ = w.Write(ids) // the client has gone if this fails
	return nil
}

func (s *server) createNote(w http.ResponseWriter, r *http.Request, space string) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return nil
	}
	title := strings.TrimSpace(r.PostForm.Get("title"))
	content := strings.ReplaceAll(r.PostForm.Get("content"), "\r\n", "\n")
	if title == "" {
		first, _, _ := strings.Cut(content, "\n")
		title = strings.TrimSpace(strings.TrimLeft(first, "# "))
	}
	if title == "" || utf8.RuneCountInString(title) > maxTitle || len(content) > maxContent ||
		!storable(title) || !storable(content) {
		http.Error(w, "Unprocessable Entity", http.StatusUnprocessableEntity)
		return nil
	}
	id := uuid.Must(uuid.NewV7()).String()
	now := time.Now().UTC()
	key := strings.ToLower(title)
	if _, err := s.add.ExecContext(r.Context(), id, space, title, key, content, excerpt(content, title), now); err != nil {
		return err
	}
	h := w.Header()
	setHeaders(h)
	h["Content-Security-Policy"] = policies
	h.Set("Location", "/notes/"+id)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

func storable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// excerpt returns the beginning of content below its title, on one line and without most marks of Markdown.
func excerpt(content, title string) string {
	content = strings.TrimPrefix(strings.TrimLeft(content, "# "), title)
	var b strings.Builder
	b.Grow(maxExcerpt)
	length := 0
	space := true
	for _, c := range content {
		switch c {
		case '#', '*', '`', '~', '[', ']', '>':
			continue
		case ' ', '\n', '\t':
			if space {
				continue
			}
			c = ' '
		}
		space = c == ' '
		b.WriteRune(c)
		if length++; length == maxExcerpt-1 {
			return strings.TrimRight(b.String(), " ") + "…"
		}
	}
	return strings.TrimRight(b.String(), " ")
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// send answers with the page that build appends to a buffer.
func send(w http.ResponseWriter, build func(b []byte) []byte) {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	*buffer = build((*buffer)[:0])

	h := w.Header()
	setHeaders(h)
	h["Content-Security-Policy"] = policies
	h["Content-Type"] = htmlType
	h["Vary"] = varies
	h["Content-Length"] = []string{strconv.Itoa(len(*buffer))}
	_, _ = w.Write(*buffer) // the client has gone if this fails
}

func setHeaders(h http.Header) {
	h["X-Content-Type-Options"] = noSniff
	h["X-Frame-Options"] = deny
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["Referrer-Policy"] = sameOrigin
	h["Cache-Control"] = noStore
}

var (
	plainType  = []string{"text/plain; charset=utf-8"}
	htmlType   = []string{"text/html; charset=UTF-8"}
	varies     = []string{"Accept-Encoding, HX-Request"}
	noSniff    = []string{"nosniff"}
	deny       = []string{"DENY"}
	sameOrigin = []string{"same-origin"}
	noStore    = []string{"no-store"}
	policies   = []string{policy}
)
