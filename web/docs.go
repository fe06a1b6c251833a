package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// docsHandler serves the description of the API, for programs and for people.
type docsHandler struct {
	*server
	spec *huma.OpenAPI
	// json returns the description for programs. It is made when it is first asked for, and all operations are in it.
	json func() (described, error)
}

// described is the description for programs, and its ETag.
type described struct {
	text []byte
	etag string
}

func newDocsHandler(s *server, spec *huma.OpenAPI) docsHandler {
	return docsHandler{s, spec, sync.OnceValues(func() (described, error) {
		text, err := json.Marshal(spec)
		return described{text, fmt.Sprintf(`"%x"`, sha256.Sum256(text))}, err
	})}
}

func (h docsHandler) openAPI(c echo.Context, _ domain.ReadAccess) error {
	description, err := h.json()
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	header["Cache-Control"] = privateNoCache
	header.Set("ETag", description.etag)
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, bytes.NewReader(description.text))
	return nil
}

func (h docsHandler) show(c echo.Context, _ domain.ReadAccess) error {
	page := h.page(c, lang.T(c.Request().Context(), "page.api"), "docs")
	return h.renderKept(c, http.StatusOK, "", views.DocsPage(page, apiView(h.base, h.url, h.spec)))
}

// reference makes the page about the API of its description.
type reference struct {
	base string // where users find the app
	spec *huma.OpenAPI
}

func apiView(base views.Base, site string, spec *huma.OpenAPI) views.API {
	r := reference{site, spec}
	v := views.API{Text: spec.Info.Description, Spec: base.OpenAPI(), Schemas: r.schemas()}
	for _, tag := range spec.Tags {
		group := views.APIGroup{Name: tag.Name, Text: tag.Description}
		for _, path := range slices.Sorted(maps.Keys(spec.Paths)) {
			item := spec.Paths[path]
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
				if op != nil && slices.Contains(op.Tags, tag.Name) {
					group.Operations = append(group.Operations, r.operation(op))
				}
			}
		}
		v.Groups = append(v.Groups, group)
	}
	return v
}

func (r reference) operation(op *huma.Operation) views.Operation {
	v := views.Operation{
		ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Description: op.Description, Curl: r.curl(op),
	}
	for _, p := range op.Parameters {
		field := r.field(p.Name, p.Schema)
		field.Where, field.Text, field.Required = p.In, p.Description, p.Required
		field.Example = exampleText(paramExample(p))
		v.Params = append(v.Params, field)
	}
	if op.RequestBody != nil {
		v.Body = r.content(op.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		answer := op.Responses[status]
		v.Answers = append(v.Answers, views.APIAnswer{Status: status, Text: answer.Description, Content: r.content(answer.Content)})
	}
	return v
}

// curl returns a command that does what an operation is for.
func (r reference) curl(op *huma.Operation) string {
	path, query := op.Path, url.Values{}
	parts := []string{`-H "Authorization: Bearer $(octavo key)"`}
	switch open := isOpen(op); {
	case open && op.Method == http.MethodDelete:
		parts = []string{fmt.Sprintf("-b cookies.txt -H 'Origin: %s'", originOf(r.base))}
	case open:
		parts = []string{"-c cookies.txt"}
	}
	for _, p := range op.Parameters {
		example, ok := paramExample(p).(string)
		switch {
		case !ok:
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(example))
		case p.In == "query" && len(query) == 0:
			query.Set(p.Name, example)
		case p.In == "header" && p.Required:
			parts = append(parts, fmt.Sprintf("-H '%s: %s'", p.Name, example))
		}
	}
	if op.RequestBody != nil {
		body, _ := json.Marshal(r.example(op.RequestBody.Content[echo.MIMEApplicationJSON].Schema)) // examples always marshal
		parts = append(parts, fmt.Sprintf("-H 'Content-Type: %s'", echo.MIMEApplicationJSON), fmt.Sprintf("-d '%s'", body))
	}
	command := "curl "
	if op.Method != http.MethodGet && op.Method != http.MethodPost {
		command += "-X " + op.Method + " "
	}
	address := r.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return command + strings.Join(append([]string{"'" + address + "'"}, parts...), " \\\n  ")
}

