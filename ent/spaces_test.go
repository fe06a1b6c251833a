package ent_test

import (
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
		all, err := ent.Recorded(store, func(repos domain.Repos) error {
			_, err := repos.Spaces().Membership(t.Context(), domain.OwnerID, domain.OwnerID)
			return err
		})
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
		dialect := map[string]struct {
			prepare []string
			explain string
			wants   []string
		}{
			"sqlite3":  {nil, "EXPLAIN QUERY PLAN ", []string{"members_of_space", "(space_id=? AND user_id=?)"}},
			"postgres": {[]string{"SET enable_seqscan = off", "ANALYZE memberships"}, "EXPLAIN ", []string{"Index Scan using members_of_space"}},
			"mysql":    {[]string{"ANALYZE TABLE memberships"}, "EXPLAIN FORMAT=JSON ", []string{`"members_of_space"`, `"access_type": "const"`}},
		}[db.Dialect]
		for _, statement := range dialect.prepare {
			explain(t.Context(), t, conn, statement)
		}
		plan := explain(t.Context(), t, conn, dialect.explain+all[0].Text, all[0].Args...)
		for _, want := range dialect.wants {
			if !strings.Contains(plan, want) {
				t.Errorf("the plan lacks %q:\n%s", want, plan)
			}
		}
	})
}
