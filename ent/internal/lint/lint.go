// Package lint looks for what a migration should not do unbidden, because rows would be lost, because the version before
// couldn't go on working beside it, or because it would take long.
package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"octavo/ent/schema"
)

// Kinds are what a migration may be allowed to do.
var Kinds = []string{
	"destructive", // drops a column or a table
	"required",    // adds a column without a default that must have a value, so that the version before can't add rows
	"rename",      // calls a table or a column otherwise, so that the version before doesn't find it
	"change",      // gives a column another type or takes the right to be empty from it, which rows may not bear
	"copy",        // copies a table, as SQLite does for what it can't change in place
}

// allows begins the line of a migration that says what it is allowed to do.
const allows = "-- lint:allow "

// Allow returns the line that allows some kinds.
func Allow(kinds []string) string { return allows + strings.Join(kinds, " ") + "\n" }

var (
	comment  = regexp.MustCompile(`(?m)^\s*--.*$`)
	clause   = regexp.MustCompile(`(?i),\s*(ADD|DROP|ALTER|MODIFY|CHANGE|RENAME)\s`)
	copying  = regexp.MustCompile("(?i)^CREATE TABLE [`\"]?new_(\\w+)")
	dropping = regexp.MustCompile("(?i)^DROP TABLE (?:IF EXISTS )?[`\"]?(\\w+)")
	adding   = regexp.MustCompile("(?i)ADD COLUMN [`\"]?(\\w+).*NOT NULL")
	given    = regexp.MustCompile(`(?i)\b(DEFAULT|AUTO_INCREMENT|GENERATED)\b`)
	losing   = regexp.MustCompile("(?i)DROP COLUMN [`\"]?(\\w+)")
	ofCopy   = regexp.MustCompile("(?i)^ALTER TABLE [`\"]?new_\\w+[`\"]? RENAME TO")
	changing = regexp.MustCompile("(?i)\\bALTER COLUMN [`\"]?(\\w+)[`\"]? (?:SET DATA )?(?:TYPE|SET NOT NULL)\\b|\\bMODIFY COLUMN [`\"]?(\\w+)")
	renaming = regexp.MustCompile(`(?i)\bRENAME (COLUMN|TO)\b|\bCHANGE COLUMN\b`)
)

// Allowed returns the kinds that the text of a migration allows.
func Allowed(text string) (kinds []string) {
	for line := range strings.Lines(text) {
		if list, ok := strings.CutPrefix(line, allows); ok {
			kinds = append(kinds, strings.Fields(list)...)
		}
	}
	return kinds
}

// Find returns what the text of a migration does that neither it nor allowed allows. The tables of full-text search,
// which follow from the notes, may be dropped.
func Find(text string, allowed []string) (findings []string) {
	allowed = slices.Concat(allowed, Allowed(text))
	find := func(kind, format string, args ...any) {
		if !slices.Contains(allowed, kind) {
			findings = append(findings, kind+": "+fmt.Sprintf(format, args...))
		}
	}
	copied := map[string]bool{}
	for statement := range strings.SplitSeq(comment.ReplaceAllString(text, ""), ";\n") {
		statement = strings.TrimSpace(statement)
		if m := copying.FindStringSubmatch(statement); m != nil {
			copied[m[1]] = true
			find("copy", "the table %s is copied", m[1])
		}
		if m := dropping.FindStringSubmatch(statement); m != nil && !copied[m[1]] && !schema.IsFullText(m[1]) {
			find("destructive", "the table %s is dropped", m[1])
		}
		if !strings.HasPrefix(strings.ToUpper(statement), "ALTER TABLE") {
			continue
		}
		for part := range strings.Lines(clause.ReplaceAllString(statement, "\n$1 ")) {
			if m := losing.FindStringSubmatch(part); m != nil {
				find("destructive", "the column %s is dropped", m[1])
			}
			if m := adding.FindStringSubmatch(part); m != nil && !given.MatchString(part) {
				find("required", "the column %s must have a value, and has no default", m[1])
			}
			if m := changing.FindStringSubmatch(part); m != nil {
				find("change", "the column %s gets another type, or must have a value", m[1]+m[2])
			}
			if renaming.MatchString(part) && !ofCopy.MatchString(statement) {
				find("rename", "%s", strings.TrimSpace(part))
			}
		}
	}
	return findings
}
