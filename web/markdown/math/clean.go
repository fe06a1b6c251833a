package math

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"regexp"
	"strings"
)

// maxDepth is how deep elements nest.
const maxDepth = 100

// elements are those of MathML Core, without the ones that hold anything but MathML or lead anywhere.
var elements = setOf("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "merror",
	"mpadded", "mphantom", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none",
	"mtable", "mtr", "mtd", "menclose")

var (
	keyword = regexp.MustCompile(`^[a-zA-Z]{1,16}$`)
	length  = regexp.MustCompile(`^[+-]?[0-9]*\.?[0-9]+(em|ex|pt|px|%)?$`)
	number  = regexp.MustCompile(`^[+-]?[0-9]{1,2}$`)
	colour  = regexp.MustCompile(`^(#[0-9a-fA-F]{3,8}|[a-zA-Z]{1,24})$`)
	words   = regexp.MustCompile(`^[a-z ]{1,64}$`)
	classes = regexp.MustCompile(`^[a-zA-Z0-9 -]{1,200}$`)
)

// attributes are what elements may have, each in the form in which it does no harm.
var attributes = map[string]*regexp.Regexp{
	"display": keyword, "displaystyle": keyword, "dir": keyword, "mathvariant": keyword, "form": keyword, "fence": keyword,
	"separator": keyword, "stretchy": keyword, "symmetric": keyword, "largeop": keyword, "movablelimits": keyword,
	"accent": keyword, "accentunder": keyword, "scriptlevel": number, "columnspan": number, "rowspan": number,
	"columnalign": words, "rowalign": words, "columnlines": words, "rowlines": words, "notation": words,
	"lspace": length, "rspace": length, "minsize": length, "maxsize": length, "width": length, "height": length,
	"depth": length, "voffset": length, "linethickness": length, "columnspacing": nil, "rowspacing": nil,
	"mathcolor": colour, "mathbackground": colour, "class": classes,
}

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// clean returns what Temml has written with nothing in it but the elements and attributes above. A style becomes an
// attribute or a class, as a page here has no inline styles.
func clean(written string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(written))
	var b strings.Builder
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", ErrUnclean
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			if name == "span" {
				continue // the place of a number that Temml would have a style sheet count
			}
			if depth++; depth > maxDepth || !elements[name] || (depth == 1) != (name == "math") {
				return "", ErrUnclean
			}
			b.WriteString("<" + name)
			writeAttributes(&b, token.Attr)
			b.WriteString(">")
		case xml.EndElement:
			if token.Name.Local == "span" {
				continue
			}
			depth--
			b.WriteString("</" + token.Name.Local + ">")
		case xml.CharData:
			if depth > 0 {
				b.WriteString(html.EscapeString(string(token)))
			}
		default:
			return "", ErrUnclean
		}
	}
	return b.String(), nil
}

func writeAttributes(b *strings.Builder, attrs []xml.Attr) {
	values := map[string]string{}
	var order []string
	set := func(name, value string) {
		if values[name] == "" {
			order = append(order, name)
		} else if name == "class" {
			value = values[name] + " " + value
		}
		values[name] = value
	}
	for _, a := range attrs {
		if a.Name.Local == "style" {
			for declaration := range strings.SplitSeq(a.Value, ";") {
				property, value, _ := strings.Cut(declaration, ":")
				styled(strings.TrimSpace(property), strings.TrimSpace(value), set)
			}
		} else {
			set(a.Name.Local, a.Value)
		}
	}
	for _, name := range order {
		if form := attributes[name]; form != nil && form.MatchString(values[name]) {
			b.WriteString(" " + name + `="` + html.EscapeString(values[name]) + `"`)
		}
	}
}

// styled has a declaration of a style become an attribute or a class. Those that are left out here are small touches.
func styled(property, value string, set func(name, value string)) {
	if value == "undefined" {
		return
	}
	line := strings.Contains(value, "solid") || strings.Contains(value, "dashed")
	none := value == "0" || value == "0em" || value == "0pt"
	switch {
	case property == "color":
		set("mathcolor", value)
	case property == "background-color" || property == "background":
		set("mathbackground", value)
	case property == "math-depth":
		set("scriptlevel", value)
	case property == "font-weight" && value == "bold":
		set("class", "tml-bold")
	case property == "padding-left" && none:
		set("class", "tml-start")
	case property == "padding-right" && none:
		set("class", "tml-end")
	case property == "border" && line:
		set("class", "tml-fbox")
	case strings.HasPrefix(property, "border-") && line:
		set("class", "tml-"+property)
	case property == "text-align" && (value == "left" || value == "right"):
		set("class", "tml-"+value)
	case property == "margin-left" && strings.HasPrefix(value, "-"):
		set("class", "tml-back")
	}
}
