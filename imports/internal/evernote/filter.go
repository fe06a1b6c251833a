package evernote

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"

	"octavo/domain"
	"octavo/imports/internal/text"
	"octavo/imports/internal/tree"
)

// maxSpooled is how many bytes of files of one note are put aside. Evernote has never taken more than 200 MB.
const maxSpooled = 512 << 20

// errTag is returned for a tag that is longer than any is.
var errTag = errors.New("a tag is too long")

// filter reads XML and gives it to a decoder that keeps each text in memory: what is within data is put aside, and its number
// stands there instead; a text is cut off behind what any may have.
type filter struct {
	in      *bufio.Reader
	out     bytes.Buffer
	err     error
	run     int // how much of the text, or of the section, has been given on
	section bool
	files   []spooled
	seeking bool // nothing is given on before the next note
	open    []string
	last    []byte // the last tag, of which the memory is used again
	aside   *os.File
	size    int64 // of what was put aside for the note
}

// spooled is a file that was put aside.
type spooled struct {
	hash        string // MD5
	size        int64
	start, kept int64
	damaged     bool
}

func newFilter(r io.Reader) *filter { return &filter{in: bufio.NewReaderSize(r, 64<<10)} }

// next forgets what was put aside for the note before.
func (f *filter) next() {
	f.files, f.size = nil, 0
}

// seek leaves out what comes before the next note.
func (f *filter) seek() {
	f.out.Reset()
	f.err, f.seeking, f.open = nil, true, nil
}

func (f *filter) close() {
	if f.aside != nil {
		_ = f.aside.Close()
	}
}

// ReadByte has a decoder read nothing before it needs it: what is put aside is of the note that is being read.
func (f *filter) ReadByte() (byte, error) {
	for f.out.Len() == 0 {
		if f.err != nil {
			return 0, f.err
		}
		if f.err = f.step(); f.seeking {
			f.out.Reset()
		}
	}
	return f.out.ReadByte()
}

func (f *filter) Read(p []byte) (n int, err error) {
	if len(p) > 0 {
		if p[0], err = f.ReadByte(); err == nil {
			n = 1
		}
	}
	return n, err
}

// give gives on a part of a text.
func (f *filter) give(part []byte) {
	room := max(0, text.MaxSize+1-f.run)
	f.out.Write(part[:min(len(part), room)])
	f.run += len(part)
}

func (f *filter) step() error {
	if f.section {
		return f.inSection()
	}
	part, err := f.in.ReadSlice('<')
	if errors.Is(err, bufio.ErrBufferFull) {
		f.give(part)
		return nil
	}
	if err != nil {
		f.give(part)
		return err
	}
	f.give(part[:len(part)-1])
	f.run = 0
	head, _ := f.in.Peek(8)
	switch {
	case string(head) == "![CDATA[":
		f.section = true
		f.out.WriteString("<![CDATA[")
		_, err := f.in.Discard(8)
		return err
	case bytes.HasPrefix(head, []byte("!--")):
		return f.skipComment()
	}
	return f.tag()
}

// inSection gives on a part of a section of characters.
func (f *filter) inSection() error {
	part, err := f.in.ReadSlice(']')
	if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		return err
	}
	if err == nil {
		if rest, _ := f.in.Peek(2); string(rest) == "]>" {
			f.give(part[:len(part)-1])
			f.out.WriteString("]]>")
			f.section, f.run = false, 0
			_, err := f.in.Discard(2)
			return err
		}
	}
	f.give(part)
	return nil
}

func (f *filter) skipComment() error {
	var last [2]byte
	for {
		c, err := f.in.ReadByte()
		if err != nil {
			return err
		}
		if c == '>' && last == [2]byte{'-', '-'} {
			return nil
		}
		last[0], last[1] = last[1], c
	}
}

// tag gives on a tag, and puts aside the data that follows one of data.
func (f *filter) tag() error {
	const longest = 64 << 10
	tag := f.last[:0]
	defer func() { f.last = tag }()
	var quote byte
	for {
		c, err := f.in.ReadByte()
		if err != nil {
			return err
		}
		if tag = append(tag, c); len(tag) > longest && f.seeking {
			return nil
		} else if len(tag) > longest {
			return errTag
		}
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && tag[0] != '!' && tag[0] != '?':
			quote = c
		case c == '>':
			return f.put(tag)
		}
	}
}

