package web

import (
	"strings"

	"octavo/app"
	"octavo/domain/markup"
	"octavo/views"
)

// properties returns the front matter of a content as its page shows it: tags and wiki links in it lead somewhere.
func properties(base views.Base, content string, targets map[string]app.Target) (text string, list []views.Property) {
	front := markup.NewFrontMatter(content)
	tags := map[string]bool{}
	for _, tag := range front.Tags() {
		tags[string(tag)] = true
	}
	for _, p := range front.Properties {
		v := views.Property{Name: p.Name}
		for _, value := range p.Values {
			switch {
			case !p.Tags():
				v.Values = append(v.Values, linked(base, value, targets))
				continue
			case len(p.Values) == 1:
				for _, name := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' }) {
					v.Values = append(v.Values, tagLink(base, name, tags))
				}
			default:
				v.Values = append(v.Values, tagLink(base, value, tags))
			}
		}
		list = append(list, v)
	}
	return front.Text, list
}

// tagLink returns the name of a tag, which leads to its notes if it is one.
func tagLink(base views.Base, name string, tags map[string]bool) []views.Link {
	tag := strings.TrimPrefix(name, "#")
	if !tags[tag] {
		return []views.Link{{Text: name}}
	}
	return []views.Link{{Text: "#" + tag, URL: base.NotesTagged(tag)}}
}

// linked returns a value in parts, of which the wiki links lead somewhere.
func linked(base views.Base, value string, targets map[string]app.Target) (parts []views.Link) {
	done := 0
	for _, link := range markup.WikiLinks(value) {
		t := targets[link.Title]
		address := base.NewNoteTitled(link.Title)
		switch {
		case link.Title == "":
			continue
		case t.Note.ID != "":
			address = base.Note(string(t.Note.ID))
		case t.File.Hash != "":
			address = base.In(t.File.Path())
		}
		parts = append(parts, views.Link{Text: value[done:link.Start]}, views.Link{Text: link.Text(), URL: address})
		done = link.End
	}
	return append(parts, views.Link{Text: value[done:]})
}
