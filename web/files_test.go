package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	imagepng "image/png"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

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
			for _, url := range []string{u.URL, u.URL[:strings.LastIndex(u.URL, "/")]} {
				got := s.get(url).wantStatus(http.StatusOK)
				wantEqual(t, got.body, tt.content)
				got.wantHeader("Content-Type", tt.contentType).wantHeader("Content-Disposition", tt.disposition).
					wantHeader("X-Content-Type-Options", "nosniff").
					wantHeader("Content-Security-Policy", "default-src 'none'; sandbox").
					wantHeader("Cache-Control", "private, no-cache")
			}
		})
	}
}

// oddNames are names of files in which something looks like a mark, an address or an invisible character.
var oddNames = []string{
	"__init__.py", "1*2*3.txt", "*a*.txt", "_a_.txt", "my_file_name.txt", "a__b__c", "[a](b).txt", "![a].png", "![a](b)", "[[Note]].md",
	"<b>bold<b>.txt", "<https:x>", "&amp;.txt", "a&copy;b", "a|b.txt", "~~gone~~", "~a~", "==marked==", "$x$ and $$y$$", "100%.txt",
	"%41%2e.txt", "%%a%%", "^a^", "[^1]", "x^2^", "#tag.txt", "a #tag b", "# heading", "`code`.txt", "``a` b", "a!.txt", "!", "- a", "1. a",
	"> quote", "> [!note]", "- [ ] a", "[ ] a", "[x]", "+ a", "  two  blanks  ", "a  b.txt", "www.example.com.txt", "WWW.example.com",
	"me@example.com.txt", "react@18.2.0.tgz", "mailto:me@example.com", "tel:123", ":smile:.txt", "{a}", "(a).txt", "a).txt", "a (1).txt",
	"it's \"quoted\".txt", "a;b=c,d.txt", "a?b#c.txt", "übel.txt", "日本 語.txt", "😀👩‍👩‍👧.txt", "e\u0301.txt", "שלום.txt", "a\u202etxt.exe", "---", "***",
	"___", "===", "^^", strings.Repeat("a", 250) + ".text", strings.Repeat("_", 255), strings.Repeat("語", 85), "...", "&", "&lt;", "a+b c.txt",
	"..hidden", "a\u200fb", "a\u00a0b", "%22.txt", "=1+1.csv", "$(rm).sh",
}

func TestTheNameOfAFileStaysInTheTextAndInTheDownload(t *testing.T) {
	s := newSite(t)
	for _, content := range []string{"plain", png} {
		for i, name := range oddNames {
			want := domain.FileName(strings.ReplaceAll(name, "%22", `"`))
			u := s.upload(name, content)
			wantEqual(t, u.Name, want)
			n := s.note(fmt.Sprint(i), "before "+u.Markdown+" after\n\n| a |\n| - |\n| "+u.Markdown+" |\n")
			if len(n.AllTags()) > 0 || len(n.Following().Links) > 0 {
				t.Errorf("%q: %q has the tags %v and the links %v", name, u.Markdown, n.AllTags(), n.Following().Links)
			}
			prose := s.get("/notes/" + string(n.ID)).wantStatus(http.StatusOK).page().Find(".prose")
			var href string
			for _, where := range []string{"p", "td"} {
				if content == png {
					wantEqual(t, prose.Find(where+" img").AttrOr("alt", ""), want)
					href = prose.Find(where+" img").AttrOr("src", "")
				} else {
					wantEqual(t, prose.Find(where+" a").Text(), want)
					href = prose.Find(where+" a").AttrOr("href", "")
				}
			}
			wantEqual(t, prose.Find("p").Text(), map[bool]string{true: "before  after", false: "before " + want + " after"}[content == png])
			got := s.get(href).wantStatus(http.StatusOK)
			_, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Disposition"))
			if err != nil || parameters["filename"] != want {
				t.Errorf("%q comes back as %q: %v", name, got.Header.Get("Content-Disposition"), err)
			}
		}
	}
}

// pictured returns a picture of 40 by 30 pixels.
func pictured(t *testing.T, encode func(io.Writer, image.Image) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAPictureHasItsSizeOnPages(t *testing.T) {
	s := newSite(t)
	camera := pictured(t, func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) })
	const turned = "\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	for _, tt := range []struct{ name, content, width, height string }{
		{"cup.png", pictured(t, imagepng.Encode), "40", "30"},
		{"camera.jpg", camera[:2] + turned + camera[2:], "30", "40"},
		{"broken.png", png, "", ""},
	} {
		u := s.upload(tt.name, tt.content)
		content := u.Markdown + "\n\n![[" + tt.name + "]]\n"
		n := s.note(tt.name, content)
		for where, page := range map[string]*goquery.Document{
			"page":    s.get("/notes/" + string(n.ID)).wantStatus(http.StatusOK).page(),
			"save":    s.get("/notes/" + string(n.ID) + "/history/1?view=text").wantStatus(http.StatusOK).page(),
			"preview": s.post("/preview", "content", content).wantStatus(http.StatusOK).page(),
		} {
			pictures := page.Find(".prose img")
			if pictures.Length() != 2 {
				t.Errorf("the %s of %s has %d pictures", where, tt.name, pictures.Length())
			}
			pictures.Each(func(_ int, img *goquery.Selection) {
				if img.AttrOr("width", "") != tt.width || img.AttrOr("height", "") != tt.height {
					t.Errorf("the %s of %s is %s by %s", where, tt.name, img.AttrOr("width", ""), img.AttrOr("height", ""))
				}
			})
		}
	}
}

