package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/web"
)

// multipartForm returns the content type and the body of a form with a file in its last field, after fields of name,
// value, name, value...
func multipartForm(t *testing.T, field, name, content string, fields ...string) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

const (
	png  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	html = "<!DOCTYPE html><script>alert(1)</script>"
)

type upload struct{ URL, Markdown, Name string }

func (s *site) upload(name, content string) (u upload) {
	s.t.Helper()
	contentType, body := multipartForm(s.t, "file", name, content)
	s.do(http.MethodPost, "/files", contentType, body).wantStatus(http.StatusCreated).decode(&u)
	return u
}

func TestAFileIsServedAsWhatItIsAndNotAsWhatItIsCalled(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct{ name, content, contentType, disposition, markdown string }{
		{"photo.html", png, "image/png", `inline; filename=photo.html`, "![photo.html]("},
		{"photo.png", html, "text/html; charset=utf-8", `attachment; filename=photo.png`, "[photo.png]("},
		{"drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain; charset=utf-8", `attachment; filename=drawing.svg`, "[drawing.svg]("},
		{"../../übel.txt", "x", "text/plain; charset=utf-8", `attachment; filename*=utf-8''%C3%BCbel.txt`, "[übel.txt]("},
	} {
		t.Run(tt.name, func(t *testing.T) {
			u := s.upload(tt.name, tt.content)
			if !strings.HasPrefix(u.Markdown, tt.markdown) || !strings.HasSuffix(u.Markdown, u.URL+")") {
				t.Errorf("the Markdown is %q", u.Markdown)
			}
			for _, url := range []string{u.URL, u.URL + "/" + "any.png"} {
				got := s.get(url).wantStatus(http.StatusOK)
				wantEqual(t, got.body, tt.content)
				got.wantHeader("Content-Type", tt.contentType).wantHeader("Content-Disposition", tt.disposition).
					wantHeader("X-Content-Type-Options", "nosniff").
					wantHeader("Content-Security-Policy", "default-src 'none'; sandbox").
					wantHeader("Cache-Control", "private, max-age=31536000, immutable")
			}
		})
	}
}

func TestAFileIsServedInPartsAndNotTwice(t *testing.T) {
	s := newSite(t)
	u := s.upload("a.txt", "0123456789")
	part := s.get(u.URL, header("Range", "bytes=2-4")).wantStatus(http.StatusPartialContent)
	wantEqual(t, part.body, "234")
	tag := part.Header.Get("ETag")
	if !strings.Contains(u.URL, strings.Trim(tag, `"`)) {
		t.Errorf("the ETag is %q", tag)
	}
	wantEqual(t, s.get(u.URL, header("If-None-Match", tag)).wantStatus(http.StatusNotModified).body, "")
}

func TestAFileThatCanNotBeTakenSaysWhyToScriptsInJSON(t *testing.T) {
	s := newSite(t)
	form := func(field, content string) (string, string) { return multipartForm(t, field, "a", content) }
	for _, tt := range []struct {
		name, field, content string
		status               int
		text                 string
	}{
		{"nothing in it", "file", "", 422, "isn’t empty"},
		{"another field", "other", "x", 422, "Choose a file"},
		{"a byte too many", "file", strings.Repeat("x", domain.MaxFile+1), 413, "25 MiB"},
		{"far too many", "file", strings.Repeat("x", domain.MaxFile+(1<<20)), 413, "25 MiB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			contentType, body := form(tt.field, tt.content)
			for _, options := range [][]option{nil, {unsized}} {
				refused := s.do(http.MethodPost, "/files", contentType, body, options...).wantStatus(tt.status)
				refused.wantHeader("Content-Type", "application/problem+json")
				if !strings.Contains(refused.body, tt.text) {
					t.Errorf("got %s", refused.body)
				}
			}
		})
	}
	contentType, body := form("file", strings.Repeat("x", 1000))
	s.do(http.MethodPost, "/files", contentType, body[:700]).wantStatus(http.StatusBadRequest)
	s.do(http.MethodPost, "/files", formType, "file=x").wantStatus(http.StatusUnsupportedMediaType)
	s.upload("as large as it may be", strings.Repeat("x", domain.MaxFile))
}

