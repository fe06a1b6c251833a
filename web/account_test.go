package web_test

import (
	"net/http"
	"testing"

	"octavo/domain"
)

// there reports whether a page has what a selector finds.
func there(page answer, selector string) bool { return page.page().Find(selector).Length() > 0 }

func (s *site) signInAs(name string) answer {
	return s.postWith("/login", []option{nobody}, "name", name, "password", words)
}

func TestWhoDeletesTheirAccountSeesWhenItGoesAndCanKeepIt(t *testing.T) {
	s := newSharing(t)
	bo := s.join("Bo", "member")
	s.give(person{id: bo.id}, domain.RoleOwner)
	wantEqual(t, there(s.get("/settings", bo.cookie), "#account-title"), true)
	wantEqual(t, there(s.get("/settings"), "#account-title"), false) // the owner's account stays
	s.postWith("/settings/spaces", []option{bo.cookie}, "name", "Alone").wantStatus(http.StatusSeeOther)

	page := s.get("/settings/account", bo.cookie).wantStatus(http.StatusOK)
	wantEqual(t, page.text("main ul ~ ul li"), "Alone will be deleted too, since nobody else is in it.")
	s.postWith("/settings/account/leave", []option{bo.cookie}).wantRedirect("/settings/account")
	if page := s.get("/settings/account", bo.cookie); !there(page, "time") || page.text("form button.primary") == "" {
		t.Error("it doesn't say when the account goes")
	}
	if settings := s.get("/settings", bo.cookie); !there(settings, "[aria-labelledby=account-title] time") {
		t.Error("the settings don't say when the account goes")
	}
	wantEqual(t, s.get("/settings/people").page().Find("ul.browsers li:last-child .hint time").Length(), 2)
	again := s.signInAs("Bo").wantRedirect("/notes")
	wantEqual(t, s.after(again).text(".notice a"), "see how to keep it.")

	s.postWith("/settings/account/keep", []option{bo.cookie}).wantRedirect("/settings")
	if settings := s.get("/settings", bo.cookie); there(settings, "[aria-labelledby=account-title] time") {
		t.Error("the account goes still")
	}
}

func TestADeletedSpaceIsNotFoundUntilItsOwnerRestoresIt(t *testing.T) {
	s := newSharing(t)
	cy := s.person("Cy")
	s.give(cy, domain.RoleReader)
	s.get(s.base+"/notes", cy.cookie).wantStatus(http.StatusOK)
	s.post(s.base + "/settings/delete").wantRedirect("/settings/spaces")
	s.get(s.base + "/notes").wantStatus(http.StatusNotFound)
	s.get(s.base+"/notes", cy.cookie).wantStatus(http.StatusNotFound)
	keep := "/settings/spaces/" + string(s.space) + "/keep"
	wantEqual(t, s.get("/settings/spaces").attr("form[action$=keep]", "action"), keep)
	wantEqual(t, there(s.get("/settings/spaces", cy.cookie), "form[action$=keep]"), false)
	s.postWith(keep, []option{cy.cookie}).wantStatus(http.StatusNotFound)

	s.post(keep).wantRedirect(s.base + "/settings")
	s.get(s.base+"/notes", cy.cookie).wantStatus(http.StatusOK)
	s.post(keep).wantStatus(http.StatusNotFound)
}

func TestAnAdminDeletesAnAccountAndBringsItBack(t *testing.T) {
	s := newSite(t)
	bo := s.join("Bo", "member")
	path := "/settings/people/" + string(bo.id)
	s.post(path + "/remove").wantRedirect("/settings/people")
	s.get("/notes", bo.cookie).wantStatus(http.StatusUnauthorized)
	page := s.get("/settings/people")
	if there(page, "form[action$=remove]") || !there(page, "form[action$=enable]") {
		t.Error("the list of people doesn't offer to bring the account back")
	}
	s.post(path + "/enable").wantRedirect("/settings/people")
	s.signInAs("Bo").wantRedirect("/notes")
	if !there(s.get("/settings/people"), "form[action$=remove]") {
		t.Error("the account goes still")
	}
}
