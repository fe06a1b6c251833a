package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/query"
	"octavo/lang"
)

// notesAPI is the JSON API of notes.
type notesAPI struct {
	*server
	notes     *app.Notes
	editing   *app.Editing
	searching *app.Search
}

// note is a note in JSON.
type note struct {
	ID       string    `json:"id" format:"uuid" example:"0198c5b2-7a10-7000-8000-3f6c2d9e41ab"`
	Title    string    `json:"title" example:"Groceries"`
	Content  string    `json:"content" example:"- [ ] milk" doc:"Markdown"`
	Tags     []string  `json:"tags" example:"[\"home/kitchen\"]" doc:"Given beside the text"`
	TextTags []string  `json:"text_tags" example:"[]" doc:"Written as #tag within the text"`
	Pinned   bool      `json:"pinned"`
	State    string    `json:"state" enum:"active,archived,trash" example:"active"`
	Created  time.Time `json:"created" example:"2026-02-03T04:05:06Z"`
	Updated  time.Time `json:"updated" example:"2026-02-03T04:05:06Z" doc:"When its title, text or tags were last changed"`
	Version  int       `json:"version" example:"1" doc:"One more with each change; also the ETag"`
}

// noteSummary is a note in a list.
type noteSummary struct {
	ID      string    `json:"id" format:"uuid" example:"0198c5b2-7a10-7000-8000-3f6c2d9e41ab"`
	Title   string    `json:"title" example:"Groceries"`
	Excerpt string    `json:"excerpt" example:"milk" doc:"The beginning of the content as plain text"`
	Tags    []string  `json:"tags" example:"[\"home/kitchen\"]" doc:"All of them, those within the text as well"`
	Pinned  bool      `json:"pinned"`
	State   string    `json:"state" enum:"active,archived,trash" example:"active"`
	Updated time.Time `json:"updated" example:"2026-02-03T04:05:06Z"`
	Version int       `json:"version" example:"1"`
}

type noteBody struct {
	_       struct{}     `json:"-" additionalProperties:"true"`
	Title   string       `json:"title,omitempty" example:"Groceries" doc:"1 to 255 characters on one line; taken from the content's first line when left out"`
	Content string       `json:"content,omitempty" example:"- [ ] milk" doc:"Markdown, at most 256 KiB"`
	Tags    []domain.Tag `json:"tags,omitempty" example:"[\"home/kitchen\"]" doc:"At most 50, nested by /; when left out, a note keeps those it has"`
}

type noteInput struct {
	Body           noteBody
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]([ -~]*[!-~])?$" example:"groceries-1" doc:"Chosen by you, of visible ASCII; the same request sent again with the same key creates nothing more and gets the same note"`
}

const idempotencyKey = "Idempotency-Key"

// checkKey is Invalid for a key that isn't one, which would pass for none.
func checkKey(h http.Header) error {
	if given := h.Values(idempotencyKey); len(given) > 1 || (len(given) == 1 && strings.TrimSpace(given[0]) == "") {
		return domain.NewInvalid(domain.NewFieldError(idempotencyKey, "creation.several_keys"))
	}
	return nil
}

func (b noteBody) draft() domain.NoteDraft {
	return domain.NoteDraft{Title: b.Title, Content: b.Content, Tags: b.Tags}
}

type noteParam struct {
	ID string `path:"id" example:"0198c5b2-7a10-7000-8000-3f6c2d9e41ab" doc:"The note's id"`
}

type noteOutput struct {
	Status int
	ETag   string `header:"ETag" doc:"The note's version, for If-Match and If-None-Match"`
	Body   note
}

type createdNoteOutput struct {
	ETag     string `header:"ETag" doc:"The note's version, for If-Match and If-None-Match"`
	Location string `header:"Location" doc:"Where the note is"`
	Body     note
}

func noteJSON(n domain.Note) note {
	return note{
		ID: string(n.ID), Title: n.Title, Content: n.Content, Tags: tagNames(n.Tags), TextTags: tagNames(n.TextTags),
		Pinned: n.Pinned, State: viewOf(n.State), Created: n.Created, Updated: n.Updated, Version: n.Version,
	}
}

func tagNames(tags []domain.Tag) []string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = string(tag)
	}
	return names
}

func summaryJSON(n domain.NoteSummary) noteSummary {
	return noteSummary{string(n.ID), n.Title, n.Excerpt, tagNames(n.Tags), n.Pinned, viewOf(n.State), n.Updated, n.Version}
}

// noteTag returns the ETag of a note.
func noteTag(n domain.Note) string { return noteVersionTag(n.Version) }

func noteVersionTag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// noteListOutput is a page of notes, with a Link to the next.
type noteListOutput struct {
	Status   int
	ETag     string `header:"ETag" doc:"Of a list from its beginning, not of a search, for If-None-Match"`
	Link     string `header:"Link" doc:"The next page (RFC 8288)"`
	Problems string `header:"Query-Problems" doc:"What of q can't be read and so counts for nothing, if there is anything: a JSON array of up to five objects, each with the part that is meant, and a code and a text that say what is wrong with it"`
	Body     []noteSummary
}

