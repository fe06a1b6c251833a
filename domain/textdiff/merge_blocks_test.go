package textdiff_test

import (
	"strings"
	"testing"

	"octavo/domain/textdiff"
)

const (
	base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	hexDigits    = "0123456789abcdef"
)

// encoded returns the n-th of many lines of some digits.
func encoded(n, size int, digits string) string {
	var b strings.Builder
	for k := range size {
		b.WriteByte(digits[(7*n+k*k+k/3)%len(digits)])
	}
	return b.String() + "\n"
}

func encodedLines(n, size int, digits string) (lines string) {
	for i := range n {
		lines += encoded(i, size, digits)
	}
	return lines
}

func armored(label, body string) string {
	return "-----BEGIN " + label + "-----\n" + body + "-----END " + label + "-----\n"
}

// valuesOfLines are values of several lines, by what they are. Of each, the third line and the last but two are digits.
var valuesOfLines = map[string]string{
	"private key":   armored("PRIVATE KEY", encodedLines(9, 64, base64Digits)),
	"encrypted key": armored("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\n"+encodedLines(9, 64, base64Digits)),
	"certificate":   armored("CERTIFICATE", encodedLines(9, 64, base64Digits)+"abcd==\n"),
	"short lines":   armored("OPENSSH PRIVATE KEY", encodedLines(9, 32, base64Digits)),
	"SSH2":          "---- BEGIN SSH2 PUBLIC KEY ----\nComment: one two\n" + encodedLines(9, 64, base64Digits) + "---- END SSH2 PUBLIC KEY ----\n",
	"PGP":           armored("PGP MESSAGE", "Version: 1\n\n"+encodedLines(9, 64, base64Digits)+"=ab12\n"),
	"base64":        encodedLines(9, 64, base64Digits) + "abcd==\n",
	"MIME":          encodedLines(9, 76, base64Digits),
	"for addresses": encodedLines(9, 80, "abcdefXYZ0189-_"),
	"hex":           encodedLines(9, 64, hexDigits) + "0123456789abcdef\n",
}

// around are the places where such a value may stand.
var around = map[string]func(string) string{
	"alone":          func(s string) string { return s },
	"without an end": func(s string) string { return strings.TrimSuffix(s, "\n") },
	"in prose":       func(s string) string { return "Some prose.\n\n" + s + "\nMore of it.\n" },
	"close to prose": func(s string) string { return "The key:\n" + s + "- and a list\n" },
	"in code":        func(s string) string { return "```\n" + s + "```\n" },
	"in a quote":     func(s string) string { return prefixed("> ", s) },
	"indented":       func(s string) string { return "key: |\n" + prefixed("    ", s) },
}

func prefixed(prefix, lines string) string {
	return prefix + strings.ReplaceAll(strings.TrimSuffix(lines, "\n"), "\n", "\n"+prefix) + "\n"
}

func TestTwoChangesOfAValueOfSeveralLinesCollide(t *testing.T) {
	one, other := encoded(30, 64, hexDigits), encoded(31, 64, hexDigits)
	for name, value := range valuesOfLines {
		for where, frame := range around {
			t.Run(name+" "+where, func(t *testing.T) {
				value := value
				// changed returns the value with other lines in place of the i-th.
				changed := func(i int, lines string) string {
					parts := strings.SplitAfter(value, "\n")
					parts[i] = lines
					return frame(strings.Join(parts, ""))
				}
				first, last := 5, strings.Count(value, "\n")-3
				line := strings.SplitAfter(value, "\n")[first]
				base := frame(value)
				wantAsked(t, base, changed(first, one), changed(last, other))
				wantAsked(t, base, changed(first, ""), changed(last, other))       // a line less
				wantAsked(t, base, changed(first, line+one), changed(last, other)) // or one more
				wantAsked(t, base, changed(first, ""), changed(last, ""))
				checkMerge(t, base, changed(first, one), changed(last, other))

				// What one side did alone, or both did alike, is no question.
				wantMerged(t, base, changed(first, one), changed(first, one), changed(first, one))
				wantMerged(t, base, changed(first, one), "new\n\n"+base, "new\n\n"+changed(first, one))
				wantMerged(t, base, changed(first, one), "new\n\n"+changed(first, one), "new\n\n"+changed(first, one))
				mine := changed(first, one)
				value = strings.Replace(value, strings.SplitAfter(value, "\n")[last], other, 1)
				both := changed(first, one)
				wantMerged(t, base, mine, both, both)
			})
		}
	}
}

