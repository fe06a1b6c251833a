package tree

import (
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
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
		return t.add(&File{
			Path: shown, Size: info.Size(), Modified: info.ModTime().UTC(),
			Version: strconv.FormatInt(info.Size(), 10),
			open:    func() (io.ReadCloser, error) { return root.Open(name) },
		})
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
	return t, t.add(&File{
		Path: strings.TrimLeft(norm.NFC.String(path.Base(name)), "."), Size: size, Modified: modified,
		Version: strconv.FormatInt(size, 10),
		open:    func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(r, 0, size)), nil },
	})
}
