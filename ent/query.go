package ent

import (
	"context"
	"errors"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen/note"
	"octavo/ent/gen/space"
	"octavo/ent/schema"
)

// What the repositories' queries have in common and Ent has no words for.

// locked has the rows that a query finds stay as they are until the transaction ends, if there is one. In SQLite they do
// by themselves: a transaction is the only writer from its beginning.
func locked[Q interface {
	ForUpdate(opts ...entsql.LockOption) Q
}](r repos, query Q) Q {
	if !r.locks() {
		return query
	}
	return query.ForUpdate()
}

// locks reports whether a query has to ask for rows to stay as they are.
func (r repos) locks() bool { return r.within && r.text.dialect != dialect.SQLite }

// lockSpace has a space stay as it is until the transaction ends, if it is there.
func (r repos) lockSpace(ctx context.Context, id string) error {
	_, err := locked(r, r.read.Space.Query().Where(space.ID(id))).IDs(ctx)
	return r.failure(ctx, err)
}

// anyOf says that a field is one of some texts. PostgreSQL is given all of them as one: its statement, and so its plan, is
// the same for any number, and it finds rows by the field's index. Of a list it might think that reading all rows of a
// space takes less.
func anyOf[P ~func(*entsql.Selector)](field string, keys []string) P {
	return func(s *entsql.Selector) {
		if s.Dialect() != dialect.Postgres {
			s.Where(entsql.In(s.C(field), anys(keys)...))
			return
		}
		array := "text[]"
		if field == "id" || strings.HasSuffix(field, "_id") {
			array = "uuid[]"
		}
		s.Where(entsql.P(func(b *entsql.Builder) {
			b.Ident(s.C(field)).WriteOp(entsql.OpEQ).WriteString("ANY")
			b.Wrap(func(b *entsql.Builder) {
				b.WriteString("CAST(CAST(").Arg(keys).WriteString(" AS text[]) AS " + array + ")")
			})
		}))
	}
}

// inSpace says which space a row is in, in words that an index can't be asked: as long as PostgreSQL knows nothing of a
// table it believes that spaces have few rows each, and would rather read all of a space than those with some ids.
func inSpace[P ~func(*entsql.Selector)](field, space string) P {
	return func(s *entsql.Selector) {
		s.Where(entsql.P(func(b *entsql.Builder) {
			b.Wrap(func(b *entsql.Builder) { b.Ident(s.C(field)).WriteOp(entsql.OpEQ).Arg(space) }).WriteString(" IS TRUE")
		}))
	}
}

// ascending sorts by some fields, the lowest first.
func ascending[O ~func(*entsql.Selector)](fields ...string) O {
	return func(s *entsql.Selector) {
		for _, field := range fields {
			s.OrderBy(s.C(field))
		}
	}
}

// descending sorts by some fields, the highest first.
func descending[O ~func(*entsql.Selector)](fields ...string) O {
	return func(s *entsql.Selector) {
		for _, field := range fields {
			s.OrderBy(entsql.Desc(s.C(field)))
		}
	}
}

// afterCursor says that rows come after a cursor's place in the order of ascending or of descending. MySQL compares rows
// without an index, so for it they are taken apart.
func afterCursor[P ~func(*entsql.Selector)](fields []string, isAscending bool, place []any) P {
	return func(s *entsql.Selector) {
		columns := make([]string, len(fields))
		for i, field := range fields {
			columns[i] = s.C(field)
		}
		beyond, allBeyond := entsql.LT, entsql.CompositeLT
		if isAscending {
			beyond, allBeyond = entsql.GT, entsql.CompositeGT
		}
		if s.Dialect() != dialect.MySQL {
			s.Where(allBeyond(columns, place...))
			return
		}
		last := len(columns) - 1
		apart := beyond(columns[last], place[last])
		for i := last - 1; i >= 0; i-- {
			apart = entsql.Or(beyond(columns[i], place[i]), entsql.And(entsql.EQ(columns[i], place[i]), apart))
		}
		s.Where(apart)
	}
}

// forceIndex has MySQL read a query's table along an index. It knows nothing of the limit when it guesses what an index is
// worth: left alone it reads all pages before the one that is asked for. What names the table's columns, by now or by
// ascending and descending, has to come before it.
func forceIndex(index string) func(*entsql.Selector) {
	return func(s *entsql.Selector) {
		if s.Dialect() == dialect.MySQL {
			s.From(entsql.Table(s.TableName() + " FORCE INDEX (" + index + ")"))
		}
	}
}

// insert inserts rows of values of some columns, a piece of them at a time. Ent's CreateBulk asks for the number that each
// row gets, which takes some 30 µs of CPU more for each, and nearly each save has some. That one of them is there already may
// be told later.
func (r repos) insert(ctx context.Context, table string, columns []string, rows [][]any, onConflict ...entsql.ConflictOption) error {
	if !slices.Contains(columns, note.FieldSpaceID) { // which Ent's client asks for, around which this goes
		return &schema.UnboundError{Entity: table, Column: note.FieldSpaceID}
	}
	for piece := range inPieces(rows, sizeOf) {
		insertion := entsql.Dialect(r.text.dialect).Insert(table).Columns(columns...)
		for _, row := range piece {
			insertion.Values(row...)
		}
		if len(onConflict) > 0 {
			insertion.OnConflict(onConflict...)
		}
		statement, args := insertion.Query()
		if err := r.later(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes those rows of a table that are in the space, and that some conditions find. Ent's own deletions, of which
// most saves had three, run hooks that look for the space among their conditions. Here it always is.
func (r notes) remove(ctx context.Context, table string, where ...func(*entsql.Selector)) error {
	s := entsql.Dialect(r.text.dialect).Select().From(entsql.Table(table))
	inSpace[func(*entsql.Selector)](note.FieldSpaceID, r.space)(s)
	for _, condition := range where {
		condition(s)
	}
	statement, args := entsql.Dialect(r.text.dialect).Delete(table).FromSelect(s).Query()
	return r.later(ctx, statement, args...)
}

// orReplace has an insertion change some columns of the rows that are there, which a unique column tells.
func orReplace(unique []string, columns ...string) []entsql.ConflictOption {
	return []entsql.ConflictOption{entsql.ConflictColumns(unique...), entsql.ResolveWith(func(u *entsql.UpdateSet) {
		for _, column := range columns {
			u.SetExcluded(column)
		}
	})}
}

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// listFailure is failure for a list: an id that is none has nothing in it.
func (r repos) listFailure(ctx context.Context, err error) error {
	if err = r.failure(ctx, err); errors.Is(err, domain.NotFound) {
		return nil
	}
	return err
}

// texts returns some ids as they are asked for.
func texts[T ~string](ids []T) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return list
}

// sizeOf returns about how many bytes the texts in a row have.
func sizeOf(row []any) (size int) {
	for _, value := range row {
		switch value := value.(type) {
		case string:
			size += len(value)
		case []string:
			for _, text := range value {
				size += len(text) + 4
			}
		}
	}
	return size
}