// maxQueryProblems is how many problems of a query a header has room for: proxies take no more than some kilobytes.
const maxQueryProblems = 5

// queryProblems returns what couldn't be read of a query as a header has it, or "" where that is nothing: JSON, in ASCII.
func queryProblems(ctx context.Context, query string, problems []query.Problem) (string, error) {
	type problem struct {
		Part string      `json:"part"`
		Type domain.Code `json:"type"`
		Text string      `json:"text"`
	}
	var all []problem
	for _, p := range problems[:min(len(problems), maxQueryProblems)] {
		wrong := domain.QueryMessage(p)
		all = append(all, problem{shortened(query[p.Start:p.End]), wrong.Code, lang.Say(ctx, wrong)})
	}
	if len(all) == 0 {
		return "", nil
	}
	text, err := json.Marshal(all)
	var b strings.Builder
	for _, r := range string(text) {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
	}
	return b.String(), err
}

type noteListInput struct {
	View  string `query:"view" enum:"active,archived,trash" default:"active" doc:"Which notes"`
	Tag   string `query:"tag" example:"home" doc:"Only notes with this tag or one below it"`
	Query string `query:"q" maxLength:"1024" example:"milk tag:home" doc:"Search instead, as on the search page: then view, tag and sort say nothing, is: and tag: in the query do"`
	Sort  string `query:"sort" enum:"edited,created,title" default:"edited" doc:"What a list is sorted by: the last edited first, the last created first, or by title. In the trash, edited is when notes were put there"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"How many notes a page holds"`
	After string `query:"after" doc:"Where the page begins, from the Link header of the page before"`
}

