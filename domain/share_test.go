package domain_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// sharer is somebody who may share what is in a space.
func sharer(role domain.Role) (domain.Membership, domain.WriteAccess) {
	m := domain.NewMembership("space", "ada", role)
	access, _ := m.Write() // a zero one for a reader
	return m, access
}

func newShare(t *testing.T, draft domain.ShareDraft) (domain.Share, string) {
	t.Helper()
	_, access := sharer(domain.RoleEditor)
	s, secret, err := access.Share(t.Context(), draft, now)
	if err != nil {
		t.Fatal(err)
	}
	return s, secret
}

func TestAShareIsMadeOfWhatIsAllowed(t *testing.T) {
	s, secret := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareTick, Days: 7})
	if !domain.IsShareSecret(secret) || s.Secret != domain.HashToken(secret) || s.Space != "space" || s.By != "ada" ||
		s.Password != "" || !s.Expires.Equal(now.AddDate(0, 0, 7)) {
		t.Errorf("got %+v with %q", s, secret)
	}
	_, another := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareTick})
	if another == secret {
		t.Error("two links have the same secret")
	}
	_, access := sharer(domain.RoleOwner)
	for field, draft := range map[string]domain.ShareDraft{
		"right":    {Note: "note", Right: "write"},
		"days":     {Note: "note", Right: domain.ShareRead, Days: domain.MaxShareDays + 1},
		"password": {Note: "note", Right: domain.ShareRead, Password: "short"},
	} {
		made, secret, err := access.Share(t.Context(), draft, now)
		if wrong := domain.FieldErrors(err); len(wrong) != 1 || wrong[0].Field != field || made != (domain.Share{}) || secret != "" {
			t.Errorf("%s: got %v, %q and %v", field, made, secret, err)
		}
	}
	for _, role := range []domain.Role{domain.RoleContributor, domain.RoleReader} {
		_, access := sharer(role)
		if _, _, err := access.Share(t.Context(), domain.ShareDraft{Note: "note", Right: domain.ShareRead}, now); !errors.Is(err, domain.Forbidden) {
			t.Errorf("a %s shares: %v", role, err)
		}
	}
}

func TestANewLinkEndsTheOneBeforeAndIsOnesOwn(t *testing.T) {
	s, secret := newShare(t, domain.ShareDraft{Tag: "books", Right: domain.ShareRead})
	_, access := sharer(domain.RoleEditor)
	renewed, another, err := access.Renew(s, now)
	if err != nil || another == secret || renewed.Secret != domain.HashToken(another) {
		t.Errorf("got %+v, %q and %v", renewed, another, err)
	}
	if renewed.Secret = s.Secret; renewed != s {
		t.Errorf("something else has changed: %+v", renewed)
	}
	s.By = "bo"
	if _, _, err := access.Renew(s, now); !errors.Is(err, domain.Forbidden) {
		t.Errorf("somebody else's is renewed: %v", err)
	}
}

func TestASecretThatIsTornIsNone(t *testing.T) {
	_, secret := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead})
	for _, torn := range []string{"", secret[1:], secret + "a", strings.ToUpper(secret), secret[:25] + "0", secret[:25] + "-"} {
		if domain.IsShareSecret(torn) {
			t.Errorf("%q passes for a secret", torn)
		}
	}
}

func TestAShareOpensWhileItLastsAndItsUserMayShare(t *testing.T) {
	s, _ := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead, Days: 1})
	endless, _ := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead})
	for _, role := range []domain.Role{domain.RoleOwner, domain.RoleEditor, domain.RoleContributor, domain.RoleReader, "unknown"} {
		m, _ := sharer(role)
		access, err := s.Access(m, now)
		if opens := role == domain.RoleOwner || role == domain.RoleEditor; opens != (err == nil) || opens != (access != domain.ShareAccess{}) {
			t.Errorf("as %s: %v", role, err)
		}
	}
	m, _ := sharer(domain.RoleOwner)
	for at, opens := range map[time.Time]bool{
		now.Add(24*time.Hour - time.Second): true, now.AddDate(0, 0, 1): false, now.Add(-2 * domain.SessionAhead): false,
	} {
		if _, err := s.Access(m, at); (err == nil) != opens {
			t.Errorf("at %v: %v", at, err)
		}
	}
	if _, err := endless.Access(m, now.AddDate(50, 0, 0)); err != nil {
		t.Error(err)
	}
	unknown := endless
	unknown.Right = "everything"
	for _, other := range []domain.Membership{domain.NewMembership("another", "ada", domain.RoleOwner), domain.NewMembership("space", "bo", domain.RoleOwner), {}} {
		if _, err := endless.Access(other, now); !errors.Is(err, domain.ErrShareNotFound) {
			t.Errorf("with the membership of another: %v", err)
		}
	}
	if _, err := unknown.Access(m, now); !errors.Is(err, domain.ErrShareNotFound) {
		t.Errorf("with a right that this program doesn't know: %v", err)
	}
}

