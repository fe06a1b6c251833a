// Package static holds the app's style sheet, scripts and icons. Each is served under a name that carries a hash of
// its content, so that browsers may keep it for good and still get the new one after an upgrade.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	minifier "github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

//go:embed *.css *.js *.svg *.webmanifest vendor/*.js
var embedded embed.FS

// Prefix is what the path of every file begins with.
const Prefix = "/static/"

type file struct {
	contentType string
	plain       []byte
	gzipped     func() []byte // the same without comments and blanks, made when first asked for
}

var (
	urls  = map[string]string{} // by the file's own name
	files = map[string]file{}   // by the name that carries the hash
)

func init() {
	for _, pattern := range []string{"vendor/*", "*"} {
		names, err := fs.Glob(embedded, pattern)
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			if content, err := embedded.ReadFile(name); err == nil { // not a directory
				add(path.Base(name), content)
			}
		}
	}
}

// add serves content as the file name. A manifest names other files and a module imports them, as in "./other.js",
// by the names that they have here. These have been added before: vendor comes first, and the manifest sorts last.
func add(name string, content []byte) {
	ext := path.Ext(name)
	if here, refers := references[ext]; refers {
		for other, url := range urls {
			content = bytes.ReplaceAll(content, []byte(here+other+`"`), []byte(here+path.Base(url)+`"`))
		}
	}
	sum := sha256.Sum256(content)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:8]) + ext
	urls[name] = Prefix + hashed
	files[hashed] = file{contentTypes[ext], content, sync.OnceValue(func() []byte { return compress(minify(ext, content)) })}
}

// references holds how a file refers to another that lies beside it, by the extension of its own name.
var references = map[string]string{".webmanifest": `"`, ".js": `"./`}

var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".svg":         "image/svg+xml",
	".webmanifest": "application/manifest+json",
}

// URL returns the path, below the app's base, under which the file with the given name is served, for example
// "/static/app.0123456789abcdef.css" for "app.css". It panics when there is no such file.
func URL(name string) string {
	url, ok := urls[name]
	if !ok {
		panic("static: no file " + strconv.Quote(name))
	}
	return url
}

// Serve answers with the file whose URL is the end of the request's path. It reports false, and answers nothing, when
// there is no such file.
func Serve(w http.ResponseWriter, r *http.Request) (found bool) {
	_, name, _ := strings.Cut(r.URL.Path, Prefix)
	f, ok := files[name]
	if !ok {
		return false
	}
	h := w.Header()
	body := f.plain
	if AcceptsGzip(r) {
		body = f.gzipped()
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client has gone if this fails
	return true
}

// AcceptsGzip reports whether the client of a request understands gzip.
func AcceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		_, quality, ok := strings.Cut(params, "=")
		if !ok {
			return true
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(quality), 64)
		return err == nil && q > 0
	}
	return false
}

var minifiers = map[string]minifier.Minifier{".css": &css.Minifier{}, ".js": &js.Minifier{}}

// minify returns content without what is there for its readers alone.
func minify(ext string, content []byte) []byte {
	m, ok := minifiers[ext]
	if !ok {
		return content
	}
	var b bytes.Buffer
	if err := m.Minify(minifier.New(), &b, bytes.NewReader(content), nil); err != nil {
		return content // it can be had as it is, too
	}
	return b.Bytes()
}

func compress(content []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	if _, err := w.Write(content); err != nil {
		panic(err) // a buffer doesn't fail
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
