package ent

import (
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// Keys may be longer than what they are made of. Those of more characters than maxKey are stored as so many that the
// hash of all of them fits behind.
const (
	maxKey  = 255
	keptKey = maxKey - 2*sha256.Size
)

// storedKey returns the key of a title or a tag as it is stored, and looked for.
func storedKey(key string) string {
	if len(key) <= maxKey || utf8.RuneCountInString(key) <= maxKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return firstRunes(key, keptKey) + hex.EncodeToString(sum[:])
}

// keyRange returns the first and the last stored key of those that begin with prefix. Where that is longer than what is
// kept of keys, some between them may not begin with it.
func keyRange(prefix string) (first, last string) {
	first = firstRunes(prefix, keptKey)
	return first, first + "\U0010FFFF"
}

func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
