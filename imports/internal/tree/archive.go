package tree

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"octavo/domain"
)

// IsZip reports whether what begins with head is a zip archive.
func IsZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// IsTar reports whether what begins with head is a tar archive.
func IsTar(head []byte) bool {
	const at = 257
	return len(head) >= at+5 && string(head[at:at+5]) == "ustar"
}

func tooLarge(limits Limits) error {
	return Refused("import.too_large", "limit", domain.Bytes(limits.Packed))
}

// Zip returns the files in a zip archive.
func Zip(r io.ReaderAt, size int64, limits Limits) (*Tree, error) {
	t := newTree(limits)
	if err := t.addZip(r, size); err != nil {
		return nil, err
	}
	return t, nil
}

// addZip takes in the files of a zip archive.
func (t *Tree) addZip(r io.ReaderAt, size int64) error {
	if t.limits.Packed > 0 && size > t.limits.Packed {
		return tooLarge(t.limits)
	}
	if err := checkDirectory(r, size, t.limits.Entries); err != nil {
		return err
	}
	archive, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return Refused("import.broken_archive")
	}
	var packed, unpacked uint64
	content := zipContent{r}
	for i, f := range archive.File {
		archive.File[i] = nil // what is needed of it takes a third of the memory
		name, err := checkedPath(zipName(f))
		if err != nil {
			return err
		}
		// What deflate makes of zeros is a thousandth. More is a lie, and so are files that share their bytes.
		const most = 1100
		if packed += f.CompressedSize64; packed > uint64(size) || f.UncompressedSize64/most > f.CompressedSize64 {
			return Refused("import.lying_size", "path", name)
		}
		if unpacked += f.UncompressedSize64; t.limits.Unpacked > 0 && unpacked > uint64(t.limits.Unpacked) {
			return Refused("import.too_large_unpacked", "limit", domain.Bytes(t.limits.Unpacked))
		}
		switch mode := f.Mode(); {
		case mode.IsDir() || strings.HasSuffix(f.Name, "/"):
			if hidden, ok := hiddenPart(name); ok {
				t.Hidden[hidden] = true
			}
			continue
		case mode.Type() != 0:
			return Refused("import.no_link", "path", name)
		case f.Flags&1 != 0:
			t.lose(name, "import.entry_encrypted")
			continue
		case f.Method != zip.Store && f.Method != zip.Deflate:
			t.lose(name, "import.entry_method")
			continue
		}
		offset, err := f.DataOffset()
		if err != nil {
			return Refused("import.broken_archive")
		}
		modified := f.Modified.UTC()
		if modified.Year() < 1981 { // no time at all
			modified = time.Time{}
		}
		if err := t.add(&File{
			Path: name, Size: int64(f.UncompressedSize64), Modified: modified,
			content: content, offset: offset, packed: int64(f.CompressedSize64), sum: f.CRC32, deflated: f.Method == zip.Deflate,
		}); err != nil {
			return err
		}
	}
	return nil
}

// zipContent opens the files of a zip archive.
type zipContent struct{ r io.ReaderAt }

func (c zipContent) open(f *File) (io.ReadCloser, error) {
	packed := io.NewSectionReader(c.r, f.offset, f.packed)
	if !f.deflated {
		return &checked{Reader: packed, want: f.sum, left: f.Size}, nil
	}
	inflate := inflaters.Get().(io.ReadCloser)
	if err := inflate.(flate.Resetter).Reset(packed, nil); err != nil {
		return nil, err
	}
	return &checked{Reader: inflate, want: f.sum, left: f.Size, inflate: inflate}, nil
}

// inflaters are kept, as each takes 40 KB.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// checked reads a file, and fails at its end if it isn't what was packed.
type checked struct {
	io.Reader
	sum, want uint32
	left      int64
	inflate   io.ReadCloser
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	c.left -= int64(n)
	switch {
	case err == io.EOF && c.left > 0:
		err = io.ErrUnexpectedEOF
	case err == io.EOF && c.sum != c.want:
		err = zip.ErrChecksum
	}
	return n, err
}