func TestAShareShowsWhatItIsOf(t *testing.T) {
	n := domain.Note{ID: "note", State: domain.Active, NoteFields: domain.NoteFields{Tags: []domain.Tag{"Books/novels"}}, TextTags: []domain.Tag{"tea"}}
	ofNote, _ := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead})
	shows := func(s domain.Share, want bool, states ...domain.NoteState) {
		t.Helper()
		for _, state := range states {
			if n.State = state; s.Shows(n) != want {
				t.Errorf("%v shows %v: %v", s, n, !want)
			}
		}
	}
	shows(ofNote, true, domain.Active, domain.Archived)
	shows(ofNote, false, domain.Trashed)
	for _, tag := range []domain.Tag{"books", "books/novels", "TEA"} {
		s, _ := newShare(t, domain.ShareDraft{Tag: tag, Right: domain.ShareRead})
		shows(s, true, domain.Active)
		shows(s, false, domain.Archived, domain.Trashed)
	}
	for _, tag := range []domain.Tag{"book", "books/novels/old", "novels"} {
		s, _ := newShare(t, domain.ShareDraft{Tag: tag, Right: domain.ShareRead})
		shows(s, false, domain.Active)
	}
	n.ID = "another"
	shows(ofNote, false, domain.Active)
}

func TestALinkChangesAsMuchAsItsRightSays(t *testing.T) {
	const before = "# List\n\n- [ ] milk\n- [x] bread\n![](/files/" + shownFile + ")\n"
	all := []domain.ShareRight{domain.ShareTick, domain.ShareAppend}
	for what, c := range map[string]struct {
		after string
		by    []domain.ShareRight // who may
	}{
		"a tick":             {strings.Replace(before, "[ ]", "[x]", 1), all},
		"a tick taken off":   {strings.Replace(before, "[x]", "[ ]", 1), all},
		"nothing":            {before, all},
		"lines":              {before + "- [ ] tea", all[1:]},
		"a tick and lines":   {strings.Replace(before, "[ ]", "[X]", 1) + "tea", all[1:]},
		"a file it has":      {before + "[again](/files/" + shownFile + ")", all[1:]},
		"another character":  {strings.Replace(before, "[ ]", "[-]", 1), nil},
		"another word":       {strings.Replace(before, "milk", "soap", 1), nil},
		"less":               {before[:len(before)-1], nil},
		"something in front": {"x" + before, nil},
		"another file":       {before + "![](/files/" + strings.Repeat("b", 64) + ")", nil},
		"a file by its name": {before + "![[salaries.png]]", nil},
	} {
		n := noteOf(t, before)
		s, _ := newShare(t, domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
		draft := n.Draft()
		draft.Content = c.after
		after, err := n.Edited(draft, n.Version, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, right := range all {
			s.Right = right
			may := len(c.by) == 2 || len(c.by) == 1 && right == domain.ShareAppend
			if err := writeBy(t, s).MayChange(n, after); (err == nil) != may {
				t.Errorf("%s by the right to %s: %v", what, right, err)
			}
		}
	}
}

const shownFile = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

func noteOf(t *testing.T, content string) domain.Note {
	t.Helper()
	n, err := domain.NewNote(domain.NoteDraft{Content: content}, now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// writeBy returns what whoever has the link of a share may change.
func writeBy(t *testing.T, s domain.Share) domain.WriteAccess {
	t.Helper()
	m, _ := sharer(domain.RoleOwner)
	access, err := s.Access(m, now)
	if err != nil {
		t.Fatal(err)
	}
	write, err := access.Write()
	if err != nil {
		t.Fatal(err)
	}
	return write
}

func TestALinkReachesNothingBesideWhatIsShared(t *testing.T) {
	n := noteOf(t, "- [ ] milk")
	s, _ := newShare(t, domain.ShareDraft{Note: n.ID, Right: domain.ShareAppend})
	write := writeBy(t, s)
	ticked := n
	ticked.Content = "- [x] milk"
	if err := write.MayChange(n, ticked); err != nil || write.Link() != s.ID || write.User() != "ada" {
		t.Errorf("got %v by %v", err, write)
	}
	for what, other := range map[string]func(before, after *domain.Note){
		"another note":      func(before, after *domain.Note) { before.ID, after.ID = "another", "another" },
		"one in the trash":  func(before, after *domain.Note) { before.State, after.State = domain.Trashed, domain.Trashed },
		"its pin":           func(_, after *domain.Note) { after.Pinned = true },
		"its state":         func(_, after *domain.Note) { after.State = domain.Archived },
		"its tags":          func(_, after *domain.Note) { after.Tags = []domain.Tag{"x"} },
		"its title":         func(_, after *domain.Note) { after.Title = "soap" },
		"what it begins by": func(before, after *domain.Note) { before.Content, after.Content = "---\na: b", "---\na: b\n---" },
	} {
		before, after := n, ticked
		if other(&before, &after); write.MayChange(before, after) == nil {
			t.Errorf("%s is changed", what)
		}
	}
	if write.MayEdit() == nil {
		t.Error("a link lets do all that an editor may")
	}
	s.Right = domain.ShareRead
	m, _ := sharer(domain.RoleOwner)
	access, err := s.Access(m, now)
	if err != nil {
		t.Fatal(err)
	}
	if none, err := access.Write(); !errors.Is(err, domain.Forbidden) || none != (domain.WriteAccess{}) {
		t.Errorf("a link for reading writes: %v, %v", none, err)
	}
}

func TestLinesThatAreNoneOrTooManyAreInvalid(t *testing.T) {
	n := noteOf(t, "- [ ] milk")
	draft, err := n.WithLines("tea\r\n\r\n[x] bread \r\n")
	if want := "- [ ] milk\n- [ ] tea\n- [ ] [x] bread"; err != nil || draft.Content != want {
		t.Errorf("got %q and %v, want %q", draft.Content, err, want)
	}
	for _, lines := range []string{"", " \r\n\t", strings.Repeat("x", domain.MaxLines+1)} {
		if _, err := n.WithLines(lines); !errors.Is(err, domain.Invalid) {
			t.Errorf("%.10q: got %v", lines, err)
		}
	}
}

func TestAPassEndsWithTheLinkAndWithThePassword(t *testing.T) {
	secret := []byte("installation")
	s, _ := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead, Password: "correct horse"})
	pass := s.Pass(secret)
	open, _ := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead})
	if !s.Passed(secret, pass) || !open.Passed(secret, "") {
		t.Error("a visitor isn't let in")
	}
	other, _ := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead, Password: "correct horse"})
	renewed, replaced := s, s
	renewed.Secret, replaced.Password = other.Secret, other.Password
	for what, locked := range map[string]domain.Share{"another share": other, "another link": renewed, "another password": replaced} {
		if locked.Passed(secret, pass) {
			t.Errorf("%s is open", what)
		}
	}
	if s.Passed(secret, "") || s.Passed([]byte("another"), pass) {
		t.Error("it is open for whoever hasn't said the password")
	}
}

