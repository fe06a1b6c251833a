package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// events returns what has been kept, the newest first, once there are at least so many: nobody waits for a refusal to be kept.
func (s *site) events(least int) []domain.AuditEvent {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		list, err := s.store.Audit().List(s.t.Context(), "", 100)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(list) >= least || time.Now().After(end) {
			return list
		}
	}
}

func TestWhatMattersToWhoMayDoWhatIsKeptAndShownToAdmins(t *testing.T) {
	s := newSite(t)
	bo := s.join("Bo", "member")
	s.post("/settings/people/" + string(bo.id) + "/disable").wantRedirect("/settings/people")
	s.postWith("/login", []option{nobody}, "name", "bo", "password", words).wantStatus(http.StatusUnauthorized)
	var happened []string
	for _, e := range s.events(5) {
		happened = append(happened, string(e.Action))
		if e.Address == "" || e.At != s.clock.Now() {
			t.Errorf("%+v", e)
		}
	}
	wantEqual(t, strings.Join(happened, ", "),
		"audit.wrong_password, audit.disabled, audit.joined, audit.invited, audit.signed_in")
	disabling := s.events(5)[1]
	if disabling.User != domain.OwnerID || disabling.To != bo.id {
		t.Errorf("%+v", disabling)
	}

	page := s.get("/settings/audit").wantStatus(http.StatusOK)
	if rows := page.texts(".browsers li > div > p:first-child"); !strings.Contains(rows, "Disabled an account · Bo") {
		t.Errorf("%s", rows)
	}
	first := s.events(5)[4]
	wantEqual(t, page.page().Find(".browsers li").Length(), 5)
	wantEqual(t, s.get("/settings/audit?after="+string(first.ID)).text("main > p:not(.lead)"), "Nothing yet.")
}

func TestPagesOfWhatHasHappenedFollowOneAnother(t *testing.T) {
	s := newSite(t)
	for range 120 {
		e := domain.NewAuditEvent(domain.AuditEvent{Action: "<script>"}, s.clock.Now())
		if err := s.store.Audit().Add(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	shown := 0
	for path := "/settings/audit"; path != ""; {
		page := s.get(path).wantStatus(http.StatusOK)
		shown += page.page().Find(".browsers li").Length()
		path, _ = page.page().Find("main a.button").Attr("href")
	}
	wantEqual(t, shown, 121)
}

func TestWhatAnybodyCanCauseIsKeptOnceInAWhile(t *testing.T) {
	s := newSite(t)
	for range 20 {
		s.get("/notes", nobody, header("Authorization", "Bearer wrong")).wantStatus(http.StatusUnauthorized)
		s.get("/open?key=wrong", nobody).wantStatus(http.StatusUnauthorized)
	}
	wantEqual(t, len(s.events(3)), 3) // with the owner's own sign-in
}

func TestOwnersSeeWhatHasHappenedInTheirSpaceAndNothingElse(t *testing.T) {
	s := newSharing(t)
	bo := s.join("Bo", "member")
	s.post(s.base+"/settings/members", "name", "bo", "role", "owner").wantStatus(http.StatusSeeOther)
	path := s.shared("Plan", "of ours")
	s.postWith(path+"/trash", []option{bo.cookie}).wantStatus(http.StatusSeeOther)
	s.postWith(path+"/restore", []option{bo.cookie}).wantStatus(http.StatusSeeOther)
	s.post(path + "/trash").wantStatus(http.StatusSeeOther)
	s.post(path + "/purge").wantStatus(http.StatusSeeOther)
	other := s.shared("Other", "of ours")
	s.post(other+"/share", "right", "read", "days", "7").wantStatus(http.StatusOK)
	s.note("Mine", "alone")

	page := s.get(s.base+"/settings/log", bo.cookie).wantStatus(http.StatusOK)
	wantEqual(t, page.texts(".browsers li > div > p:first-child"),
		"Shared something by link, Deleted notes permanently, Restored a note, Added somebody to a space · Bo")
	if strings.Contains(page.body, "192.0.2.") || strings.Contains(page.body, "127.0.0.1") {
		t.Error("it says where others are")
	}
	own := s.get("/settings/audit", bo.cookie).wantStatus(http.StatusOK)
	wantEqual(t, own.texts(".browsers li > div > p:first-child"), "Joined by an invitation link")
	wantEqual(t, own.text(".lead")[:38], "Sign-ins, changes to your account, and")
}

func TestARefusedConfirmationConcernsWhoeverIsAsked(t *testing.T) {
	s := newSharing(t)
	bo := s.join("Bo", "member")
	s.give(bo, domain.RoleOwner)
	s.clock.advance(domain.ConfirmedLife)
	s.postWith(s.base+"/settings/delete", []option{bo.cookie}, "confirm_password", "wrong").wantStatus(http.StatusUnprocessableEntity)
	s.events(4)
	wantEqual(t, s.get(s.base+"/settings/log").texts(".browsers li > div > p:first-child"), "")
	own := s.get("/settings/audit", bo.cookie).texts(".browsers li > div > p:first-child")
	if !strings.HasPrefix(own, "A password was refused") {
		t.Errorf("they see %s", own)
	}
}
