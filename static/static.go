// Package static holds the app's style sheet, scripts and icons. Each is served under a name that carries a hash of
// its content, so that browsers may keep it for good and still get the new one after an upgrade.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	minifier "github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

//go:embed *.css list/*.css *.js *.svg *.webmanifest icons/* vendor/*.js
var embedded embed.FS

// Prefix is what the path of every file begins with.
const Prefix = "/static/"

type file struct {
	contentType string
	plain       []byte
	coded       []coding // in the order in which they are preferred; none for what is compressed as it is
}

// coding is a content coding, and the file in it, without comments and blanks, which is made when first asked for.
// docs/performance.md says what that takes.
type coding struct {
	name    string
	content func() []byte
}

var (
	urls  = map[string]string{} // by the file's own name
	files = map[string]file{}   // by the name that carries the hash
)

func init() {
	left := map[string][]byte{}
	for _, pattern := range []string{"vendor/*", "icons/*", "*"} {
		names, err := fs.Glob(embedded, pattern)
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			if content, err := embedded.ReadFile(name); err == nil { // not a directory
				left[path.Base(name)] = content
			}
		}
	}
	for name, parts := range joined {
		left[name] = join(parts)
	}
	for name := range maps.Clone(left) {
		addAfterWhatItNames(name, left)
	}
}

// joined are the styles that stand in several files and are served as one, in which the later parts have the last word.
var joined = map[string][]string{
	"list.css": {
		"list/head.css", "list/thumbnails.css", "list/lines.css", "list/chips.css", "list/actions.css", "list/choosing.css",
		"list/searching.css", "list/tags.css", "list/browsers.css",
	},
}

func join(names []string) []byte {
	var b bytes.Buffer
	for _, name := range names {
		content, err := embedded.ReadFile(name)
		if err != nil {
			panic(err) // it is part of the program
		}
		b.Write(content)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// addAfterWhatItNames adds a file of those that are left once all that it names has been added: a manifest names other
// files and a module imports them, as in "./other.js", by the names that they have here, which follow from their content.
func addAfterWhatItNames(name string, left map[string][]byte) {
	content, there := left[name]
	if !there {
		return
	}
	delete(left, name)
	if here, refers := references[path.Ext(name)]; refers {
		for other := range maps.Clone(left) {
			if bytes.Contains(content, []byte(here+other+`"`)) {
				addAfterWhatItNames(other, left)
			}
		}
		for other, url := range urls {
			content = bytes.ReplaceAll(content, []byte(here+other+`"`), []byte(here+path.Base(url)+`"`))
		}
	}
	add(name, content)
}

// add serves content as the file name.
func add(name string, content []byte) {
	ext := path.Ext(name)
	sum := sha256.Sum256(content)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:8]) + ext
	urls[name] = Prefix + hashed
	files[hashed] = file{contentTypes[ext], content, codingsOf(ext, content)}
}

// codingsOf returns the codings of a file with content.
func codingsOf(ext string, content []byte) []coding {
	if ext == ".png" || ext == ".ico" {
		return nil
	}
	return []coding{
		{"br", sync.OnceValue(func() []byte {
			return compress(minify(ext, content), func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.DefaultCompression) })
		})},
		{"gzip", sync.OnceValue(func() []byte {
			return compress(minify(ext, content), func(w io.Writer) io.WriteCloser {
				gz, err := gzip.NewWriterLevel(w, gzip.BestCompression)
				if err != nil {
					panic(err) // the level is a constant
				}
				return gz
			})
		})},
	}
}

// references holds how a file refers to another that lies beside it, by the extension of its own name.
var references = map[string]string{".webmanifest": `"`, ".js": `"./`}

var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".ico":         "image/x-icon",
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

// Imports returns the URLs of all that a module imports to begin with, and of what these import.
func Imports(name string) (list []string) {
	for next := []string{URL(name)}; len(next) > 0; next = next[1:] {
		for _, found := range imports.FindAllSubmatch(files[path.Base(next[0])].plain, -1) {
			if url := Prefix + string(found[1]); !slices.Contains(list, url) {
				list = append(list, url)
				next = append(next, url)
			}
		}
	}
	return list
}

// imports finds what a module imports to begin with, and not what it imports once it needs it.
var imports = regexp.MustCompile(`(?m)^(?:import|export) .*?"\./([^"]+)";$`)

// ofDocuments are the headers that browsers heed with documents alone, and the one that faults are found by. Sent with each of
// the scripts and styles that a page loads, they would weigh as much as a third of these.
var ofDocuments = []string{
	"Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy", "Referrer-Policy", "X-Request-Id",
}

// Serve answers with the file whose URL is the end of the request's path, and without the headers that a script or a style
// has no use for. It reports false, and answers nothing, when there is no such file.
func Serve(w http.ResponseWriter, r *http.Request) (found bool) {
	_, name, _ := strings.Cut(r.URL.Path, Prefix)
	f, ok := files[name]
	if !ok {
		return false
	}
	h := w.Header()
	body := f.plain
	for _, coding := range f.coded {
		if Accepts(r, coding.name) {
			body = coding.content()
			h.Set("Content-Encoding", coding.name)
			break
		}
	}
	if _, isPart := minifiers[path.Ext(name)]; isPart {
		for _, header := range ofDocuments {
			h.Del(header)
		}
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client has gone if this fails
	return true
}

// Accepts reports whether the client of a request understands a content coding, such as gzip, as its Accept-Encoding
// header names it (RFC 9110, 12.5.3).
func Accepts(r *http.Request, coding string) bool {
	for accepted := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(accepted, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
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

func compress(content []byte, coder func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	w := coder(&b)
	if _, err := w.Write(content); err != nil {
		panic(err) // a buffer doesn't fail
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}
