package code

import (
	"strings"

	"github.com/alecthomas/chroma/v2"
)

// The classes of what has a colour. They are few: a glance should find comments, strings, numbers and keywords.
const (
	keyword  = 'k'
	constant = 'n' // numbers too
	text     = 's'
	comment  = 'c'
	function = 'f' // types that have a name of their own, too
	name     = 'a' // keys, attributes, variables with a mark, and annotations
	head     = 'h'
	inserted = 'i'
	deleted  = 'd'
)

// classes are those of types of tokens, of their sub-categories and of their categories: the closest counts.
var classes = map[chroma.TokenType]byte{
	chroma.Keyword:         keyword,
	chroma.KeywordConstant: constant,
	chroma.OperatorWord:    keyword,

	chroma.NameFunction:      function,
	chroma.NameBuiltin:       function,
	chroma.NameBuiltinPseudo: constant,
	chroma.NameClass:         function,
	chroma.NameException:     function,
	chroma.NameConstant:      constant,
	chroma.NameEntity:        constant,
	chroma.NameTag:           keyword,
	chroma.NameAttribute:     name,
	chroma.NameDecorator:     name,
	chroma.NameLabel:         name,
	chroma.NameProperty:      name,
	chroma.NameVariable:      name,

	chroma.LiteralDate:         constant,
	chroma.LiteralString:       text,
	chroma.LiteralStringSymbol: constant,
	chroma.LiteralNumber:       constant,

	chroma.Comment:            comment,
	chroma.CommentPreproc:     name,
	chroma.CommentPreprocFile: text,

	chroma.GenericHeading:    head,
	chroma.GenericSubheading: head,
	chroma.GenericPrompt:     head,
	chroma.GenericInserted:   inserted,
	chroma.GenericDeleted:    deleted,
}

// peculiar are the classes of types of tokens in languages where they mean something else.
var peculiar = map[string]map[chroma.TokenType]byte{
	"CSS":  {chroma.Keyword: name, chroma.KeywordPseudo: name, chroma.KeywordType: constant}, // properties and units
	"JSON": {chroma.NameTag: name},                                                           // a key
	"TOML": {chroma.NameOther: name},
	"YAML": {chroma.NameTag: name},
}

// classOf returns the class of a token that comes next, or 0.
func (p *painting) classOf(l chroma.Lexer, t chroma.Token) byte {
	if class, ok := peculiar[l.Config().Name][t.Type]; ok {
		return class
	}
	rest := p.code[p.shown:]
	switch {
	case strings.TrimSpace(t.Value) == "": // as a line end within a string, or after one
		if p.class != 0 && p.class == category(t.Type) {
			return p.class
		}
		return 0
	case t.Type == chroma.CommentPreproc && strings.HasPrefix(rest, "//"): // without a blank behind it, in Go
		return comment
	case t.Type == chroma.GenericInserted && strings.HasPrefix(rest, "+++ "), t.Type == chroma.GenericDeleted && strings.HasPrefix(rest, "--- "):
		return head
	case (t.Type == chroma.Name || t.Type == chroma.NameOther) && strings.HasPrefix(rest[min(len(rest), len(t.Value)):], "("):
		return function
	}
	return category(t.Type)
}

// category returns the class of a type of tokens, or 0.
func category(t chroma.TokenType) byte {
	for _, kind := range []chroma.TokenType{t, t.SubCategory(), t.Category()} {
		if class, ok := classes[kind]; ok {
			return class
		}
	}
	return 0
}
