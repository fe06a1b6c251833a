package standard

import (
	"encoding/json"
	"strconv"
	"strings"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/imports/internal/text"
)

// written returns the text of a note as Markdown, whatever editor it was written in.
func written(n *domain.Incoming, c content) string {
	kind := c.NoteType
	if kind == "" {
		kind = kindOf(c.Editor)
	}
	switch kind {
	case "super":
		var doc struct {
			Root node `json:"root"`
		}
		if json.Unmarshal([]byte(c.Text), &doc) == nil {
			w := writer{lost: n}
			w.blocks(doc.Root.Children, "")
			return strings.TrimSpace(w.b.String())
		}
	case "rich-text":
		if doc, err := text.ParseHTML(c.Text); err == nil {
			if said, err := text.FromHTML(doc); err == nil {
				return text.EscapeTags(said)
			}
		}
	case "markdown":
		return c.Text
	case "task":
		if list, ok := tasks(c.Text); ok {
			return list
		}
		return c.Text // which is Markdown already
	case "code", "spreadsheet", "authentication":
		if c.Text == "" {
			return ""
		}
		fence := "```"
		for strings.Contains(c.Text, fence) {
			fence += "`"
		}
		return fence + "\n" + c.Text + "\n" + fence
	}
	return text.Plain(c.Text)
}

// kindOf returns the kind of a note by the editor that older ones have.
func kindOf(editor string) string {
	for part, kind := range map[string]string{
		"markdown": "markdown", "bold-editor": "rich-text", "plus-editor": "rich-text", "rich-text": "rich-text", "code-editor": "code", "token-vault": "authentication",
		"standard-sheets": "spreadsheet", "task-editor": "task", "checklist": "task", "super-editor": "super",
	} {
		if strings.Contains(editor, part) {
			return kind
		}
	}
	return ""
}

// tasks returns a checklist of groups as lists.
func tasks(source string) (list string, ok bool) {
	var doc struct {
		Groups []struct {
			Name  string `json:"name"`
			Tasks []struct {
				Description string `json:"description"`
				Completed   bool   `json:"completed"`
			} `json:"tasks"`
		} `json:"groups"`
	}
	if json.Unmarshal([]byte(source), &doc) != nil || doc.Groups == nil {
		return "", false
	}
	var b strings.Builder
	for _, g := range doc.Groups {
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString("## " + text.Escape(markup.OneLine(g.Name)) + "\n\n")
		for _, t := range g.Tasks {
			b.WriteString(box(t.Completed) + text.Escape(markup.OneLine(t.Description)) + "\n")
		}
	}
	return b.String(), true
}

func box(done bool) string {
	if done {
		return "- [x] "
	}
	return "- [ ] "
}

// node is a part of a text of the editor called Super, which is one of Lexical.
type node struct {
	Type     string `json:"type"`
	Tag      string `json:"tag"`
	Text     string `json:"text"`
	Format   any    `json:"format"` // bits of a text, or where a block stands
	URL      string `json:"url"`
	Source   string `json:"src"`
	Language string `json:"language"`
	ListType string `json:"listType"`
	Checked  bool   `json:"checked"`
	Item     string `json:"itemUuid"`
	File     string `json:"fileUuid"`
	Children []node `json:"children"`
}

type writer struct {
	b    strings.Builder
	lost *domain.Incoming
}

// deepest is how deep a text is nested at most; what is below is left to be text.
const deepest = 30

// blocks writes blocks, each line behind what is put before it.
func (w *writer) blocks(nodes []node, before string) {
	if len(before) > 2*deepest {
		return
	}
	for _, n := range nodes {
		switch n.Type {
		case "heading":
			level, _ := strconv.Atoi(strings.TrimPrefix(n.Tag, "h"))
			w.block(before, strings.Repeat("#", min(max(level, 1), 6))+" "+strings.ReplaceAll(w.inline(n.Children), "\n", " "))
		case "quote":
			w.block(before+"> ", w.inline(n.Children))
		case "code":
			w.block(before, "```"+n.Language+"\n"+plain(n.Children)+"\n```")
		case "list":
			w.list(n, before)
			w.b.WriteString("\n")
		case "horizontalrule":
			w.block(before, "---")
		case "table":
			w.table(n, before)
		case "collapsible-container", "collapsible-content":
			w.blocks(n.Children, before)
		default:
			if words := w.inline(blockOf(n)); strings.TrimSpace(words) != "" {
				w.block(before, words)
			}
		}
	}
}

