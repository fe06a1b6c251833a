package domain_test

import (
	"strings"
	"testing"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/domain/query"
)

func TestMarksInsideOfAWordDoNotHideIt(t *testing.T) {
	for text, want := range map[string]string{
		"**A**lfa":                                                        "alfa",
		"Al**fa**, *B*ravo ***C***h*a*rlie":                               "alfa bravo charlie",
		"~~A~~lfa ~B~ravo ==C==harlie":                                    "alfa bravo charlie",
		"`A`lfa ``B``ravo":                                                "alfa bravo",
		"[A](https://e.org)lfa":                                           "alfa https e org",
		"see [A **b**](<u v> \"w\") now":                                  "see a b now u v w",
		"[[A]]lfa ![B](c)ravo":                                            "alfa bravo c",
		"H<sub>2</sub>O m<sup>2</sup>":                                    "h2o m2",
		"10<sup>2</sup> <mark>A</mark>lfa":                                "10 sup 2 alfa",
		"2 * 3, 2*3, a * b * c":                                           "2 3 2 3 a b c",
		"snake_case_name _A_lfa __B__ravo":                                "snake case name a lfa b ravo",
		"a*b*c `a*b*c` \\*d*e f*g\\*h":                                    "abc a b c de fg h",
		"a=b==c, d == e == f ~~~g~~~":                                     "a b c d e f g",
		"# **A**lfa\n\n- **B**ravo\n> *C*at":                              "alfa bravo cat",
		"```\n**A**lfa\n```\n    *B*ravo":                                 "a lfa b ravo",
		"| **A**lfa | b |\n|---|---|\n| `c`d":                             "alfa b cd",
		"caf&eacute; na&#239;ve &#x41;l*fa* b&nbsp;c &amp;d":              "cafe naive alfa b c d",
		"`d&eacute;` \\&eacute;e &nosuch; https://e.org/?a=b&copy=c":      "d eacute eacute e nosuch https e org a b copy c",
		"| &Auml; | b |\n|---|---|\n> <kbd>&szlig;</kbd>\n\n    &eacute;": "a b ss eacute",
		"**A\nb**ravo":                                                    "a bravo",
		"Al\u00adfa Br\u200davo Cha\u200crlie":                            "alfa bravo charlie",
	} {
		n, err := domain.NewNote(domain.NoteDraft{Title: "t", Content: text}, now)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, strings.Join(n.SearchEntry().Content, " "), want)
		wantEqual(t, strings.Join(query.NewEntry("t", markup.Visible(text), nil, nil, false, query.Active).Content, " "), want)
	}
}
