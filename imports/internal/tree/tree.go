// Package tree shows folders and archives alike, as files that can be read in any order, and refuses what is made to harm.
// Nothing is unpacked: a file is read where it stands, within limits that are counted by what is really read.
package tree

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"octavo/domain"
	"octavo/imports/internal/text"
)

// Limits are what a source may hold at most. 0 is no limit.
type Limits struct {
	Packed   int64 // bytes of the archive
	Unpacked int64 // bytes of all files together
	Entries  int
}

// Tree is files under their paths. It isn't safe for concurrent use.
type Tree struct {
	Files  []*File
	Lost   []Lost          // what is in it and can't be read
	Hidden map[string]bool // folders that begin with a dot, of which nothing is in Files

	byPath  map[string]*File
	limits  Limits
	read    int64 // bytes of all files, each counted as far as it was read
	closers []io.Closer
}

// File is one that can be read.
type File struct {
	Path     string // slashes between its parts, none at its beginning; in Unicode's composed form (NFC)
	Size     int64
	Modified time.Time // zero where that isn't known

	tree    *Tree
	content content
	read    int64 // bytes that have been counted

	offset, packed int64 // where it is in an archive
	sum            uint32
	deflated       bool
	begun          bool // first is known
	first          byte
}

// content is what files are read from.
type content interface {
	open(*File) (io.ReadCloser, error)
}

// Version returns another text for another content, as far as that is known.
func (f *File) Version() string {
	return strconv.FormatInt(f.Size, 10) + "-" + strconv.FormatUint(uint64(f.sum), 16)
}

// Lost is what can't be read.
type Lost struct {
	Path string
	domain.Message
}

// Close closes what the tree is read from, and removes what it had to put aside.
func (t *Tree) Close() error {
	var all []error
	for _, c := range slices.Backward(t.closers) {
		all = append(all, c.Close())
	}
	t.closers = nil
	return errors.Join(all...)
}

// Find returns the file with a path, or nil.
func (t *Tree) Find(path string) *File { return t.byPath[path] }

// Refused returns the error of a source that isn't taken at all, as it is over a limit, broken as a whole, or made to harm.
func Refused(code domain.Code, args ...any) error {
	return domain.NewInvalid(domain.NewFieldError("file", code, args...))
}

func newTree(limits Limits) *Tree {
	return &Tree{Hidden: map[string]bool{}, byPath: map[string]*File{}, limits: limits}
}

// add takes in a file, unless it is one that other programs leave behind for themselves.
func (t *Tree) add(f *File) error {
	if hidden, ok := hiddenPart(f.Path); ok {
		t.Hidden[hidden] = true
		return nil
	}
	if t.byPath[f.Path] != nil {
		t.lose(f.Path, "import.same_path")
		return nil
	}
	if t.limits.Entries > 0 && len(t.Files) >= t.limits.Entries {
		return Refused("import.too_many_files", "limit", t.limits.Entries)
	}
	f.tree = t
	t.Files = append(t.Files, f)
	t.byPath[f.Path] = f
	return nil
}

func (t *Tree) lose(path string, code domain.Code, args ...any) {
	const most = 10_000
	if len(t.Lost) < most {
		t.Lost = append(t.Lost, Lost{path, domain.NewMessage(code, args...)})
	}
}

// hiddenPart returns the beginning of a path that ends with the first name that systems hide.
func hiddenPart(path string) (string, bool) {
	at := 0
	for part := range strings.SplitSeq(path, "/") {
		at += len(part)
		if strings.HasPrefix(part, ".") || part == "__MACOSX" || part == "Thumbs.db" {
			return path[:at], true
		}
		at++
	}
	return "", false
}

// Open returns the content of the file, which fails as soon as more is read of all files than there may be.
func (f *File) Open() (io.ReadCloser, error) {
	r, err := f.content.open(f)
	if err != nil {
		return nil, err
	}
	return &counted{ReadCloser: r, file: f}, nil
}

// ErrTooLong is returned for a text that is longer than one is read.
var ErrTooLong = errors.New("longer than a text may be")

// Read returns the content of a file of at most limit bytes.
func (f *File) Read(limit int64) (content []byte, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	content, err = io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(content)) > limit {
		return nil, ErrTooLong
	}
	return content, err
}

// Head returns the first bytes of the file, or nothing where it can't be read.
func (f *File) Head(n int) []byte {
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer func() { _ = r.Close() }()
	head := make([]byte, min(int64(n), f.Size))
	n, _ = io.ReadFull(r, head)
	return head[:n]
}

