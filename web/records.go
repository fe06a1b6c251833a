package web

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"octavo/app"
	"octavo/domain"
)

// recordsHandler is the JSON API of records.
type recordsHandler struct {
	*server
	records *app.Records
}

// record is a record in JSON.
type record struct {
	ID      string    `json:"id" format:"uuid" example:"0198c5b2-7a10-7000-8000-3f6c2d9e41ab"`
	Title   string    `json:"title" example:"Temperature"`
	Content string    `json:"content" example:"21.5"`
	Created time.Time `json:"created" example:"2026-02-03T04:05:06Z"`
	Updated time.Time `json:"updated" example:"2026-02-03T04:05:06Z"`
}

func recordJSON(r domain.Record) record {
	return record{ID: string(r.ID), Title: r.Title, Content: r.Content, Created: r.Created, Updated: r.Updated}
}

// createdRecord is the answer to the creation of a record.
type createdRecord struct {
	ID    string `json:"id" format:"uuid" example:"0198c5b2-7a10-7000-8000-3f6c2d9e41ab"`
	Title string `json:"title" example:"Temperature"`
}

type createdOutput struct {
	Location string `header:"Location" doc:"Where the record is"`
	Body     createdRecord
}

type recordBody struct {
	_       struct{} `json:"-" additionalProperties:"true"`
	Title   string   `json:"title" example:"Temperature" doc:"1 to 255 characters on one line"`
	Content string   `json:"content,omitempty" example:"21.5" doc:"At most 256 KiB of text"`
}

type recordInput struct{ Body recordBody }

func (b recordBody) draft() domain.RecordDraft {
	return domain.RecordDraft{Title: b.Title, Content: b.Content}
}

type recordParam struct {
	ID string `path:"id" example:"0198c5b2-7a10-7000-8000-3f6c2d9e41ab" doc:"The record's id"`
}

// recordID reads the id in the URL. A malformed one is an id that nothing has.
func recordID(text string) (domain.ID, error) {
	id, ok := domain.ParseID(text)
	if !ok {
		return "", domain.ErrRecordNotFound
	}
	return id, nil
}

type recordOutput struct {
	Status int
	ETag   string `header:"ETag" doc:"Of what the record says, for If-Match and If-None-Match"`
	Body   record
}

// recordTag returns the ETag of a record, which has no version: it is made of all that may change.
func recordTag(r domain.Record) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s\x00%s", r.Updated.UnixMicro(), r.Title, r.Content))
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}

// register registers /records.
func (h recordsHandler) register(api huma.API) {
	tags := section(api, "Records", "Titled texts that only programs keep.")

	handleWrite(h.server, api, domain.ScopeRecords, huma.Operation{
		OperationID: "create-record", Method: http.MethodPost, Path: route.Records(), Tags: tags,
		Summary: "Create a record", Description: "The answer has its id.", DefaultStatus: http.StatusCreated,
		Errors: []int{400, 401, 413, 415, 422},
	}, func(ctx context.Context, access domain.WriteAccess, in *recordInput) (*createdOutput, error) {
		r, err := h.records.Create(ctx, access, in.Body.draft())
		if err != nil {
			return nil, err
		}
		return &createdOutput{h.base.Record(string(r.ID)), createdRecord{ID: string(r.ID), Title: r.Title}}, nil
	})

	handleRead(h.server, api, domain.ScopeRecords, huma.Operation{
		OperationID: "list-records", Method: http.MethodGet, Path: route.Records(), Tags: tags,
		Summary:     "List records",
		Description: "All of them as one array, or, with limit or after, page by page: the Link header leads to the next.",
		Errors:      []int{401, 422},
		Responses: map[string]*huma.Response{"200": {
			Description: "The records, in the order in which they were made",
			Headers:     map[string]*huma.Param{"Link": {Description: "The next page (RFC 8288)", Schema: &huma.Schema{Type: "string"}}},
			Content: map[string]*huma.MediaType{"application/json": {
				Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[[]record](), true, ""),
			}},
		}},
	}, h.list)

	handleRead(h.server, api, domain.ScopeRecords, huma.Operation{
		OperationID: "get-record", Method: http.MethodGet, Path: route.Record("{id}"), Tags: tags,
		Summary: "Get a record", Description: "Its ETag changes with what it says.",
		Parameters: []*huma.Param{readOnly}, Errors: []int{400, 401, 404, 412}, Responses: unchanged(),
	}, func(ctx context.Context, access domain.ReadAccess, in *recordParam) (*recordOutput, error) {
		id, err := recordID(in.ID)
		if err != nil {
			return nil, err
		}
		r, err := h.records.Get(ctx, access, id)
		if err != nil {
			return nil, err
		}
		status, err := forReading(ctx, recordTag(r))
		if err != nil {
			return nil, err
		}
		return &recordOutput{status, recordTag(r), recordJSON(r)}, nil
	})

	handleWrite(h.server, api, domain.ScopeRecords, huma.Operation{
		OperationID: "update-record", Method: http.MethodPut, Path: route.Record("{id}"), Tags: tags,
		Summary:     "Replace a record's title and content",
		Description: "With an If-Match it is only replaced while nobody else has changed it.",
		Parameters:  []*huma.Param{changeOnly},
		Errors:      []int{400, 401, 404, 412, 413, 415, 422},
	}, func(ctx context.Context, access domain.WriteAccess, in *struct {
		ID   string `path:"id" example:"0198c5b2-7a10-7000-8000-3f6c2d9e41ab" doc:"The record's id"`
		Body recordBody
	},
	) (*recordOutput, error) {
		id, err := recordID(in.ID)
		if err != nil {
			return nil, err
		}
		r, err := h.records.Update(ctx, access, id, forChange(ctx, recordTag), in.Body.draft())
		if err != nil {
			return nil, preconditionFailed(err)
		}
		return &recordOutput{http.StatusOK, recordTag(r), recordJSON(r)}, nil
	})

	handleWrite(h.server, api, domain.ScopeRecords, huma.Operation{
		OperationID: "delete-record", Method: http.MethodDelete, Path: route.Record("{id}"), Tags: tags,
		Summary: "Delete a record", Description: "For good: records have no trash.", DefaultStatus: http.StatusNoContent,
		Parameters: []*huma.Param{changeOnly}, Errors: []int{400, 401, 404, 412},
	}, func(ctx context.Context, access domain.WriteAccess, in *recordParam) (*struct{}, error) {
		id, err := recordID(in.ID)
		if err != nil {
			return nil, err
		}
		return nil, preconditionFailed(h.records.Delete(ctx, access, id, forChange(ctx, recordTag)))
	})
}