// put gives on a tag, which ends with >. Elements that aren't ended, or by another name, are ended so that what follows can be
// read; what is around all notes is left out, so that they can be read from anywhere.
func (f *filter) put(tag []byte) error {
	const deepest = 64
	name := string(tag[:bytes.IndexAny(tag, " \t\r\n/>")])
	isNote := name == "note"
	f.seeking = f.seeking && !isNote
	switch {
	case len(tag) == 1 || tag[0] == '?' || tag[0] == '!' || name == "en-export":
		return nil
	case tag[0] == '/':
		name = string(bytes.TrimSpace(tag[1 : len(tag)-1]))
		if last := len(f.open) - 1; name == "en-export" {
			f.end(0)
		} else if at := slices.Index(f.open, name); at >= 0 {
			f.end(at)
		} else if last >= 0 {
			f.end(last)
		}
		return nil
	case isNote:
		f.end(0)
	case len(f.open) > deepest:
		return errTag
	}
	f.out.WriteByte('<')
	f.out.Write(tag)
	if tag[len(tag)-2] == '/' {
		return nil
	}
	f.open = append(f.open, name)
	if name == "data" {
		return f.putAside()
	}
	return nil
}

// end ends the elements that are open, but for so many.
func (f *filter) end(but int) {
	for _, name := range slices.Backward(f.open[but:]) {
		f.out.WriteString("</" + name + ">")
	}
	f.open = f.open[:but]
}

// putAside decodes what stands up to the next tag.
func (f *filter) putAside() error {
	const most = 10_000
	if f.aside == nil {
		aside, err := tree.Aside()
		if err != nil {
			return err
		}
		f.aside = aside
	}
	data := &data{in: f.in}
	s := spooled{start: f.size}
	sum := md5.New()
	keep := &keeper{file: f.aside, at: f.size, left: min(domain.MaxFile+1, maxSpooled-f.size)}
	n, err := io.Copy(io.MultiWriter(sum, keep), base64.NewDecoder(base64.StdEncoding, data))
	var broken base64.CorruptInputError
	switch {
	case keep.err != nil:
		return keep.err
	case errors.As(err, &broken) || errors.Is(err, io.ErrUnexpectedEOF) && data.ended:
		s.damaged = true
		_, err = io.Copy(io.Discard, data)
	}
	if err != nil {
		return err
	}
	s.size, s.kept, s.hash = n, keep.at-f.size, hex.EncodeToString(sum.Sum(nil))
	f.size = keep.at
	if len(f.files) < most {
		f.files = append(f.files, s)
	}
	f.out.WriteString(strconv.Itoa(len(f.files)))
	return nil
}

// data is what stands up to the next tag, without what parts its lines.
type data struct {
	in    *bufio.Reader
	ended bool
}

func (d *data) Read(p []byte) (n int, err error) {
	for n == 0 && !d.ended {
		if _, err := d.in.Peek(1); err != nil {
			return 0, err
		}
		buffered, _ := d.in.Peek(min(d.in.Buffered(), len(p)))
		if end := bytes.IndexByte(buffered, '<'); end >= 0 {
			buffered, d.ended = buffered[:end], true
		}
		for _, c := range buffered {
			if c > ' ' {
				p[n] = c
				n++
			}
		}
		if _, err := d.in.Discard(len(buffered)); err != nil {
			return n, err
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// keeper writes the beginning of what it is given into a file.
type keeper struct {
	file *os.File
	at   int64
	left int64
	err  error
}

func (k *keeper) Write(p []byte) (int, error) {
	if part := p[:min(int64(len(p)), max(0, k.left))]; len(part) > 0 {
		if _, k.err = k.file.WriteAt(part, k.at); k.err != nil {
			return 0, k.err
		}
		k.at += int64(len(part))
		k.left -= int64(len(part))
	}
	return len(p), nil
}
