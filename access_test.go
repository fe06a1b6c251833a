package main

import (
	"testing"
)

// TestOnlyStoresSayWhoIsAMember finds each use of what makes a domain.Membership, and so gives access to a space.
func TestOnlyStoresSayWhoIsAMember(t *testing.T) {
	stores := []string{"octavo/ent", "octavo/memory", "octavo/domain/domaintest"}
	for _, p := range loadProgram(t) {
		for name, used := range p.TypesInfo.Uses {
			if used.Name() == "NewMembership" && used.Pkg() != nil && used.Pkg().Path() == "octavo/domain" && !below(p.PkgPath, stores) {
				t.Errorf("%s: %s is for stores", p.Fset.Position(name.Pos()), name)
			}
		}
	}
}
