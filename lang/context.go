package lang

import (
	"context"
	"iter"

	"octavo/domain"
)

type contextKey struct{}

// With returns a context in which texts are those of a language.
func With(ctx context.Context, l *Language) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// From returns the language of a context: English unless With has put another one there.
func From(ctx context.Context) *Language {
	if l, ok := ctx.Value(contextKey{}).(*Language); ok {
		return l
	}
	return English()
}

// T returns the text with a code in the language of a context. The arguments are names and values.
func T(ctx context.Context, code domain.Code, args ...any) string {
	return From(ctx).Text(code, args...)
}

// Say returns what a message says, in the language of a context.
func Say(ctx context.Context, m domain.Message) string { return From(ctx).Say(m) }

// Parts returns the pieces of a text that has more than words in it, in the language of a context, as Language.Parts does.
func Parts(ctx context.Context, code domain.Code, args ...any) iter.Seq[any] {
	return From(ctx).Parts(code, args...)
}

// Script returns what a script says, in the language of a context, as Language.Script does.
func Script(ctx context.Context, name string) string { return From(ctx).Script(name) }
