// Package simplenote reads the export of Simplenote: a file of JSON, and the same notes as plain texts.
package simplenote

import (
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"strings"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
)

type note struct {
	ID       string    `json:"id"`
	Content  string    `json:"content"`
	Created  time.Time `json:"creationDate"`
	Modified time.Time `json:"lastModified"`
	Tags     []string  `json:"tags"`
	Markdown bool      `json:"markdown"`
	Pinned   bool      `json:"pinned"`
}

const active, trashed = "activeNotes", "trashedNotes"

// find returns the file of all notes, or nil.
func find(t *tree.Tree) *tree.File {
	for _, f := range t.Files {
		if !f.Begins('{') {
			continue
		}
		head := f.Head(4096)
		if bytes.Contains(head, []byte(`"`+active+`"`)) || bytes.Contains(head, []byte(`"`+trashed+`"`)) {
			return f
		}
	}
	return nil
}

// Detect reports whether there is an export in the tree.
func Detect(t *tree.Tree) bool { return find(t) != nil }

var noteLink = regexp.MustCompile(`^simplenote://note/(.+)$`)

// Read puts out the notes of a tree.
func Read(t *tree.Tree, out *tree.Out) error {
	f := find(t)
	content, err := f.Open()
	if err != nil {
		return out.Broken(f.Path, err)
	}
	defer func() { _ = content.Close() }()
	seen := map[string]bool{}
	if err := text.Values(content, []string{active, trashed}, func(list string, value json.RawMessage) error {
		var said note
		if json.Unmarshal(value, &said) != nil || said.ID == "" || seen[said.ID] {
			return out.Lose(f.Path, "import.unreadable")
		}
		seen[said.ID] = true
		n := domain.Incoming{Place: f.Path + "/" + markup.Truncate(markup.TitleOf(said.Content), 100), ID: said.ID, State: domain.Active, Pinned: said.Pinned, Created: said.Created.UTC(), Updated: said.Modified.UTC()}
		if list == trashed {
			n.State = domain.Trashed
		}
		if !said.Markdown {
			said.Content = text.Plain(said.Content)
		}
		n.Write(said.Content)
		n.Tag(said.Tags...)
		if strings.TrimSpace(n.Content) == "" {
			n.Name(n.Created.Format("2006-01-02 15:04"))
		}
		n.Marks = text.Marks(n.Content, nil, func(destination string, _ bool) (text.Target, bool) {
			if match := noteLink.FindStringSubmatch(destination); match != nil {
				return text.Target{Note: match[1]}, true
			}
			return text.Target{}, false
		})
		return out.Put(n)
	}); err != nil {
		return out.Broken(f.Path, err)
	}
	for _, other := range t.Files {
		if other != f && path.Ext(other.Path) != ".txt" {
			if err := out.Lose(other.Path, "import.file_unused"); err != nil {
				return err
			}
		}
	}
	return nil
}
