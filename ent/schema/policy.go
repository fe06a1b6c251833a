package schema

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"entgo.io/ent"
	"entgo.io/ent/dialect/sql"

	"octavo/ent/gen/intercept"
)

// What is in a space is read, changed and removed in one space, or deliberately across all of them. Ent runs what stands
// here for each entity whose mixin asks for it, so nobody has to remember it.

type acrossKey struct{}

// AcrossSpaces returns a context in which a query or a change may be about what is in any space, as housekeeping is.
func AcrossSpaces(ctx context.Context) context.Context {
	return context.WithValue(ctx, acrossKey{}, true)
}

func isAcrossSpaces(ctx context.Context) bool { return ctx.Value(acrossKey{}) != nil }

// UnboundError is of a query or a change that may be about what is in several spaces, and isn't by AcrossSpaces. It has
// read and changed nothing.
type UnboundError struct {
	Entity string
	Column string // which it has to ask for by one value, or to set
}

func (e *UnboundError) Error() string {
	return fmt.Sprintf("%s without a condition on %s", e.Entity, e.Column)
}

// readBy refuses queries that don't ask for one value of a column.
func readBy(column string) []ent.Interceptor {
	return []ent.Interceptor{ent.InterceptFunc(func(next ent.Querier) ent.Querier {
		return ent.QuerierFunc(func(ctx context.Context, q ent.Query) (ent.Value, error) {
			query, err := intercept.NewQuery(q)
			if err != nil {
				return nil, err
			}
			if isAcrossSpaces(ctx) {
				return next.Query(ctx, q)
			}
			refused := refuseUnbound(query, column)
			value, err := next.Query(ctx, q)
			if *refused {
				return nil, &UnboundError{query.Type(), column}
			}
			return value, err
		})
	})}
}

// changedBy refuses changes and removals that aren't about one value of a column, and creations without one.
func changedBy(column string) []ent.Hook {
	return []ent.Hook{func(next ent.Mutator) ent.Mutator {
		return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
			unbound := &UnboundError{m.Type(), column}
			if m.Op().Is(ent.OpCreate) {
				if _, set := m.Field(column); !set {
					return nil, unbound
				}
				return next.Mutate(ctx, m)
			}
			if isAcrossSpaces(ctx) {
				return next.Mutate(ctx, m)
			}
			change, ok := m.(conditional)
			if !ok {
				return nil, unbound
			}
			refused := refuseUnbound(change, column)
			value, err := next.Mutate(ctx, m)
			if *refused {
				return nil, unbound
			}
			return value, err
		})
	}}
}

// conditional is a query or a change of the rows that meet its conditions.
type conditional interface {
	WhereP(conditions ...func(*sql.Selector))
}

// refuseUnbound has a query or a change be about no row unless it is about those alone that have one value in a column.
// Once it has been run, refused tells that it wasn't. An error of a condition itself wouldn't do: Ent deletes in spite of
// it, and looks for ids.
func refuseUnbound(c conditional, column string) (refused *bool) {
	refused = new(bool)
	c.WhereP(func(s *sql.Selector) {
		if !isBound(s, column) {
			*refused = true
			s.Where(sql.False())
		}
	})
	return refused
}

// isBound reports whether a statement is about rows alone that have one given value in a column. Of a condition Ent tells
// its text only; values aren't part of that.
func isBound(s *sql.Selector, column string) bool {
	if s.P() == nil {
		return false
	}
	s.P().SetDialect(s.Dialect())
	where, _ := s.P().Query()
	for _, part := range conjuncts(where) {
		part = strings.TrimSuffix(strings.TrimPrefix(part, "("), ") IS TRUE")
		value, ok := strings.CutPrefix(part, s.C(column)+" = ")
		if ok && (value == "?" || strings.HasPrefix(value, "$")) {
			return true
		}
	}
	return false
}

// conjuncts returns the parts of a condition of which each has to be true.
func conjuncts(where string) (parts []string) {
	const and, or = " AND ", " OR "
	begin, bracketed := 0, strings.HasPrefix(where, "(")
	for i := range outermost(where) {
		bracketed = false
		switch {
		case strings.HasPrefix(where[i:], or):
			return nil
		case strings.HasPrefix(where[i:], and):
			parts = append(parts, conjuncts(where[begin:i])...)
			begin = i + len(and)
		}
	}
	switch {
	case bracketed:
		return conjuncts(where[1 : len(where)-1])
	case begin == 0:
		return []string{where}
	}
	return append(parts, conjuncts(where[begin:])...)
}

// outermost yields the places in a condition that no brackets and no quotes are around.
func outermost(where string) iter.Seq[int] {
	return func(yield func(int) bool) {
		depth, quote := 0, byte(0)
		for i := range len(where) {
			switch c := where[i]; {
			case c == quote:
				quote = 0
			case quote != 0:
			case c == '\'', c == '"', c == '`':
				quote = c
			case c == '(':
				depth++
			case c == ')':
				depth--
			case depth == 0 && !yield(i):
				return
			}
		}
	}
}
