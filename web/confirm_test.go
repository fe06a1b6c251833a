package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// confirming is a site whose owner signed in as Ada with words, longer ago than that goes for what can't be undone.
func confirming(t *testing.T) *site {
	s := newSiteWithPassword(t)
	s.clock.advance(domain.ConfirmedLife)
	return s
}

func TestWhatDecidesWhoGetsInAsksForThePasswordAgain(t *testing.T) {
	for path, form := range map[string]string{
		"/settings/people/invite":           "role=member",
		"/settings/people/{person}/recover": "",
		"/settings/people/{person}/admin":   "",
		"/settings/people/{person}/member":  "",
		"/settings/people/{person}/disable": "",
		"/settings/people/{person}/enable":  "",
		"/settings/tokens":                  "days=30&name=%3Cphone%3E&scope=files&scope=notes%3Aread",
	} {
		s := newSiteWithPassword(t)
		bo := s.join("Bo", "member")
		s.clock.advance(domain.ConfirmedLife)
		path = strings.ReplaceAll(path, "{person}", string(bo.id))
		asked := s.do(http.MethodPost, path, formType, form).wantStatus(http.StatusForbidden).page().Find("main form")
		wantEqual(t, asked.AttrOr("action", ""), path)
		kept := url.Values{}
		for _, hidden := range asked.Find("[type=hidden]").EachIter() {
			kept.Add(hidden.AttrOr("name", ""), hidden.AttrOr("value", ""))
		}
		wantEqual(t, kept.Encode(), form)
		with := func(password string) answer {
			return s.do(http.MethodPost, path, formType, form+"&confirm_password="+url.QueryEscape(password))
		}
		wrong := with("wrong horse").wantStatus(http.StatusUnprocessableEntity)
		wantEqual(t, wrong.text("#confirm-error"), "This isn’t your current password.")
		if strings.Contains(wrong.body, "wrong horse") {
			t.Error("the password comes back")
		}
		if status := with(words).StatusCode; status >= http.StatusBadRequest {
			t.Errorf("%s: got %d with the password", path, status)
		}
	}
}

func TestAPasswordThatWasGivenGoesForTenMinutesInItsSessionAlone(t *testing.T) {
	s := confirming(t)
	other := header("Cookie", s.get("/open?key="+s.ticket(), nobody).Cookies()[0].String())
	s.clock.advance(domain.ConfirmedLife)
	invite := func(status int, options ...option) {
		t.Helper()
		s.postWith("/settings/people/invite", options, "role", "member").wantStatus(status)
	}
	s.post("/settings/people/invite", "role", "member", "confirm_password", words).wantStatus(http.StatusOK)
	invite(http.StatusForbidden, other)
	s.clock.advance(domain.ConfirmedLife - time.Second)
	invite(http.StatusOK)
	s.clock.advance(time.Second)
	invite(http.StatusForbidden)
	open, err := s.store.Invitations().List(t.Context())
	if err != nil || len(open) != 2 {
		t.Errorf("%d invitations (%v)", len(open), err)
	}
}

func TestAPasswordIsAskedForAgainTenTimesAtMost(t *testing.T) {
	s := confirming(t)
	for range domain.TriesOfAccount {
		s.post("/settings/people/invite", "role", "member", "confirm_password", "wrong").wantStatus(http.StatusUnprocessableEntity)
	}
	s.post("/settings/people/invite", "role", "member", "confirm_password", words).
		wantStatus(http.StatusTooManyRequests).wantHeader("Retry-After", "901")
}

func TestWhoHasNoPasswordIsntAskedForIt(t *testing.T) {
	s := newSite(t)
	s.clock.advance(domain.ConfirmedLife)
	s.post("/settings/people/invite", "role", "member").wantStatus(http.StatusOK)
}
