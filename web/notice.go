package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// The codes of notices. A notice tells, on the page that follows an action, what has been done and offers to undo it.
// It travels in a cookie as a code, an id and perhaps something more, so that it needs no script and no text from
// outside is ever shown.
const (
	noticePinned     = "pinned"
	noticeUnpinned   = "unpinned"
	noticeArchived   = "archived"
	noticeUnarchived = "unarchived"
	noticeTrashed    = "trashed" // with the state that the note had
	noticeRestored   = "restored"
	noticePurged     = "purged"
	noticeEmptied    = "emptied"  // with how many notes were in the trash
	noticeEmptying   = "emptying" // with how many notes have been removed so far
	noticeMerged     = "merged"
	noticeUndo       = "undo"      // of an undo
	noticeUndone     = "undone"    // with how many notes couldn't be
	noticeRevision   = "revision"  // with the version that the note had before
	noticeDiscarded  = "discarded" // with when
	noticeUnchanged  = "unchanged"

	noticeAllDiscarded = "all-discarded" // with when, and how many

	noticeSpace         = "space"
	noticeMemberAdded   = "member-added"
	noticeMemberRemoved = "member-removed"
	noticeSpaceLeft     = "space-left"
	noticeSpaceClosed   = "space-closed"

	noticeAccountKept = "account-kept"
	noticeAccountGoes = "account-goes" // with when, in seconds

	noticeWithdrawn    = "withdrawn"
	noticePerson       = "person"
	noticePassword     = "password"
	noticeTokenRevoked = "token-revoked"
	noticeShareRevoked = "share-revoked"

	noticeSecondStepOff   = "second-step-off"
	noticeIdentityAdded   = "identity-added"
	noticeIdentityRemoved = "identity-removed"
	noticePasskeyAdded    = "passkey-added"
	noticePasskeyRemoved  = "passkey-removed"

	noticeSearchSaved   = "search-saved"
	noticeSearchRemoved = "search-removed" // with what it was
)

func (s *server) setNotice(c echo.Context, code string, id domain.ID, more ...string) {
	value := strings.Join(append([]string{code, string(id)}, more...), ".")
	c.SetCookie(s.cookie(s.noticeCookie(c), value, 60))
}

// noticeCookie returns the name of the cookie with the notice of the space that a request is about. Another one is none of its
// pages'.
func (s *server) noticeCookie(c echo.Context) string {
	name := s.cookies + "_notice"
	if who := admitted(c); who.base.IsShared() {
		name += "_" + string(who.grant.Space())
	}
	return name
}

// hasNotice reports whether a notice waits to be shown.
func (s *server) hasNotice(c echo.Context) bool {
	_, err := c.Cookie(s.noticeCookie(c))
	return err == nil
}

// saysNothingElse reports whether a page says nothing beside what it is about: neither what has just been done, nor that
// drafts have expired.
func (s *server) saysNothingElse(c echo.Context) bool {
	return !admitted(c).beside.Expired && !s.hasNotice(c) && !isFragment(c.Request())
}

// takeNotice returns the notice that waits to be shown, if any, and forgets it.
func (s *server) takeNotice(c echo.Context) *views.Notice {
	name := s.noticeCookie(c)
	cookie, err := c.Cookie(name)
	if err != nil {
		return nil
	}
	c.SetCookie(s.cookie(name, "", -1))
	code, rest, _ := strings.Cut(cookie.Value, ".")
	idText, more, _ := strings.Cut(rest, ".")
	id, ok := domain.ParseID(idText)
	if !ok {
		return nil
	}
	return s.notice(c, code, id, more)
}