// blockOf returns what stands in a block: what is none itself is all of it.
func blockOf(n node) []node {
	if len(n.Children) > 0 && n.Type != "link" && n.Type != "autolink" {
		return n.Children
	}
	return []node{n}
}

func (w *writer) block(before, words string) {
	for line := range strings.SplitSeq(words, "\n") {
		w.b.WriteString(strings.TrimRight(before+line, " ") + "\n")
	}
	w.b.WriteString(strings.TrimRight(strings.TrimSuffix(before, "> "), " ") + "\n")
}

func (w *writer) list(list node, before string) {
	number := 0
	for _, item := range list.Children {
		var inside []node
		var nested []node
		for _, c := range item.Children {
			if c.Type == "list" {
				nested = append(nested, c)
			} else {
				inside = append(inside, c)
			}
		}
		mark := "- "
		switch list.ListType {
		case "number":
			number++
			mark = strconv.Itoa(number) + ". "
		case "check":
			mark = box(item.Checked)
		}
		if len(inside) > 0 || len(nested) == 0 {
			w.b.WriteString(before + mark + strings.ReplaceAll(w.inline(inside), "\n", "\n"+before+"  ") + "\n")
		} else if number > 0 {
			number-- // it only holds those below the one before
		}
		if len(before) <= 2*deepest {
			indent := "  "
			if list.ListType == "number" {
				indent = "   "
			}
			for _, n := range nested {
				w.list(n, before+indent)
			}
		}
	}
}

func (w *writer) table(t node, before string) {
	for i, row := range t.Children {
		line := "|"
		for _, cell := range row.Children {
			var words []string
			for _, c := range cell.Children {
				words = append(words, w.inline(blockOf(c)))
			}
			line += " " + strings.NewReplacer("|", `\|`, "\n", "<br>").Replace(strings.Join(words, "<br>")) + " |"
		}
		w.b.WriteString(before + line + "\n")
		if i == 0 {
			w.b.WriteString(before + "|" + strings.Repeat("---|", len(row.Children)) + "\n")
		}
	}
	w.b.WriteString("\n")
}

// inline returns the texts of some nodes.
func (w *writer) inline(nodes []node) string {
	var b strings.Builder
	for _, n := range nodes {
		switch n.Type {
		case "linebreak":
			b.WriteByte('\n')
		case "link", "autolink":
			b.WriteString("[" + w.inline(n.Children) + "](" + text.Destination(markup.OneLine(n.URL)) + ")")
		case "snbubble":
			b.WriteString("[" + n.Item + "](standardnotes:" + markup.OneLine(n.Item) + ")")
		case "snfile":
			w.lost.Lose("import.file_missing")
		case "unencrypted-image":
			b.WriteString("![](" + text.Destination(markup.OneLine(n.Source)) + ")")
		case "text", "code-highlight", "hashtag":
			b.WriteString(formatted(n))
		default:
			b.WriteString(w.inline(n.Children))
		}
	}
	return b.String()
}

// formatted returns a text with what makes it bold and the like around it.
func formatted(n node) string {
	bits, _ := n.Format.(float64)
	words := strings.TrimSpace(n.Text)
	if words == "" || bits == 0 {
		return escaped(n)
	}
	const bold, italic, strike, underline, code = 1, 2, 4, 8, 16
	around := func(bit int, before, after string) {
		if int(bits)&bit != 0 {
			words = before + words + after
		}
	}
	if int(bits)&code == 0 {
		words = text.Escape(words)
	}
	around(code, "`", "`")
	around(underline, "<u>", "</u>")
	around(strike, "~~", "~~")
	around(italic, "*", "*")
	around(bold, "**", "**")
	at := strings.Index(n.Text, strings.TrimSpace(n.Text))
	return n.Text[:at] + words + n.Text[at+len(strings.TrimSpace(n.Text)):]
}

// escaped returns the words of a text. A hashtag is one.
func escaped(n node) string {
	if n.Type == "hashtag" {
		return n.Text
	}
	return text.Escape(n.Text)
}

func plain(nodes []node) string {
	var b strings.Builder
	for _, n := range nodes {
		if n.Type == "linebreak" {
			b.WriteByte('\n')
		}
		b.WriteString(n.Text + plain(n.Children))
	}
	return b.String()
}
