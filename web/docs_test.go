package web_test

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

// curl stands for a shell in which curl tells its arguments, each on a line, and octavo key prints the key.
const curl = `curl() { printf '%s\n' "$@"; }; octavo() { test "$*" = key && echo "$KEY"; }; `

func TestEachOperationShowsACommandThatWorks(t *testing.T) {
	s := newSiteWithPassword(t)
	var jar string // what curl keeps in cookies.txt
	operations := s.get("/docs").wantStatus(http.StatusOK).page().Find("article:has(.route)")
	if operations.Length() < 10 {
		t.Errorf("%d operations are shown", operations.Length())
	}
	operations.Each(func(_ int, operation selection) {
		command := operation.Find("pre").First().Text()
		if !strings.HasPrefix(command, "curl ") {
			t.Fatalf("got %s", command)
		}
		shell := exec.CommandContext(t.Context(), "sh", "-c", curl+command)
		shell.Env = append(shell.Environ(), "KEY="+s.key)
		printed, err := shell.Output()
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		method, target, body := http.MethodGet, "", ""
		var options []option
		keeps := false
		arguments := strings.Split(strings.TrimSuffix(string(printed), "\n"), "\n")
		for i := 0; i < len(arguments); i++ {
			switch arguments[i] {
			case "-X":
				i++
				method = arguments[i]
			case "-H":
				i++
				name, value, _ := strings.Cut(arguments[i], ": ")
				options = append(options, header(name, value))
			case "-b", "-c":
				options = append(options, func(r *http.Request) { r.Header.Del("Authorization") })
				if keeps = arguments[i] == "-c"; !keeps {
					options = append(options, header("Cookie", jar))
				}
				i++
			case "-d":
				i++
				body = arguments[i]
				if method == http.MethodGet {
					method = http.MethodPost
				}
			default:
				target = strings.TrimPrefix(arguments[i], "http://"+testHost)
			}
		}
		wantEqual(t, operation.Find(".route b").Text(), method)
		example, ids := "0198c5b2-7a10-7000-8000-3f6c2d9e41ab", ids(s, s.owner, false)
		if strings.HasPrefix(target, "/records") {
			target = ids.Replace(strings.Replace(target, example, "{record}", 1))
		} else {
			target = ids.Replace(strings.Replace(target, example, "{note}", 1))
		}
		got := s.json(method, target, body, options...)
		if got.StatusCode >= 300 {
			t.Errorf("%s\nis answered %d: %s", command, got.StatusCode, got.body)
		}
		if keeps && len(got.Cookies()) > 0 {
			jar = got.Cookies()[0].String()
		}
	})
}

func TestTheReferenceShowsParametersSchemasAndExamples(t *testing.T) {
	docs := newSite(t).get("/docs").wantStatus(http.StatusOK).page()
	put := docs.Find("#update-note")
	for _, shown := range []string{
		"If-Match", "in the header, string required", `For example "1"`, "For example 0198c5b2", "412Precondition Failed",
		`"tags": [`, `"text_tags": []`, `"state": "active"`, "The note's id",
	} {
		if text := strings.Join(strings.Fields(put.Text()), " "); !strings.Contains(text, shown) {
			t.Errorf("updating a note doesn't show %q in:\n%s", shown, text)
		}
	}
	for _, link := range []string{"#schema-NoteBody", "#schema-Note", "#schema-ErrorModel"} {
		if put.Find(`a[href="`+link+`"]`).Length() == 0 || docs.Find(link).Length() != 1 {
			t.Errorf("nothing leads to %s", link)
		}
	}
	var names []string
	docs.Find("#schema-Note dt > code").Each(func(_ int, name selection) { names = append(names, name.Text()) })
	wantEqual(t, strings.Join(names, " "), "id title content tags text_tags pinned state created updated version")
	list := strings.Join(strings.Fields(docs.Find("#list-notes").Text()), " ")
	for _, shown := range []string{"integer, 1 to 100, 20 when left out", "one of active, archived, trash, active when left out", "at most 1024 characters"} {
		if !strings.Contains(list, shown) {
			t.Errorf("listing notes doesn't show %q in:\n%s", shown, list)
		}
	}
}
