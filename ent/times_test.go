package ent_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/enttest"
)

// timesOfAllKinds are times that all databases know: the earliest, around 1970, today, and the latest.
var timesOfAllKinds = []time.Time{
	{},
	time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC),
	time.Date(1000, 2, 3, 4, 5, 6, 7000, time.UTC),
	time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
	time.Unix(0, 0).UTC(),
	time.Date(2026, 5, 12, 20, 15, 0, 123_456_000, time.UTC),
	time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
}

func TestTimesComeBackAsTheyWent(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		if strings.HasPrefix(url, "postgres") { // sessions begin with the time and the dates of another place
			execute(t, url, `DO $$ BEGIN
				EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'Asia/Kolkata');
				EXECUTE format('ALTER DATABASE %I SET datestyle = %L', current_database(), 'German');
			END $$`)
		}
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(timesOfAllKinds[5])))
		abroad := time.FixedZone("", 5*60*60)
		for _, want := range timesOfAllKinds {
			r := domain.Record{ID: domain.NewID(), Title: "A record", Created: want.Add(999).In(abroad), Updated: want}
			must(t, store.Records(owner).Add(t.Context(), r))
			got, err := store.Records(owner).Get(t.Context(), r.ID)
			must(t, err)
			if got.Created != want || got.Updated != want {
				t.Errorf("got %v and %v, want %v", got.Created, got.Updated, want)
			}
			n := domain.Note{ID: domain.NewID(), NoteFields: domain.NoteFields{Title: "A note"}, State: domain.Active, Created: want, Updated: want, Moved: want, Version: 1}
			must(t, store.Notes(owner).Add(t.Context(), n))
			found, err := store.Index(owner.Read()).Search(t.Context(), query.Parse("note"), nil, 1) // the last updated comes first
			must(t, err)
			if len(found) != 1 || found[0].Created != want || found[0].Updated != want || found[0].Moved != want {
				t.Errorf("found %+v, want the times %v", found, want)
			}
		}
	})
}

func TestTimesAreReadByTheDatabasesOwnFunctions(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(timesOfAllKinds[5])))
		show := map[bool]string{
			strings.HasPrefix(url, "sqlite"):   "SELECT datetime(created_at) FROM users",
			strings.HasPrefix(url, "postgres"): "SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM users",
			strings.HasPrefix(url, "mysql"):    "SELECT DATE_FORMAT(created_at, '%Y-%m-%d %H:%i:%s') FROM users",
		}[true]
		if shown := enttest.Query(t, url, show); fmt.Sprint(shown) != "[2026-05-12 20:15:00]" {
			t.Errorf("the database shows %s", shown)
		}

		// Somebody else adds a row, in a session that has the time of another place.
		session := map[bool]string{
			strings.HasPrefix(url, "postgres"): "SET timezone = 'Asia/Kolkata';",
			strings.HasPrefix(url, "mysql"):    "SET time_zone = '+05:30';",
		}[true]
		id, before := domain.NewID(), time.Now().Add(-time.Minute)
		enttest.Run(t, url, fmt.Sprintf("%s INSERT INTO users (id, name) VALUES ('%s', 'Another');", session, id))
		user, err := store.Users().Get(t.Context(), id)
		must(t, err)
		if user.Created.Before(before) || user.Created.After(time.Now().Add(time.Minute)) {
			t.Errorf("the database takes %v for the present", user.Created)
		}
	})
}

func TestTimesThatNoDatabaseKnowsCanBeAskedFor(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		features, store := openFeatures(t, create(t))
		n, err := features.Notes().Create(t.Context(), owner, domain.NoteDraft{Title: "A note", Tags: []domain.Tag{"a"}})
		must(t, err)
		for text, want := range map[string]int{
			"created:1000": 0, "created:>=1000": 1, "created:<9999": 1, "created:<=9999": 1, "updated:>9999": 0, "created:1000..9999": 1,
		} {
			found, err := store.Index(owner.Read()).Search(t.Context(), query.Parse(text), nil, 10)
			must(t, err)
			if len(found) != want {
				t.Errorf("%s finds %d notes, want %d", text, len(found), want)
			}
		}
		for micros, want := range map[int64]int{math.MinInt64: 0, math.MaxInt64: 1} {
			at := time.UnixMicro(micros)
			for _, tag := range []string{"", "a"} {
				list, err := store.Notes(owner).List(t.Context(), domain.NoteFilter{State: domain.Active, Tag: tag},
					&domain.NoteCursor{State: domain.Active, Time: at, ID: n.ID}, 10)
				must(t, err)
				if len(list) != want {
					t.Errorf("%d notes are listed after %v, want %d", len(list), at, want)
				}
			}
			found, err := store.Index(owner.Read()).Search(t.Context(), query.Parse("note"), &domain.SearchCursor{Updated: at, ID: n.ID}, 10)
			must(t, err)
			if len(found) != want {
				t.Errorf("%d notes are found after %v, want %d", len(found), at, want)
			}
		}
	})
}

// timesSince is the migration that made times of numbers.
const timesSince = 16

func TestNumbersBecomeTimesToTheMicrosecond(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		makeVersion(t, url, timesSince-1)
		want := map[string]string{}
		for _, at := range timesOfAllKinds[1:] {
			id, micros := string(domain.NewID()), fmt.Sprint(at.UnixMicro())
			want[id] = micros
			execute(t, url, fmt.Sprintf("INSERT INTO users (id, name, created_at) VALUES ('%s', 'Somebody', %s)", id, micros))
		}
		never := time.Time{}.UnixMicro()
		execute(t, url, fmt.Sprintf("INSERT INTO trusts (name, seen_at, believed_at, next_at, ran) VALUES ('clock', 1, %d, 2, 3)", never))
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		for _, row := range enttest.Rows(t, url)["users"] {
			if row["created_at"] != want[row["id"]] {
				t.Errorf("%s became %s", want[row["id"]], row["created_at"])
			}
			delete(want, row["id"])
		}
		if len(want) > 0 {
			t.Errorf("%d users are missing", len(want))
		}
		trust, err := store.Housekeeping().Trust(t.Context())
		must(t, err)
		if trust != (domain.Trust{Seen: time.UnixMicro(1).UTC(), Next: time.UnixMicro(2).UTC(), Ran: 3 * time.Microsecond}) {
			t.Errorf("the trust became %+v", trust)
		}
	})
}
