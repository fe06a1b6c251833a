package domain

import (
	"errors"
	"slices"
	"testing"
)

func TestAnInvitationNamesSpacesOfWhoeverOwnsThem(t *testing.T) {
	owned, edited := SharedSpace{Space{ID: "owned"}, RoleOwner}, SharedSpace{Space{ID: "edited"}, RoleEditor}
	shared := []SharedSpace{edited, owned, {Space{ID: "other"}, RoleOwner}}
	for what, c := range map[string]struct {
		joins []Join
		want  error
	}{
		"none":               {nil, nil},
		"two":                {[]Join{{"owned", RoleReader}, {"other", RoleOwner}}, nil},
		"one that is edited": {[]Join{{"owned", RoleReader}, {"edited", RoleReader}}, ErrSpaceNotFound},
		"an unknown one":     {[]Join{{"unknown", RoleReader}}, ErrSpaceNotFound},
		"no role":            {[]Join{{"owned", "admin"}}, Invalid},
		"one twice":          {[]Join{{"owned", RoleReader}, {"owned", RoleOwner}}, Invalid},
	} {
		if err := CheckJoins(shared, c.joins); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", what, err, c.want)
		}
	}
}

func TestTheSpacesOfAnInvitationComeBackAsTheyWere(t *testing.T) {
	joins := []Join{{NewID(), RoleOwner}, {NewID(), RoleReader}}
	if got := ParseJoins(JoinsText(joins)); !slices.Equal(got, joins) {
		t.Errorf("got %v, want %v", got, joins)
	}
	if got := ParseJoins("space god\n"); len(got) > 0 || JoinsText(nil) != "" {
		t.Errorf("got %v", got)
	}
}