func (c *checked) Close() error {
	if c.inflate != nil {
		inflaters.Put(c.inflate)
		c.inflate, c.Reader = nil, strings.NewReader("")
	}
	return nil
}

// checkDirectory refuses a zip archive that has more entries than it may, before any of them takes memory.
func checkDirectory(r io.ReaderAt, size int64, limit int) error {
	if limit == 0 {
		return nil
	}
	limit += limit/2 + 16 // folders have entries, too
	offset, ok := directoryOffset(r, size)
	if !ok {
		return Refused("import.broken_archive")
	}
	const headerSize, signature = 46, 0x02014b50
	header := make([]byte, headerSize)
	in := io.NewSectionReader(r, 0, size)
	for n := 0; ; n++ {
		if _, err := in.ReadAt(header, offset); err != nil || binary.LittleEndian.Uint32(header) != signature {
			return nil
		}
		if n >= limit {
			return Refused("import.too_many_files", "limit", limit)
		}
		for _, at := range []int{28, 30, 32} { // the lengths of the name and of what else follows
			offset += int64(binary.LittleEndian.Uint16(header[at:]))
		}
		offset += headerSize
	}
}

// directoryOffset returns where the directory of a zip archive begins.
func directoryOffset(r io.ReaderAt, size int64) (offset int64, ok bool) {
	const endSize, longestComment = 22, 1<<16 - 1
	tail := make([]byte, min(size, endSize+longestComment))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return 0, false
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < endSize {
		return 0, false
	}
	end := size - int64(len(tail)-at)
	length, offset := int64(binary.LittleEndian.Uint32(tail[at+12:])), int64(binary.LittleEndian.Uint32(tail[at+16:]))
	const locatorSize, end64Size, none = 20, 56, 0xffffffff
	if length == none || offset == none || binary.LittleEndian.Uint16(tail[at+10:]) == 0xffff {
		locator, record := make([]byte, locatorSize), make([]byte, end64Size)
		if _, err := r.ReadAt(locator, end-locatorSize); err == nil && string(locator[:4]) == "PK\x06\x07" {
			end = int64(binary.LittleEndian.Uint64(locator[8:]))
			if _, err := r.ReadAt(record, end); err != nil || string(record[:4]) != "PK\x06\x06" {
				return 0, false
			}
			length, offset = int64(binary.LittleEndian.Uint64(record[40:])), int64(binary.LittleEndian.Uint64(record[48:]))
		}
	}
	if before := end - length; before >= 0 && before != offset { // what stands before the archive isn't counted in offsets
		header := make([]byte, 4)
		if _, err := r.ReadAt(header, before); err == nil && string(header) == "PK\x01\x02" {
			return before, true
		}
	}
	return offset, offset >= 0 && offset <= size
}

// zipName returns the name of an entry, which needn't be in UTF-8 and may be given once more in that.
func zipName(f *zip.File) string {
	const unicodePath = 0x7075
	for extra := f.Extra; len(extra) >= 4; {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; n > len(extra) {
			break
		}
		if id == unicodePath && n > 5 && binary.LittleEndian.Uint32(extra[1:]) == crc32.ChecksumIEEE([]byte(f.Name)) {
			return string(extra[5:n])
		}
		extra = extra[n:]
	}
	if !f.NonUTF8 || utf8.ValidString(f.Name) {
		return f.Name
	}
	name, err := charmap.CodePage437.NewDecoder().String(f.Name)
	if err != nil {
		return strings.ToValidUTF8(f.Name, "_")
	}
	return name
}