// notice returns what a code, an id and something more say, or nil when they say nothing.
func (s *server) notice(c echo.Context, code string, id domain.ID, more string) *views.Notice {
	number, _ := strconv.Atoi(more) // 0 for what is no number
	note := string(id)
	t := lang.From(c.Request().Context())
	switch code {
	case noticePinned:
		return &views.Notice{Text: t.Text("notice.pinned"), Undo: s.here(c).UnpinNote(note)}
	case noticeUnpinned:
		return &views.Notice{Text: t.Text("notice.unpinned"), Undo: s.here(c).PinNote(note)}
	case noticeArchived:
		return &views.Notice{Text: t.Text("notice.archived"), Undo: s.here(c).UnarchiveNote(note)}
	case noticeUnarchived:
		return &views.Notice{Text: t.Text("notice.unarchived"), Undo: s.here(c).ArchiveNote(note)}
	case noticeTrashed:
		return &views.Notice{Text: t.Text("notice.trashed"), Undo: restoreURL(s.here(c), id, domain.NoteState(more))}
	case noticeRestored:
		return &views.Notice{Text: t.Text("notice.restored"), Undo: s.here(c).TrashNote(note)}
	case noticeTokenRevoked:
		return &views.Notice{Text: t.Text("notice.token_revoked")}
	case noticeSecondStepOff:
		return &views.Notice{Text: t.Text("second_step.turned_off")}
	case noticeIdentityAdded:
		return &views.Notice{Text: t.Text("notice.identity_added")}
	case noticeIdentityRemoved:
		return &views.Notice{Text: t.Text("notice.identity_removed")}
	case noticePasskeyAdded:
		return &views.Notice{Text: t.Text("notice.passkey_added")}
	case noticePasskeyRemoved:
		return &views.Notice{Text: t.Text("notice.passkey_removed")}
	case noticeShareRevoked:
		return &views.Notice{Text: t.Text("notice.share_revoked")}
	case noticePassword:
		return &views.Notice{Text: t.Text("notice.password")}
	case noticeWithdrawn:
		return &views.Notice{Text: t.Text("notice.withdrawn")}
	case noticePerson:
		return &views.Notice{Text: t.Text("notice.person")}
	case noticeSpace:
		return &views.Notice{Text: t.Text("notice.space")}
	case noticeMemberAdded:
		return &views.Notice{Text: t.Text("notice.member_added")}
	case noticeMemberRemoved:
		return &views.Notice{Text: t.Text("notice.member_removed")}
	case noticeSpaceLeft:
		return &views.Notice{Text: t.Text("notice.space_left")}
	case noticeSpaceClosed:
		return &views.Notice{Text: t.Text("notice.space_closed"), Undo: s.base.KeepSpace(string(id))}
	case noticeAccountKept:
		return &views.Notice{Text: t.Text("notice.account_kept")}
	case noticeAccountGoes:
		return &views.Notice{
			Text: t.Text("notice.account_goes", "day", printDay(t, time.Unix(int64(number), 0))),
			Link: &views.Link{Text: t.Text("notice.account"), URL: s.base.Account()},
		}
	case noticePurged:
		return &views.Notice{Text: t.Text("notice.purged")}
	case noticeEmptied:
		return &views.Notice{Text: t.Text("notice.emptied", "count", number)}
	case noticeEmptying:
		return &views.Notice{Text: t.Text("notice.emptying", "count", number)}
	case noticeMerged:
		return &views.Notice{
			Text: t.Text("notice.merged"),
			Link: &views.Link{Text: t.Text("notice.history"), URL: s.here(c).History(note)},
		}
	case noticeUndo:
		return s.undoNotice(c, id)
	case noticeUndone:
		if number == 0 {
			return &views.Notice{Text: t.Text("notice.undone")}
		}
		return &views.Notice{Text: t.Text("notice.undone_but", "count", number)}
	case noticeRevision:
		if number > 0 {
			return &views.Notice{Text: t.Text("notice.revision"), Undo: s.here(c).RestoreRevision(note, itoa(number))}
		}
	case noticeDiscarded:
		return &views.Notice{Text: t.Text("notice.discarded"), Undo: s.here(c).RestoreDrafts(itoa(number), note)}
	case noticeAllDiscarded:
		at, count, _ := strings.Cut(more, ".")
		number, _ = strconv.Atoi(count)
		when, _ := strconv.Atoi(at)
		return &views.Notice{Text: t.Text("notice.all_discarded", "count", number), Undo: s.here(c).RestoreDrafts(itoa(when), "")}
	case noticeUnchanged:
		return &views.Notice{Text: t.Text("notice.unchanged")}
	case noticeSearchSaved:
		return &views.Notice{Text: t.Text("notice.search_saved")}
	case noticeSearchRemoved:
		return removedSearch(c.Request().Context(), s.here(c), more)
	}
	return nil
}

// restoreURL returns where a POST brings a note back from the trash, into the state that it had.
func restoreURL(base views.Base, id domain.ID, was domain.NoteState) string {
	if was == domain.Archived {
		return base.RestoreToArchive(string(id))
	}
	return base.RestoreNote(string(id))
}
