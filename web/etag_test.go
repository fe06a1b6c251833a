package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"octavo/domain"
)

// matching are values of If-Match for a note of which the version is 3, with the status that a change is answered with
// where it would be 200 without a condition.
var matching = map[string]int{
	`"3"`: 200, `*`: 200, ` * `: 200, `"1", "3"`: 200, `"1","3"`: 200, `, ,"3",`: 200, "\t\"3\" ,": 200, `W/"1", "3"`: 200, `"a,b", "3"`: 200,

	`"1"`: 412, `"4"`: 412, `"1", "2"`: 412, `"03"`: 412, `"3 "`: 412, `" 3"`: 412, `"+3"`: 412, `"3.0"`: 412, `""`: 412, `"３"`: 412,
	`W/"3"`: 412, `"abc"`: 412, `"*"`: 412, `"W/3"`: 412, `"1,3"`: 412, `"\3"`: 412, `W/"3", W/"1"`: 412,

	``: 400, ` `: 400, `,`: 400, `3`: 400, `'3'`: 400, `"3`: 400, `3"`: 400, `"`: 400, `"3""1"`: 400, `"3" "1"`: 400, `"1" 3`: 400, `w/"3"`: 400,
	`W/3`: 400, `W/`: 400, `W/ "3"`: 400, `*, "3"`: 400, `"3", *`: 400, `**`: 400, `"3"; q=1`: 400, `"1", 3`: 400, "\"\t3\"": 400,
}

func TestAChangeIsMadeOnlyToAVersionThatIfMatchNames(t *testing.T) {
	s := newSite(t)
	url := ""
	note := func() (id domain.ID) {
		n := s.note("one", "")
		url = "/api/v1/notes/" + string(n.ID)
		for i, title := range []string{"two", "three"} {
			s.json(http.MethodPut, url, fmt.Sprintf(`{"title":%q}`, title), header("If-Match", fmt.Sprintf(`"%d"`, i+1))).wantStatus(http.StatusOK)
		}
		return n.ID
	}
	for value, status := range matching {
		for _, method := range []string{http.MethodPut, http.MethodDelete} {
			t.Run(method+" "+value, func(t *testing.T) {
				id := note()
				body, want := "", status
				switch {
				case method == http.MethodPut:
					body = `{"title":"four"}`
				case status == http.StatusOK:
					want = http.StatusNoContent
				}
				s.json(method, url, body, header("If-Match", value)).wantStatus(want)
				stored := s.stored(id)
				switch {
				case status != http.StatusOK && (stored.Version != 3 || stored.Title != "three" || stored.State != domain.Active):
					t.Errorf("it has changed to %+v", stored)
				case status == http.StatusOK && stored.Version != 4:
					t.Errorf("it hasn't changed from %+v", stored)
				}
			})
		}
	}
}

func TestSeveralLinesOfIfMatchAreOneList(t *testing.T) {
	s := newSite(t)
	lines := func(values ...string) option {
		return func(r *http.Request) { r.Header["If-Match"] = values }
	}
	url := "/api/v1/notes/" + string(s.note("one", "").ID)
	s.json(http.MethodPut, url, `{"title":"two"}`, lines(`"7"`, `"1"`)).wantStatus(http.StatusOK)
	s.json(http.MethodPut, url, `{"title":"three"}`, lines(`"2"`, `x`)).wantStatus(http.StatusBadRequest)
	s.json(http.MethodDelete, url, "", lines(`"1"`, ``)).wantStatus(http.StatusPreconditionFailed)
}

func TestAReaderWhoHasItIsToldSoWithoutIt(t *testing.T) {
	s := newSite(t)
	note := "/api/v1/notes/" + string(s.note("one", "text").ID)
	made := s.json(http.MethodPost, "/records", `{"title":"one"}`).wantStatus(http.StatusCreated)
	for _, url := range []string{note, made.Header.Get("Location")} {
		tag := s.json(http.MethodGet, url, "").wantStatus(http.StatusOK).Header.Get("ETag")
		for value, status := range map[string]int{
			tag: 304, `"x", ` + tag: 304, "W/" + tag: 304, "*": 304, `W/"x",W/` + tag + `,`: 304,
			`"x"`: 200, `"` + strings.Trim(tag, `"`) + ` "`: 200, `W/"x"`: 200, strings.Trim(tag, `"`): 400, "": 400,
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				got := s.json(method, url, "", header("If-None-Match", value))
				if got.StatusCode != status {
					t.Errorf("%s %s with If-None-Match %s: status %d, want %d", method, url, value, got.StatusCode, status)
				}
				if status == http.StatusNotModified && (got.body != "" || got.Header.Get("ETag") != tag) {
					t.Errorf("%s with If-None-Match %s: %v %q", url, value, got.Header, got.body)
				}
			}
		}
		s.json(http.MethodGet, url, "", header("If-Match", tag)).wantStatus(http.StatusOK)
		s.json(http.MethodGet, url, "", header("If-Match", `"x"`)).wantStatus(http.StatusPreconditionFailed)
		s.json(http.MethodPut, url, `{"title":"two"}`, header("If-Match", "*"), header("If-None-Match", tag)).wantStatus(http.StatusPreconditionFailed)
	}
}

