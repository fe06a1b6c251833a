package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"octavo/domain"
)

// scenario is one kind of request, and what every answer to it must look like.
type scenario struct {
	name       string
	clients    int
	requests   int // in one round
	byHand     bool
	octavo     bool // whether Octavo takes part; what is by hand alone is what others are compared with
	writes     bool
	request    func(*client) request
	check      func(*client, request, *http.Response) error
	afterwards func(*client) error // checks once more at the end of a round, or nil
}

// short is the scenario's name without blanks and commas.
func (s *scenario) short() string { return short(s.name) }

func short(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, ",", ""), " ", "-")
}

type request struct {
	method, path      string
	contentType, body string
	marker            string // a text that the answer has to contain
	etag              string // of what the client has already, or ""
}

// The names of scenarios, by which targets refer to them.
const (
	listPage     = "list"
	notePage     = "note"
	sameNotes    = "note, of a thousand"
	tagPage      = "tag page"
	listAgain    = "list, unchanged"
	tagAgain     = "tag page, unchanged"
	noteAgain    = "note, unchanged"
	searchRare   = "search, rare word"
	searchCommon = "search, common word"
	searchTyped  = "search, two letters"
	bareSearch   = "bare index, rare word"
	barePage     = "bare index, one page"
	mixedLoad    = "mixed load"
	saveNote     = "save note"
	createNote   = "create note"
	recordsPage  = "records page"
	getRecord    = "record"
	allRecords   = "all records"
	createRecord = "create record"
)

// historyOf names the scenario that opens the history of a note with so many revisions.
func historyOf(revisions int) string { return fmt.Sprintf("history of %d", revisions) }

const (
	pageSize = 20 // notes on a page of the list, and records asked for at once
	readers  = 8
	writers  = 16
)

// scenarios returns all scenarios, those that write at the end. scale is the number of requests in a round, more or
// less.
func scenarios(scale int) []*scenario {
	texts := newWriter(2)
	var forms, records []string
	for range 100 {
		forms = append(forms, url.Values{"title": {""}, "content": {texts.markdown()}}.Encode())
		record := texts.record()
		body, _ := json.Marshal(map[string]string{"title": record.Title, "content": record.Content}) // strings never fail
		records = append(records, string(body))
	}
	all := []*scenario{
		{
			name: listPage, clients: readers, requests: scale, octavo: true, byHand: true,
			request: get("/notes", `class="more"`),
			check:   isList,
		},
		{
			name: notePage, clients: readers, requests: scale, octavo: true, byHand: true,
			request: getAny("/notes/", func(c *contents) []domain.ID { return c.notes }),
			check:   isPage,
		},
		{
			// What the program remembers of notes that it has shown helps as much whether there are more of them or not.
			name: sameNotes, clients: readers, requests: scale, octavo: true,
			request: getAny("/notes/", func(c *contents) []domain.ID { return c.thousand }),
			check:   isPage,
		},
		{
			name: tagPage, clients: readers, requests: scale, octavo: true,
			request: getTagged,
			check:   isList,
		},
		askedAgain(listAgain, scale, get("/notes", `class="more"`), isList),
		askedAgain(tagAgain, scale, func(c *client) request {
			return request{method: http.MethodGet, path: "/notes?tag=" + url.QueryEscape(c.contents.tags[0]), marker: `class="more"`}
		}, isList),
		askedAgain(noteAgain, scale, func(c *client) request {
			id := string(c.contents.thousand[0])
			return request{method: http.MethodGet, path: "/notes/" + id, marker: id}
		}, isPage),
	}
	all = append(all, searchScenarios(scale)...)
	for _, revisions := range histories {
		all = append(all, &scenario{
			name: historyOf(revisions), clients: readers, requests: scale / 2, octavo: true,
			request: getHistory(revisions),
			check: func(c *client, q request, resp *http.Response) error {
				return isHistory(c, q, resp, revisions)
			},
		})
	}
	return append(
		all,
		&scenario{
			name: recordsPage, clients: readers, requests: scale, octavo: true,
			request: get(fmt.Sprintf("/records/?limit=%d", pageSize), `"id":"`),
			check:   isRecordsPage,
		},
		&scenario{
			name: getRecord, clients: readers, requests: scale, octavo: true,
			request: getAny("/records/", func(c *contents) []domain.ID { return c.records }),
			check:   isRecord,
		},
		&scenario{
			name: allRecords, clients: 1, requests: 1, octavo: true,
			request: get("/records/", ""),
			check:   isAllRecords,
		},
		mixedScenario(scale),
		saveScenario(scale),
		&scenario{
			name: createRecord, clients: writers, requests: scale, octavo: true, writes: true,
			request: post("/records/", "application/json", records),
			check:   isCreatedRecord, afterwards: readBack(isRecord),
		},
		&scenario{
			name: createNote, clients: writers, requests: scale, octavo: true, byHand: true, writes: true,
			request: post("/notes", formType, forms),
			check:   isCreatedNote, afterwards: readBack(isPage),
		},
	)
}

// askedAgain is a scenario of clients that have the page that they ask for, but for the first time.
func askedAgain(name string, scale int, page func(*client) request, check func(*client, request, *http.Response) error) *scenario {
	return &scenario{
		name: name, clients: readers, requests: scale, octavo: true,
		request: func(c *client) request {
			q := page(c)
			q.etag = c.etag
			return q
		},
		check: func(c *client, q request, resp *http.Response) error {
			if q.etag != "" {
				if resp.StatusCode != http.StatusNotModified {
					return errors.New("it has changed")
				}
				return nil
			}
			c.etag = resp.Header.Get("ETag")
			return check(c, q, resp)
		},
	}
}

