package lsp

import (
	"sort"
	"unicode/utf8"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/lsp/protocol"
)

// document is one version of an open text. It does not change.
type document struct {
	uri     protocol.DocumentURI
	lang    source.Lang
	version int
	text    []byte
	lines   []int // offset of each line's first byte
	at      place
	saved   bool // text is what was opened or saved last
	mark    int  // of what the session was told of it last
}

// newDocument makes a version; the caller gives text away.
func newDocument(uri protocol.DocumentURI, lang source.Lang, version int, text []byte) *document {
	return &document{uri: uri, lang: lang, version: version, text: text, lines: lineStarts(text)}
}

// lineStarts finds the lines: they end with LF, CRLF or a CR of its own.
func lineStarts(text []byte) []int {
	lines := make([]int, 1, 64)
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			lines = append(lines, i+1)
		case '\n':
			lines = append(lines, i+1)
		}
	}
	return lines
}

// languageOf is the language that a client says a document is in; VS Code calls C headers "cpp".
func languageOf(path, id string) source.Lang {
	if l := source.LangOf(path); l != source.NoLang {
		return l
	}
	switch id {
	case "csharp", "cs":
		return source.CSharp
	case "c":
		return source.C
	}
	return source.NoLang
}

// change is the next version of d: the changes are applied one after the other.
func (d *document) change(version int, changes []protocol.TextDocumentContentChangeEvent, enc protocol.PositionEncoding) *document {
	text, lines := d.text, d.lines
	for _, c := range changes {
		if c.Range == nil {
			text = []byte(c.Text)
		} else {
			start := offsetAt(text, lines, c.Range.Start, enc)
			end := offsetAt(text, lines, c.Range.End, enc)
			if end < start {
				start, end = end, start
			}
			next := make([]byte, 0, len(text)-(end-start)+len(c.Text))
			next = append(next, text[:start]...)
			next = append(next, c.Text...)
			text = append(next, text[end:]...)
		}
		lines = lineStarts(text)
	}
	return &document{uri: d.uri, lang: d.lang, version: version, text: text, lines: lines, at: d.at}
}

// offset is the byte offset of a position; positions outside of the text are moved to the nearest
// end of their line or of the text.
func (d *document) offset(p protocol.Position, enc protocol.PositionEncoding) int {
	return offsetAt(d.text, d.lines, p, enc)
}

func offsetAt(text []byte, lines []int, p protocol.Position, enc protocol.PositionEncoding) int {
	switch {
	case p.Line < 0:
		return 0
	case p.Line >= len(lines):
		return len(text)
	}
	i, end := lines[p.Line], len(text)
	if p.Line+1 < len(lines) {
		end = lines[p.Line+1]
	}
	for end > i && (text[end-1] == '\n' || text[end-1] == '\r') {
		end--
	}
	if enc == protocol.UTF8 {
		i = min(i+max(p.Character, 0), end)
		for i > lines[p.Line] && i < len(text) && !utf8.RuneStart(text[i]) {
			i--
		}
		return i
	}
	for n := 0; i < end && n < p.Character; {
		r, size := utf8.DecodeRune(text[i:])
		n++
		if r >= 0x10000 && enc == protocol.UTF16 {
			n++
		}
		if n > p.Character {
			break // inside of a pair
		}
		i += size
	}
	return i
}

// position is the reverse of offset.
func (d *document) position(offset int, enc protocol.PositionEncoding) protocol.Position {
	offset = min(max(offset, 0), len(d.text))
	line := sort.SearchInts(d.lines, offset+1) - 1
	return protocol.Position{Line: line, Character: width(d.text[d.lines[line]:offset], enc)}
}

// width is the length of text in the units of the encoding.
func width(text []byte, enc protocol.PositionEncoding) int {
	if enc == protocol.UTF8 {
		return len(text)
	}
	n := 0
	for i := 0; i < len(text); n++ {
		r, size := utf8.DecodeRune(text[i:])
		if r >= 0x10000 && enc == protocol.UTF16 {
			n++
		}
		i += size
	}
	return n
}
