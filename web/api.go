package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
)

func init() {
	huma.DefaultArrayNullable = false // no list that the API takes or gives is ever null
}

// Description returns the description of the API of an app with the configuration, as an OpenAPI document in JSON.
func Description(cfg Config) ([]byte, error) {
	return json.MarshalIndent(newServer(cfg).routes(echo.New(), cfg), "", "  ")
}

// api returns the JSON API, which is for those who are signed in. routes adds the operations.
func (s *server) api(e *echo.Echo, version string) huma.API {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	api := humaecho.New(e, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Octavo",
				Version:     version,
				Description: "Notes, and records that programs keep. Use a token, which you create in the settings and which works in one space, or the API key, which the command octavo key prints, as a bearer token.",
				Contact:     &huma.Contact{Name: "Whoever runs this Octavo"},
				License:     &huma.License{Name: "MIT", Identifier: "MIT"},
			},
			Servers: []*huma.Server{{URL: cmp.Or(string(s.base), "/")}},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					byKey:     {Type: "http", Scheme: "bearer", Description: "A token that has the scope of the operation, or the API key"},
					"session": {Type: "apiKey", In: "cookie", Name: s.cookies, Description: "A browser's session"},
				},
			},
		},
		Formats:       huma.DefaultFormats,
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{inPlainWords},
	})
	api.UseMiddleware(s.signedInAPI(registry))
	return api
}

// byKey is the security scheme in which an operation says which scope it needs.
const byKey = "key"

// scopeOf returns the scope that an operation needs. One that says none is for those who may do everything.
func scopeOf(op *huma.Operation) domain.Scope {
	for _, way := range op.Security {
		for _, scope := range way[byKey] {
			return domain.Scope(scope)
		}
	}
	return domain.ScopeAdmin
}

// openly is the security of an operation that is for everybody.
var openly = []map[string][]string{{}}

func isOpen(op *huma.Operation) bool { return len(op.Security) == 1 && len(op.Security[0]) == 0 }

// describeCodes says of the errors in the description what their type is.
func describeCodes(spec *huma.OpenAPI) {
	kind := spec.Components.Schemas.Map()["ErrorModel"].Properties["type"]
	kind.Description = "What went wrong, as a code that stays the same whatever the language of the rest"
	kind.Format, kind.Default, kind.Examples = "", nil, []any{"note.not_found"}
}

// section adds a section to the description, and returns the tag of its operations.
func section(api huma.API, name, about string) (tags []string) {
	spec := api.OpenAPI()
	spec.Tags = append(spec.Tags, &huma.Tag{Name: name, Description: about})
	return []string{name}
}

// maxFaults is how many of the things that are wrong with a request are told.
const maxFaults = 20

// inPlainWords has huma's own errors speak like the app's, and keeps what was sent out of them: it may be long, and it
// may be private.
func inPlainWords(c huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	e.Errors = e.Errors[:min(len(e.Errors), maxFaults)]
	for _, detail := range e.Errors {
		detail.Value = nil
	}
	said := explanations[e.Status].text
	switch {
	case e.Type != "": // it is the app's
		return e, nil
	case e.Status == http.StatusBadRequest:
		said = noJSON
	case e.Status == http.StatusUnprocessableEntity:
		said = domain.NewMessage("invalid")
	}
	e.Type, e.Detail = string(said.Code), lang.Say(c.Context(), said)
	return e, nil
}

// handleRead registers an operation that changes nothing, and needs a scope. Its errors are shown like those of a page.
func handleRead[I, O any](s *server, api huma.API, scope domain.Scope, op huma.Operation,
	h func(ctx context.Context, access domain.ReadAccess, in *I) (*O, error),
) {
	handle(s, api, scope, op, func(ctx context.Context, who admission, in *I) (*O, error) { return h(ctx, who.read, in) })
}

// handleWrite registers an operation that may change something, and needs a scope. Its errors are shown like those of a page.
func handleWrite[I, O any](s *server, api huma.API, scope domain.Scope, op huma.Operation,
	h func(ctx context.Context, access domain.WriteAccess, in *I) (*O, error),
) {
	op.Errors = append(op.Errors, http.StatusInsufficientStorage)
	handle(s, api, scope, op, func(ctx context.Context, who admission, in *I) (*O, error) { return h(ctx, who.write, in) })
}

func handle[I, O any](s *server, api huma.API, scope domain.Scope, op huma.Operation,
	h func(ctx context.Context, who admission, in *I) (*O, error),
) {
	op.Security = []map[string][]string{{byKey: {string(scope)}}, {"session": {}}}
	op.Description += " A token needs the scope " + string(scope) + "."
	register(s, api, op, func(ctx context.Context, in *I) (*O, error) {
		who, ok := ctx.Value(admissionKey{}).(admission)
		if !ok {
			return nil, errors.New("nobody in the context") // the middleware has let nobody else through
		}
		return h(ctx, who, in)
	})
}

// handleOpen registers an operation that is for everybody. Its errors are shown like those of a page.
func handleOpen[I, O any](s *server, api huma.API, op huma.Operation, h func(c echo.Context, in *I) (*O, error)) {
	op.Security = openly
	register(s, api, op, func(ctx context.Context, in *I) (*O, error) {
		c, ok := ctx.Value(exchangeKey{}).(echo.Context)
		if !ok {
			return nil, errors.New("no exchange in the context")
		}
		return h(c, in)
	})
}

func register[I, O any](s *server, api huma.API, op huma.Operation, h func(ctx context.Context, in *I) (*O, error)) {
	op.MaxBodyBytes, op.BodyReadTimeout = maxJSONBytes, readTimeout
	op.Errors = append(op.Errors, http.StatusForbidden, http.StatusServiceUnavailable)
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			a := s.answerTo(ctx, op.Method, op.Path, err)
			return nil, huma.ErrorWithHeaders(a.model(ctx), a.headers())
		}
		return out, nil
	})
}

func sendJSON(c echo.Context, status int, contentType string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.Blob(status, contentType, body)
}

// nextLink returns the Link header (RFC 8288) that leads from one page of the list at a path to the next, or "" on its last
// one.
func nextLink(path string, query url.Values, cursor string) string {
	if cursor == "" {
		return ""
	}
	query.Set("after", cursor)
	return "<" + path + "?" + query.Encode() + `>; rel="next"`
}