const formType = "application/x-www-form-urlencoded"

func get(path, marker string) func(*client) request {
	return func(*client) request { return request{method: http.MethodGet, path: path, marker: marker} }
}

func getAny(path string, ids func(*contents) []domain.ID) func(*client) request {
	return func(c *client) request {
		all := ids(c.contents)
		id := string(all[c.random.IntN(len(all))])
		return request{method: http.MethodGet, path: path + id, marker: id}
	}
}

func getTagged(c *client) request {
	tag := c.contents.tags[c.random.IntN(len(c.contents.tags))]
	return request{method: http.MethodGet, path: "/notes?tag=" + url.QueryEscape(tag), marker: `class="more"`}
}

func getHistory(revisions int) func(*client) request {
	return func(c *client) request {
		path := "/notes/" + string(c.contents.histories[revisions]) + "/history"
		return request{method: http.MethodGet, path: path, marker: fmt.Sprintf(`%s/%d"`, path, revisions)}
	}
}

func post(path, contentType string, bodies []string) func(*client) request {
	return func(c *client) request {
		body := bodies[c.random.IntN(len(bodies))]
		return request{method: http.MethodPost, path: path, contentType: contentType, body: body}
	}
}

// readBack reads what the client has created last, as check wants it.
func readBack(check func(*client, request, *http.Response) error) func(*client) error {
	return func(c *client) error {
		if c.created == "" {
			return nil
		}
		id := c.created[strings.LastIndexByte(c.created, '/')+1:]
		return c.exchange(&scenario{request: get(c.created, id), check: check})
	}
}

func isList(c *client, q request, resp *http.Response) error {
	if err := isPage(c, q, resp); err != nil {
		return err
	}
	if n := bytes.Count(c.body.Bytes(), []byte(`<li class="card"`)); n != pageSize {
		return fmt.Errorf("%d notes instead of %d", n, pageSize)
	}
	return nil
}

// isHistory makes sure that the page lists the newest revisions, as many as fit.
func isHistory(c *client, q request, resp *http.Response, revisions int) error {
	const shown = 50
	if err := isPage(c, q, resp); err != nil {
		return err
	}
	want := min(revisions, shown)
	if n := bytes.Count(c.body.Bytes(), []byte(`href="`+q.path+"/")); n != want {
		return fmt.Errorf("%d revisions instead of %d", n, want)
	}
	return nil
}

func isPage(c *client, q request, resp *http.Response) error {
	body, err := c.read(resp)
	switch {
	case err != nil:
		return err
	case resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html"):
		return errors.New("this is no page")
	case resp.ContentLength <= 0 || !bytes.HasSuffix(body, []byte("</html>")):
		return errors.New("the page isn't whole")
	case !bytes.Contains(body, []byte(q.marker)):
		return fmt.Errorf("the page has no %s", q.marker)
	}
	return nil
}

func isJSON(c *client, q request, resp *http.Response, status int) ([]byte, error) {
	body, err := c.read(resp)
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode != status || resp.Header.Get("Content-Type") != "application/json":
		return nil, fmt.Errorf("this is no JSON with status %d", status)
	case !bytes.Contains(body, []byte(q.marker)):
		return nil, fmt.Errorf("the answer has no %s", q.marker)
	}
	return body, nil
}

func isRecord(c *client, q request, resp *http.Response) error {
	_, err := isJSON(c, q, resp, http.StatusOK)
	return err
}

func isRecordsPage(c *client, q request, resp *http.Response) error {
	body, err := isJSON(c, q, resp, http.StatusOK)
	if err != nil {
		return err
	}
	if n := bytes.Count(body, []byte(`"id":"`)); n != pageSize {
		return fmt.Errorf("%d records instead of %d", n, pageSize)
	}
	if !strings.Contains(resp.Header.Get("Link"), `rel="next"`) {
		return errors.New("no link to the next page")
	}
	return nil
}

// isAllRecords reads the array as it comes: it is as long as the server likes.
func isAllRecords(c *client, _ request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		_, err := c.read(resp)
		return errors.Join(errors.New("no records"), err)
	}
	in := json.NewDecoder(resp.Body)
	if _, err := in.Token(); err != nil {
		return err
	}
	n := 0
	var last string
	for ; in.More(); n++ {
		var record struct{ ID string }
		if err := in.Decode(&record); err != nil {
			return err
		}
		if record.ID <= last {
			return fmt.Errorf("record %s follows %s", record.ID, last)
		}
		last = record.ID
	}
	if _, err := in.Token(); err != nil {
		return err
	}
	if n != c.contents.count.records {
		return fmt.Errorf("%d records instead of %d", n, c.contents.count.records)
	}
	return nil
}

func isCreatedNote(c *client, _ request, resp *http.Response) error {
	c.created = resp.Header.Get("Location")
	id, ok := strings.CutPrefix(c.created, "/notes/")
	if _, isID := domain.ParseID(id); resp.StatusCode != http.StatusSeeOther || !ok || !isID {
		_, err := c.read(resp)
		return errors.Join(fmt.Errorf("leads to %q and not to a note", c.created), err)
	}
	return nil
}

func isCreatedRecord(c *client, q request, resp *http.Response) error {
	body, err := isJSON(c, q, resp, http.StatusCreated)
	if err != nil {
		return err
	}
	var created struct{ ID, Title string }
	if err := json.Unmarshal(body, &created); err != nil {
		return err
	}
	if _, ok := domain.ParseID(created.ID); !ok || !strings.Contains(q.body, created.Title) {
		return errors.New("this isn't what was sent")
	}
	c.created = "/records/" + created.ID
	return nil
}