// register registers /api/v1/notes.
func (h notesAPI) register(api huma.API) {
	tags := section(api, "Notes", "What people write, as on the pages.")

	handleRead(h.server, api, domain.ScopeNotesRead, huma.Operation{
		OperationID: "list-notes", Method: http.MethodGet, Path: route.APINotes(), Tags: tags,
		Summary: "List or search notes", Description: "A list has pinned notes first, then the others, as sort says. A search has the " +
			"notes first that have the words in their titles, then the others, each the last changed first. What of q can't be " +
			"read counts for nothing, and the Query-Problems header names it. The Link header leads to the next page.",
		Parameters: []*huma.Param{readOnly}, Errors: []int{400, 401, 422}, Responses: unchanged(),
	}, func(ctx context.Context, access domain.ReadAccess, in *noteListInput) (*noteListOutput, error) {
		page := url.Values{"limit": {strconv.Itoa(in.Limit)}}
		if in.Query != "" {
			page.Set("q", in.Query)
			if err := wait(ctx, h.searches); err != nil {
				return nil, err
			}
			defer func() { <-h.searches }()
			found, err := h.searching.Find(ctx, access, in.Query, in.After, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &noteListOutput{Status: http.StatusOK, Link: nextLink(h.base.APINotes(), page, found.Next), Body: make([]noteSummary, len(found.Notes))}
			for i, n := range found.Notes {
				out.Body[i] = summaryJSON(n.Summary())
			}
			out.Problems, err = queryProblems(ctx, in.Query, found.Query.Problems)
			return out, err
		}
		state, err := noteState(in.View)
		if err != nil {
			return nil, err
		}
		page.Set("view", in.View)
		filter := domain.NoteFilter{State: state}
		if filter.Order, _ = domain.ParseNoteOrder(in.Sort); filter.Order != domain.ByEdited {
			page.Set("sort", in.Sort)
		}
		if in.Tag != "" {
			page.Set("tag", in.Tag)
			tag, err := readTag(in.Tag)
			if err != nil {
				return nil, err
			}
			filter.Tag = tag.Key()
		}
		etag := func(version string) string {
			return h.versionTag(ctx, access, h.base.APINotes()+"?"+page.Encode(), version)
		}
		if in.After == "" && conditionsOf(ctx).noneMatch != nil {
			version, err := h.notes.ListVersion(ctx, access, filter, in.Limit)
			if err != nil {
				return nil, err
			}
			if tag := etag(version); !conditionsOf(ctx).unseen(tag) {
				return &noteListOutput{Status: http.StatusNotModified, ETag: tag}, nil
			}
		}
		list, err := h.notes.List(ctx, access, filter, in.After, in.Limit)
		if err != nil {
			return nil, err
		}
		tag := ""
		if in.After == "" {
			tag = etag(list.Version)
		}
		out := &noteListOutput{Status: http.StatusOK, ETag: tag, Link: nextLink(h.base.APINotes(), page, list.Next), Body: make([]noteSummary, len(list.Notes))}
		for i, n := range list.Notes {
			out.Body[i] = summaryJSON(n)
		}
		return out, nil
	})

	handleWrite(h.server, api, domain.ScopeNotesAppend, huma.Operation{
		OperationID: "create-note", Method: http.MethodPost, Path: route.APINotes(), Tags: tags,
		Summary: "Create a note", DefaultStatus: http.StatusCreated,
		Description: fmt.Sprintf("With an Idempotency-Key it may be sent again for %d days without creating another note.", domain.Days(domain.CreationLife)),
		Errors:      []int{400, 401, 409, 413, 415, 422},
	}, func(ctx context.Context, access domain.WriteAccess, in *noteInput) (*createdNoteOutput, error) {
		create := h.notes.Create
		if in.IdempotencyKey != "" {
			create = func(ctx context.Context, access domain.WriteAccess, draft domain.NoteDraft) (domain.Note, error) {
				return h.editing.CreateOnce(ctx, access, in.IdempotencyKey, draft)
			}
		}
		n, err := create(ctx, access, in.Body.draft())
		if err != nil {
			return nil, err
		}
		return &createdNoteOutput{noteTag(n), h.base.APINote(string(n.ID)), noteJSON(n)}, nil
	})

	handleRead(h.server, api, domain.ScopeNotesRead, huma.Operation{
		OperationID: "get-note", Method: http.MethodGet, Path: route.APINote("{id}"), Tags: tags,
		Summary: "Get a note", Description: "One in the trash, too.",
		Parameters: []*huma.Param{readOnly}, Errors: []int{400, 401, 404, 412}, Responses: unchanged(),
	}, func(ctx context.Context, access domain.ReadAccess, in *noteParam) (*noteOutput, error) {
		id, err := noteID(in.ID)
		if err != nil {
			return nil, err
		}
		if conditionsOf(ctx).noneMatch != nil {
			version, err := h.notes.Version(ctx, access, id)
			if err != nil {
				return nil, err
			}
			tag := noteVersionTag(version)
			if status, err := forReading(ctx, tag); err != nil || status == http.StatusNotModified {
				return &noteOutput{Status: status, ETag: tag}, err
			}
		}
		n, err := h.notes.Get(ctx, access, id)
		if err != nil {
			return nil, err
		}
		status, err := forReading(ctx, noteTag(n))
		if err != nil {
			return nil, err
		}
		return &noteOutput{status, noteTag(n), noteJSON(n)}, nil
	})

	handleWrite(h.server, api, domain.ScopeNotesAppend, huma.Operation{
		OperationID: "update-note", Method: http.MethodPut, Path: route.APINote("{id}"), Tags: tags,
		Summary: "Replace a note's title and content",
		Description: "If-Match carries the ETag of the version that the change is based on, so that no other change is lost. " +
			"A request that is sent again, after its answer was lost, is answered as it was. Adding text at the end and ticking boxes " +
			"take less of a token than other changes, which need the scope notes:write.",
		Parameters: []*huma.Param{required(changeOnly)},
		Errors:     []int{400, 401, 404, 409, 412, 413, 415, 422, 428},
	}, func(ctx context.Context, access domain.WriteAccess, in *struct {
		ID   string `path:"id" example:"0198c5b2-7a10-7000-8000-3f6c2d9e41ab" doc:"The note's id"`
		Body noteBody
	},
	) (*noteOutput, error) {
		id, err := noteID(in.ID)
		if err != nil {
			return nil, err
		}
		if conditionsOf(ctx).match == nil {
			return nil, errUnconditional
		}
		saved, err := h.editing.Update(ctx, access, id, forChange(ctx, noteTag), in.Body.draft())
		if err != nil {
			return nil, preconditionFailed(err)
		}
		return &noteOutput{http.StatusOK, noteTag(saved.Note), noteJSON(saved.Note)}, nil
	})

	handleWrite(h.server, api, domain.ScopeNotesWrite, huma.Operation{
		OperationID: "delete-note", Method: http.MethodDelete, Path: route.APINote("{id}"), Tags: tags,
		Summary: "Move a note to the trash", DefaultStatus: http.StatusNoContent,
		Description: fmt.Sprintf("It stays there for %d days, in which it can be restored on the pages. One that is there already "+
			"stays as it is.", domain.Days(domain.TrashLife)),
		Parameters: []*huma.Param{changeOnly}, Errors: []int{400, 401, 404, 412},
	}, func(ctx context.Context, access domain.WriteAccess, in *noteParam) (*struct{}, error) {
		id, err := noteID(in.ID)
		if err != nil {
			return nil, err
		}
		_, _, err = h.notes.Trash(ctx, access, id, forChange(ctx, noteTag))
		return nil, preconditionFailed(err)
	})
}

var errUnconditional = newHTTPError(http.StatusPreconditionRequired, "etag.missing")

// preconditionFailed returns that something has changed as what HTTP calls it when that was a condition, and any other
// error as it is.
func preconditionFailed(err error) error {
	if errors.Is(err, domain.ErrNoteChanged) || errors.Is(err, domain.ErrRecordChanged) {
		return errStale
	}
	return err
}
