// Package memos reads the export of Memos, which is described as Memos Export Format 1.0.
package memos

import (
	"encoding/json"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
	"octavo/imports/internal/vault"
)

// Options say what is made of spaces.
type Options struct {
	SpaceTags bool // the space of a memo is a tag of it
}

type manifest struct {
	Format  string `json:"format"`
	Version string `json:"formatVersion"`
}

// IsDatabase reports whether what begins with head is a database of SQLite, as Memos keeps its own.
func IsDatabase(head []byte) bool { return strings.HasPrefix(string(head), "SQLite format 3\x00") }

// Detect reports whether the tree is an export.
func Detect(t *tree.Tree) bool {
	m, ok := readManifest(t)
	return ok && (m.Format == "memos-export" || m.Format == "memos-archive")
}

func readManifest(t *tree.Tree) (m manifest, ok bool) {
	f := t.Find("manifest.json")
	if f == nil {
		return m, false
	}
	content, err := f.Read(1 << 20)
	return m, err == nil && json.Unmarshal(content, &m) == nil
}

// memo is the record of one.
type memo struct {
	UID         string       `json:"uid"`
	Created     time.Time    `json:"createTime"`
	Updated     time.Time    `json:"updateTime"`
	State       string       `json:"state"`
	Pinned      bool         `json:"pinned"`
	Content     string       `json:"contentPath"`
	Parent      string       `json:"parent"`
	Relations   []relation   `json:"relations"`
	Attachments []attachment `json:"attachments"`
	Space       struct {
		Title string `json:"title"`
	} `json:"space"`
	Location struct {
		Name      string  `json:"placeholder"`
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
	} `json:"location"`
}

type relation struct {
	Type string `json:"type"`
	Memo string `json:"memo"`
}

type attachment struct {
	UID      string `json:"uid"`
	Name     string `json:"filename"`
	Type     string `json:"type"`
	SHA256   string `json:"sha256"`
	Path     string `json:"path"`
	External string `json:"externalLink"`
}

// Read puts out the notes of a tree.
func Read(t *tree.Tree, o Options, out *tree.Out) error {
	if m, _ := readManifest(t); !strings.HasPrefix(m.Version, "1.") {
		return tree.Refused("import.memos_version", "version", markup.Truncate(markup.OneLine(m.Version), 20))
	}
	linked := map[string]bool{"manifest.json": true}
	for _, f := range t.Files {
		if path.Dir(f.Path) != "memos" || path.Ext(f.Path) != ".json" {
			continue
		}
		linked[f.Path] = true
		n, err := note(t, f, o, linked)
		if err == nil {
			err = out.Put(n)
		} else {
			err = out.Broken(f.Path, err)
		}
		if err != nil {
			return err
		}
	}
	for _, f := range t.Files {
		if !linked[f.Path] {
			if err := out.Lose(f.Path, "import.file_unused"); err != nil {
				return err
			}
		}
	}
	return nil
}

var (
	memoLink       = regexp.MustCompile(`^(?:https?://[^/]+)?/?memos/([A-Za-z0-9-]{1,36})$`)
	attachmentLink = regexp.MustCompile(`^(?:https?://[^/]+)?/file/attachments/([A-Za-z0-9-]{1,36})(?:/.*)?$`)
)

func note(t *tree.Tree, f *tree.File, o Options, linked map[string]bool) (n domain.Incoming, err error) {
	source, err := f.Read(text.MaxSize)
	if err != nil {
		return n, err
	}
	var m memo
	if err := json.Unmarshal(source, &m); err != nil {
		return n, err
	}
	content := ""
	if at := t.Find(m.Content); at != nil && m.UID != "" {
		if content, _, err = at.Text(); err != nil {
			return n, err
		}
		linked[at.Path] = true
	} else {
		return n, tree.ErrNoText
	}
	n = domain.Incoming{Place: f.Path, ID: m.UID, State: domain.Active, Pinned: m.Pinned, Created: m.Created.UTC(), Updated: m.Updated.UTC()}
	if m.State == "ARCHIVED" {
		n.State = domain.Archived
	}
	if o.SpaceTags {
		n.Tag(m.Space.Title)
	}
	n.Write(text.FrontMatter("location", m.where()) + content)
	files, numbers := vault.Attachments{Note: &n, Linked: linked}, map[string]int{}
	for _, a := range m.Attachments {
		if at := t.Find(a.Path); at != nil {
			numbers[a.UID] = files.Add(at, a.Name, a.Type)
			n.Files[numbers[a.UID]-1].Version = a.SHA256
		}
	}
	shown := map[string]bool{}
	n.Marks = text.Marks(n.Content, func(link markup.LinkMark) (text.Target, bool) {
		match := memoLink.FindStringSubmatch(link.Title)
		if match == nil {
			return text.Target{}, false
		}
		shown[match[1]] = true
		return text.Target{Note: match[1]}, true
	}, func(destination string, _ bool) (text.Target, bool) {
		if match := memoLink.FindStringSubmatch(destination); match != nil {
			shown[match[1]] = true
			return text.Target{Note: match[1]}, true
		}
		match := attachmentLink.FindStringSubmatch(destination)
		if match == nil || numbers[match[1]] == 0 {
			return text.Target{}, false
		}
		shown[match[1]] = true
		return text.Target{File: numbers[match[1]]}, true
	})
	for _, a := range m.Attachments {
		switch {
		case shown[a.UID]:
		case numbers[a.UID] > 0:
			text.Attach(&n, numbers[a.UID])
		case a.External != "":
			n.Content += "\n\n[" + text.Escape(markup.OneLine(a.Name)) + "](" + text.Destination(markup.OneLine(a.External)) + ")"
		default:
			n.Lose("import.file_missing")
		}
	}
	related := []string{}
	if m.Parent != "" {
		related = append(related, m.Parent)
	}
	for _, r := range m.Relations {
		if r.Type == "REFERENCE" {
			related = append(related, r.Memo)
		}
	}
	for _, uid := range related {
		if !shown[uid] && memoLink.MatchString("memos/"+uid) {
			shown[uid] = true
			text.Relate(&n, uid, "memos/"+uid)
		}
	}
	if strings.TrimSpace(content) == "" {
		n.Name(n.Created.Format("2006-01-02 15:04"))
	}
	return n, nil
}

// where returns where a memo was written.
func (m memo) where() string {
	l := m.Location
	if l.Latitude == 0 && l.Longitude == 0 {
		return l.Name
	}
	place := strconv.FormatFloat(l.Latitude, 'f', -1, 64) + ", " + strconv.FormatFloat(l.Longitude, 'f', -1, 64)
	if l.Name != "" {
		place = l.Name + " (" + place + ")"
	}
	return place
}