func TestTheSameContentHasEachNameThatItWasUploadedUnder(t *testing.T) {
	s := newSite(t)
	for _, name := range []string{"first.txt", "second.html", "third.png"} {
		u := s.upload(name, "the same")
		wantEqual(t, u.Name, name)
		if !strings.HasPrefix(u.Markdown, "["+name+"](") {
			t.Errorf("the Markdown is %q", u.Markdown)
		}
		s.get(u.URL).wantStatus(http.StatusOK).wantHeader("Content-Disposition", "attachment; filename="+name).
			wantHeader("Content-Type", "text/plain; charset=utf-8")
	}
}

func TestAFileWhoseContentIsMissingIsNotFound(t *testing.T) {
	s := newSite(t)
	u := s.upload("a.txt", "0123456789")
	tag := s.get(u.URL).wantStatus(http.StatusOK).Header.Get("ETag")
	for name, open := range map[string]func() (io.ReadSeekCloser, error){
		"missing":  func() (io.ReadSeekCloser, error) { return nil, domain.ErrFileNotFound },
		"cut":      func() (io.ReadSeekCloser, error) { return content{strings.NewReader("01234")}, nil },
		"empty":    func() (io.ReadSeekCloser, error) { return content{strings.NewReader("")}, nil },
		"too long": func() (io.ReadSeekCloser, error) { return content{strings.NewReader("0123456789x")}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			s := newSite(t, func(cfg *web.Config) {
				cfg.App = app.New(s.store, openBlobs{open: open}, s.clock)
				cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
			})
			for _, options := range [][]option{
				nil, {header("Range", "bytes=0-1")}, {header("If-None-Match", tag)}, {header("If-Range", tag), header("Range", "bytes=20-")},
			} {
				log.Reset()
				got := s.get(u.URL, options...).wantStatus(http.StatusNotFound).wantHeader("Cache-Control", "no-store")
				if !strings.Contains(got.text("main"), "content of this file is missing") || got.Header.Get("ETag") != "" {
					t.Errorf("got %v %s", got.Header, got.body)
				}
				if strings.Count(log.String(), "level=WARN") != 1 || strings.Contains(log.String(), "level=ERROR") {
					t.Errorf("the log says %s", log.String())
				}
			}
			s.do(http.MethodHead, u.URL, "", "").wantStatus(http.StatusNotFound)
		})
	}
}

type content struct{ io.ReadSeeker }

func (content) Close() error { return nil }

// openBlobs are blobs that open each content in the same way.
type openBlobs struct {
	domain.Blobs
	open func() (io.ReadSeekCloser, error)
}

func (b openBlobs) Open(context.Context, domain.FileHash) (io.ReadSeekCloser, error) { return b.open() }

func TestAFileIsServedInPartsAndNotTwice(t *testing.T) {
	s := newSite(t)
	u := s.upload("a.txt", "0123456789")
	part := s.get(u.URL, header("Range", "bytes=2-4")).wantStatus(http.StatusPartialContent)
	wantEqual(t, part.body, "234")
	tag := part.Header.Get("ETag")
	if !strings.Contains(u.URL, strings.Trim(tag, `"`)) {
		t.Errorf("the ETag is %q", tag)
	}
	again := s.get(u.URL, header("If-None-Match", tag)).wantStatus(http.StatusNotModified).wantHeader("Cache-Control", "private, no-cache")
	wantEqual(t, again.body, "")
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

func TestAFileBeyondTheQuotaIsRefusedAndSaysWhy(t *testing.T) {
	s := newSite(t, func(cfg *web.Config) { cfg.App.LimitUploads(30) })
	s.upload("a.txt", strings.Repeat("a", 20))
	s.upload("again.txt", strings.Repeat("a", 20)) // the same content counts once
	const text = "There is no room for this file"
	contentType, body := multipartForm(t, "file", "b.txt", strings.Repeat("b", 11), "content", "kept")
	refused := s.do(http.MethodPost, "/files", contentType, body).wantStatus(http.StatusRequestEntityTooLarge)
	refused.wantHeader("Content-Type", "application/problem+json")
	if !strings.Contains(refused.body, text) {
		t.Errorf("got %s", refused.body)
	}
	form := s.do(http.MethodPost, "/notes/attach", contentType, body).wantStatus(http.StatusRequestEntityTooLarge)
	wantEqual(t, form.text("[name=content]"), "kept")
	if !strings.Contains(form.text(".problem"), text) {
		t.Errorf("got %s", form.text(".problem"))
	}
	s.upload("c.txt", strings.Repeat("c", 10))
	s.upload("again.txt", strings.Repeat("a", 20))
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
	wantEqual(t, form.Find("[name=title]").Text(), "New title")
	for field, want := range map[string]string{"tags": "work", "version": "1", "draft": key} {
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
	contentType, body := multipartForm(t, "file", "a.txt", strings.Repeat("x", 1<<20), "content", "kept")
	// Browsers read no answer before they have sent everything.
	var left *bytes.Reader
	sends := func(r *http.Request) {
		left = bytes.NewReader([]byte(body))
		r.Body = io.NopCloser(left)
	}
	full.do(http.MethodPost, "/files", contentType, body, sends).wantStatus(http.StatusInsufficientStorage).
		wantHeader("Content-Type", "application/problem+json")
	wantEqual(t, left.Len(), 0)
	form := full.do(http.MethodPost, "/notes/attach", contentType, body, sends).wantStatus(http.StatusInsufficientStorage)
	wantEqual(t, form.text("[name=content]"), "kept")
	wantEqual(t, left.Len(), 0)
}

// fullBlobs has no room left.
type fullBlobs struct{ domain.Blobs }

func (fullBlobs) Put(context.Context, io.Reader, int64, func(domain.FileHash, int64) error) (domain.FileHash, int64, error) {
	return "", 0, domain.StorageFull
}

func (s *site) fullApp() *app.App { return app.New(s.store, fullBlobs{}, s.clock) }
