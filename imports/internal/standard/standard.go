// Package standard reads the decrypted backups of Standard Notes.
package standard

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
)

type item struct {
	UUID    string          `json:"uuid"`
	Type    string          `json:"content_type"`
	Created time.Time       `json:"created_at"`
	Updated time.Time       `json:"updated_at"`
	Deleted bool            `json:"deleted"`
	Content json.RawMessage `json:"content"`
}

type content struct {
	Title      string      `json:"title"`
	Text       string      `json:"text"`
	NoteType   string      `json:"noteType"`
	Editor     string      `json:"editorIdentifier"`
	Trashed    bool        `json:"trashed"`
	References []reference `json:"references"`
	AppData    struct {
		Notes struct {
			Pinned   bool      `json:"pinned"`
			Archived bool      `json:"archived"`
			Updated  time.Time `json:"client_updated_at"`
		} `json:"org.standardnotes.sn"`
	} `json:"appData"`
}

type reference struct {
	UUID string `json:"uuid"`
	Kind string `json:"reference_type"`
}

// find returns the file of all items, or nil.
func find(t *tree.Tree) *tree.File {
	for _, f := range t.Files {
		if !f.Begins('{') {
			continue
		}
		head := f.Head(64 << 10)
		if bytes.Contains(head, []byte(`"items"`)) && bytes.Contains(head, []byte(`"content_type"`)) && bytes.Contains(head, []byte(`"uuid"`)) {
			return f
		}
	}
	return nil
}

// Detect reports whether there is a backup in the tree.
func Detect(t *tree.Tree) bool { return find(t) != nil }

type tag struct{ title, parent string }

type backup struct {
	file   *tree.File
	tags   map[string]tag
	tagged map[string][]string // ids of tags by ids of notes
	notes  map[string]bool
	seen   map[string]bool
	secret bool // something is encrypted
}

// Read puts out the notes of a tree: the file is read once for tags, and once more for notes.
func Read(t *tree.Tree, out *tree.Out) error {
	b := backup{file: find(t), tags: map[string]tag{}, tagged: map[string][]string{}, notes: map[string]bool{}, seen: map[string]bool{}}
	if err := b.items(b.index); err != nil {
		return out.Broken(b.file.Path, err)
	}
	if err := b.items(func(i item, c content) error { return b.put(i, c, out) }); err != nil {
		return out.Broken(b.file.Path, err)
	}
	if b.secret {
		if err := out.Lose(b.file.Path, "import.standard_encrypted"); err != nil {
			return err
		}
	}
	for _, f := range t.Files {
		if f != b.file && !strings.HasPrefix(f.Path, "Items/") { // which has the same once more
			if err := out.Lose(f.Path, "import.file_unused"); err != nil {
				return err
			}
		}
	}
	return nil
}

// items calls each with every item that isn't encrypted.
func (b *backup) items(each func(item, content) error) error {
	r, err := b.file.Open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	return text.Values(r, []string{"items"}, func(_ string, value json.RawMessage) error {
		var i item
		var c content
		switch err := json.Unmarshal(value, &i); {
		case err != nil || i.Deleted || i.UUID == "":
			return nil
		case bytes.HasPrefix(i.Content, []byte(`"`)):
			b.secret = b.secret || i.Type == "Note" || strings.HasPrefix(string(i.Content), `"00`)
			return nil
		}
		if json.Unmarshal(i.Content, &c) != nil {
			if i.Type == "Note" {
				c = content{NoteType: "broken"}
			} else {
				return nil
			}
		}
		return each(i, c)
	})
}

func (b *backup) index(i item, c content) error {
	switch i.Type {
	case "Note":
		b.notes[i.UUID] = true
	case "Tag":
		t := tag{title: c.Title}
		for _, r := range c.References {
			if r.Kind == "TagToParentTag" {
				t.parent = r.UUID
			} else {
				b.tagged[r.UUID] = append(b.tagged[r.UUID], i.UUID)
			}
		}
		b.tags[i.UUID] = t
	}
	return nil
}

// path returns the name of a tag with those that it is in.
func (b *backup) path(id string) string {
	const deepest = 20
	var names []string
	for range deepest {
		t, ok := b.tags[id]
		if !ok {
			break
		}
		names = append([]string{t.title}, names...)
		id = t.parent
	}
	return strings.Join(names, "/")
}

func (b *backup) put(i item, c content, out *tree.Out) error {
	if i.Type != "Note" || b.seen[i.UUID] {
		return nil
	}
	b.seen[i.UUID] = true
	if c.NoteType == "broken" {
		return out.Lose(b.file.Path, "import.unreadable")
	}
	n := domain.Incoming{
		Place: b.file.Path + "/" + markup.Truncate(markup.OneLine(c.Title), 100), ID: i.UUID, State: domain.Active, Pinned: c.AppData.Notes.Pinned, Created: i.Created.UTC(), Updated: i.Updated.UTC(),
	}
	if at := c.AppData.Notes.Updated; at.Year() > 1970 {
		n.Updated = at.UTC()
	}
	switch {
	case c.Trashed:
		n.State = domain.Trashed
	case c.AppData.Notes.Archived:
		n.State = domain.Archived
	}
	n.Name(c.Title)
	var tags []string
	for _, id := range b.tagged[i.UUID] {
		tags = append(tags, b.path(id))
	}
	slices.Sort(tags)
	n.Tag(tags...)
	content, data := text.Data(&n, written(&n, c))
	n.Write(content)
	if n.Title == "" && strings.TrimSpace(n.Content) == "" {
		n.Name(n.Created.Format("2006-01-02 15:04"))
	}
	n.Marks = text.Marks(n.Content, nil, text.Also(data, func(destination string, _ bool) (text.Target, bool) {
		id, ok := strings.CutPrefix(destination, "standardnotes:")
		return text.Target{Note: id}, ok && b.notes[id]
	}))
	for at, m := range n.Marks {
		if n.Content[m.Text:m.TextEnd] == m.Note { // which are no words
			n.Marks[at].Text, n.Marks[at].TextEnd = 0, 0
		}
	}
	for _, r := range c.References {
		if b.notes[r.UUID] && !strings.Contains(n.Content, r.UUID) {
			text.Relate(&n, r.UUID, r.UUID)
		}
	}
	return out.Put(n)
}
