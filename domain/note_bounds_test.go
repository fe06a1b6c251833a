package domain_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
)

// repeated returns n times what format makes of a number.
func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestATextHasABoundedNumberOfTagsLinksAndFiles(t *testing.T) {
	content := "#first [[First]] " + repeated(1500, "#tag%d [[Note %[1]d]] [x](Other%[1]d.md) /files/%064[1]x\n") +
		"#first #tag5 #tag1400 [[first]] [[First|again]] [[Note 1400]]"
	o := markup.NewOutline(content)
	tags, links := map[string]int{}, map[string]int{}
	for _, mark := range o.Tags {
		tags[mark.Name]++
	}
	for _, mark := range o.Links {
		links[mark.Title]++
	}
	wantEqual(t, len(tags), markup.MaxTextTags)
	wantEqual(t, tags["first"], 2)
	wantEqual(t, tags["tag5"], 2)
	wantEqual(t, tags["tag998"], 1)
	wantEqual(t, tags["tag999"], 0)
	wantEqual(t, tags["tag1400"], 0)
	wantEqual(t, len(links), markup.MaxTextLinks)
	wantEqual(t, links["First"], 2)
	wantEqual(t, links["Note 1400"], 0)
	wantEqual(t, len(o.Files), markup.MaxTextFiles)
	wantEqual(t, o.HasLink, true)

	n, err := domain.NewNote(domain.NoteDraft{Content: content, Tags: []domain.Tag{"own", "TAG7"}}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, len(n.AllTags()), markup.MaxTextTags+1)
	wantEqual(t, len(n.Following().Links), markup.MaxTextLinks)

	renamed := domain.RenameTag(content, "tag1400", "other")
	wantEqual(t, renamed, content)
	renamed = domain.RenameTag(renamed, "tag5", "other")
	wantEqual(t, strings.Count(renamed, "#other") == 2 && !strings.Contains(renamed, "#tag5 "), true)
	wantEqual(t, markup.RenameLinks(content, "note 1400", "Other"), content)
	renamed = markup.RenameLinks(content, "first", "Second")
	wantEqual(t, strings.Count(renamed, "[[Second"), 2) // [[first]] is one more, and beyond the bound
}

func TestHeadingsOfTheSameNoteAreNoTitles(t *testing.T) {
	o := markup.NewOutline(repeated(1200, "[[#Heading %d]] ") + "[[Note]]")
	wantEqual(t, len(o.Links), 1201)
}

func TestTagsAboveOthersAreBoundedToo(t *testing.T) {
	n, err := domain.NewNote(domain.NoteDraft{Content: repeated(1000, "#"+strings.Repeat("a%[1]d/", 15)+"z ")}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	above := map[domain.Tag]bool{}
	for _, tag := range n.AllTags() {
		for _, name := range tag.Above() {
			above[name] = true
		}
	}
	if len(above) > markup.MaxTextTags || len(above) < markup.MaxTextTags*9/10 {
		t.Errorf("%d tags stand above others", len(above))
	}
}

func TestManyMentionsOfFewTagsAreAllTags(t *testing.T) {
	content := strings.Repeat("#one #two [[Three]] ", 5000)
	o := markup.NewOutline(content)
	wantEqual(t, len(o.Tags), 10000)
	wantEqual(t, len(o.Links), 5000)
}
