// Package imports reads the notes that other programs have let go: their exports, their folders, their archives. What it is given
// is told by content, never by name, and whatever is in it costs memory and time in proportion, within limits.
package imports

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"time"

	"octavo/domain"
	"octavo/imports/internal/evernote"
	"octavo/imports/internal/joplin"
	"octavo/imports/internal/keep"
	"octavo/imports/internal/memos"
	"octavo/imports/internal/notion"
	"octavo/imports/internal/simplenote"
	"octavo/imports/internal/standard"
	"octavo/imports/internal/tree"
	"octavo/imports/internal/vault"
)

// Limits are what a source may hold at most. 0 is no limit.
type Limits = tree.Limits

// UploadLimits are the limits of what is uploaded.
var UploadLimits = Limits{Packed: 100 << 20, Unpacked: 1 << 30, Entries: 10_000}

// Options say how a source is read.
type Options struct {
	Limits
	FolderTags bool // folders, notebooks and spaces become tags, nested as they are
}

// Open returns the source in a folder or a file. It is Invalid where nothing is known of what that is, or it is refused.
func Open(path string, o Options) (domain.ImportSource, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		t, err := tree.Folder(path, o.Limits)
		if err != nil {
			return nil, err
		}
		return newSource(t, nil, o)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t, err := fileTree(f, info.Size(), path, info.ModTime().UTC(), o)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return newSource(t, f, o)
}

// OpenFile returns the source in a file, as Open does. Its name and time are those of a note that is the file.
func OpenFile(r io.ReaderAt, size int64, name string, modified time.Time, o Options) (domain.ImportSource, error) {
	t, err := fileTree(r, size, name, modified, o)
	if err != nil {
		return nil, err
	}
	return newSource(t, nil, o)
}

func fileTree(r io.ReaderAt, size int64, name string, modified time.Time, o Options) (*tree.Tree, error) {
	head := make([]byte, min(size, 512))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return nil, err
	}
	switch {
	case tree.IsZip(head):
		return tree.Zip(r, size, o.Limits)
	case tree.IsTar(head):
		return tree.Tar(r, size, o.Limits)
	case memos.IsDatabase(head):
		return nil, tree.Refused("import.database")
	}
	return tree.Single(name, r, size, modified, o.Limits)
}

// newSource returns the source in a tree, which is closed with it, as is the file that it is read from, if there is one.
func newSource(t *tree.Tree, file io.Closer, o Options) (domain.ImportSource, error) {
	unpacked, err := t.Unpacked()
	s := &source{tree: unpacked, file: file}
	if err == nil {
		if s.kind, s.read = detect(unpacked, o); s.read == nil {
			err = tree.Refused("import.unknown")
		}
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

type reader = func(*tree.Out) error

// detect tells what is in a tree.
func detect(t *tree.Tree, o Options) (domain.ImportKind, reader) {
	t.WithoutTop()
	switch {
	case evernote.Detect(t):
		return domain.FromEvernote, func(out *tree.Out) error {
			return evernote.Read(t, evernote.Options{NotebookTags: o.FolderTags}, out)
		}
	case joplin.Detect(t):
		return domain.FromJoplin, func(out *tree.Out) error {
			return joplin.Read(t, joplin.Options{NotebookTags: o.FolderTags}, out)
		}
	case keep.Detect(t):
		return domain.FromKeep, func(out *tree.Out) error { return keep.Read(t, out) }
	case notion.Detect(t):
		return domain.FromNotion, func(out *tree.Out) error {
			return notion.Read(t, notion.Options{PageTags: o.FolderTags}, out)
		}
	case memos.Detect(t):
		return domain.FromMemos, func(out *tree.Out) error {
			return memos.Read(t, memos.Options{SpaceTags: o.FolderTags}, out)
		}
	case simplenote.Detect(t):
		return domain.FromSimplenote, func(out *tree.Out) error { return simplenote.Read(t, out) }
	case standard.Detect(t):
		return domain.FromStandardNotes, func(out *tree.Out) error { return standard.Read(t, out) }
	case vault.IsObsidian(t):
		return domain.FromObsidian, func(out *tree.Out) error {
			return vault.Read(t, vault.Options{Obsidian: true, FolderTags: o.FolderTags}, out)
		}
	case vault.IsMarkdown(t):
		return domain.FromMarkdown, func(out *tree.Out) error {
			return vault.Read(t, vault.Options{FolderTags: o.FolderTags}, out)
		}
	}
	return "", nil
}

type source struct {
	tree *tree.Tree
	file io.Closer
	kind domain.ImportKind
	read reader
}

var _ domain.ImportSource = (*source)(nil)

func (s *source) Kind() domain.ImportKind { return s.kind }

func (s *source) Notes(ctx context.Context) iter.Seq2[domain.Incoming, error] {
	return tree.Stream(ctx, func(out *tree.Out) error {
		if err := s.read(out); err != nil {
			return err
		}
		for _, lost := range s.tree.Lost {
			if err := out.Put(domain.Incoming{Place: lost.Path, Lost: []domain.Message{lost.Message}}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *source) Close() error {
	err := s.tree.Close()
	if s.file != nil {
		err = errors.Join(err, s.file.Close())
	}
	return err
}
