package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// byHtmx sends what htmx says of a request, as name, value, name, value...
func byHtmx(headers ...string) option {
	return func(r *http.Request) {
		r.Header.Set("HX-Request", "true")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
}

func TestABoostedLinkGetsThePageAndNotAPartOfIt(t *testing.T) {
	s := newSite(t)
	n := s.tagged("Tea", "drinks")
	for _, tt := range []struct {
		how   string
		asked option
		whole bool
	}{
		{"a boosted link", byHtmx("HX-Boosted", "true", "HX-Request-Type", "full"), true},
		{"a boosted link, by a client that doesn't say what for", byHtmx("HX-Boosted", "true"), true},
		{"Back", byHtmx("HX-History-Restore-Request", "true", "HX-Request-Type", "full"), true},
		{"a link that takes a part of the page", byHtmx("HX-Request-Type", "full"), true},
		{"a boosted link with a target", byHtmx("HX-Boosted", "true", "HX-Request-Type", "partial"), false},
		{"a link with a target", byHtmx("HX-Request-Type", "partial"), false},
		{"a script", byHtmx(), false},
	} {
		for _, path := range []string{"/notes", "/search?q=tea", "/tags"} {
			got := s.get(path, tt.asked).wantStatus(http.StatusOK)
			if whole := strings.Contains(got.body, "<html"); whole != tt.whole {
				t.Errorf("%s to %s gets the whole page: %v", tt.how, path, whole)
			}
		}
		pinned := s.postWith(noteURL(n)+"/pin", []option{tt.asked})
		if followed := pinned.StatusCode == http.StatusSeeOther; followed != tt.whole {
			t.Errorf("%s that changes something is answered with status %d", tt.how, pinned.StatusCode)
		}
	}
}

func TestCachesTellAPageFromAPartOfIt(t *testing.T) {
	newSite(t).get("/notes").wantHeader("Vary", "Accept-Encoding, HX-Request, HX-Request-Type, HX-Boosted")
}
