package schema

import (
	"testing"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
)

func TestAConditionIsAboutOneSpaceWhereItCannotBeTrueInAnother(t *testing.T) {
	space := func(s *sql.Selector) *sql.Predicate { return sql.EQ(s.C("space_id"), "one") }
	other := func(s *sql.Selector) *sql.Predicate { return sql.GT(s.C("title"), "a") }
	inner := func(s *sql.Selector) *sql.Selector {
		t := sql.Dialect(s.Dialect()).Table("notes").As("n")
		return sql.Dialect(s.Dialect()).Select().From(t).Where(sql.EQ(t.C("space_id"), "one"))
	}
	for name, test := range map[string]struct {
		condition func(*sql.Selector) *sql.Predicate
		bound     bool
	}{
		"the space":               {space, true},
		"the space and more":      {func(s *sql.Selector) *sql.Predicate { return sql.And(space(s), other(s)) }, true},
		"more and the space":      {func(s *sql.Selector) *sql.Predicate { return sql.And(sql.And(other(s), space(s)), other(s)) }, true},
		"the space, unindexed":    {func(s *sql.Selector) *sql.Predicate { return sql.And(other(s), isTrue(space(s))) }, true},
		"one of some, and it":     {func(s *sql.Selector) *sql.Predicate { return sql.And(sql.Or(other(s), other(s)), space(s)) }, true},
		"something else":          {other, false},
		"the space or more":       {func(s *sql.Selector) *sql.Predicate { return sql.Or(space(s), other(s)) }, false},
		"more, and it or more":    {func(s *sql.Selector) *sql.Predicate { return sql.And(other(s), sql.Or(space(s), other(s))) }, false},
		"another space":           {func(s *sql.Selector) *sql.Predicate { return sql.Not(space(s)) }, false},
		"all other spaces":        {func(s *sql.Selector) *sql.Predicate { return sql.NEQ(s.C("space_id"), "one") }, false},
		"two spaces":              {func(s *sql.Selector) *sql.Predicate { return sql.In(s.C("space_id"), "one", "two") }, false},
		"a column":                {func(s *sql.Selector) *sql.Predicate { return sql.ColumnsEQ(s.C("space_id"), s.C("id")) }, false},
		"others in the space":     {func(s *sql.Selector) *sql.Predicate { return sql.Exists(inner(s)) }, false},
		"a value that looks so":   {func(s *sql.Selector) *sql.Predicate { return sql.EQ(s.C("title"), s.C("space_id")+" = ?") }, false},
		"a literal that looks so": {func(s *sql.Selector) *sql.Predicate { return sql.ExprP("title = ' AND " + s.C("space_id") + " = ?'") }, false},
		"brackets that look so": {func(s *sql.Selector) *sql.Predicate {
			return sql.ExprP("(1) = (2 AND " + s.C("space_id") + " = ? AND 3)")
		}, false},
	} {
		for _, d := range []string{dialect.SQLite, dialect.Postgres, dialect.MySQL} {
			s := sql.Dialect(d).Select().From(sql.Dialect(d).Table("notes"))
			if s.Where(test.condition(s)); isBound(s, "space_id") != test.bound {
				query, _ := s.Query()
				t.Errorf("%s, %s: taken as bound: %t\n%s", name, d, !test.bound, query)
			}
		}
	}
}

func isTrue(p *sql.Predicate) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.Wrap(func(b *sql.Builder) { b.Join(p) }).WriteString(" IS TRUE")
	})
}