func TestTriesAreCountedByVisitorAndByShare(t *testing.T) {
	s, _ := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead})
	one, another := s.PasswordAllowances(netip.MustParseAddr("192.0.2.1")), s.PasswordAllowances(netip.MustParseAddr("192.0.2.2"))
	if one[0].Key == another[0].Key || one[1] != another[1] || one[0].Limit >= one[1].Limit {
		t.Errorf("got %v and %v", one, another)
	}
	short, long := s.ChangeAllowance(noteOf(t, "x")), s.ChangeAllowance(noteOf(t, strings.Repeat("x", domain.MaxContent)))
	if short.Key != long.Key || long.Limit*domain.MaxContent > 8<<20 || long.Limit < 10 || short.Limit <= long.Limit {
		t.Errorf("got %v and %v", short, long)
	}
}

func TestSomebodySharesSoMuchAndNoMore(t *testing.T) {
	s, _ := newShare(t, domain.ShareDraft{Note: "note", Right: domain.ShareRead})
	had := make([]domain.ListedShare, domain.MaxShares)
	for i := range had {
		had[i].By = "somebody else"
	}
	if err := domain.CheckNewShare(had, s); err != nil {
		t.Errorf("what others share counts: %v", err)
	}
	for i := range had {
		had[i].By = s.By
	}
	if err := domain.CheckNewShare(had[1:], s); err != nil {
		t.Error(err)
	}
	if err := domain.CheckNewShare(had, s); !errors.Is(err, domain.ErrTooManyShares) {
		t.Errorf("got %v", err)
	}
}
