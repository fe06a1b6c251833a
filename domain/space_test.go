package domain

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

var roles = []Role{RoleOwner, RoleEditor, RoleContributor, RoleReader}

func TestARoleSaysWhatAMemberMayDo(t *testing.T) {
	for _, role := range roles {
		m := NewMembership("space", "user", role)
		if read := m.Read(); read.Space() != "space" || read.User() != "user" {
			t.Errorf("a role of %s reads %v", role, read)
		}
		write, err := m.Write()
		if role == RoleReader {
			if !errors.Is(err, Forbidden) || write != (WriteAccess{}) {
				t.Errorf("a reader gets %v, %v", write, err)
			}
			continue
		}
		if err != nil || write.Read() != m.Read() || write.Space() != "space" || write.User() != "user" {
			t.Errorf("a role of %s gets %v, %v", role, write, err)
		}
		if err := write.MayEdit(); errors.Is(err, Forbidden) != (role == RoleContributor) {
			t.Errorf("a role of %s may edit: %v", role, err)
		}
	}
}

func TestNobodyGetsAnythingFromARoleThatIsNone(t *testing.T) {
	for _, text := range []string{"", "Owner", "admin", "reader "} {
		if role, ok := ParseRole(text); ok {
			t.Errorf("%q is taken for the role %s", text, role)
		}
		if _, err := NewMembership("space", "user", Role(text)).Write(); !errors.Is(err, Forbidden) {
			t.Errorf("the role %q may write: %v", text, err)
		}
	}
	for _, role := range roles {
		if read, ok := ParseRole(string(role)); !ok || read != role {
			t.Errorf("%s is read as %s, %v", role, read, ok)
		}
	}
	var none WriteAccess
	if none.Space() != "" || none.MayEdit() == nil || none.MayChange(Note{}, Note{}) == nil {
		t.Error("the zero access opens something")
	}
}

func TestAContributorAddsTextAndTicksBoxesAndChangesNothingElse(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	const text = "# Trip\n- [ ] tent\n- [x] stove\n```\n- [ ] code\n```\nsee [x] #tag"
	draft := func(content string) NoteDraft {
		return NoteDraft{Title: "", Content: content, Tags: []Tag{"camping"}}
	}
	n, err := NewNote(draft(text), now)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(draft NoteDraft) func() (Note, error) {
		return func() (Note, error) { return n.Edited(draft, n.Version, now.Add(time.Minute)) }
	}
	with := func(change func(*Note)) func() (Note, error) {
		return func() (Note, error) {
			changed := n
			change(&changed)
			return changed, nil
		}
	}
	for what, c := range map[string]struct {
		change func() (Note, error)
		may    bool
	}{
		"nothing":                    {edit(draft(text)), true},
		"a line more":                {edit(draft(text + "\n- [ ] lamp #light")), true},
		"a word more":                {edit(draft(text + " end")), true},
		"a tick":                     {edit(draft("# Trip\n- [x] tent\n- [x] stove\n```\n- [ ] code\n```\nsee [x] #tag")), true},
		"a tick taken off":           {edit(draft("# Trip\n- [ ] tent\n- [ ] stove\n```\n- [ ] code\n```\nsee [x] #tag")), true},
		"both and a line":            {edit(draft("# Trip\n- [X] tent\n- [ ] stove\n```\n- [ ] code\n```\nsee [x] #tag\nmore")), true},
		"a box in code":              {edit(draft("# Trip\n- [ ] tent\n- [x] stove\n```\n- [x] code\n```\nsee [x] #tag")), false},
		"what only looks like a box": {edit(draft("# Trip\n- [ ] tent\n- [x] stove\n```\n- [ ] code\n```\nsee [ ] #tag")), false},
		"another mark in a box":      {edit(draft("# Trip\n- [-] tent\n- [x] stove\n```\n- [ ] code\n```\nsee [x] #tag")), false},
		"a word that is another":     {edit(draft("# Trip\n- [ ] tank\n- [x] stove\n```\n- [ ] code\n```\nsee [x] #tag")), false},
		"a line in the middle":       {edit(draft("# Trip\n- [ ] tent\nnew\n- [x] stove\n```\n- [ ] code\n```\nsee [x] #tag")), false},
		"a word less":                {edit(draft("# Trip\n- [ ] tent\n- [x] stove\n```\n- [ ] code\n```\nsee [x]")), false},
		"a title of its own":         {edit(NoteDraft{Title: "Journey", Content: text}), false},
		"another tag":                {edit(NoteDraft{Content: text, Tags: []Tag{"camping", "summer"}}), false},
		"no tags":                    {edit(NoteDraft{Content: text, Tags: []Tag{}}), false},
		"a pin":                      {with(func(n *Note) { n.Pinned = true }), false},
		"the archive":                {with(func(n *Note) { n.State = Archived }), false},
		"the trash":                  {with(func(n *Note) { n.State = Trashed }), false},
		"another note":               {with(func(n *Note) { n.ID = NewID() }), false},
	} {
		after, err := c.change()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, role := range roles {
			access, _ := NewMembership("space", "user", role).Write()
			may := role == RoleOwner || role == RoleEditor || role == RoleContributor && c.may
			if err := access.MayChange(n, after); errors.Is(err, Forbidden) == may {
				t.Errorf("%s: a role of %s gets %v", what, role, err)
			}
		}
	}
}

