package static

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	minifier "github.com/tdewolff/minify/v2"
)

func get(t *testing.T, url, acceptEncoding string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", acceptEncoding)
	w := httptest.NewRecorder()
	if !Serve(w, r) {
		w.Code = http.StatusNotFound
	}
	return w
}

func TestEveryFileIsServedAtItsURLForGood(t *testing.T) {
	for name := range urls {
		w := get(t, URL(name), "")
		if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), files[path.Base(URL(name))].plain) {
			t.Errorf("%s: status %d, %d bytes", name, w.Code, w.Body.Len())
		}
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control is %q", name, got)
		}
		if w.Header().Get("Content-Type") == "" {
			t.Errorf("%s: no content type", name)
		}
	}
}

func TestAFileIsServedBelowAnyBase(t *testing.T) {
	if w := get(t, "/octavo"+URL("app.css"), ""); w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
}

func TestAFileIsCompressedForThoseWhoAccept(t *testing.T) {
	decoders := map[string]func(io.Reader) (io.Reader, error){
		"":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	}
	for header, want := range map[string]string{
		"": "", "zstd": "", "gzip;q=0": "", "gzip; q=0.0": "", "gzip;q=x": "", "br;q=0": "",
		"gzip": "gzip", "GZIP": "gzip", "gzip;q=0.5": "gzip", "gzip, br;q=0": "gzip",
		"br": "br", "gzip, deflate, br, zstd": "br",
	} {
		w := get(t, URL("icon.svg"), header)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: the coding is %q, not %q", header, got, want)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: answers are not told apart", header)
		}
		r, err := decoders[want](w.Body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, files[path.Base(URL("icon.svg"))].plain) {
			t.Errorf("Accept-Encoding %q: the content is another", header)
		}
	}
	if got := get(t, URL("icon-512.png"), "gzip, br").Header().Get("Content-Encoding"); got != "" {
		t.Errorf("a picture is compressed once more: %q", got)
	}
}

func TestStylesAndScriptsAreCompressedWithoutWhatIsThereForTheirReaders(t *testing.T) {
	for _, name := range []string{"app.css", "draft.js"} {
		plain := files[path.Base(URL(name))].plain
		packed := minify(path.Ext(name), plain)
		if len(packed) > len(plain)*4/5 || bytes.Contains(packed, []byte("What ")) {
			t.Errorf("%s: %d bytes of %d", name, len(packed), len(plain))
		}
	}
}

func TestEveryScriptAndStyleCanBeRead(t *testing.T) {
	for name := range urls {
		if m, ok := minifiers[path.Ext(name)]; ok {
			if err := m.Minify(minifier.New(), io.Discard, bytes.NewReader(files[path.Base(URL(name))].plain), nil); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestOtherNamesAreNotFound(t *testing.T) {
	for _, url := range []string{
		"/static/", "/static/app.css", "/static/app.0123456789abcdef.css", "/static/static.go",
		"/static/vendor/" + path.Base(URL("htmx.min.js")), "/static/../" + path.Base(URL("app.css")), "/",
	} {
		if w := get(t, url, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", url, w.Code)
		}
	}
}

func TestTheManifestNamesIconsThatExist(t *testing.T) {
	var manifest struct {
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal(get(t, URL("manifest.webmanifest"), "").Body.Bytes(), &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Icons) == 0 {
		t.Error("no icons")
	}
	for _, icon := range manifest.Icons {
		if w := get(t, Prefix+icon.Src, ""); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", icon.Src, w.Code)
		}
	}
}

func TestModulesImportFilesThatExist(t *testing.T) {
	imported := 0
	for name := range urls {
		if path.Ext(name) != ".js" {
			continue
		}
		for _, file := range regexp.MustCompile(`(?:from|import|import\() ?"\./([^"]+)"`).FindAllStringSubmatch(string(files[path.Base(URL(name))].plain), -1) {
			imported++
			if w := get(t, Prefix+file[1], ""); w.Code != http.StatusOK {
				t.Errorf("%s imports %s: status %d", name, file[1], w.Code)
			}
		}
	}
	if imported == 0 {
		t.Error("nothing is imported")
	}
}

func TestEachPartOfAStyleIsServedWithIt(t *testing.T) {
	parts, err := fs.Glob(embedded, "list/*.css")
	if err != nil {
		t.Fatal(err)
	}
	if named := slices.Sorted(slices.Values(joined["list.css"])); !slices.Equal(named, parts) {
		t.Errorf("%q are served, of %q", named, parts)
	}
	for _, part := range parts {
		content, err := embedded.ReadFile(part)
		if err != nil || !bytes.Contains(get(t, URL("list.css"), "").Body.Bytes(), content) {
			t.Errorf("%s isn't part of list.css: %v", part, err)
		}
	}
}

func TestAMisspelledNamePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("URL returned")
		}
	}()
	URL("ap.css")
}

func TestStylesLoadNothing(t *testing.T) {
	for _, name := range []string{"app.css", "editor.css", "note.css", "prose.css", "list.css", "docs.css"} {
		css := string(files[path.Base(URL(name))].plain)
		for _, loads := range []string{"url(", "@import", "@font-face"} {
			if strings.Contains(css, loads) {
				t.Errorf("%s has %s", name, loads)
			}
		}
	}
}
