package web_test

import (
	"fmt"
	gohtml "html"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"octavo/domain"
	"octavo/domain/textdiff"
	"octavo/lang"
	"octavo/web"
)

// largeTexts are pairs of texts of the largest size of which much differs.
func largeTexts() map[string][2]string {
	fill := func(line func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < domain.MaxContent-20; i++ {
			b.WriteString(line(i))
		}
		return b.String()
	}
	letter := func(i, step int) string { return string(rune('a' + i*i/step%26)) }
	return map[string][2]string{
		"lines of one letter":    {fill(func(i int) string { return letter(i, 7) + "\n" }), fill(func(i int) string { return letter(i, 11) + "\n" })},
		"one line of letters":    {fill(func(i int) string { return letter(i, 7) + " " }), fill(func(i int) string { return letter(i, 11) + " " })},
		"one line of quotes":     {"a" + strings.Repeat(`"`, domain.MaxContent-20), "b" + strings.Repeat(`"`, domain.MaxContent-20)},
		"every other line":       {fill(func(i int) string { return fmt.Sprintf("%d\n", i) }), fill(func(i int) string { return fmt.Sprintf("%d%s\n", i, []string{"", "x"}[i%2]) })},
		"every line, much alike": {fill(func(i int) string { return fmt.Sprintf("one two %d four five\n", i) }), fill(func(i int) string { return fmt.Sprintf("one two x%d four five\n", i) })},
		"lines without blanks":   {strings.Repeat(strings.Repeat("語", 500)+"\n", 170), strings.Repeat(strings.Repeat("文", 500)+"\n", 170)},
	}
}

// maxPage is what a page of a diff or a merge takes at most, beyond what was typed, which is sent back whole.
const maxPage = 1 << 20

func TestThePageOfADifferenceIsBoundedAndSaysWhatItLeavesOut(t *testing.T) {
	for name, texts := range largeTexts() {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			n := s.note("Large", texts[0])
			s.post(noteURL(n), "title", "Large", "content", texts[1], "version", "1").wantStatus(http.StatusSeeOther)
			page := s.get(noteURL(n) + "/history/2").wantStatus(http.StatusOK)
			if len(page.body) > maxPage || !strings.Contains(page.text(".diff"), "not shown") {
				t.Errorf("the page has %d bytes", len(page.body))
			}
		})
	}
}

func TestThePageOfAMergeIsBoundedAndLosesNothing(t *testing.T) {
	for name, texts := range largeTexts() {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			begun := strings.ReplaceAll(texts[0], "1", "3")
			if begun == texts[0] {
				begun = "begun\n" + texts[0][len(texts[0])/2:]
			}
			n := s.note("Large", begun)
			s.post(noteURL(n), "title", "Large", "content", texts[0], "version", "1").wantStatus(http.StatusSeeOther)
			mine := strings.ReplaceAll(texts[1], "\n", "\r\n")
			page := s.post(noteURL(n), "title", "Large", "content", mine, "version", "1").wantStatus(http.StatusConflict)
			if size := len(page.body) - len(gohtml.EscapeString(texts[1])); size > maxPage {
				t.Errorf("the page has %d bytes besides what was typed", size)
			}
			places := page.page().Find("fieldset").Length()
			if places < 1 || places > textdiff.MaxCollisions {
				t.Errorf("there are %d places", places)
			}
			var choices []string
			for i := range places {
				choices = append(choices, "choice-"+strconv.Itoa(i+1), "mine")
			}
			choose(s, page, choices...).wantRedirect(noteURL(n))
			merge := textdiff.Merge(begun, texts[1], texts[0])
			sides := make([]textdiff.Side, merge.Collisions())
			for i := range sides {
				sides[i] = textdiff.Mine
			}
			want, err := merge.Resolve(sides)
			if err != nil || s.stored(n.ID).Content != want {
				t.Errorf("stored is not what was chosen: %v", err)
			}
		})
	}
}

func TestWhatDoesNotFitIsCounted(t *testing.T) {
	wantEqual(t, web.AgreedText(lang.English(), strings.Repeat("日\"", 100), 60), `日"日"日"日`+"\n… 186 more characters not shown …\n"+`"日"日"日"`)
}
