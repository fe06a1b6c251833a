package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"octavo/domain"
)

// saveScenario saves notes that are there: each time with another text at their ends, another link and another tag.
func saveScenario(scale int) *scenario {
	return &scenario{
		name: saveNote, clients: writers, requests: scale, octavo: true, writes: true,
		request: save, check: isSaved, afterwards: readEdited,
	}
}

// save edits one of the notes that this client alone changes.
func save(c *client) request {
	mine := c.contents.own[c.number]
	c.edited = mine[c.random.IntN(len(mine))]
	titles := c.contents.titles
	link := titles[c.random.IntN(len(titles))]
	content := c.edited.begin + fmt.Sprintf("\nSaved as number %d. See [[%s]] #%s\n",
		c.edited.version+1, link, c.contents.tags[c.random.IntN(len(c.contents.tags))])
	form := url.Values{
		"title": {""}, "content": {content}, "version": {strconv.Itoa(c.edited.version)},
		"tags": {"saved" + strconv.Itoa(c.random.IntN(numberOfTags)) + "x"},
	}
	return request{
		method: http.MethodPost, path: "/notes/" + string(c.edited.id), contentType: formType, body: form.Encode(),
	}
}

// isSaved makes sure that the note was saved as it was sent, and not brought together with anything.
func isSaved(c *client, q request, resp *http.Response) error {
	if _, err := c.read(resp); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != q.path {
		return fmt.Errorf("leads to %q", resp.Header.Get("Location"))
	}
	if cookies := strings.Join(resp.Header.Values("Set-Cookie"), " "); strings.Contains(cookies, "notice") {
		return errors.New("there was more to say than that it was saved: " + cookies)
	}
	c.edited.version++
	return nil
}

// readEdited makes sure that the note which the client has saved last says what was sent.
func readEdited(c *client) error {
	if c.edited == nil {
		return nil
	}
	marker := fmt.Sprintf("Saved as number %d.", c.edited.version)
	return c.exchange(&scenario{request: get("/notes/"+string(c.edited.id), marker), check: isPage})
}

// mixedScenario is what a busy server sees: mostly reading, and one request in ten that saves.
func mixedScenario(scale int) *scenario {
	typed := func(c *client) request { // what is saved meanwhile may be found as well
		q := search(searchTyped)(c)
		q.marker = `class="found-count"`
		return q
	}
	parts := []struct {
		percent int
		scenario
	}{
		{30, scenario{request: get("/notes", `class="more"`), check: isList}},
		{25, scenario{request: getAny("/notes/", func(c *contents) []domain.ID { return c.notes }), check: isPage}},
		{15, scenario{request: getTagged, check: isList}},
		{10, scenario{request: search(searchRare), check: isSearch}},
		{5, scenario{request: search(searchCommon), check: isSearch}},
		{5, scenario{request: typed, check: isSearch}},
		{10, scenario{request: save, check: isSaved}},
	}
	return &scenario{
		name: mixedLoad, clients: readers + writers/4, requests: scale, octavo: true, writes: true,
		request: func(c *client) request {
			n := c.random.IntN(100)
			for _, part := range parts {
				if n -= part.percent; n < 0 {
					c.part = &part.scenario
					break
				}
			}
			return c.part.request(c)
		},
		check:      func(c *client, q request, resp *http.Response) error { return c.part.check(c, q, resp) },
		afterwards: readEdited,
	}
}
