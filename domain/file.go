package domain

import (
	"context"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"octavo/domain/markup"
)

// MaxFile is how large an uploaded file may be, in bytes.
const MaxFile = 25 << 20

// FileHash is the SHA-256 of a file's content, in lower-case hexadecimal: its name wherever files are kept.
type FileHash string

// ParseFileHash reads a hash. ok is false for any other text.
func ParseFileHash(text string) (hash FileHash, ok bool) {
	if len(text) != 64 || strings.Trim(text, "0123456789abcdef") != "" {
		return "", false
	}
	return FileHash(text), true
}

// File is what somebody has uploaded for their notes. Its content lies in Blobs.
type File struct {
	Hash    FileHash
	Name    string // as it was called when it was uploaded, without a path
	Type    string // media type, told from its content
	Size    int64  // bytes
	Created time.Time
	// Width and Height are how large a picture is shown, in pixels; 0 for what is none, or where it isn't known.
	Width, Height int
	Measured      bool // somebody has looked for these: what isn't known by now won't be
}

// inlineTypes are the media types that a browser shows as images. Everything else is offered for download only: what
// somebody uploads must not run as a page of this site.
var inlineTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// Inline reports whether the file may be shown within a page.
func (f File) Inline() bool { return slices.Contains(inlineTypes, f.Type) }

// InlineTypes returns the media types of the files that are Inline.
func InlineTypes() []string { return slices.Clone(inlineTypes) }

// Path returns where the file is served. Its name is a part of that: the same content may have several.
func (f File) Path() string { return "/files/" + string(f.Hash) + "/" + pathEscaped(f.Name) }

// pathEscaped returns a name as a part of a path that no mark of Markdown and no invisible character stands in.
func pathEscaped(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-._", r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.ReplaceAll(url.QueryEscape(string(r)), "+", "%20"))
		}
	}
	return b.String()
}

// Markdown returns what shows the file in a note, or links to it. Its text is the name, whatever that looks like.
func (f File) Markdown() string {
	link := "[" + escapedText(f.Name) + "](" + f.Path() + ")"
	if f.Inline() {
		return "!" + link
	}
	return link
}

// escapedText returns one line of text as Markdown that says just that: with a backslash before each mark, and within
// what would be an address. An underscore within a word isn't one.
func escapedText(text string) string {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	runes := []rune(text)
	var b strings.Builder
	for i, r := range runes {
		switch within := i > 0 && i+1 < len(runes) && inWord(runes[i-1]) && inWord(runes[i+1]); {
		case r == '_' && within:
		case strings.ContainsRune("\\`*_[]<>&!|~=$%^#@{}:", r), r == '.' && i >= 3 && strings.EqualFold(string(runes[i-3:i]), "www"):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// FileName returns a name for a file that was uploaded as name: one line, without a path, at most MaxTitle characters. Its
// ending stays, by which other programs know what it is.
func FileName(name string) string {
	name = strings.ToValidUTF8(strings.ReplaceAll(name, `\`, "/"), "")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, path.Base(name))
	if name = markup.OneLine(name); name == "" || name == "." || name == ".." || name == "/" {
		return "file"
	}
	const longest = 16 // bytes of an ending
	ending := path.Ext(name)
	if len(ending) > longest {
		ending = ""
	}
	return markup.Truncate(strings.TrimSuffix(name, ending), MaxTitle-utf8.RuneCountInString(ending)) + ending
}

// What is wrong with a file.
var (
	ErrFileNotFound = NewError(NotFound, "file.not_found")
	ErrFileTooLarge = NewError(TooLarge, "file.too_large", "limit", MaxFile>>20)
	// ErrContentMissing is returned for a file that is there without its content, as after a backup was restored without it.
	ErrContentMissing = NewError(NotFound, "file.content_missing")
)

// UploadQuota is how many bytes the files of one space may have together, each content counted once. 0 is no limit.
type UploadQuota int64

// Check returns TooLarge when files of used bytes leave no room for one more of size bytes.
func (q UploadQuota) Check(used, size int64) error {
	if q <= 0 || used+size <= int64(q) {
		return nil
	}
	return NewError(TooLarge, "file.no_room", "size", Bytes(size), "used", Bytes(used), "quota", Bytes(q), "count", Days(UnusedFileLife))
}

// FileReader reads what is known of the files of one space.
type FileReader interface {
	// Get returns a file, under the name that it was first stored with, or NotFound.
	Get(ctx context.Context, hash FileHash) (File, error)
	// Find returns those of some files that are there, each as Get does.
	Find(ctx context.Context, hashes ...FileHash) (map[FileHash]File, error)
	// Named returns, for each of the keys that the name of a file has (see TitleKey), the file that was stored last under
	// such a name, and so called. Keys that no name has are left out.
	Named(ctx context.Context, keys ...string) (map[string]File, error)
}

// Files keeps what has been uploaded in one space, but for the contents, which lie in Blobs.
type Files interface {
	FileReader
	// Add stores a file. When there is one with that hash, that stays as it is, but counts as created when f was, is as large
	// a picture as f, and is found under both names.
	Add(ctx context.Context, f File) error
	// Used returns how many bytes the files have together. Inside Atomically the next one who asks that of the space waits
	// until the transaction ends, so that whoever asks before each Add stays within a limit.
	Used(ctx context.Context) (int64, error)
}