func TestWhatMakesAValueOfSeveralLinesLongerIsAChangeOfIt(t *testing.T) {
	value := encodedLines(5, 64, base64Digits)
	altered := strings.Replace(value, "AA", "BB", 1)
	if altered == value {
		altered = encoded(40, 64, base64Digits) + value[65:]
	}
	for _, frame := range around {
		wantAsked(t, frame(value), frame(altered), frame(value+"abcd==\n"))
		wantAsked(t, frame(value), frame(altered), frame(value+encoded(30, 64, base64Digits)))
		wantAsked(t, frame(value+"abcd==\n"), frame(value+"abce==\n"), frame(encoded(30, 64, base64Digits)+value+"abcd==\n"))
	}
}

func TestAWordOfAKeysHeaderIsAChangeOfTheKey(t *testing.T) {
	key := valuesOfLines["SSH2"]
	wantAsked(t, key, strings.Replace(key, "one", "1", 1), strings.Replace(key, "two", "2", 1))
	key = valuesOfLines["encrypted key"]
	wantAsked(t, key, strings.Replace(key, "4,ENCRYPTED", "5,ENCRYPTED", 1), strings.ReplaceAll(key, "RSA", "EC"))
}

func TestAChoiceAtAKeyGivesOneWhole(t *testing.T) {
	parts := strings.SplitAfter(valuesOfLines["certificate"], "\n")
	key := func(i int) string {
		changed := append([]string{}, parts...)
		changed[i] = encoded(30, 64, hexDigits)
		return strings.Join(changed, "")
	}
	base, mine, theirs := strings.Join(parts, ""), key(2), key(7)
	m := textdiff.Merge("a\n"+base+"b\n", "a\n"+mine+"b\n", "a\n"+theirs+"b\n")
	wantEqual(t, pieces(m), "a\n["+base+"|"+mine+"|"+theirs+"]b\n")
}

func TestWhatIsNoValueOfSeveralLinesMerges(t *testing.T) {
	long := "averylongwordwithoutanyblanksinitthatgoesonandonuntilsixtyfourletters"
	for _, c := range [][4]string{
		{"a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"},
		{"one\ntwo\nthree\n", "1\ntwo\nthree\n", "one\ntwo\n3\n", "1\ntwo\n3\n"},
		{"- MIIB\n- MIIC\n- MIID\n", "- MIIE\n- MIIC\n- MIID\n", "- MIIB\n- MIIC\n- MIIF\n", "- MIIE\n- MIIC\n- MIIF\n"},
		{long + "\n\nb\n", long + "s\n\nb\n", long + "\n\nB\n", long + "s\n\nB\n"},
		{
			strings.Repeat("-", 80) + "\na\n" + strings.Repeat("=", 80) + "\nb\n", strings.Repeat("-", 80) + "\nA\n" + strings.Repeat("=", 80) + "\nb\n",
			strings.Repeat("-", 80) + "\na\n" + strings.Repeat("=", 80) + "\nB\n", strings.Repeat("-", 80) + "\nA\n" + strings.Repeat("=", 80) + "\nB\n",
		},
		{"-----BEGIN KEY-----\na\nb\nc\n", "-----BEGIN KEY-----\nA\nb\nc\n", "-----BEGIN KEY-----\na\nb\nC\n", "-----BEGIN KEY-----\nA\nb\nC\n"},
		{
			"---- BEGIN draft ----\na\nb\nc\n---- END draft ----\n", "---- BEGIN draft ----\nA\nb\nc\n---- END draft ----\n",
			"---- BEGIN draft ----\na\nb\nC\n---- END draft ----\n", "---- BEGIN draft ----\nA\nb\nC\n---- END draft ----\n",
		},
	} {
		wantMerged(t, c[0], c[1], c[2], c[3])
	}
	// Two keys of one text are two values.
	one, other := valuesOfLines["certificate"], valuesOfLines["private key"]
	changedOne, changedOther := strings.Replace(one, "abcd==", "abce==", 1), strings.Replace(other, encoded(4, 64, base64Digits), encoded(30, 64, base64Digits), 1)
	wantMerged(t, one+other, changedOne+other, one+changedOther, changedOne+changedOther)
	wantMerged(t, "a\n"+one+"b\n", "A\n"+one+"b\n", "a\n"+changedOne+"b\n", "A\n"+changedOne+"b\n")
	// As are lines of digits with something else between them.
	digits, changed := encodedLines(3, 64, hexDigits), encoded(30, 64, hexDigits)+encodedLines(3, 64, hexDigits)[65:]
	wantMerged(t, digits+"\n"+digits, changed+"\n"+digits, digits+"\n"+changed, changed+"\n"+changed)
}
