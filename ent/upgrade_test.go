package ent_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/internal/lint"
)

// lintedSince is the first migration that was made by what lints them.
const lintedSince = 11

func TestEachMigrationKeepsEveryRow(t *testing.T) {
	takesLong(t)
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		execute(t, url, "CREATE TABLE octavo_schema (version bigint NOT NULL PRIMARY KEY)")
		for _, m := range migrations(t, url) {
			before, root := enttest.Rows(t, url), rootOfNotes(t, url)
			apply(t, url, m)
			switch m.Version {
			case linksSince:
				joinLinks(before)
			case spacesSince:
				moveIntoSpaces(before)
			case undosOfUsersSince:
				for _, row := range before["undos"] {
					row["user_id"] = row["space_id"]
				}
			}
			enttest.WantRows(t, fmt.Sprintf("%d_%s", m.Version, m.Name), enttest.Rows(t, url), before)
			mayCopy := m.Version < lintedSince || strings.Contains(m.SQL, "new_notes")
			if after := rootOfNotes(t, url); root != after && root != "" && !mayCopy {
				t.Errorf("%d_%s: notes were copied, from page %s to %s", m.Version, m.Name, root, after)
			}
			enttest.Fill(t, url, 2)
		}
		closeStore(t, enttest.Open(t, url))
	})
}

// linksSince is the migration that brought the links with a path to those without one.
const linksSince = 12

func joinLinks(rows map[string]enttest.TableRows) {
	for _, row := range rows["note_links"] {
		row["whole_key"] = ""
	}
	rows["note_links"] = append(rows["note_links"], rows["note_paths"]...)
	delete(rows, "note_paths")
}

// spacesSince is the migration that moved what users owned into spaces, of which each user has one.
const spacesSince = 14

// undosOfUsersSince is the migration that gave each undo to a user.
const undosOfUsersSince = 15

func moveIntoSpaces(rows map[string]enttest.TableRows) {
	for table := range rows {
		for _, row := range rows[table] {
			if owner, owned := row["owner_id"]; owned {
				row["space_id"] = owner
				delete(row, "owner_id")
			}
			if table == "drafts" {
				row["user_id"] = row["space_id"]
			}
		}
	}
	rows["spaces"] = rows["users"]
	for _, user := range rows["users"] {
		rows["memberships"] = append(rows["memberships"], map[string]string{
			"space_id": user["id"], "user_id": user["id"], "role": "owner", "created_at": user["created_at"],
		})
	}
}

func TestMigrationsDoNothingUnbidden(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		for _, m := range migrations(t, create(t)) {
			if findings := lint.Find(m.SQL, nil); m.Version >= lintedSince && len(findings) > 0 {
				t.Errorf("%d_%s: %q", m.Version, m.Name, findings)
			}
		}
	})
}

func TestThePlanDoesWhatUpDoes(t *testing.T) {
	takesLong(t)
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		latest := len(migrations(t, create(t)))
		for _, version := range []int{0, 1, lintedSince - 1, latest - 1} {
			planned, upped := create(t), create(t)
			if version > 0 {
				for _, url := range []string{planned, upped} {
					makeVersion(t, url, version)
				}
				enttest.Fill(t, planned, 2)
				enttest.CopyRows(t, upped, enttest.Rows(t, planned))
			}
			store, err := ent.Open(t.Context(), planned)
			must(t, err)
			plan, err := store.Plan(t.Context())
			must(t, err)
			pipe(t, planned, plan)
			plan, err = store.Plan(t.Context())
			must(t, err)
			if plan != "" {
				t.Errorf("from %d: after the plan there is another: %s", version, plan)
			}
			must(t, store.Migrate(t.Context())) // as a start does
			must(t, store.CheckSchema(t.Context()))
			closeStore(t, store)

			closeStore(t, enttest.Open(t, upped))
			wantSameSchema(t, planned, upped)
			if version > 1 { // what is backfilled of older ones has the time of the start in it
				enttest.WantRows(t, fmt.Sprintf("from %d", version), enttest.Rows(t, planned), enttest.Rows(t, upped))
			}
		}
	})
}

// pipe runs a script as somebody does who pipes it to the database's own client, which SQLite's may be missing.
func pipe(t *testing.T, database, script string) {
	t.Helper()
	u, err := url.Parse(database)
	must(t, err)
	password, _ := u.User.Password()
	var client *exec.Cmd
	switch u.Scheme {
	case "postgres":
		client = exec.CommandContext(t.Context(), "psql", "-q", "-v", "ON_ERROR_STOP=1", database)
	case "mysql":
		client = exec.CommandContext(t.Context(), "mariadb", "-h", u.Hostname(), "-P", u.Port(), "-u", u.User.Username(),
			"--password="+password, strings.TrimPrefix(u.Path, "/"))
	default:
		enttest.Run(t, database, script)
		return
	}
	client.Stdin = strings.NewReader(script)
	if printed, err := client.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", client.Args[0], err, printed)
	}
}