func TestAFileIsAttachedWithoutScriptsAndNothingIsSaved(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "first")
	noteURL, key := "/notes/"+string(n.ID), string(domain.NewID())
	contentType, body := multipartForm(t, "file", "a.png", png, "title", "New title", "content", "line\r\n", "tags", "work", "version", "1", "draft", key)
	page := s.do(http.MethodPost, noteURL+"/attach", contentType, body).wantStatus(http.StatusOK).page()
	form := page.Find("form#editor")
	content := form.Find("[name=content]").Text()
	if !strings.HasPrefix(content, "line\n\n![a.png](/files/") {
		t.Errorf("the text is %q", content)
	}
	for field, want := range map[string]string{"title": "New title", "tags": "work", "version": "1", "draft": key} {
		wantEqual(t, form.Find("[name="+field+"]").AttrOr("value", ""), want)
	}
	wantEqual(t, form.AttrOr("action", ""), noteURL)
	wantEqual(t, s.stored(n.ID).Version, 1)

	contentType, body = multipartForm(t, "file", "", "", "content", "kept")
	none := s.do(http.MethodPost, "/notes/attach", contentType, body).wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, none.text("[name=content]"), "kept")
	if !strings.Contains(none.text(".problem"), "Choose a file") {
		t.Errorf("got %s", none.text(".problem"))
	}
	contentType, body = multipartForm(t, "file", "a", strings.Repeat("x", domain.MaxFile+1), "content", "kept")
	large := s.do(http.MethodPost, "/notes/attach", contentType, body).wantStatus(http.StatusRequestEntityTooLarge)
	wantEqual(t, large.text("[name=content]"), "kept")
}

func TestImagesOfANoteAreFoundOnASubPath(t *testing.T) {
	s := newSite(t, func(cfg *web.Config) { cfg.BaseURL.Path = "/sub" })
	contentType, body := multipartForm(t, "file", "a.png", png)
	var u upload
	s.do(http.MethodPost, "/sub/files", contentType, body).wantStatus(http.StatusCreated).decode(&u)
	if !strings.HasPrefix(u.URL, "/sub/files/") {
		t.Errorf("the URL is %q", u.URL)
	}
	n := s.note("Picture", u.Markdown+"\n\n"+strings.TrimPrefix(u.Markdown, "!")+"\n\n`src=\"/files/x\"`")
	page := s.get("/sub/notes/" + string(n.ID)).wantStatus(http.StatusOK).page().Find(".prose")
	wantEqual(t, page.Find("img").AttrOr("src", ""), u.URL)
	wantEqual(t, page.Find("a").AttrOr("href", ""), u.URL)
	wantEqual(t, page.Find("code").Text(), `src="/files/x"`)
	s.get(u.URL).wantStatus(http.StatusOK)
}

func TestAMultipartFormWithAFullDiskGets507(t *testing.T) {
	s := newSite(t)
	full := newSite(t, func(cfg *web.Config) { cfg.App = s.fullApp() })
	contentType, body := multipartForm(t, "file", "a.txt", "x", "content", "kept")
	full.do(http.MethodPost, "/files", contentType, body).wantStatus(http.StatusInsufficientStorage).
		wantHeader("Content-Type", "application/problem+json")
	form := full.do(http.MethodPost, "/notes/attach", contentType, body).wantStatus(http.StatusInsufficientStorage)
	wantEqual(t, form.text("[name=content]"), "kept")
}

// fullBlobs has no room left.
type fullBlobs struct{ domain.Blobs }

func (fullBlobs) Put(context.Context, io.Reader, int64) (domain.FileHash, int64, error) {
	return "", 0, domain.StorageFull
}

func (s *site) fullApp() *app.App { return app.New(s.store, fullBlobs{}, s.clock) }
