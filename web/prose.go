package web

import (
	"html"
	"regexp"
	"strings"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
	"octavo/web/markdown"
)

// leastContents is with how many headings a note has a table of contents.
const leastContents = 4

// prose is the rendered text of a note.
type prose struct {
	titleID  string // by which links lead to it
	title    string // the line that says the title, rendered; "" when the title is shown as it is
	text     views.Text
	headings []views.Heading
	tasks    bool // there are boxes
}

// proseOf renders what a note's page shows below the title. targets tells where its links lead. Boxes can be ticked where
// live.
func proseOf(t *lang.Language, base views.Base, n domain.Note, targets app.Targets, live bool) prose {
	o := markdown.Options{Base: string(base), From: len(n.Content) - len(n.Body()), Tasks: live, Under: 1, Language: t}
	if line, ok := n.TitleLine(); ok {
		o.Title = line
	}
	doc := markdown.Render(n.Content, o)
	p := prose{titleID: doc.TitleID}
	p.text.FrontMatter, p.text.Properties = properties(base, n.Content, targets.Titles)
	p.title, p.text.HTML = doc.Parts(func(link markdown.Link) (to markdown.Target, exists bool) {
		if link.File != "" {
			f, exists := targets.Files[domain.FileHash(link.File)]
			return fileTarget(f), exists
		}
		t, exists := targets.Titles[link.Title]
		switch {
		case t.File.Hash != "" && (link.Embed || t.Note.ID == ""):
			to = fileTarget(t.File)
		case exists:
			to = markdown.Target{URL: base.Note(string(t.Note.ID)), Title: t.Note.Title, Excerpt: t.Note.Excerpt}
		}
		return to, exists
	})
	if p.title == html.EscapeString(n.Title) {
		p.title = ""
	}
	if base != "" {
		p.title, p.text.HTML = based(base, p.title), based(base, p.text.HTML)
	}
	p.text.HTML, p.tasks = withTaskIDs(p.text.HTML)
	highest := 6
	for _, h := range doc.Headings {
		highest = min(highest, h.Level)
	}
	for _, h := range doc.Headings {
		p.headings = append(p.headings, views.Heading{Level: h.Level - highest + 1, Text: h.Text, ID: h.ID})
	}
	return p
}

func fileTarget(f domain.File) markdown.Target {
	return markdown.Target{URL: f.Path(), Picture: f.Inline(), Width: f.Width, Height: f.Height}
}

// based puts the base path before the addresses of files. Nothing but an attribute has an unescaped quote.
func based(base views.Base, html string) string {
	for _, attribute := range []string{`src="`, `href="`} {
		html = strings.ReplaceAll(html, attribute+route.Files()+"/", attribute+base.Files()+"/")
	}
	return html
}

// taskButton is a box that can be ticked.
var taskButton = regexp.MustCompile(`<button form="tasks" name="task" value="([0-9]+)"`)

// withTaskIDs gives each box that can be ticked an id, so that the answer can lead back to it, and reports whether there are
// any.
func withTaskIDs(html string) (string, bool) {
	if !strings.Contains(html, `<button form="tasks"`) {
		return html, false
	}
	return taskButton.ReplaceAllString(html, `<button id="`+taskID+`$1" form="tasks" name="task" value="$1"`), true
}

// taskID is what the id of a box begins with. No heading has one with a colon.
const taskID = "note-task:"

// contents returns the table of contents, if there is enough for one.
func (p prose) contents() []views.Heading {
	if len(p.headings) < leastContents {
		return nil
	}
	return p.headings
}
