package main

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
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
	pageSize     = 20
	maxForm      = 2 << 20
	maxTitle     = 255
	maxContent   = 256 << 10
	maxExcerpt   = 240
	sessionIdle  = 14 * 24 * time.Hour
	sessionLife  = 90 * 24 * time.Hour
	policyBefore = "default-src 'none'; script-src 'nonce-"
	policyAfter  = "'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
		"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /notes", s.signedIn(s.listNotes))
	mux.HandleFunc("GET /notes/{id}", s.signedIn(s.showNote))
	mux.HandleFunc("POST /notes", s.signedIn(s.createNote))
	return http.NewCrossOriginProtection().Handler(mux)
}

// signedIn calls h for the owner of the session that the request's cookie names. An error of h becomes a 404 for what
// isn't there and a 500 otherwise.
func (s *server) signedIn(h func(w http.ResponseWriter, r *http.Request, owner string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(s.cookie)
		if err != nil {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		hash := sha256.Sum256([]byte(cookie.Value))
		var owner string
		var created, seen int64
		err = s.session.QueryRowContext(r.Context(), hex.EncodeToString(hash[:])).Scan(&owner, &created, &seen)
		now := time.Now()
		if errors.Is(err, sql.ErrNoRows) || err == nil &&
			(now.Sub(time.UnixMicro(seen)) >= sessionIdle || now.Sub(time.UnixMicro(created)) >= sessionLife) {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		if err == nil {
			err = h(w, r, owner)
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

func (s *server) listNotes(w http.ResponseWriter, r *http.Request, owner string) error {
	rows, err := s.firstNotes.QueryContext(r.Context(), owner, pageSize+1)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var notes [pageSize + 1]card
	n := 0
	for ; rows.Next(); n++ {
		c := &notes[n]
		if err := rows.Scan(&c.id, &c.title, &c.excerpt, &c.pinned, &c.updated); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	send(w, func(b []byte, nonce string) []byte { return appendList(b, nonce, notes[:n]) })
	return nil
}

func (s *server) showNote(w http.ResponseWriter, r *http.Request, owner string) error {
	n := note{id: r.PathValue("id")}
	var content string
	err := s.note.QueryRowContext(r.Context(), n.id, owner).Scan(&n.title, &content, &n.pinned, &n.created, &n.updated)
	if err != nil {
		return err
	}
	n.html = markdown.Render(strings.TrimPrefix(strings.TrimPrefix(content, "# "), n.title+"\n"))
	send(w, func(b []byte, nonce string) []byte { return appendNote(b, nonce, n) })
	return nil
}

func (s *server) createNote(w http.ResponseWriter, r *http.Request, owner string) error {
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
	now := time.Now().UnixMicro()
	if _, err := s.add.ExecContext(r.Context(), id, owner, title, content, excerpt(content, title), now, now); err != nil {
		return err
	}
	h := w.Header()
	setHeaders(h)
	h.Set("Content-Security-Policy", policyBefore+policyAfter)
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
func send(w http.ResponseWriter, build func(b []byte, nonce string) []byte) {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	nonce := base64.RawStdEncoding.EncodeToString(random[:])

	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	*buffer = build((*buffer)[:0], nonce)

	h := w.Header()
	setHeaders(h)
	h["Content-Security-Policy"] = []string{policyBefore + nonce + policyAfter}
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
	htmlType   = []string{"text/html; charset=UTF-8"}
	varies     = []string{"Accept-Encoding, HX-Request"}
	noSniff    = []string{"nosniff"}
	deny       = []string{"DENY"}
	sameOrigin = []string{"same-origin"}
	noStore    = []string{"no-store"}
)
