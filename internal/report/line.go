package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/mattn/go-runewidth"
)

const (
	tabStop  = 4
	maxWidth = 140 // columns of a source line that are shown
	lead     = 40  // columns before the mark, when a long line is cut
	around   = 560 // UTF-16 units before and behind the begin of the mark that are looked at; more than are shown
)

// lineView is a source line as a terminal shows it.
type lineView struct {
	text   string
	indent int // columns before the mark
	width  int // columns under the mark, at least 1
}

// view lays out a line: tabs become spaces, control characters are replaced,
// and a long line is cut round the mark. Columns are 1-based UTF-16 units; an
// end of 0 or less means the end of the line.
func view(line string, start, end int) lineView {
	line, gone := near(line, start)
	start -= gone
	if end > 0 {
		end = max(1, end-gone)
	}
	cells, total := layout(line)
	last := len(cells)
	for last > 0 && cells[last-1].text == " " {
		last--
	}
	from := columnOf(cells, start, total)
	to := columnOf(cells, end, total)
	if end <= 0 {
		to = 0
		if last > 0 {
			to = cells[last-1].column + cells[last-1].width
		}
	}
	if to <= from {
		to = from + 1
	}
	left := 0
	if to > maxWidth {
		left = max(0, from-lead)
	}
	return cut(cells, left, from, to)
}

// near is the part of a long line around a column, and how many UTF-16 units are gone before it: a file can have all of its findings on one line.
func near(line string, start int) (part string, gone int) {
	if len(line) <= 2*around {
		return line, 0
	}
	unit, from := 1, 0
	for at, r := range line {
		if unit <= start-around {
			from, gone = at, unit-1
		}
		if unit > start+around {
			return line[from:at], gone
		}
		unit += max(1, utf16.RuneLen(r))
	}
	return line[from:], gone
}

// cell is one character of a laid-out line.
type cell struct {
	unit   int // 1-based UTF-16 unit in the source line
	column int // 0-based column on the terminal
	width  int
	text   string
}

func layout(line string) (cells []cell, columns int) {
	unit := 1
	for _, r := range line {
		c := cell{unit: unit, column: columns}
		switch {
		case r == '\t':
			c.width = tabStop - columns%tabStop
			c.text = strings.Repeat(" ", c.width)
		default:
			c.text = printable(r)
			c.width = runewidth.StringWidth(c.text)
		}
		cells = append(cells, c)
		columns += c.width
		unit += max(1, utf16.RuneLen(r))
	}
	return cells, columns
}

func columnOf(cells []cell, unit, total int) int {
	for _, c := range cells {
		if c.unit >= unit {
			return c.column
		}
	}
	return total
}

func cut(cells []cell, left, from, to int) lineView {
	var b strings.Builder
	v := lineView{indent: from - left}
	if left > 0 {
		b.WriteString("…")
		v.indent++
	}
	right := left + maxWidth
	for _, c := range cells {
		if c.column < left {
			continue
		}
		if c.column+c.width > right {
			b.WriteString("…")
			break
		}
		b.WriteString(c.text)
	}
	v.text = strings.TrimRight(b.String(), " ")
	v.width = max(1, min(to, right)-from)
	return v
}

// printable returns r, or a visible stand-in for a character that could move
// the cursor, change colours or reorder the line.
func printable(r rune) string {
	if r < 0x20 || r == 0x7f {
		return fmt.Sprintf("\\x%02x", r)
	}
	if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar {
		return fmt.Sprintf("\\u%04x", r)
	}
	return string(r)
}

// clean makes a text from an analysed file, such as a name, safe to print.
func clean(s string) string {
	safe := func(r rune) bool { return printable(r) == string(r) }
	if strings.IndexFunc(s, func(r rune) bool { return !safe(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		b.WriteString(printable(r))
	}
	return b.String()
}
