package domaintest

import (
	"slices"
	"testing"
	"time"

	"octavo/domain"
)

func secondStepLifecycle(t *testing.T, f *fixture) {
	want := func(user domain.ID, want domain.SecondStep) {
		t.Helper()
		got, err := f.SecondSteps().Get(f.ctx, user)
		must(t, err)
		wantEqual(t, got, want)
	}
	alice := domain.SecondStep{User: f.alice.User(), Secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Used: 1 << 40, Since: f.now}
	want(alice.User, domain.SecondStep{})
	alice.Renew()
	must(t, f.SecondSteps().Put(f.ctx, alice))
	want(alice.User, alice)
	want(f.bob.User(), domain.SecondStep{})

	stored := alice
	stored.Recovery = slices.Clone(alice.Recovery)
	alice.Recovery[0] = "changed by whoever has stored it"
	want(alice.User, stored)
	for _, changed := range []domain.SecondStep{
		{User: alice.User, Secret: stored.Secret, Used: stored.Used + 1, Since: f.now.Add(time.Hour)},
		stored,
	} {
		must(t, f.SecondSteps().Put(f.ctx, changed))
		want(alice.User, changed)
	}
	wantKind(t, f.SecondSteps().Put(f.ctx, domain.SecondStep{User: domain.NewID(), Secret: stored.Secret, Since: f.now}), domain.NotFound)

	must(t, f.SecondSteps().Remove(f.ctx, f.bob.User()))
	must(t, f.SecondSteps().Remove(f.ctx, alice.User))
	must(t, f.SecondSteps().Remove(f.ctx, alice.User))
	want(alice.User, domain.SecondStep{})
}
