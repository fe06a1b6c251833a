package tree

import (
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Folder returns the files in a folder. What leads out of it, and what is no file, is lost.
func Folder(name string, limits Limits) (*Tree, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	t := newTree(limits)
	t.closers = append(t.closers, root)
	if err := fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if name == "." {
			return err
		}
		shown := norm.NFC.String(name)
		switch {
		case err != nil:
			t.lose(shown, "import.unreadable")
			return nil
		case d.IsDir():
			if hidden, ok := hiddenPart(shown); ok {
				t.Hidden[hidden] = true
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			t.lose(shown, "import.no_file")
			return nil
		}
		info, err := d.Info()
		if err != nil {
			t.lose(shown, "import.unreadable")
			return nil
		}
		return t.add(&File{Path: shown, Size: info.Size(), Modified: info.ModTime().UTC(), content: inFolder{root, name}})
	}); err != nil {
		_ = t.Close()
		return nil, err
	}
	return t, nil
}

// Single returns a tree of one file, which r has.
func Single(name string, r io.ReaderAt, size int64, modified time.Time, limits Limits) (*Tree, error) {
	if limits.Packed > 0 && size > limits.Packed {
		return nil, tooLarge(limits)
	}
	t := newTree(limits)
	return t, t.add(&File{Path: strings.TrimLeft(norm.NFC.String(path.Base(name)), "."), Size: size, Modified: modified, content: section{r}})
}

// inFolder opens a file in a folder.
type inFolder struct {
	root *os.Root
	name string // as it is written there
}

func (c inFolder) open(*File) (io.ReadCloser, error) { return c.root.Open(c.name) }

// section opens files that are parts of another one.
type section struct{ r io.ReaderAt }

func (c section) open(f *File) (io.ReadCloser, error) {
	return io.NopCloser(io.NewSectionReader(c.r, f.offset, f.Size)), nil
}