// Begins reports whether a character is the first in the file that is no blank.
func (f *File) Begins(with byte) bool {
	if !f.begun {
		f.begun = true
		if head := bytes.TrimSpace(bytes.TrimPrefix(f.Head(64), []byte("\xef\xbb\xbf"))); len(head) > 0 {
			f.first = head[0]
		}
	}
	return f.first == with
}

// counted counts what is read, each byte of a file once.
type counted struct {
	io.ReadCloser
	file *File
	at   int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.at += int64(n)
	f, t := c.file, c.file.tree
	if c.at > f.read {
		t.read += c.at - f.read
		f.read = c.at
	}
	switch {
	case c.at > f.Size:
		return n, Refused("import.lying_size", "path", f.Path)
	case t.limits.Unpacked > 0 && t.read > t.limits.Unpacked:
		return n, Refused("import.too_large_unpacked", "limit", domain.Bytes(t.limits.Unpacked))
	}
	return n, err
}

// WithoutTop leaves out the folder that all files are in, if there is one.
func (t *Tree) WithoutTop() {
	if len(t.Files) == 0 {
		return
	}
	top, _, found := strings.Cut(t.Files[0].Path, "/")
	for _, f := range t.Files {
		found = found && strings.HasPrefix(f.Path, top+"/")
	}
	for path := range t.Hidden {
		found = found && (strings.HasPrefix(path, top+"/") || strings.HasPrefix(path, "__"))
	}
	if !found {
		return
	}
	t.byPath = map[string]*File{}
	for _, f := range t.Files {
		f.Path = f.Path[len(top)+1:]
		t.byPath[f.Path] = f
	}
	hidden := map[string]bool{}
	for path := range t.Hidden {
		hidden[strings.TrimPrefix(path, top+"/")] = true
	}
	t.Hidden = hidden
}

// Incoming returns the file as one of a note.
func (f *File) Incoming(name, mediaType string) domain.IncomingFile {
	return domain.IncomingFile{Name: domain.FileName(norm.NFC.String(name)), Type: mediaType, Size: f.Size, Version: f.Version(), Open: f.Open}
}

// ErrNoText is returned for a file that isn't a text.
var ErrNoText = errors.New("not a text")

// Text returns the text of a file. sure is false where its encoding is a guess.
func (f *File) Text() (content string, sure bool, err error) {
	bytes, err := f.Read(text.MaxSize)
	if err != nil {
		return "", false, err
	}
	content, sure, ok := text.Decode(bytes)
	if !ok {
		return "", false, ErrNoText
	}
	return content, sure, nil
}

// Out takes what is read from a source to whoever reads it.
type Out struct {
	ctx   context.Context
	yield func(domain.Incoming, error) bool
}

// errEnough is returned when nothing more is asked for.
var errEnough = errors.New("enough")

// Stream returns what read puts out, as domain.ImportSource.Notes has it.
func Stream(ctx context.Context, read func(*Out) error) iter.Seq2[domain.Incoming, error] {
	return func(yield func(domain.Incoming, error) bool) {
		if err := read(&Out{ctx, yield}); err != nil && !errors.Is(err, errEnough) {
			yield(domain.Incoming{}, err)
		}
	}
}

// Put puts out a note, or what is said of a place. An error ends the reading.
func (o *Out) Put(n domain.Incoming) error {
	if err := o.ctx.Err(); err != nil {
		return err
	}
	if !o.yield(n, nil) {
		return errEnough
	}
	return nil
}

// Lose says of a place that nothing can be carried of it.
func (o *Out) Lose(place string, code domain.Code, args ...any) error {
	return o.Put(domain.Incoming{Place: place, Lost: []domain.Message{domain.NewMessage(code, args...)}})
}

// Broken says of a file why it can't be read, and returns err again where that ends all.
func (o *Out) Broken(place string, err error) error {
	switch {
	case errors.Is(err, domain.Invalid), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, errEnough):
		return err
	case errors.Is(err, ErrTooLong), errors.Is(err, text.ErrTooComplex):
		return o.Lose(place, "import.text_too_large", "limit", domain.Bytes(text.MaxSize))
	case errors.Is(err, ErrNoText):
		return o.Lose(place, "import.no_text")
	}
	return o.Lose(place, "import.unreadable")
}