type recordListInput struct {
	Limit int    `query:"limit" minimum:"1" maximum:"100" doc:"At most how many records a page holds, 100 when only after is given; large ones make it shorter"`
	After string `query:"after" doc:"Where the page begins, from the Link header of the page before"`
}

const defaultRecordPage = 100

// untakenRecords is about how many bytes of a list of records are in memory while it is sent.
const untakenRecords = 2 << 20

func (h recordsHandler) list(ctx context.Context, access domain.ReadAccess, in *recordListInput) (*huma.StreamResponse, error) {
	if in.Limit == 0 && in.After == "" {
		if err := wait(ctx, h.streams); err != nil {
			return nil, err
		}
		return h.send(func(yield func(domain.Record, error) bool) {
			defer func() { <-h.streams }()
			h.records.All(ctx, access)(yield)
		}, "")
	}
	if in.Limit == 0 {
		in.Limit = defaultRecordPage
	}
	page, err := h.records.List(ctx, access, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	records := func(yield func(domain.Record, error) bool) {
		for _, r := range page.Records {
			if !yield(r, nil) {
				return
			}
		}
	}
	return h.send(records, nextLink(h.base.Records(), url.Values{"limit": {strconv.Itoa(in.Limit)}}, page.Next))
}

// send answers with an array of records, and needs no more memory for many than for few. An error at the first
// record is returned, so that it gets a status; a later one ends the connection, so that half a list doesn't look like
// a whole one.
func (h recordsHandler) send(records iter.Seq2[domain.Record, error], link string) (*huma.StreamResponse, error) {
	next, stop := iter.Pull2(records)
	r, err, more := next()
	if err != nil {
		stop()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer stop()
		if link != "" {
			c.SetHeader("Link", link)
		}
		c.SetHeader("Content-Type", "application/json")
		c.SetStatus(http.StatusOK)
		response := humaecho.Unwrap(c)
		delivery := h.deliver(response, untakenRecords)
		defer delivery.end()
		out := bufio.NewWriterSize(delivery, 32<<10)
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		abortOn := func(err error) {
			if err != nil {
				panic(http.ErrAbortHandler) // the client has gone
			}
		}
		abortOn(out.WriteByte('['))
		for n := 0; more; n++ {
			if n > 0 {
				abortOn(out.WriteByte(','))
			}
			abortOn(enc.Encode(recordJSON(r)))
			if r, err, more = next(); err != nil {
				h.handleError(err, response) // logs it, and ends the connection
			}
		}
		abortOn(out.WriteByte(']'))
		abortOn(out.Flush())
	}}, nil
}
