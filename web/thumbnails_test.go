package web_test

import (
	"bytes"
	"image"
	imagepng "image/png"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestListsAndSearchesShowTheFirstPictureOfANote(t *testing.T) {
	s := newSite(t)
	large := func(w io.Writer, _ image.Image) error {
		return imagepng.Encode(w, image.NewGray(image.Rect(0, 0, 400, 300)))
	}
	u := s.upload("cup.png", pictured(t, large))
	s.note("Cup", "tea "+u.Markdown+" ![another](/files/"+strings.Repeat("0", 64)+")")
	s.note("Text", "tea [cup]("+u.URL+") ![elsewhere](https://x.example/a.png)")
	hash := strings.Split(u.URL, "/")[2]
	for _, path := range []string{"/notes", "/notes?select=1", "/search?q=tea", "/search?q=tea&select=1"} {
		pictures := s.get(path).wantStatus(http.StatusOK).page().Find("main li .thumbnail")
		if pictures.Length() != 1 || !strings.Contains(pictures.Parent().Text(), "Cup") {
			t.Fatalf("%s shows %d pictures", path, pictures.Length())
		}
		for name, want := range map[string]string{
			"src": "/thumbnails/" + hash, "alt": "", "width": "72", "height": "72", "loading": "lazy",
		} {
			if got, has := pictures.Attr(name); got != want || !has {
				t.Errorf("%s: its %s is %q, not %q", path, name, got, want)
			}
		}
	}
	got := s.get("/thumbnails/"+hash).wantStatus(http.StatusOK).wantHeader("Content-Type", "image/jpeg").
		wantHeader("X-Content-Type-Options", "nosniff").wantHeader("Content-Security-Policy", "default-src 'none'; sandbox").
		wantHeader("Cache-Control", "private, no-cache")
	config, _, err := image.DecodeConfig(bytes.NewReader([]byte(got.body)))
	if err != nil || config.Width != 144 || config.Height != 144 {
		t.Errorf("it is %d by %d, with the error %v", config.Width, config.Height, err)
	}
	s.get("/thumbnails/"+hash, header("If-None-Match", got.Header.Get("ETag"))).wantStatus(http.StatusNotModified)
}

func TestAPictureThatCannotBeReadIsShownAsOneAndWhatIsNoneIsNot(t *testing.T) {
	s := newSite(t)
	hashOf := func(u upload) string { return strings.Split(u.URL, "/")[2] }
	broken := hashOf(s.upload("broken.png", png))
	for range 2 { // also once it is known
		to := s.get("/thumbnails/" + broken).wantStatus(http.StatusFound).Header.Get("Location")
		s.get(to).wantStatus(http.StatusOK).wantHeader("Content-Type", "image/svg+xml")
	}
	for _, hash := range []string{hashOf(s.upload("page.html", html)), "x", strings.Repeat("0", 64)} {
		s.get("/thumbnails/" + hash).wantStatus(http.StatusNotFound)
	}
}
