// Package page shows a rule's Markdown page in a terminal.
//
// In: Markdown as the pages use it (headings, paragraphs, lists, tables, code
// blocks, links). Out: text wrapped to a width, with ANSI styles where asked.
// Invariant: nothing of the page is lost but its marks; an element that is not
// known here is shown as its source text.
package page

import (
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Options says how a page is shown.
type Options struct {
	Width int  // columns; less than 20 means 80
	Color bool // ANSI styles
}

// Render writes the page.
func Render(w io.Writer, markdown string, o Options) error {
	if o.Width < 20 {
		o.Width = 80
	}
	src := []byte(markdown)
	r := &renderer{src: src, o: o}
	r.blocks(goldmark.DefaultParser().Parse(text.NewReader(src)), "")
	_, err := io.WriteString(w, strings.TrimLeft(r.out.String(), "\n"))
	return err
}

type renderer struct {
	src []byte
	o   Options
	out strings.Builder
}

const (
	reset = "\x1b[0m"
	bold  = "\x1b[1m"
	cyan  = "\x1b[36m"
)

func (r *renderer) style(code, s string) string {
	if !r.o.Color || s == "" {
		return s
	}
	return code + s + reset
}

// blocks renders the children of parent, each line behind the indent.
func (r *renderer) blocks(parent ast.Node, indent string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			r.heading(n)
		case *ast.Paragraph, *ast.TextBlock:
			r.paragraph(n, indent, indent)
		case *ast.List:
			r.list(n, indent)
		case *ast.Blockquote:
			r.blocks(n, indent+"  ")
		case *ast.ThematicBreak:
			r.gap()
			r.out.WriteString(indent + strings.Repeat("-", 8) + "\n")
		default:
			r.verbatim(n, indent+"    ")
		}
	}
}

// gap puts an empty line before a block.
func (r *renderer) gap() { r.out.WriteString("\n") }

func (r *renderer) heading(n *ast.Heading) {
	r.gap()
	title := r.inline(n)
	r.out.WriteString(r.style(bold, title) + "\n")
	if n.Level == 1 {
		r.out.WriteString(strings.Repeat("=", runewidth.StringWidth(title)) + "\n")
	}
}

// verbatim shows a block's source lines, such as those of code.
func (r *renderer) verbatim(n ast.Node, indent string) {
	r.gap()
	lines := n.Lines()
	for i := range lines.Len() {
		seg := lines.At(i)
		line := strings.TrimRight(string(seg.Value(r.src)), "\r\n")
		r.out.WriteString(strings.TrimRight(indent+r.style(cyan, line), " ") + "\n")
	}
}

func (r *renderer) list(n *ast.List, indent string) {
	number := n.Start
	tight := n.IsTight
	if tight {
		r.gap()
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if n.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		first := true
		for b := item.FirstChild(); b != nil; b = b.NextSibling() {
			pad := indent + strings.Repeat(" ", len(mark))
			switch {
			case first && (b.Kind() == ast.KindTextBlock || b.Kind() == ast.KindParagraph):
				if !tight {
					r.gap()
				}
				r.wrap(r.inline(b), indent+mark, pad)
			case b.Kind() == ast.KindList:
				r.list(b.(*ast.List), pad)
			case b.Kind() == ast.KindTextBlock || b.Kind() == ast.KindParagraph:
				r.paragraph(b, pad, pad)
			default:
				r.verbatim(b, pad+"    ")
			}
			first = false
		}
	}
}

func (r *renderer) paragraph(n ast.Node, first, rest string) {
	r.gap()
	if isTable(r.inline(n)) {
		r.source(n, first)
		return
	}
	r.wrap(r.inline(n), first, rest)
}

// isTable recognises a table, whose rows are worth more than filled lines.
func isTable(s string) bool { return strings.HasPrefix(s, "|") }

func (r *renderer) source(n ast.Node, indent string) {
	lines := n.Lines()
	for i := range lines.Len() {
		seg := lines.At(i)
		r.out.WriteString(indent + strings.TrimRight(string(seg.Value(r.src)), "\r\n") + "\n")
	}
}

// inline returns the text of a block's inline nodes on one line.
func (r *renderer) inline(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Segment.Value(r.src))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.CodeSpan:
			b.WriteString("`" + r.inline(c) + "`")
		case *ast.Link:
			label, target := r.inline(c), string(c.Destination)
			b.WriteString(label)
			if target != label {
				b.WriteString(" (" + target + ")")
			}
		case *ast.AutoLink:
			b.Write(c.URL(r.src))
		case *ast.RawHTML:
			b.Write(c.Segments.Value(r.src))
		default:
			b.WriteString(r.inline(c))
		}
	}
	return b.String()
}

// wrap fills lines up to the width; code spans are not broken.
func (r *renderer) wrap(s, first, rest string) {
	line, width := first, runewidth.StringWidth(first)
	empty := true
	for _, word := range words(s) {
		ww := runewidth.StringWidth(word)
		if !empty && width+1+ww > r.o.Width {
			r.out.WriteString(line + "\n")
			line, width, empty = rest, runewidth.StringWidth(rest), true
		}
		if !empty {
			line += " "
			width++
		}
		if strings.HasPrefix(word, "`") {
			line += r.style(cyan, word)
		} else {
			line += word
		}
		width += ww
		empty = false
	}
	r.out.WriteString(line + "\n")
}

// words splits at white space outside code spans.
func words(s string) (out []string) {
	start, code := -1, false
	for i := 0; i <= len(s); i++ {
		switch {
		case i == len(s) || !code && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n'):
			if start >= 0 {
				out = append(out, s[start:i])
			}
			start = -1
		default:
			if s[i] == '`' {
				code = !code
			}
			if start < 0 {
				start = i
			}
		}
	}
	return out
}
