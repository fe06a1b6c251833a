package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"octavo/domain"
)

// maxCounted is up to how many notes a search counts exactly.
const maxCounted = 1000

// searchScenarios are searches alone: one client that waits for each answer. Beside them are bare queries of the index
// for the same notes: for all that a search has counted, and for those alone that its first page shows.
func searchScenarios(scale int) []*scenario {
	one := max(1, scale/20)
	var list []*scenario
	for _, name := range []string{searchRare, searchCommon, searchTyped} {
		list = append(
			list,
			&scenario{name: name, clients: 1, requests: one, octavo: true, request: search(name), check: isSearch},
			&scenario{name: withCount(name), clients: 1, requests: one, octavo: true, request: searchCounted(name), check: isSearch},
		)
	}
	return append(
		list,
		&scenario{name: bareSearch, clients: 1, requests: one, byHand: true, request: bare(maxCounted + 1), check: areIDs},
		&scenario{name: barePage, clients: 1, requests: one, byHand: true, request: bare(pageSize + 1), check: areIDs},
	)
}

func (c *client) query(kind string) query {
	list := c.contents.queries[kind]
	return list[c.random.IntN(len(list))]
}

func search(kind string) func(*client) request {
	return func(c *client) request {
		q := c.query(kind)
		marker := countText(q.found)
		if q.found > pageSize {
			marker = fmt.Sprintf("More than %d notes", pageSize)
		}
		return request{method: http.MethodGet, path: "/search?q=" + url.QueryEscape(q.text), marker: marker}
	}
}

// withCount names the scenario of searches that say how many notes there are.
func withCount(search string) string { return search + ", counted" }

// searchCounted asks for what a search finds and how many notes that is: what the page and its count, which follows it,
// cost together.
func searchCounted(kind string) func(*client) request {
	return func(c *client) request {
		q := c.query(kind)
		return request{method: http.MethodGet, path: "/search?count=true&q=" + url.QueryEscape(q.text), marker: countText(q.found)}
	}
}

// countText is how the page says that so many notes have been found.
func countText(found int) string {
	switch {
	case found > maxCounted:
		return ">More than 1,000 notes<"
	case found == maxCounted:
		return ">1,000 notes<"
	}
	return ">" + strconv.Itoa(found) + " notes<"
}

// isSearch makes sure that the page says what is wanted of how many notes there are, shows as many as fit and marks in
// each of them what was looked for.
func isSearch(c *client, q request, resp *http.Response) error {
	if err := isPage(c, q, resp); err != nil {
		return err
	}
	hits := bytes.Count(c.body.Bytes(), []byte(`<li class="hit">`))
	all := bytes.HasPrefix([]byte(q.marker), []byte(">"+strconv.Itoa(hits)+" "))
	if hits == 0 || hits > pageSize || hits < pageSize && !all {
		return fmt.Errorf("%d notes on the page", hits)
	}
	if n := bytes.Count(c.body.Bytes(), []byte("<mark>")); n < hits {
		return fmt.Errorf("%d notes on the page, and %d marks", hits, n)
	}
	return nil
}

// bare asks for the ids of at most limit notes with a rare word.
func bare(limit int) func(*client) request {
	return func(c *client) request {
		q := c.query(searchRare)
		path := fmt.Sprintf("/ids?q=%s&limit=%d", url.QueryEscape(q.text), limit)
		return request{method: http.MethodGet, path: path, marker: strconv.Itoa(min(limit, q.found))}
	}
}

// areIDs makes sure that an answer is as many ids as the request's marker says.
func areIDs(c *client, q request, resp *http.Response) error {
	body, err := c.read(resp)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New("no ids")
	}
	ids := bytes.Fields(body)
	if strconv.Itoa(len(ids)) != q.marker {
		return fmt.Errorf("%d ids instead of %s", len(ids), q.marker)
	}
	for _, id := range ids {
		if _, ok := domain.ParseID(string(id)); !ok {
			return fmt.Errorf("%q is no id", id)
		}
	}
	return nil
}
