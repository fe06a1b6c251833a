package ent_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
)

func TestAMembershipIsOneLookUpOfOneRow(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(now)))
		for i := range 30 { // so that neither the space nor the user alone leads to one row
			space := domain.Space{ID: domain.NewID(), Name: fmt.Sprint(i), Created: now}
			must(t, store.Spaces().Add(t.Context(), space, domain.OwnerID))
			u := domain.User{ID: domain.NewID(), Created: now}
			must(t, store.Users().Add(t.Context(), u))
			must(t, store.Spaces().SetMember(t.Context(), domain.OwnerID, u.ID, domain.RoleReader, now))
		}
		plan := planOfOne(t, url, store, "memberships", func(repos domain.Repos) error {
			_, err := repos.Spaces().Membership(t.Context(), domain.OwnerID, domain.OwnerID)
			return err
		})
		for _, want := range map[string][]string{
			"sqlite3":  {"members_of_space", "(space_id=? AND user_id=?)"},
			"postgres": {"Index Scan using members_of_space"},
			"mysql":    {`"members_of_space"`, `"access_type": "const"`},
		}[plan.dialect] {
			if !strings.Contains(plan.text, want) {
				t.Errorf("the plan lacks %q:\n%s", want, plan.text)
			}
		}
	})
}

// A browser's requests need one look-up before all others, and a program's too, which finds each of its rows by an index.
func TestWhoAsksIsLookedUpWithWhatTheyMayDo(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(now)))
		s, _ := domain.NewSession(domain.OwnerID, "", now)
		must(t, store.Sessions().Add(t.Context(), s))
		draft := domain.TokenDraft{Name: "phone", Scopes: domain.AllScopes()}
		token, _, err := domain.NewAccessToken(domain.Actor{User: domain.OwnerID}, draft, now)
		must(t, err)
		must(t, store.AccessTokens().Add(t.Context(), token))
		for _, admit := range []func(domain.Repos) error{
			func(repos domain.Repos) error { _, _, err := repos.Sessions().Admit(t.Context(), s.Token); return err },
			func(repos domain.Repos) error {
				_, _, err := repos.Sessions().AdmitTo(t.Context(), s.Token, domain.OwnerID)
				return err
			},
			func(repos domain.Repos) error {
				_, _, err := repos.AccessTokens().Admit(t.Context(), token.Hash)
				return err
			},
		} {
			plan := planOfOne(t, url, store, "", admit)
			scan := map[string]string{"sqlite3": "SCAN ", "postgres": "Seq Scan", "mysql": `"access_type": "ALL"`}[plan.dialect]
			if strings.Contains(plan.text, scan) {
				t.Errorf("all rows of a table are read:\n%s", plan.text)
			}
		}
	})
}

// plan is how a database goes about a statement.
type plan struct{ dialect, text string }

// planOfOne returns the plan of the only statement that fn runs, once the database knows how many rows a table has, unless
// that is "".
func planOfOne(t *testing.T, url string, store *ent.Store, table string, fn func(domain.Repos) error) plan {
	t.Helper()
	all, err := ent.Recorded(store, fn)
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d statements were run, want one", len(all))
	}
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	conn, err := db.Reader.Conn(t.Context())
	must(t, err)
	defer func() { must(t, conn.Close()) }()
	analyze, command := "ANALYZE ", "EXPLAIN "
	switch db.Dialect {
	case "sqlite3":
		table, command = "", "EXPLAIN QUERY PLAN "
	case "postgres":
		explain(t.Context(), t, conn, "SET enable_seqscan = off")
	case "mysql":
		analyze, command = "ANALYZE TABLE ", "EXPLAIN FORMAT=JSON "
	}
	if table != "" {
		explain(t.Context(), t, conn, analyze+table)
	}
	return plan{db.Dialect, explain(t.Context(), t, conn, command+all[0].Text, all[0].Args...)}
}

// What an instance keeps in memory of a space is right by its next request, whichever instance has changed it.
func TestAnotherInstanceSeesThatSearchesHaveChanged(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		one, other := enttest.Open(t, url), enttest.Open(t, url)
		defer closeStore(t, one)
		defer closeStore(t, other)
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		must(t, one.Users().Add(t.Context(), domain.NewOwner(now)))
		s, _ := domain.NewSession(domain.OwnerID, "", now)
		must(t, one.Sessions().Add(t.Context(), s))
		seen := map[string]bool{}
		wantNew := func(drafts int) {
			t.Helper()
			_, m, err := other.Sessions().Admit(t.Context(), s.Token)
			must(t, err)
			if seen[m.Beside.Searches] || m.Beside.Drafts != drafts {
				t.Errorf("got %+v after the versions %v, with %d drafts", m.Beside, seen, drafts)
			}
			seen[m.Beside.Searches] = true
		}
		wantNew(0)
		search, err := domain.NewSavedSearch("plans", "plan", now)
		must(t, err)
		must(t, one.Searches(owner).Add(t.Context(), search))
		wantNew(0)
		d := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "typed"}, Saved: now}
		must(t, one.Drafts(owner).Put(t.Context(), d))
		search.ID = domain.NewID()
		must(t, one.Searches(owner).Add(t.Context(), search))
		wantNew(1)
		must(t, one.Sessions().Remove(t.Context(), s.Token))
		_, _, err = other.Sessions().Admit(t.Context(), s.Token)
		if !errors.Is(err, domain.NotFound) {
			t.Errorf("a session that has ended lets its user in: %v", err)
		}
	})
}
