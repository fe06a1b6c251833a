package static

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
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
	for header, want := range map[string]bool{
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=x": false,
		"gzip": true, "br, GZIP": true, "gzip;q=0.5": true,
	} {
		w := get(t, URL("icon.svg"), header)
		if got := w.Header().Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("Accept-Encoding %q: gzip %t, not %t", header, got, want)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: answers are not told apart", header)
		}
		if !want {
			continue
		}
		r, err := gzip.NewReader(w.Body)
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
}

func TestStylesAndScriptsAreCompressedWithoutWhatIsThereForTheirReaders(t *testing.T) {
	for _, name := range []string{"app.css", "drafts.js"} {
		plain := files[path.Base(URL(name))].plain
		packed := minify(path.Ext(name), plain)
		if len(packed) > len(plain)*4/5 || bytes.Contains(packed, []byte("What ")) {
			t.Errorf("%s: %d bytes of %d", name, len(packed), len(plain))
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

func TestAModuleImportsFilesThatExist(t *testing.T) {
	imports := regexp.MustCompile(`"\./([^"]+)"`).FindAllStringSubmatch(string(files[path.Base(URL("editor.js"))].plain), -1)
	if len(imports) == 0 {
		t.Error("editor.js imports nothing")
	}
	for _, file := range imports {
		if w := get(t, Prefix+file[1], ""); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", file[1], w.Code)
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
