package web

import (
	"errors"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// maxParts is how many parts a form with a file may have, and maxPartHeader how many bytes may stand between the contents
// of two of them.
const (
	maxParts      = 64
	maxPartHeader = 32 << 10
)

// multipartForm reads the parts of a form with a file, one after the other. Its errors are unreadable.
type multipartForm struct {
	request *http.Request
	parts   *multipart.Reader
	body    *allowance
	count   int
}

// multipartOf begins to read a form with a file, and gives it the time that it takes.
func (l *limits) multipartOf(c echo.Context) (*multipartForm, error) {
	r := c.Request()
	whole := r.Body
	body := &allowance{ReadCloser: whole}
	r.Body = body
	parts, err := r.MultipartReader()
	r.Body = whole
	if err != nil {
		return nil, newHTTPError(http.StatusUnsupportedMediaType, "problem.no_multipart")
	}
	placesOf(c).leaveAll()
	if err := take(c, l.uploads); err != nil {
		return nil, err
	}
	connection := http.NewResponseController(c.Response())
	end := time.Now().Add(uploadTime)
	_ = connection.SetReadDeadline(end) // these fail where there are no deadlines
	_ = connection.SetWriteDeadline(end)
	return &multipartForm{request: r, parts: parts, body: body}, nil
}

// next returns the next part and its content. The error is io.EOF after the last one.
func (f *multipartForm) next() (*multipart.Part, io.Reader, error) {
	if f.count++; f.count > maxParts {
		return nil, nil, unreadable{errTooManyParts}
	}
	f.body.left = maxPartHeader
	part, err := f.parts.NextPart()
	f.body.left = math.MaxInt64
	switch {
	case err == io.EOF: //nolint:errorlint // one that is wrapped means that the form breaks off
		return nil, nil, io.EOF
	case err != nil:
		return nil, nil, unreadable{err}
	}
	return part, sent{part}, nil
}

// fields reads the parts before that with the file, for read to put them into a struct. The file is nil when there is none.
func (f *multipartForm) fields() (file *multipart.Part, content io.Reader, err error) {
	fields := map[string][]string{}
	f.request.MultipartForm = &multipart.Form{Value: fields}
	left := int64(maxTyped)
	for {
		part, content, err := f.next()
		if err == io.EOF { //nolint:errorlint // as in next
			return nil, nil, nil
		}
		if err != nil || part.FormName() == "file" {
			return part, content, err
		}
		value, err := io.ReadAll(io.LimitReader(content, left+1))
		if err != nil {
			return nil, nil, err
		}
		if left -= int64(len(value)); left < 0 {
			return nil, nil, domain.TooLarge
		}
		fields[part.FormName()] = []string{string(value)}
	}
}

var (
	errTooManyParts = errors.New("the form has too many parts")
	errLongHeader   = errors.New("a part's header is too long")
)

// allowance reads as many bytes as are left, and then fails.
type allowance struct {
	io.ReadCloser
	left int64
}

func (a *allowance) Read(p []byte) (int, error) {
	if a.left <= 0 {
		return 0, unreadable{errLongHeader}
	}
	n, err := a.ReadCloser.Read(p[:min(int64(len(p)), a.left)])
	a.left -= int64(n)
	return n, err
}
