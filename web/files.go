package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
)

// filesHandler takes and gives the files of notes.
type filesHandler struct {
	*server
	files *app.Files
	notes *app.Notes
}

// sniffed is how much of a file http.DetectContentType looks at, in bytes.
const sniffed = 512

// uploaded is what a script learns of the file that it has sent.
type uploaded struct {
	URL      string `json:"url"`
	Markdown string `json:"markdown"` // what shows it in a note
	Name     string `json:"name"`
}

// upload stores the file of a form.
func (h filesHandler) upload(c echo.Context, access domain.WriteAccess) error {
	form, err := h.multipartOf(c)
	if err != nil {
		return err
	}
	part, content, err := form.fields()
	switch {
	case err != nil:
		return err
	case part == nil:
		return errNoFile
	}
	f, err := h.store(c, access, part.FileName(), content)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusCreated, echo.MIMEApplicationJSON, uploaded{
		URL: h.here(c).In(f.Path()), Markdown: f.Markdown(), Name: f.Name,
	})
}

var errNoFile = domain.NewInvalid(domain.NewFieldError("file", "file.none"))

// attachForm is the form of a note with a file in it, but for that.
type attachForm struct {
	Note    noteFields
	Version string `form:"version"` // that the form is based on, or "" for a new note
}

func (f attachForm) validate() error { return f.Note.validate() }

// attach stores the file that is in the form of a note, and answers with that form, in which nothing has been saved:
// the text now shows the file.
func (h filesHandler) attach(c echo.Context, access domain.WriteAccess) error {
	form, err := h.multipartOf(c)
	if err != nil {
		return err
	}
	part, content, err := form.fields() // the file is the last of them
	if err != nil {
		return err
	}
	sent, err := read[attachForm](c)
	if err != nil {
		return err
	}
	markdown, wrong := "", errNoFile
	if part != nil && part.FileName() != "" {
		var f domain.File
		f, wrong = h.store(c, access, part.FileName(), content)
		markdown = f.Markdown()
	}
	t := sent.Note.typed()
	t.Content = strings.ReplaceAll(t.Content, "\r\n", "\n")
	ctx := c.Request().Context()
	status, problem := http.StatusOK, ""
	if wrong != nil {
		a := h.answerTo(ctx, http.MethodPost, c.Path(), wrong)
		status, problem = a.status, a.text
		for _, f := range a.fields {
			problem = lang.Say(ctx, f.Message)
		}
	} else {
		t.Content = appendLine(t.Content, markdown)
	}
	view := noteForm(ctx, h.here(c), t, nil)
	view.Attached, view.FileError = wrong == nil, problem
	if id := c.Param("id"); id != "" {
		n, err := noteID(id)
		if err == nil {
			_, err = h.notes.Get(ctx, access.Read(), n)
		}
		if err != nil {
			return err
		}
		view.ID, view.Version = id, sent.Version
	}
	return h.renderForm(c, status, view)
}

// appendLine returns text with a paragraph of its own at the end.
func appendLine(text, line string) string {
	switch {
	case text == "":
	case strings.HasSuffix(text, "\n\n"):
	case strings.HasSuffix(text, "\n"):
		text += "\n"
	default:
		text += "\n\n"
	}
	return text + line + "\n"
}

// store keeps a file that is sent as name. Its type is told from that, never from its name.
func (h filesHandler) store(c echo.Context, access domain.WriteAccess, name string, r io.Reader) (domain.File, error) {
	content := bufio.NewReaderSize(r, 32<<10)
	head, err := content.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return domain.File{}, err
	}
	name = quotedInForms.Replace(name)
	f, err := h.files.Upload(c.Request().Context(), access, name, http.DetectContentType(head), content)
	if broken := brokenOff(c.Request()); broken != nil {
		return domain.File{}, broken
	}
	if err != nil {
		_, _ = io.Copy(io.Discard, content) // many clients read no answer before they have sent everything
	}
	return f, err
}

// quotedInForms replaces what browsers write in a form for the characters that would end a file's name there.
var quotedInForms = strings.NewReplacer("%22", `"`, "%0D", " ", "%0A", " ")

// serve answers with a file to whoever has uploaded it. What isn't an image that browsers show safely is for
// download, and could do nothing even as a page. It is called what its address says; what it is stays what its content
// says.
func (h filesHandler) serve(c echo.Context, access domain.ReadAccess) error {
	hash, ok := domain.ParseFileHash(c.Param("hash"))
	if !ok {
		return domain.ErrFileNotFound
	}
	f, content, err := h.open(c.Request().Context(), access, hash)
	if err != nil {
		return err
	}
	return h.sendFile(c, f, content)
}

// sendFile answers with a file, and closes its content.
func (s *server) sendFile(c echo.Context, f domain.File, content io.ReadSeekCloser) error {
	defer func() { _ = content.Close() }() // nothing was written
	disposition := "attachment"
	if f.Inline() {
		disposition = "inline"
	}
	name := f.Name
	if called := c.Param("name"); called != "" {
		name = domain.FileName(called)
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, f.Type)
	header.Set(echo.HeaderContentDisposition, disposition+"; "+fileNameParameter(name))
	header.Set(echo.HeaderCacheControl, "private, no-cache")
	header.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	header.Set("ETag", `"`+string(f.Hash)+`"`)
	delivery := s.deliver(c, chunk)
	defer delivery.end()
	http.ServeContent(delivery, c.Request(), "", f.Created, content)
	return nil
}

// open opens a file, and logs that its content is missing.
func (h filesHandler) open(ctx context.Context, access domain.ReadAccess, hash domain.FileHash) (domain.File, io.ReadSeekCloser, error) {
	f, content, err := h.files.Open(ctx, access, hash)
	h.logMissing(ctx, hash, err)
	return f, content, err
}

// logMissing logs an error that says that the content of a file is missing.
func (s *server) logMissing(ctx context.Context, hash domain.FileHash, err error) {
	if errors.Is(err, domain.ErrContentMissing) {
		s.log.WarnContext(ctx, "the content of a file is missing", slog.String("hash", string(hash)), slog.Any("error", err))
	}
}

// fileNameParameter returns what tells the name of a file in a Content-Disposition. What browsers read in different ways
// between quotes, or not at all, is percent-encoded as RFC 8187 says.
func fileNameParameter(name string) string {
	if !strings.ContainsAny(name, "%\"") {
		_, parameter, _ := strings.Cut(mime.FormatMediaType("a", map[string]string{"filename": name}), "; ")
		return parameter
	}
	return "filename*=utf-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