// Each statement breaks once, at the moment at which nobody can tell whether it has been done.
func TestAMigrationThatWasCutShortIsFinishedByTheNextStart(t *testing.T) {
	takesLong(t)
	for name, create := range servers {
		t.Run(name, func(t *testing.T) {
			for _, from := range []int{lintedSince - 1, len(migrations(t, create(t))) - 1} {
				whole, url := create(t), create(t)
				for _, url := range []string{whole, url} {
					makeVersion(t, url, from)
				}
				enttest.Fill(t, whole, 2)
				enttest.CopyRows(t, url, enttest.Rows(t, whole))
				store, err := ent.Open(t.Context(), whole)
				must(t, err)
				plan, err := store.Plan(t.Context())
				must(t, err)
				must(t, store.Migrate(t.Context()))
				closeStore(t, store)

				statements := spread(linesOf(plan, "ALTER TABLE ", "UPDATE ", "INSERT INTO octavo_schema"), 10)
				cut := 0
				for _, text := range statements {
					through, proxy := enttest.Through(t, url)
					store, err := ent.Open(t.Context(), through)
					must(t, err)
					proxy.After(text, proxy.Cut)
					if err := store.Migrate(t.Context()); err != nil {
						cut++
					}
					_ = store.Close()
				}
				if cut < len(statements)-2 {
					t.Errorf("from %d: the migration was cut short %d times", from, cut)
				}
				closeStore(t, enttest.Open(t, url))
				wantSameSchema(t, url, whole)
				enttest.WantRows(t, fmt.Sprintf("from %d", from), enttest.Rows(t, url), enttest.Rows(t, whole))
			}
		})
	}
	t.Run("sqlite", func(t *testing.T) {
		if url := os.Getenv("OCTAVO_TEST_MIGRATES"); url != "" { // this is the process that is to be killed
			closeStore(t, enttest.Open(t, url))
			return
		}
		for _, from := range []int{lintedSince - 1, len(migrations(t, enttest.SQLite(t))) - 1} {
			whole, url := enttest.SQLite(t), enttest.SQLite(t)
			makeVersion(t, whole, from)
			enttest.Fill(t, whole, 500)
			before := filepath.Join(t.TempDir(), "before.db")
			execute(t, whole, "VACUUM INTO '"+before+"'")
			content, err := os.ReadFile(before)
			must(t, err)
			begin := time.Now()
			closeStore(t, enttest.Open(t, whole))
			took := time.Since(begin)
			for i := range 10 {
				must(t, os.WriteFile(strings.TrimPrefix(url, "sqlite:"), content, 0o600))
				ctx, cancel := context.WithTimeout(t.Context(), took*time.Duration(i+1)/8)
				process := exec.CommandContext(ctx, os.Args[0], "-test.run", "^TestAMigrationThatWasCutShort.*$/^sqlite$")
				process.Env = append(os.Environ(), "OCTAVO_TEST_MIGRATES="+url)
				_ = process.Run()
				cancel()
				closeStore(t, enttest.Open(t, url))
				enttest.WantRows(t, fmt.Sprintf("from %d", from), enttest.Rows(t, url), enttest.Rows(t, whole))
				must(t, os.Remove(strings.TrimPrefix(url, "sqlite:")))
			}
		}
	})
}

// linesOf returns the beginnings of the lines of a script that begin so.
func linesOf(script string, beginnings ...string) (found []string) {
	for line := range strings.Lines(script) {
		for _, beginning := range beginnings {
			if strings.HasPrefix(line, beginning) {
				line = strings.TrimSuffix(line, ";\n")
				found = append(found, line[:min(len(line), 60)])
			}
		}
	}
	return found
}

// spread returns n of a list, at equal distances.
func spread(list []string, n int) (some []string) {
	for i := range n {
		some = append(some, list[i*len(list)/n])
	}
	return slices.Compact(some)
}

// rootOfNotes returns the first page of the table on SQLite, and "" elsewhere.
func rootOfNotes(t *testing.T, url string) string {
	t.Helper()
	if !strings.HasPrefix(url, "sqlite:") {
		return ""
	}
	return strings.Join(enttest.Query(t, url, "SELECT rootpage FROM sqlite_schema WHERE name = 'notes'"), "")
}
