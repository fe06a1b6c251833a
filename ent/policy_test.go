package ent_test

import (
	"context"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	entgo "entgo.io/ent"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/gen"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notelink"
	"octavo/ent/schema"
)

// inNoSpace are the entities that aren't in a space. All others are refused by what isn't about one.
var inNoSpace = []string{"Attempt", "AuditEvent", "Identity", "Invitation", "Lease", "Passkey", "SecondStep", "Session", "Space", "Trust", "UsedTicket", "User"}

func TestWhatIsntAboutOneSpaceIsRefused(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		enttest.Fill(t, url, 2)
		rows := enttest.Rows(t, url)

		for name, client := range entities(store) {
			if slices.Contains(inNoSpace, name) {
				continue
			}
			t.Run(name, func(t *testing.T) {
				column := "space_id"
				if name == "UndoNote" { // found by its undo, which is found by its space
					column = "undo_id"
				}
				key := "id"
				if name == "AccessToken" {
					key = "token_hash"
				}
				some := string(domain.NewID())
				there := func(s *entsql.Selector) { s.Where(entsql.NotNull(s.C(key))) }
				in := func(s *entsql.Selector) { s.Where(entsql.EQ(s.C(column), some)) }
				thereOrIn := func(s *entsql.Selector) {
					s.Where(entsql.Or(entsql.NotNull(s.C(key)), entsql.EQ(s.C(column), some)))
				}
				for _, run := range []struct{ builder, method string }{
					{"Query", "All"},
					{"Query", "IDs"},
					{"Query", "Count"},
					{"Query", "Exist"},
					{"Query", "First"},
					{"Update", "Exec"},
					{"Delete", "Exec"},
				} {
					do := func(ctx context.Context, conditions ...func(*entsql.Selector)) error {
						builder := call(client, run.builder)[0]
						for _, condition := range conditions {
							where := builder.MethodByName("Where")
							where.Call([]reflect.Value{reflect.ValueOf(condition).Convert(where.Type().In(0).Elem())})
						}
						return errorOf(call(builder, run.method, ctx))
					}
					what := run.builder + " " + run.method
					wantUnbound(t, what, do(t.Context()))
					wantUnbound(t, what+" of some", do(t.Context(), there))
					wantUnbound(t, what+" of some, or of one space", do(t.Context(), thereOrIn))
					if run.method != "First" {
						must(t, do(t.Context(), there, in))
						must(t, do(t.Context(), in, there, there))
						must(t, do(schema.AcrossSpaces(t.Context()), in, thereOrIn))
					}
				}
				wantUnbound(t, "creation", errorOf(call(call(client, "Create")[0], "Save", t.Context())))
				wantUnbound(t, "creation", errorOf(call(call(client, "Create")[0], "Save", schema.AcrossSpaces(t.Context()))))
			})
		}
		enttest.WantRows(t, "after all of that", enttest.Rows(t, url), rows)
	})
}

func TestWhatLeadsFromOneSpaceToOthersIsRefused(t *testing.T) {
	store := enttest.Open(t, enttest.InMemory)
	defer closeStore(t, store)
	n := addLinked(t, store, 1)[0]
	notes, id := ent.Client(store).Note, string(n.ID)
	own := note.SpaceID(string(domain.OwnerID))

	_, err := notes.Query().Where(own).WithLinks().All(t.Context())
	wantUnbound(t, "eager loading", err)
	_, err = notes.Query().Where(own).QueryLinks().All(t.Context())
	wantUnbound(t, "an edge", err)
	_, err = notes.Get(t.Context(), id)
	wantUnbound(t, "get", err)
	wantUnbound(t, "update of one", notes.UpdateOneID(id).SetTitle("Taken").Exec(t.Context()))
	wantUnbound(t, "removal of one", notes.DeleteOneID(id).Exec(t.Context()))

	inSpace := func(q *gen.NoteLinkQuery) { q.Where(notelink.SpaceID(string(domain.OwnerID))) }
	row, err := notes.Query().Where(own).WithLinks(inSpace).Only(t.Context())
	must(t, err)
	if row.Title != n.Title || len(row.Edges.Links) == 0 {
		t.Errorf("got %q with %d links", row.Title, len(row.Edges.Links))
	}
	must(t, notes.UpdateOneID(id).Where(own).SetTitle("Own").Exec(t.Context()))
	must(t, notes.DeleteOneID(id).Where(own).Exec(t.Context()))
}

// What is built when a store opens doesn't go through Ent's client.
func TestBuiltStatementsAreAboutOneSpace(t *testing.T) {
	for _, name := range []string{dialect.SQLite, dialect.Postgres, dialect.MySQL} {
		space := entsql.Dialect(name).Table("notes").C("space_id")
		_, column, _ := strings.Cut(space, ".")
		built := ent.Built(name)
		delete(built, "pendingLocked")           // of a table of migrations
		if count := len(built) - 1; count > 11 { // note and noteLocked are the same but for the lock
			t.Errorf("%d statements are built, want 11 at most", count)
		}
		for what, text := range built {
			if what != "session" && what != "token" && !regexp.MustCompile(column+` = (\?|\$)`).MatchString(text) {
				t.Errorf("%s isn't about one space: %s", what, text)
			}
		}
	}
	store := enttest.Open(t, enttest.InMemory)
	defer closeStore(t, store)
	wantUnbound(t, "insertion", ent.Insert(t.Context(), store, "tags", []string{"tag_key", "name", "notes"}, []any{"a", "a", 0}))
}

// What ends with a space or a note can't do without one, so an entity that forgets about the policy is found here.
func TestEachEntityIsInASpaceOrSaidNotToBe(t *testing.T) {
	store := enttest.Open(t, enttest.InMemory)
	defer closeStore(t, store)
	all := entities(store)
	for _, name := range inNoSpace {
		if _, there := all[name]; !there {
			t.Errorf("there is no entity %s", name)
		}
		mutation := call(call(all[name], "Create")[0], "Mutation")[0].Interface().(entgo.Mutation)
		if mutation.SetField("space_id", string(domain.NewID())) == nil {
			t.Errorf("%s has a space", name)
		}
	}
}

// entities returns the generated client of each entity.
func entities(store *ent.Store) map[string]reflect.Value {
	all := map[string]reflect.Value{}
	for field, value := range reflect.ValueOf(ent.Client(store)).Elem().Fields() {
		if field.IsExported() && value.Kind() == reflect.Pointer && value.MethodByName("Query").IsValid() {
			all[field.Name] = value
		}
	}
	return all
}

func call(of reflect.Value, method string, args ...any) []reflect.Value {
	values := make([]reflect.Value, len(args))
	for i, arg := range args {
		values[i] = reflect.ValueOf(arg)
	}
	return of.MethodByName(method).Call(values)
}

func errorOf(results []reflect.Value) error {
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

func wantUnbound(t *testing.T, what string, err error) {
	t.Helper()
	if unbound := (*schema.UnboundError)(nil); !errors.As(err, &unbound) {
		t.Errorf("%s: got error %v, want an UnboundError", what, err)
	}
}
