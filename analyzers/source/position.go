package source

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// Position is a place in a file. All fields count from 1; Col counts UTF-16
// units (editors, SARIF), ColRune code points, ColByte bytes of Text.
type Position struct {
	Line    int
	Col     int
	ColRune int
	ColByte int
}

// Lines is the number of lines; an empty file has one.
func (f *File) Lines() int { return len(f.lines()) }

// Position translates a byte offset in Text; offsets outside it are moved to
// the nearest end, offsets inside a character to its start.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), f.length)
	lines := f.lines()
	line := sort.Search(len(lines), func(i int) bool { return int(lines[i]) > offset }) - 1
	start := int(lines[line])
	if f.ascii {
		col := offset - start + 1
		return Position{line + 1, col, col, col}
	}
	p, text := Position{line + 1, 1, 1, 1}, f.Text()
	for i := start; i < offset; {
		r, n := utf8.DecodeRune(text[i:])
		if i+n > offset {
			break
		}
		i += n
		p.Col += units(r)
		p.ColRune++
		p.ColByte += n
	}
	return p
}

// units is the number of UTF-16 units of r.
func units(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// Offset is the reverse of Position for a line and a UTF-16 column, both from 1.
// Columns beyond the line's text give its end; lines beyond the file give its end.
func (f *File) Offset(line, col16 int) int {
	if line < 1 {
		return 0
	}
	if line > f.Lines() {
		return f.length
	}
	text := f.Text()
	i := int(f.lines()[line-1])
	end := i + len(f.LineText(line))
	for col := 1; i < end && col < col16; {
		r, n := utf8.DecodeRune(text[i:])
		if col += units(r); col > col16 {
			break
		}
		i += n
	}
	return i
}

// LineStart is the offset in Text of a line's first byte; the line counts from 1.
func (f *File) LineStart(line int) int {
	if line < 1 {
		return 0
	}
	if line > f.Lines() {
		return f.length
	}
	return int(f.lines()[line-1])
}

// LineText is a line (from 1) without its line end; empty beyond the file.
func (f *File) LineText(line int) []byte {
	if line < 1 || line > f.Lines() {
		return nil
	}
	text := f.Text()[f.LineStart(line):f.LineStart(line+1)]
	return bytes.TrimRight(text, "\r\n")
}
