package web_test

import (
	"net/http"
	"strings"
	"testing"

	"octavo/domain"
)

// badJSON are bodies of a note that are refused, with the status and the place that the answer tells.
var badJSON = []struct {
	name, body string
	status     int
	place      string
}{
	{"a lone high surrogate", `{"title":"a\ud800"}`, 400, "body.title"},
	{"a lone low surrogate", `{"title":"\udc00b"}`, 400, "body.title"},
	{"surrogates the wrong way round", `{"title":"\udc00\ud800"}`, 400, "body.title"},
	{"a high surrogate before another escape", `{"title":"\ud83d\u0041"}`, 400, "body.title"},
	{"a lone surrogate in a list", `{"title":"x","tags":["a","\uDFFF"]}`, 400, "body.tags[1]"},
	{"a lone surrogate in what isn't read", `{"title":"x","more":{"a":[{"b":"\ud800"}]}}`, 400, "body.more.a[0].b"},
	{"a lone surrogate in a key", `{"title":"x","\ud800":1}`, 400, "body"},
	{"bytes that aren't UTF-8", "{\"title\":\"a\xff\"}", 400, "body.title"},
	{"a surrogate in UTF-8", "{\"title\":\"\xed\xa0\x80\"}", 400, "body.title"},
	{"an overlong letter", "{\"title\":\"\xc1\x81\"}", 400, "body.title"},
	{"UTF-16", "\xff\xfe{\x00}\x00", 400, "body"},
	{"a byte order mark", "\ufeff{\"title\":\"x\"}", 400, "body"},
	{"a key twice", `{"title":"x","title":"y"}`, 400, "body.title"},
	{"a key twice, once escaped", `{"title":"x","\u0074itle":"y"}`, 400, "body.title"},
	{"a key twice in what isn't read", `{"title":"x","more":{"a":1,"a":2}}`, 400, "body.more.a"},
	{"something after it", `{"title":"x"} {}`, 400, "body"},
	{"a bracket after it", `{"title":"x"}}`, 400, "body"},
	{"a letter after it", `{"title":"x"}x`, 400, "body"},
	{"NUL after it", "{\"title\":\"x\"}\x00", 400, "body"},
	{"nothing but blanks", "  ", 400, "body"},
	{"an end that is missing", `{"title":"x"`, 400, "body"},
	{"a text without an end", `{"title":"x`, 400, "body"},
	{"a comma before the end", `{"title":"x",}`, 400, "body"},
	{"a comment", `{"title":"x"/* */}`, 400, "body"},
	{"single quotes", `{'title':'x'}`, 400, "body"},
	{"a bare key", `{title:"x"}`, 400, "body"},
	{"a line break in a text", "{\"title\":\"a\nb\"}", 400, "body.title"},
	{"an escape that is none", `{"title":"\x41"}`, 400, "body.title"},
	{"a number that is none", `{"title":"x","more":01}`, 400, "body"},
	{"NaN", `{"title":"x","more":NaN}`, 400, "body.more"},
	{"a number that is too large", `{"title":"x","more":1e999}`, 400, "body"},
	{"deep lists", `{"title":"x","more":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, 400, "body"},
	{"deep lists without an end", strings.Repeat(`[`, 500_000), 400, "body"},
	{"deep objects", strings.Repeat(`{"a":`, 101) + "1" + strings.Repeat("}", 101), 400, "body"},
	{"many values", `{"title":"x","more":[` + strings.Repeat("1,", 20_000) + `1]}`, 400, "body"},

	{"a key in capitals", `{"TITLE":"x"}`, 422, "body.TITLE"},
	{"a key of another case beside the right one", `{"title":"x","Title":"y"}`, 422, "body.Title"},
	{"a key of another case, escaped", `{"\u0054itle":"x"}`, 422, "body.Title"},
	{"a key that folds to another", `{"title":"x","tagſ":["a"]}`, 422, "body.tagſ"},
	{"a key of another case for a list", `{"title":"x","tAGs":["a"]}`, 422, "body.tAGs"},
	{"null for a text", `{"title":null,"content":"x"}`, 422, "body.title"},
	{"null for a list", `{"title":"x","tags":null}`, 422, "body.tags"},
	{"null in a list", `{"title":"x","tags":[null]}`, 422, "body.tags[0]"},
	{"a number for a text", `{"title":1}`, 422, "body.title"},
	{"a text for a list", `{"title":"x","tags":"a"}`, 422, "body.tags"},
	{"null", `null`, 422, "body"},
	{"a list", `[]`, 422, "body"},
	{"a text", `"title"`, 422, "body"},
	{"NUL in a text", `{"title":"a\u0000"}`, 422, "body.title"},
}

func TestJSONIsRefusedWhereProgramsReadItInDifferentWays(t *testing.T) {
	s := newSite(t)
	kept := "/api/v1/notes/" + string(s.note("Kept", "").ID)
	for _, c := range badJSON {
		t.Run(c.name, func(t *testing.T) {
			for _, target := range []struct{ method, path string }{
				{http.MethodPost, "/api/v1/notes"}, {http.MethodPut, kept}, {http.MethodPost, "/records"},
			} {
				if target.path == "/records" && strings.Contains(strings.ToLower(c.body), "tag") {
					continue // a record has none
				}
				var problem struct {
					Detail string
					Errors []struct{ Location, Message string }
				}
				got := s.json(target.method, target.path, c.body, header("If-Match", "*"))
				if got.StatusCode != c.status || got.Header.Get("Content-Type") != "application/problem+json" {
					t.Fatalf("%s %s: status %d, want %d: %s", target.method, target.path, got.StatusCode, c.status, got.body)
				}
				got.decode(&problem)
				if len(problem.Errors) == 0 || problem.Errors[0].Location != c.place || problem.Errors[0].Message == "" || problem.Detail == "" {
					t.Errorf("%s %s: got %s, want %s", target.method, target.path, got.body, c.place)
				}
				if len(got.body) > 1000 || strings.Contains(got.body, "jsontext") {
					t.Errorf("got %.2000s", got.body)
				}
			}
		})
	}
	wantEqual(t, s.titles(domain.Active), "Kept")
}

func TestJSONThatIsWellFormedIsTakenAsItIs(t *testing.T) {
	s := newSite(t)
	for body, title := range map[string]string{
		`{"title":"\ud83d\ude00"}`:                       "😀",
		`{"title":"a\/b\u00e9"}`:                         "a/bé",
		" \t\r\n{\"title\" : \"x\" } \n":                 "x",
		`{"title":"x","id":"1","more":{"Title":[null]}}`: "x",
		`{"title":"x","titel":"y","TITEL":1}`:            "x",

		`{"title":"x","more":` + strings.Repeat("[", 90) + strings.Repeat("]", 90) + `}`: "x",
	} {
		for _, path := range []string{"/api/v1/notes", "/records"} {
			var got struct{ Title string }
			s.json(http.MethodPost, path, body).wantStatus(http.StatusCreated).decode(&got)
			wantEqual(t, got.Title, title)
		}
	}
}

func TestOnlyJSONIsTakenForJSON(t *testing.T) {
	s := newSite(t)
	for contentType, status := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "application/json;charset=\"UTF-8\"": 201,
		"Application/JSON": 201, "application/vnd.api+json": 201,
		"text/plain": 415, "text/json": 415, "application/xml": 415, "application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415,
		"application/json; charset=latin1": 415, "application/json, text/plain": 415, "application/jsonp": 415, "json": 415, "/": 415, "+json": 415,
	} {
		for _, path := range []string{"/api/v1/notes", "/records"} {
			got := s.json(http.MethodPost, path, `{"title":"x"}`, header("Content-Type", contentType)).wantStatus(status)
			if status == http.StatusUnsupportedMediaType {
				got.wantHeader("Content-Type", "application/problem+json")
			}
		}
	}
}
