package domain

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

var tokenMade = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)

func newToken(t *testing.T, draft TokenDraft) (AccessToken, string) {
	t.Helper()
	token, secret, err := NewAccessToken(Actor{User: "user"}, draft, tokenMade)
	if err != nil {
		t.Fatal(err)
	}
	return token, secret
}

func tokenFor(scopes ...Scope) AccessToken { return AccessToken{Scopes: scopes} }

func TestATokenIsWhatWasAskedFor(t *testing.T) {
	token, secret := newToken(t, TokenDraft{
		Name: "  My\nphone ", Scopes: []Scope{ScopeRecords, ScopeNotesRead, ScopeRecords}, Days: 30,
	})
	if token.Name != "My phone" || token.User != "user" || token.Space != "user" || token.Hash != HashToken(secret) ||
		token.Scopes.String() != "notes:read records" || token.Created != tokenMade || !token.Used.IsZero() {
		t.Errorf("got %+v", token)
	}
	if want := tokenMade.AddDate(0, 0, 30); token.Expires != want || !token.Expired(want) || token.Expired(want.Add(-time.Microsecond)) {
		t.Errorf("it expires at %v, want %v", token.Expires, want)
	}
	if token, _ := newToken(t, TokenDraft{Name: "x", Scopes: AllScopes()}); token.Expired(tokenMade.AddDate(1000, 0, 0)) {
		t.Error("a token without an end expires")
	}
}

func TestATokenNeedsANameAScopeAndAnEndThatIsNear(t *testing.T) {
	some := []Scope{ScopeFiles}
	for _, c := range []struct {
		draft TokenDraft
		field string
	}{
		{TokenDraft{Name: " \n", Scopes: some}, "name"},
		{TokenDraft{Name: strings.Repeat("ä", MaxTokenName+1), Scopes: some}, "name"},
		{TokenDraft{Name: "x"}, "scope"},
		{TokenDraft{Name: "x", Scopes: []Scope{ScopeFiles, "file"}}, "scope"},
		{TokenDraft{Name: "x", Scopes: []Scope{ScopeNone}}, "scope"},
		{TokenDraft{Name: "x", Scopes: AllScopes(), Space: "shared"}, "scope"},
		{TokenDraft{Name: "x", Scopes: some, Tag: "home"}, "tag"},
		{TokenDraft{Name: "x", Scopes: []Scope{ScopeNotesRead, ScopeAdmin}, Tag: "home"}, "tag"},
		{TokenDraft{Name: "x", Scopes: []Scope{ScopeNotesRead}, Tag: "two words"}, "tag"},
		{TokenDraft{Name: "x", Scopes: some, Days: -1}, "days"},
		{TokenDraft{Name: "x", Scopes: some, Days: MaxTokenDays + 1}, "days"},
	} {
		token, secret, err := NewAccessToken(Actor{User: "user"}, c.draft, tokenMade)
		fields := FieldErrors(err)
		if !errors.Is(err, Invalid) || len(fields) != 1 || fields[0].Field != c.field || secret != "" || token.Hash != "" {
			t.Errorf("%+v: got %v", c.draft, err)
		}
	}
	newToken(t, TokenDraft{Name: strings.Repeat("ä", MaxTokenName), Scopes: some, Days: MaxTokenDays})
	if token, _ := newToken(t, TokenDraft{Name: "x", Scopes: some, Space: "shared"}); token.Space != "shared" {
		t.Errorf("it is for %s", token.Space)
	}
}

func TestTheTokensOfAUserHaveNamesOfTheirOwnAndAreOnlySoMany(t *testing.T) {
	one := AccessToken{Name: "Phone"}
	if err := CheckNewToken([]AccessToken{one}, AccessToken{Name: "laptop"}); err != nil {
		t.Error(err)
	}
	if err := CheckNewToken([]AccessToken{{Name: "x"}, one}, AccessToken{Name: "phone"}); !errors.Is(err, ErrTokenNameTaken) {
		t.Errorf("another of the same name: %v", err)
	}
	many := make([]AccessToken, MaxTokens)
	if err := CheckNewToken(many, one); !errors.Is(err, ErrTooManyTokens) {
		t.Errorf("one too many: %v", err)
	}
	if err := CheckNewToken(many[1:], one); err != nil {
		t.Errorf("the last one: %v", err)
	}
}

func TestTheSecretOfATokenIsKnownByItsForm(t *testing.T) {
	_, secret := newToken(t, TokenDraft{Name: "x", Scopes: AllScopes()})
	_, other := newToken(t, TokenDraft{Name: "x", Scopes: AllScopes()})
	if len(secret) != 41 || !strings.HasPrefix(secret, "octp_") || !IsTokenSecret(secret) || secret == other {
		t.Errorf("got %s and %s", secret, other)
	}
	if fixed := "octp_" + strings.Repeat("a", 30); !IsTokenSecret(fixed + "10caoP") {
		t.Errorf("the checksum of %s is %s: scanners know another", fixed, checksum(fixed))
	}
	for i := range secret {
		torn := secret[:i] + string(base62[(strings.IndexByte(base62, secret[i])+1)%len(base62)]) + secret[i+1:]
		if IsTokenSecret(torn) || IsTokenSecret(secret[:i]) {
			t.Errorf("%s is taken for a secret", torn)
		}
	}
	if IsTokenSecret(NewToken()) || IsTokenSecret(secret+"0") || IsTokenSecret(" "+secret) {
		t.Error("something else is taken for a secret")
	}
}

