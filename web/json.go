package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// badJSON is why what a client sends isn't JSON, and where.
type badJSON domain.FieldError

func newBadJSON(field string, code domain.Code, args ...any) error {
	return badJSON(domain.NewFieldError(field, code, args...))
}

func (e badJSON) Error() string { return "what was sent isn't JSON: " + e.Field + ": " + e.String() }

// readJSON reads the body of a request for huma, which takes one that breaks off for a fault of the server, and lets
// pass much that isn't JSON or that programs read in different ways. schema is that of the body, or nil if it is to
// have none.
func readJSON(r *http.Request, schema *huma.Schema) error {
	if !isJSON(r.Header.Get(echo.HeaderContentType)) {
		return echo.ErrUnsupportedMediaType
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.Header.Set(echo.HeaderContentType, echo.MIMEApplicationJSON) // huma knows it in lower case only
	if schema == nil || len(body) == 0 {
		return nil
	}
	return checkJSON(body, schema)
}

// bodySchema returns the schema of what an operation is sent, or nil if it is to be sent nothing.
func bodySchema(registry huma.Registry, op *huma.Operation) *huma.Schema {
	if op.RequestBody == nil {
		return nil
	}
	return registry.SchemaFromRef(op.RequestBody.Content[echo.MIMEApplicationJSON].Schema.Ref)
}

// isJSON reports whether what is sent is said to be JSON, which is UTF-8, or to be nothing else.
func isJSON(contentType string) bool {
	if contentType == "" {
		return true
	}
	mediaType, parameters, err := mime.ParseMediaType(contentType)
	charset, given := parameters["charset"]
	_, format, _ := strings.Cut(mediaType, "/")
	return err == nil && (mediaType == echo.MIMEApplicationJSON || strings.HasSuffix(format, "+json")) &&
		(!given || strings.EqualFold(charset, "utf-8"))
}

// The most that the body of a request may be made of. Each value may be a fault that is told of.
const (
	maxValues = 10_000
	maxDepth  = 100
)

// checkJSON returns badJSON unless body is one value as RFC 7493 has it: UTF-8, without lone surrogates and with no key
// twice. It is Invalid if it has a key of the schema in another case, which would pass for that key, or null for one.
func checkJSON(body []byte, schema *huma.Schema) error {
	in := jsontext.NewDecoder(bytes.NewReader(body))
	var wrong []domain.FieldError
	for values := 0; values == 0 || in.StackDepth() > 0; values++ {
		token, err := in.ReadToken()
		switch {
		case err != nil:
			return whyBad(err)
		case values > maxValues:
			return newBadJSON("", "json.too_many_values")
		case in.StackDepth() > maxDepth:
			return newBadJSON("", "json.too_deep")
		case in.StackDepth() == 1:
			wrong = append(wrong, wrongMember(in, token, schema)...)
		}
	}
	switch _, err := in.ReadToken(); {
	case err == nil:
		return newBadJSON("", "json.goes_on")
	case !errors.Is(err, io.EOF):
		return whyBad(err)
	case len(wrong) > 0:
		return domain.NewInvalid(wrong[:min(len(wrong), maxFaults)]...)
	}
	return nil
}

// wrongMember returns what is wrong with a token directly within the object that the body is.
func wrongMember(in *jsontext.Decoder, token jsontext.Token, schema *huma.Schema) []domain.FieldError {
	if kind, n := in.StackIndex(1); kind != '{' || n == 0 {
		return nil
	} else if isValue := n%2 == 0; isValue {
		name := in.StackPointer().LastToken()
		if _, known := schema.Properties[name]; known && token.Kind() == 'n' {
			return []domain.FieldError{domain.NewFieldError(name, "json.null")}
		}
		return nil
	}
	name := token.String()
	if _, known := schema.Properties[name]; known {
		return nil
	}
	for property := range schema.Properties {
		if strings.EqualFold(property, name) {
			return []domain.FieldError{domain.NewFieldError(name, "json.key", "key", property)}
		}
	}
	return nil
}

// whyBad returns why a body isn't JSON, in its own terms and with the place.
func whyBad(err error) error {
	var wrong *jsontext.SyntacticError
	switch {
	case !errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF):
		return newBadJSON("", "json.ends_early")
	case errors.Is(err, jsontext.ErrDuplicateName):
		return newBadJSON(place(wrong.JSONPointer), "json.key_twice")
	}
	return newBadJSON(place(wrong.JSONPointer), "json.syntax", "wrong", wrong.Err.Error(), "offset", int(wrong.ByteOffset))
}

// place returns where a pointer leads to, as huma tells it.
func place(p jsontext.Pointer) string {
	var b strings.Builder
	for name := range p.Tokens() {
		switch {
		case strings.Trim(name, "0123456789") == "" && b.Len() > 0:
			b.WriteString("[" + name + "]")
		case b.Len() > 0:
			b.WriteString("." + name)
		default:
			b.WriteString(name)
		}
	}
	return shortened(b.String())
}