// checkedPath returns the path of an entry, which is refused where it leads out of the archive.
func checkedPath(name string) (string, error) {
	path := strings.ReplaceAll(strings.ToValidUTF8(name, "_"), `\`, "/")
	drive := len(path) > 1 && path[1] == ':'
	if strings.HasPrefix(path, "/") || drive || strings.IndexByte(path, 0) >= 0 || len(path) > 4096 {
		return "", Refused("import.path_outside", "path", shown(name))
	}
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		switch part {
		case "", ".":
		case "..":
			return "", Refused("import.path_outside", "path", shown(name))
		default:
			parts = append(parts, part)
		}
	}
	return norm.NFC.String(strings.Join(parts, "/")), nil
}

func shown(path string) string {
	const most = 100
	return strings.ToValidUTF8(path[:min(len(path), most)], "_")
}

// Tar returns the files in a tar archive.
func Tar(r io.ReaderAt, size int64, limits Limits) (*Tree, error) {
	if limits.Packed > 0 && size > limits.Packed {
		return nil, tooLarge(limits)
	}
	t := newTree(limits)
	in := io.NewSectionReader(r, 0, size)
	archive := tar.NewReader(in)
	for n := 0; ; n++ {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) {
			if len(t.Files) == 0 {
				return nil, Refused("import.broken_archive")
			}
			t.lose(t.Files[len(t.Files)-1].Path, "import.cut_off")
			return t, nil
		}
		if limits.Entries > 0 && n > 2*limits.Entries {
			return nil, Refused("import.too_many_files", "limit", limits.Entries)
		}
		name, err := checkedPath(h.Name)
		if err != nil {
			return nil, err
		}
		switch h.Typeflag {
		case tar.TypeDir, tar.TypeXGlobalHeader:
			continue
		case tar.TypeReg:
		default:
			return nil, Refused("import.no_link", "path", name)
		}
		start, err := in.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		if h.Size < 0 || start+h.Size > size || h.PAXRecords["GNU.sparse.major"] != "" || h.PAXRecords["GNU.sparse.size"] != "" {
			t.lose(name, "import.cut_off")
			return t, nil
		}
		if err := t.add(&File{Path: name, Size: h.Size, Modified: h.ModTime.UTC(), content: section{r}, offset: start}); err != nil {
			return nil, err
		}
	}
}

// Unpacked returns the tree of the archives in a tree that has nothing else at its top, as exports in several parts are, and
// t itself where it is no such tree. It is one tree, whatever part a file is in. An archive in such an archive stays a file.
func (t *Tree) Unpacked() (*Tree, error) {
	var parts []*File
	for _, f := range t.Files {
		if strings.Contains(f.Path, "/") || !IsZip(f.Head(4)) {
			return t, nil
		}
		parts = append(parts, f)
	}
	if len(parts) == 0 {
		return t, nil
	}
	all := newTree(t.limits)
	all.closers, all.Lost = t.closers, t.Lost
	for _, f := range parts {
		aside, size, err := f.aside()
		if err != nil {
			return all, err
		}
		all.closers = append(all.closers, aside)
		if err := all.addZip(aside, size); err != nil {
			return all, err
		}
	}
	for _, f := range all.Files {
		if !strings.Contains(f.Path, "/") && IsZip(f.Head(4)) && len(all.Files) == 1 {
			return all, Refused("import.nested_archive", "path", f.Path)
		}
	}
	return all, nil
}

// aside puts the file where it can be read at any place: into one without a name, which is gone when it is closed.
func (f *File) aside() (_ *os.File, size int64, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, 0, unreadable(err)
	}
	defer func() { _ = r.Close() }()
	aside, err := Aside()
	if err != nil {
		return nil, 0, err
	}
	if size, err = io.Copy(aside, r); err != nil {
		_ = aside.Close()
		return nil, 0, unreadable(err)
	}
	return aside, size, nil
}

// Aside returns a new file that nobody else sees and that is gone when it is closed.
func Aside() (*os.File, error) {
	aside, err := os.CreateTemp("", "octavo-import-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(aside.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		_ = aside.Close()
		return nil, err
	}
	return aside, nil
}

// unreadable returns err, or that the archive is broken where that is what err says.
func unreadable(err error) error {
	var corrupt flate.CorruptInputError
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &corrupt) {
		return Refused("import.broken_archive")
	}
	return err
}
