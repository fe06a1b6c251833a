package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

func TestARecordIsCreatedReadChangedAndDeletedOverJSON(t *testing.T) {
	eachBackend(t, func(t *testing.T, settings []string) {
		program := start(t, settings...)
		var created, got, updated stored
		var list []stored
		a := program.call(http.StatusCreated, http.MethodPost, "/records/", draft{"First", "größer 日本 🙂"}, &created)
		if created.ID == "" || created.Title != "First" || strings.Contains(string(a.body), "content") {
			t.Errorf("created: %s", a.body)
		}
		program.call(http.StatusOK, http.MethodGet, "/records/"+created.ID, nil, &got)
		if got.Title != "First" || got.Content != "größer 日本 🙂" {
			t.Errorf("got: %+v", got)
		}
		program.call(http.StatusOK, http.MethodPut, "/records/"+created.ID, draft{"Changed", "new"}, &updated)
		if updated.ID != created.ID || updated.Title != "Changed" || updated.Content != "new" {
			t.Errorf("updated: %+v", updated)
		}
		program.call(http.StatusCreated, http.MethodPost, "/records", draft{"Second", ""}, nil)
		program.call(http.StatusOK, http.MethodGet, "/records/", nil, &list)
		if len(list) != 2 || list[0].Title != "Changed" || list[1].Title != "Second" {
			t.Errorf("list: %+v", list)
		}
		program.call(http.StatusNoContent, http.MethodDelete, "/records/"+created.ID, nil, nil)
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			var problem struct{ Detail string }
			a := program.call(http.StatusNotFound, method, "/records/"+created.ID, nil, &problem)
			if problem.Detail != "Record not found" {
				t.Errorf("%s of a deleted record: %s", method, a.body)
			}
		}
		program.call(http.StatusNotFound, http.MethodPut, "/records/"+created.ID, draft{"Too late", ""}, nil)
	})
}

func TestTheAPIIsAsItsDescriptionSays(t *testing.T) {
	program := start(t)
	a := program.call(http.StatusOK, http.MethodGet, "/openapi.json", nil, nil)
	document, err := libopenapi.NewDocument(a.body)
	if err != nil {
		t.Fatal(err)
	}
	if version := document.GetVersion(); !strings.HasPrefix(version, "3.1") {
		t.Errorf("the description is OpenAPI %s", version)
	}
	description, errs := validator.NewValidator(document)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, errs := description.ValidateDocument(); !ok {
		for _, err := range errs {
			t.Errorf("%s: %s", err.Message, err.Reason)
			for _, detail := range err.SchemaValidationErrors {
				t.Errorf("  %s: %s", detail.KeywordLocation, detail.Reason)
			}
		}
	}

	note := "/api/v1" + program.addNote("A note", "its text")
	var record stored
	program.call(http.StatusCreated, http.MethodPost, "/records", draft{"A record", ""}, &record)
	for _, request := range []struct {
		method, path string
		body         any
		status       int
	}{
		{http.MethodPost, "/api/v1/notes", draft{"", "taken from the first line"}, http.StatusCreated},
		{http.MethodPost, "/api/v1/notes", draft{"", ""}, http.StatusUnprocessableEntity},
		{http.MethodGet, "/api/v1/notes", nil, http.StatusOK},
		{http.MethodGet, note, nil, http.StatusOK},
		{http.MethodPut, note, draft{"Without If-Match", ""}, http.StatusPreconditionRequired},
		{http.MethodDelete, note, nil, http.StatusNoContent},
		{http.MethodPost, "/records", draft{"Another record", ""}, http.StatusCreated},
		{http.MethodGet, "/records", nil, http.StatusOK},
		{http.MethodGet, "/records?limit=1", nil, http.StatusOK},
		{http.MethodGet, "/records/" + record.ID, nil, http.StatusOK},
		{http.MethodPut, "/records/" + record.ID, draft{"Changed", ""}, http.StatusOK},
		{http.MethodDelete, "/records/" + record.ID, nil, http.StatusNoContent},
		{http.MethodGet, "/records/" + record.ID, nil, http.StatusNotFound},
	} {
		a := program.call(request.status, request.method, request.path, request.body, nil)
		if ok, errs := description.ValidateHttpResponse(a.Request, a.Response); !ok {
			t.Errorf("%s %s isn't as described: %v", request.method, request.path, errs)
		}
	}
}
