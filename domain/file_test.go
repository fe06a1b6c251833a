package domain_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"octavo/domain"
	"octavo/domain/markup"
)

var hash = domain.FileHash(strings.Repeat("0123456789abcdef", 4))

func TestOnlyAHashIsReadAsOne(t *testing.T) {
	got, ok := domain.ParseFileHash(string(hash))
	wantEqual(t, ok, true)
	wantEqual(t, got, hash)
	for _, text := range []string{
		"", string(hash[1:]), string(hash) + "0", strings.ToUpper(string(hash)), string(hash[:63]) + "g", "../" + string(hash[3:]),
	} {
		if _, ok := domain.ParseFileHash(text); ok {
			t.Errorf("%q is read as a hash", text)
		}
	}
}

func TestAFileIsCalledWithoutItsPath(t *testing.T) {
	for name, want := range map[string]string{
		"photo.png":             "photo.png",
		"/home/me/photo.png":    "photo.png",
		`C:\Users\me\photo.png`: "photo.png",
		"../../etc/passwd":      "passwd",
		"dir/":                  "dir",
		"":                      "file",
		".":                     "file",
		"..":                    "file",
		"../..":                 "file",
		"/":                     "file",
		" \t ":                  "file",
		"a\x00b\nc\x7f":         "abc",
		"gnp.\u202eexe":         "gnp.exe",
		"Fotos é 日本.jpg":        "Fotos é 日本.jpg",
		"bad\xffutf8":           "badutf8",
	} {
		wantEqual(t, domain.FileName(name), want)
	}
	long := domain.FileName(strings.Repeat("é", 1000))
	wantEqual(t, utf8.RuneCountInString(long), domain.MaxTitle)
	long = domain.FileName(strings.Repeat("é", 1000) + ".tär")
	wantEqual(t, utf8.RuneCountInString(long), domain.MaxTitle)
	wantEqual(t, strings.HasSuffix(long, "é….tär"), true)
}

func TestAFileIsShownInANoteOrLinkedTo(t *testing.T) {
	for _, c := range []struct {
		mediaType string
		inline    bool
	}{
		{"image/png", true},
		{"image/jpeg", true},
		{"image/gif", true},
		{"image/webp", true},
		{"image/svg+xml", false}, // which may hold scripts
		{"text/html; charset=utf-8", false},
		{"application/pdf", false},
		{"", false},
	} {
		f := domain.File{Hash: hash, Name: "a.b", Type: c.mediaType}
		wantEqual(t, f.Inline(), c.inline)
		want := "[a.b](/files/" + string(hash) + "/a.b)"
		if c.inline {
			want = "!" + want
		}
		wantEqual(t, f.Markdown(), want)
	}
}

func TestAFileIsShownByItsNameWhateverThatLooksLike(t *testing.T) {
	for name, want := range map[string]string{
		"my_file-1.0.txt":  "[my_file-1.0.txt](/files/$/my_file-1.0.txt)",
		"__init__.py":      `[\_\_init\_\_.py](/files/$/__init__.py)`,
		"1*2*3.txt":        `[1\*2\*3.txt](/files/$/1%2A2%2A3.txt)`,
		"a b (1).txt":      "[a b (1).txt](/files/$/a%20b%20%281%29.txt)",
		"[a](b)":           `[\[a\](b)](/files/$/%5Ba%5D%28b%29)`,
		"100%.txt":         `[100\%.txt](/files/$/100%25.txt)`,
		"www.example.com":  `[www\.example.com](/files/$/www.example.com)`,
		"日本.txt":           "[日本.txt](/files/$/日本.txt)",
		"a&copy;<b>#c|d$e": `[a\&copy;\<b\>\#c\|d\$e](/files/$/a%26copy%3B%3Cb%3E%23c%7Cd%24e)`,
	} {
		got := domain.File{Hash: hash, Name: name, Type: "text/plain"}.Markdown()
		wantEqual(t, got, strings.Replace(want, "/$/", "/"+string(hash)+"/", 1))
	}
}

func TestTheFilesOfAUserHaveAQuota(t *testing.T) {
	const quota = domain.UploadQuota(10 << 30)
	for _, none := range []domain.UploadQuota{0, -1} {
		wantEqual(t, none.Check(1<<60, 1), nil)
	}
	wantEqual(t, quota.Check(10<<30-5, 5), nil)
	err := quota.Check(10<<30-5, 6)
	if !errors.Is(err, domain.TooLarge) || errors.Is(err, domain.ErrFileTooLarge) {
		t.Errorf("got error %v", err)
	}
	full := domain.UploadQuota(3<<19).Check(1<<20, 700<<10)
	wantEqual(t, full.Error(), domain.NewMessage("file.no_room",
		"size", domain.Bytes(700<<10), "used", domain.Bytes(1<<20), "quota", domain.Bytes(3<<19), "count", 1).String())
}

func TestTheNameOfAFileDoesNotEndItsLink(t *testing.T) {
	for _, name := range []string{"a](/x) [b", `a\`, "`a", "[[a]]", "![a", "a]", "<a>", "*a*", "#tag a"} {
		for _, mediaType := range []string{"image/png", "application/pdf"} {
			text := domain.File{Hash: hash, Name: domain.FileName(name), Type: mediaType}.Markdown()
			outline := markup.NewOutline("before " + text + " after `code`")
			wantEqual(t, outline.Files, []string{string(hash)})
			wantEqual(t, len(outline.Links), 0)
			wantEqual(t, len(outline.Tags), 0)
		}
	}
}