// originOf returns where requests come from that a page at a URL sends.
func originOf(page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// content returns what a body holds, or nil if there is none.
func (r reference) content(types map[string]*huma.MediaType) *views.APIContent {
	for name, media := range types {
		v := &views.APIContent{Schema: schemaName(media.Schema), Many: media.Schema.Items != nil}
		if name == echo.MIMEApplicationJSON { // that of a problem says no more than its schema
			text, _ := json.MarshalIndent(r.example(media.Schema), "", "  ")
			v.Example = string(text)
		}
		return v
	}
	return nil
}

// schemas returns what the operations are about, in the order of their names.
func (r reference) schemas() []views.APISchema {
	all := r.spec.Components.Schemas.Map()
	var list []views.APISchema
	for _, name := range slices.Sorted(maps.Keys(all)) {
		v := views.APISchema{Name: name}
		for _, property := range r.properties(name) {
			field := r.field(property, all[name].Properties[property])
			field.Required = slices.Contains(all[name].Required, property)
			v.Fields = append(v.Fields, field)
		}
		list = append(list, v)
	}
	return list
}

// properties returns the names of what a schema has, in the order of the type that it is made from.
func (r reference) properties(schema string) []string {
	registry := r.spec.Components.Schemas
	described := registry.Map()[schema].Properties
	var names []string
	for _, f := range reflect.VisibleFields(registry.TypeFromRef("#/components/schemas/" + schema)) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if described[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

// field returns a field of the given kind.
func (r reference) field(name string, s *huma.Schema) views.APIField {
	v := views.APIField{Name: name, Type: s.Type, Schema: schemaName(s), Text: s.Description}
	if len(s.Examples) > 0 {
		v.Example = exampleText(s.Examples[0])
	}
	switch {
	case s.Items != nil && v.Schema != "":
		v.Type = "array of"
	case s.Items != nil:
		v.Type = "array of " + s.Items.Type + "s"
	case len(s.Enum) > 0:
		var values []string
		for _, value := range s.Enum {
			values = append(values, fmt.Sprint(value))
		}
		v.Type = "one of " + strings.Join(values, ", ")
	case s.Format != "" && s.Type == "string":
		v.Type += " (" + s.Format + ")"
	case s.Minimum != nil && s.Maximum != nil:
		v.Type += fmt.Sprintf(", %g to %g", *s.Minimum, *s.Maximum)
	case s.MaxLength != nil:
		v.Type += ", at most " + strconv.Itoa(*s.MaxLength) + " characters"
	}
	if v.Type == "" {
		v.Type = "any value"
	}
	if s.Default != nil {
		v.Type += fmt.Sprintf(", %v when left out", s.Default)
	}
	return v
}

// schemaName returns the name of the schema that s refers to, itself or for the items of an array, or "".
func schemaName(s *huma.Schema) string {
	if s.Items != nil {
		s = s.Items
	}
	return strings.TrimPrefix(s.Ref, "#/components/schemas/")
}

func paramExample(p *huma.Param) any {
	if p.Example == nil && len(p.Schema.Examples) > 0 {
		return p.Schema.Examples[0]
	}
	return p.Example
}

// exampleText returns an example as it is sent: a text without quotes.
func exampleText(example any) string {
	if text, ok := example.(string); ok || example == nil {
		return text
	}
	text, _ := json.Marshal(example)
	return string(text)
}

// example returns what a value of the schema may look like.
func (r reference) example(s *huma.Schema) any {
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case s.Items != nil:
		return []any{r.example(s.Items)}
	case s.Ref != "":
		name := schemaName(s)
		object := make(exampleObject, 0, len(s.Properties))
		for _, property := range r.properties(name) {
			object = append(object, exampleMember{property, r.example(r.spec.Components.Schemas.Map()[name].Properties[property])})
		}
		return object
	case s.Type == "boolean":
		return false
	}
	return cmp.Or(s.Default, any(""))
}

// exampleObject is an object whose members have an order.
type exampleObject []exampleMember

type exampleMember struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o exampleObject) MarshalJSON() ([]byte, error) {
	var members []string
	for _, m := range o {
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		members = append(members, strconv.Quote(m.name)+":"+string(value))
	}
	return []byte("{" + strings.Join(members, ",") + "}"), nil
}
