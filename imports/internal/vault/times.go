package vault

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	ordinal = regexp.MustCompile(`\b([0-9]{1,2})(?:st|nd|rd|th)\b`)
	layouts = []string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 -0700",
		"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02", "20060102T150405Z", "20060102",
		"02.01.2006 15:04", "02.01.2006", "Monday, January 2 2006, 3:04:05 pm", "January 2, 2006 3:04 PM", "January 2, 2006", "2 January 2006", "2 Jan 2006", time.RFC1123Z, time.RFC1123,
	}
)

// ParseTime reads a time as programs write it; one without a zone is UTC.
func ParseTime(text string) (time.Time, bool) {
	text = ordinal.ReplaceAllString(strings.TrimSpace(text), "$1")
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), plausible(at)
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	at := time.Unix(n, 0)
	if n > 1e11 {
		at = time.UnixMilli(n)
	}
	return at.UTC(), n > 1e8 && plausible(at)
}

func plausible(at time.Time) bool { return at.Year() > 1900 && at.Year() < 2200 }
