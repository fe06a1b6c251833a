package web_test

import (
	"net/http"
	"testing"
)

func TestTheIconIsFoundWhereBrowsersLookForIt(t *testing.T) {
	s := newSite(t)
	to := s.get("/favicon.ico", nobody).wantStatus(http.StatusFound).Header.Get("Location")
	s.get(to, nobody).wantStatus(http.StatusOK).wantHeader("Content-Type", "image/x-icon")
}

func TestEveryPageSaysWhatThisIs(t *testing.T) {
	s := newSite(t)
	if s.get("/notes", nobody).page().Find("meta[name=description]").AttrOr("content", "") == "" {
		t.Error("the page for those who aren't signed in has no description")
	}
	if s.get("/notes").page().Find("meta[name=description]").AttrOr("content", "") == "" {
		t.Error("a page of one's own has no description")
	}
}