func TestTheUseOfATokenIsStoredOnceAMinute(t *testing.T) {
	token := AccessToken{}
	if !token.Touched(tokenMade) {
		t.Error("the first use isn't stored")
	}
	token.Used = tokenMade
	for after, want := range map[time.Duration]bool{0: false, TokenTouch - 1: false, TokenTouch: true, -time.Hour: false} {
		if token.Touched(tokenMade.Add(after)) != want {
			t.Errorf("after %v: want %v", after, want)
		}
	}
}

// allowed are the scopes that each scope is enough for.
var allowed = map[Scope][]Scope{
	ScopeNotesRead:   {ScopeNotesRead},
	ScopeNotesAppend: {ScopeNotesAppend},
	ScopeNotesWrite:  {ScopeNotesAppend, ScopeNotesWrite},
	ScopeRecords:     {ScopeRecords},
	ScopeFiles:       {ScopeFiles},
	ScopeAdmin:       AllScopes(),
}

func TestAGrantIsForTheScopesOfItsTokenAlone(t *testing.T) {
	m := NewMembership("space", "user", RoleOwner)
	for _, has := range AllScopes() {
		g := tokenFor(has).Grant(m)
		for _, asked := range append(AllScopes(), ScopeNone) {
			want := asked == ScopeNone || slices.Contains(allowed[has], asked)
			read, err := g.Read(asked)
			write, writeErr := g.Write(asked)
			if want != (err == nil) || want != (writeErr == nil) {
				t.Errorf("%s for %s: got %v, %v", has, asked, err, writeErr)
			}
			if want && (read != m.Read() || write.Read() != m.Read()) {
				t.Errorf("%s for %s: got %v, %v", has, asked, read, write)
			}
			if own := (*Error)(nil); !want && (read != (ReadAccess{}) || write != (WriteAccess{}) ||
				!errors.As(err, &own) || own.Kind != Forbidden || own.Args["scope"] != string(asked)) {
				t.Errorf("%s for %s: got %v, %v and %v", has, asked, read, write, err)
			}
		}
	}
	for _, asked := range AllScopes() {
		if _, err := tokenFor().Grant(m).Read(asked); !errors.Is(err, Forbidden) {
			t.Errorf("a token for nothing is one for %s", asked)
		}
		write, err := m.Grant().Write(asked)
		if err != nil || write.MayEdit() != nil {
			t.Errorf("who has no token can't do what is for %s: %v, %v", asked, err, write.MayEdit())
		}
	}
}

func TestATokenGrantsNoMoreThanItsUserMayDo(t *testing.T) {
	for _, role := range roles {
		for _, scope := range AllScopes() {
			m := NewMembership("space", "user", role)
			may, mayErr := m.Write()
			may.token = mayErr == nil
			got, err := tokenFor(ScopeAdmin).Grant(m).Write(scope)
			if (err == nil) != (mayErr == nil) || got != may {
				t.Errorf("a token of a %s gives %v, %v", role, got, err)
			}
		}
	}
}

func TestATokenThatAppendsChangesNothingElse(t *testing.T) {
	before := Note{ID: "id", NoteFields: NoteFields{Title: "List", Content: "- [ ] milk"}}
	added, changed := before, before
	added.Content += "\n- [ ] tea"
	changed.Content = "- [ ] tea"
	for _, role := range roles[:3] {
		m := NewMembership("space", "user", role)
		access, err := tokenFor(ScopeNotesAppend).Grant(m).Write(ScopeNotesAppend)
		if err != nil || access.MayChange(before, added) != nil {
			t.Errorf("a %s can't add: %v", role, err)
		}
		var refused *Error
		if !errors.As(access.MayChange(before, changed), &refused) || refused.Kind != Forbidden {
			t.Fatalf("a %s may change: %v", role, refused)
		}
		if lacks := refused.Args["scope"] == string(ScopeNotesWrite); lacks == (role == RoleContributor) {
			t.Errorf("a %s is told %v", role, refused) // whose role isn't enough is helped by no scope
		}
		both, _ := tokenFor(ScopeNotesAppend, ScopeNotesWrite).Grant(m).Write(ScopeNotesAppend)
		full, _ := m.Write()
		if full.token = true; both != full {
			t.Errorf("a %s gets %v", role, both)
		}
	}
}

func TestScopesAreReadAsTheyWereWritten(t *testing.T) {
	if got := ParseScopes(Scopes(AllScopes()).String()); !slices.Equal(got, AllScopes()) {
		t.Errorf("got %v", got)
	}
	if got := ParseScopes("everything files"); !slices.Equal(got, Scopes{ScopeFiles}) {
		t.Errorf("got %v", got)
	}
}

func TestATokenForATagNarrowsWhatIsSeen(t *testing.T) {
	token, _ := newToken(t, TokenDraft{Name: "x", Scopes: []Scope{ScopeNotesRead}, Tag: " #Home "})
	read, err := token.Grant(NewMembership("user", "user", RoleOwner)).Read(ScopeNotesRead)
	if err != nil || read.OfTag() != "home" {
		t.Fatalf("%+v, %v", read, err)
	}
	for tag, want := range map[Tag]bool{"home": true, "HOME/x": true, "homes": false, "work/home": false} {
		if got := read.Shows(Note{NoteFields: NoteFields{Tags: []Tag{tag}}}); got != want {
			t.Errorf("a note with %s: %v", tag, got)
		}
	}
	for tag, want := range map[string]string{"": "home", "home": "home", "home/x": "home/x", "work": "", "homes": ""} {
		got, ok := read.Narrow(NoteFilter{Tag: tag})
		if ok != (want != "") || ok && got.Tag != want {
			t.Errorf("a list of %q: %q, %v", tag, got.Tag, ok)
		}
	}
	if all := NewMembership("user", "user", RoleOwner).Read(); !all.Shows(Note{}) || all.OfTag() != "" {
		t.Error("a member doesn't see all")
	}
}
