package web

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
)

// sharedProse renders what whoever has a link sees of a note. Files that the note shows are at an address; nothing else leads
// into the app or tells of what else is there. What the note says of itself in its front matter isn't part of it.
func sharedProse(t *lang.Language, files string, n app.Shared, live bool) prose {
	p := proseOf(t, "", n.Note, n.Targets, live)
	apart := apart{files: files, of: n}
	p.title, p.text.HTML = apart.rewrite(p.title), apart.rewrite(p.text.HTML)
	return p
}

// apart has a text stand apart from the app.
type apart struct {
	files string
	of    app.Shared
}

// rewrite returns HTML as the renderer writes it with its links and pictures leading to other sites, to places in the text and to
// the files of the note. What leads elsewhere is left as its words.
func (a apart) rewrite(text string) string {
	if !strings.Contains(text, "<a ") && !strings.Contains(text, "<img ") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	dropped := false // within a link that leads nowhere; there is none within another
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		kind := z.Next()
		if kind == html.ErrorToken { // the end
			return b.String()
		}
		raw := string(z.Raw()) // before Token, which overwrites it
		switch token := z.Token(); {
		case token.DataAtom == atom.A && kind == html.StartTagToken:
			to, ok := a.address(token, "href")
			if dropped = !ok; ok {
				b.WriteString(to)
			}
		case token.DataAtom == atom.A && kind == html.EndTagToken && dropped:
			dropped = false
		case token.DataAtom == atom.Img:
			if to, ok := a.address(token, "src"); ok {
				b.WriteString(to)
			} else {
				b.WriteString(html.EscapeString(attribute(token, "alt")))
			}
		default:
			b.WriteString(raw)
		}
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// address returns a tag with the address in one of its attributes as it is here, and reports whether that leads anywhere.
func (a apart) address(t html.Token, name string) (tag string, ok bool) {
	for i := range t.Attr {
		if t.Attr[i].Key != name {
			continue
		}
		u, err := url.Parse(t.Attr[i].Val)
		if err != nil {
			return "", false
		}
		path, isFile := strings.CutPrefix(u.Path, route.Files()+"/")
		switch {
		case t.DataAtom == atom.A && (u.Scheme != "" || u.Host != ""),
			t.DataAtom == atom.A && u.Path == "" && u.RawQuery == "" && u.Fragment != "":
			return t.String(), true
		case isFile:
			hash, _, _ := strings.Cut(path, "/")
			if known, ok := domain.ParseFileHash(hash); ok && a.of.Shows(known) {
				t.Attr[i].Val = a.files + strings.TrimPrefix(u.EscapedPath(), route.Files())
				return t.String(), true
			}
		}
		return "", false
	}
	return "", false
}