func TestARecordHasAnETagOfWhatItSays(t *testing.T) {
	s := newSite(t)
	url := s.json(http.MethodPost, "/records", `{"title":"one"}`).Header.Get("Location")
	first := s.json(http.MethodGet, url, "").Header.Get("ETag")
	s.clock.advance(1e9)
	second := s.json(http.MethodPut, url, `{"title":"two"}`, header("If-Match", first)).wantStatus(http.StatusOK).Header.Get("ETag")
	if first == second {
		t.Errorf("the ETag stays %s", first)
	}
	s.json(http.MethodPut, url, `{"title":"three"}`, header("If-Match", first)).wantStatus(http.StatusPreconditionFailed)
	s.json(http.MethodDelete, url, "", header("If-Match", first)).wantStatus(http.StatusPreconditionFailed)
	var r recordBody
	s.json(http.MethodGet, url, "").wantHeader("ETag", second).decode(&r)
	wantEqual(t, r.Title, "two")
	s.json(http.MethodPut, url, `{"title":"three"}`).wantStatus(http.StatusOK) // whoever names no ETag asks for none
	s.json(http.MethodDelete, url, "", header("If-Match", "*")).wantStatus(http.StatusNoContent)
	s.json(http.MethodDelete, url, "", header("If-Match", "*")).wantStatus(http.StatusNotFound)
}

func TestAChangeThatHasBeenMadeIsAnsweredAgain(t *testing.T) {
	s := newSite(t)
	url := "/api/v1/notes/" + string(s.note("one", "").ID)
	for range 2 {
		s.json(http.MethodPut, url, `{"title":"two"}`, header("If-Match", `"1"`)).wantStatus(http.StatusOK).wantHeader("ETag", `"2"`)
	}
	for range 2 {
		s.json(http.MethodDelete, url, "", header("If-Match", `"2"`)).wantStatus(http.StatusNoContent)
	}
	s.json(http.MethodPut, "/api/v1/notes/"+string(domain.NewID()), `{"title":"x"}`, header("If-Match", `"1"`)).wantStatus(http.StatusNotFound)
	s.json(http.MethodPut, url, `{"title":"x"}`).wantStatus(http.StatusPreconditionRequired)
	s.json(http.MethodPut, url, `{"title":"x"}`, header("If-None-Match", `"1"`)).wantStatus(http.StatusPreconditionRequired)
}

func TestAnIDInUpperCaseIsTheSameID(t *testing.T) {
	s := newSite(t)
	n := s.note("one", "- [ ] task")
	upper := strings.ToUpper(string(n.ID))
	var got apiNote
	s.json(http.MethodGet, "/api/v1/notes/"+upper, "").wantStatus(http.StatusOK).decode(&got)
	wantEqual(t, got.ID, string(n.ID))
	s.json(http.MethodPut, "/api/v1/notes/"+upper, `{"title":"two","content":"- [ ] task"}`, header("If-Match", `"1"`)).wantStatus(http.StatusOK)
	for _, page := range []string{"", "/edit", "/history", "/history/1"} {
		s.get("/notes/" + upper + page).wantStatus(http.StatusOK)
	}
	s.post("/notes/" + upper + "/pin").wantStatus(http.StatusSeeOther)
	s.post("/notes/"+upper, "title", "three", "content", "- [ ] task", "version", "3").wantStatus(http.StatusSeeOther)
	wantEqual(t, s.stored(n.ID).Title, "three")
	for _, other := range []string{"{" + string(n.ID) + "}", "urn:uuid:" + string(n.ID), strings.ReplaceAll(string(n.ID), "-", "")} {
		s.json(http.MethodGet, "/api/v1/notes/"+other, "").wantStatus(http.StatusNotFound)
		s.get("/notes/" + other).wantStatus(http.StatusNotFound)
	}
	record := s.json(http.MethodPost, "/records", `{"title":"one"}`).Header.Get("Location")
	s.json(http.MethodDelete, "/records/"+strings.ToUpper(strings.TrimPrefix(record, "/records/")), "").wantStatus(http.StatusNoContent)
}