func TestATitleMayFollowTheTextThatAContributorAdds(t *testing.T) {
	access, _ := NewMembership("space", "user", RoleContributor).Write()
	for _, c := range []struct{ title, before, after string }{
		{"", "Milk", "Milk and bread"},
		{"Shopping", "Milk", "Milk and bread"},
		{"Shopping", "", "Milk"},
	} {
		n, err := NewNote(NoteDraft{Title: c.title, Content: c.before}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		after, err := n.Edited(NoteDraft{Title: c.title, Content: c.after}, 1, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if err := access.MayChange(n, after); err != nil {
			t.Errorf("%q in %q to %q: %v", c.title, c.before, c.after, err)
		}
		if after.Title = "Another"; access.MayChange(n, after) == nil {
			t.Errorf("%q: a title that doesn't follow is let through", c.before)
		}
	}
}

func TestASpaceKeepsAnOwner(t *testing.T) {
	for what, c := range map[string]struct {
		owners []ID
		user   ID
		role   Role
		may    bool
	}{
		"one of two leaves":                {[]ID{"ada", "bob"}, "ada", "", true},
		"one of two becomes a reader":      {[]ID{"ada", "bob"}, "ada", RoleReader, true},
		"the last leaves":                  {[]ID{"ada"}, "ada", "", false},
		"the last becomes an editor":       {[]ID{"ada"}, "ada", RoleEditor, false},
		"the last stays":                   {[]ID{"ada"}, "ada", RoleOwner, true},
		"the last who stays leaves":        {[]ID{"ada", "away"}, "ada", "", false},
		"the last leaves who is away":      {[]ID{"away"}, "away", "", false},
		"one who is away leaves":           {[]ID{"ada", "away"}, "away", "", true},
		"another leaves":                   {[]ID{"ada"}, "bob", "", true},
		"another becomes one":              {[]ID{"ada"}, "bob", RoleOwner, true},
		"another becomes a reader":         {[]ID{"ada"}, "bob", RoleReader, true},
		"whose space it is leaves":         {[]ID{"ada", "space"}, "space", "", false},
		"a guest of a personal space goes": {[]ID{"ada", "space"}, "ada", "", true},
	} {
		var owners []Member
		for _, id := range c.owners {
			owners = append(owners, Member{User: id, Role: RoleOwner, Away: strings.HasPrefix(string(id), "away")})
		}
		err := CheckOwners("space", owners, c.user, c.role)
		if (err == nil) != c.may || (err != nil && !errors.Is(err, Conflict)) {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

func TestAPersonalSpaceIsItsUsersOwn(t *testing.T) {
	u := NewOwner(time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC))
	if s := PersonalSpace(u); s.ID != u.ID || s.ID != (Actor{User: u.ID}).PersonalSpace() || s.Name != u.Name || !s.Created.Equal(u.Created) {
		t.Errorf("got %+v", s)
	}
}

func TestASpaceHasANameThatCanBeSeen(t *testing.T) {
	for _, name := range []string{"", " \n", "\u200b", strings.Repeat("é", MaxSpaceName+1)} {
		if _, err := NewSpace(name, time.Time{}); !errors.Is(err, Invalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	s, err := NewSpace(" The\nfamily\xff ", now)
	if err != nil || s.Name != "The family" || s.Created != now || s.ID == "" {
		t.Errorf("got %+v, %v", s, err)
	}
	if err := s.Rename(""); !errors.Is(err, Invalid) || s.Name != "The family" {
		t.Errorf("it is called %q after %v", s.Name, err)
	}
	if err := s.Rename(strings.Repeat("é", MaxSpaceName)); err != nil {
		t.Error(err)
	}
}

func TestOnlyOwnersSayWhoIsInASpace(t *testing.T) {
	for _, role := range roles {
		m := NewMembership("space", "user", role)
		access, err := m.Administer("session")
		if errors.Is(err, Forbidden) == (role == RoleOwner) {
			t.Errorf("a role of %s: %v", role, err)
		}
		if want := (SpaceAccess{m.Read(), "session"}); err == nil && access != want || err != nil && access != (SpaceAccess{}) {
			t.Errorf("a role of %s gets %+v", role, access)
		}
		if _, err := (AccessToken{Scopes: AllScopes()}).Grant(m).Administer(""); !errors.Is(err, Forbidden) {
			t.Errorf("a token of a role of %s: %v", role, err)
		}
	}
	if _, err := NewMembership("user", "user", RoleOwner).Administer("session"); !errors.Is(err, ErrSpaceNotFound) {
		t.Errorf("somebody shares their own space: %v", err)
	}
}

func TestSpacesAreSharedByNoMoreThanPagesCanName(t *testing.T) {
	if err := CheckAnotherSpace(make([]SharedSpace, MaxSpaces-1)); err != nil {
		t.Error(err)
	}
	if err := CheckAnotherSpace(make([]SharedSpace, MaxSpaces)); !errors.Is(err, Conflict) {
		t.Errorf("one more: %v", err)
	}
	members := make([]Member, MaxMembers-1)
	members[0].User = "user"
	if err := CheckNewMember(members, "another"); err != nil {
		t.Error(err)
	}
	if err := CheckNewMember(members, "user"); !errors.Is(err, ErrMemberAlready) {
		t.Errorf("once more: %v", err)
	}
	if err := CheckNewMember(append(members, Member{}), "another"); !errors.Is(err, Conflict) {
		t.Errorf("one more: %v", err)
	}
}

func TestTheNamesOfSharedSpacesComeBackAsTheyAre(t *testing.T) {
	if none := (Beside{}).SharedSpaces(); len(none) != 0 {
		t.Errorf("got %v of none", none)
	}
	want := []Space{{ID: "1", Name: "The family"}, {ID: "2", Name: "日本 & co"}}
	b := Beside{}
	for _, s := range want {
		b.Spaces += SpaceLine(s)
	}
	if got := b.SharedSpaces(); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestARoleIsReadOrInvalid(t *testing.T) {
	for _, role := range AllRoles() {
		if got, err := ReadRole(string(role)); got != role || err != nil {
			t.Errorf("%s is read as %s, %v", role, got, err)
		}
	}
	if _, err := ReadRole("boss"); !errors.Is(err, Invalid) {
		t.Errorf("boss: %v", err)
	}
}

func TestWhatIsAddedToANoteIsAParagraphAtItsEnd(t *testing.T) {
	for content, want := range map[string]string{
		"a": "a\n\nmore", "a\n": "a\n\nmore", "a\n\n": "a\n\nmore", "": "more", "- [ ] x\r": "- [ ] x\r\n\nmore",
	} {
		n := Note{NoteFields: NoteFields{Title: "T", Content: content, Tags: []Tag{"x"}}}
		got, err := n.Continued(" more\n")
		if err != nil || got.Content != want || got.Title != "T" || len(got.Tags) != 1 {
			t.Errorf("%q becomes %+v, %v", content, got, err)
		}
	}
	if _, err := (Note{}).Continued(" \n"); !errors.Is(err, Invalid) {
		t.Errorf("nothing is added: %v", err)
	}
}

func TestASpaceIsInheritedByWhoeverMayDoMostAndCameFirst(t *testing.T) {
	owner, away := Member{User: "o", Role: RoleOwner}, Member{User: "a", Role: RoleOwner, Away: true}
	reader, first, second := Member{User: "r", Role: RoleReader}, Member{User: "e1", Role: RoleEditor}, Member{User: "e2", Role: RoleEditor}
	for _, c := range []struct {
		members []Member
		want    Member
	}{
		{[]Member{owner, away, reader, first, second}, first},
		{[]Member{away, reader, owner}, reader},
		{[]Member{reader, {User: "o2", Role: RoleOwner}, owner}, Member{User: "o2", Role: RoleOwner}},
		{[]Member{owner, away}, Member{}},
	} {
		got, ok := Heir(c.members, owner.User)
		if got != c.want || ok != (c.want != Member{}) {
			t.Errorf("%v: got %v, %v", c.members, got, ok)
		}
	}
}

func TestWhatGoesCanBeKeptUntilItsTimeIsOver(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	u, s := NewUser(false, now), Space{ID: NewID()}
	s.Close(now)
	if err := u.Leave(now); err != nil || u.Goes != now.Add(14*24*time.Hour) || s.Goes != u.Goes || !u.Away() {
		t.Errorf("%v: %v, %v", err, u.Goes, s.Goes)
	}
	for _, c := range []struct {
		at   time.Time
		kept bool
	}{{u.Goes.Add(-1), true}, {u.Goes, false}} {
		u, s := u, s
		if gone := u.Gone(c.at); gone == c.kept || s.Gone(c.at) != gone {
			t.Errorf("%v: gone is %v", c.at, gone)
		}
		if err := u.Stay(c.at); (err == nil) != c.kept || u.Goes.IsZero() != c.kept {
			t.Errorf("%v: %v, %v", c.at, err, u.Goes)
		}
		if err := s.Open(c.at); (err == nil) != c.kept || s.Goes.IsZero() != c.kept {
			t.Errorf("%v: %v, %v", c.at, err, s.Goes)
		}
	}
	if o := NewOwner(now); !errors.Is(o.Leave(now), Conflict) || !o.Goes.IsZero() {
		t.Errorf("the owner goes at %v", o.Goes)
	}
}
