package web

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"octavo/views"
)

// apiView returns the description of the API as its page shows it.
func (s *server) apiView(spec *huma.OpenAPI) views.API {
	v := views.API{Text: spec.Info.Description, Spec: s.base + "/openapi.json"}
	groups := map[string]int{}
	for _, path := range slices.Sorted(maps.Keys(spec.Paths)) {
		item := spec.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil {
				continue
			}
			name := op.Tags[0]
			at, ok := groups[name]
			if !ok {
				at = len(v.Groups)
				groups[name] = at
				v.Groups = append(v.Groups, views.APIGroup{Name: name})
			}
			v.Groups[at].Operations = append(v.Groups[at].Operations, s.operationView(spec, op))
		}
	}
	return v
}

func (s *server) operationView(spec *huma.OpenAPI, op *huma.Operation) views.Operation {
	v := views.Operation{
		ID: op.OperationID, Method: op.Method, Path: s.base + op.Path, Summary: op.Summary, Description: op.Description,
	}
	for _, p := range op.Parameters {
		v.Params = append(v.Params, views.Param{
			Name: p.Name, In: p.In, Type: p.Schema.Type, Required: p.Required, Description: p.Description,
		})
	}
	if op.RequestBody != nil {
		v.Body = schemaText(spec, op.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		if status == "500" {
			continue
		}
		r := op.Responses[status]
		v.Responses = append(v.Responses, views.Response{Status: status, Text: r.Description, Body: schemaText(spec, r.Content)})
	}
	return v
}

// schemaText returns the schema of a JSON body as indented JSON, or "" when there is none or it is that of an error.
func schemaText(spec *huma.OpenAPI, content map[string]*huma.MediaType) string {
	media, ok := content["application/json"]
	if !ok {
		return ""
	}
	schema := media.Schema
	if schema.Ref != "" {
		schema = spec.Components.Schemas.SchemaFromRef(schema.Ref)
	} else if schema.Items != nil && schema.Items.Ref != "" {
		schema = &huma.Schema{Type: schema.Type, Items: spec.Components.Schemas.SchemaFromRef(schema.Items.Ref)}
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		return http.StatusText(http.StatusInternalServerError) // schemas made from Go types always marshal
	}
	return string(text)
}
