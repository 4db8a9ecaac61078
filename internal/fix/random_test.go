package fix

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
)

// TestApplyAsOnText: edits of a file in any encoding, with any line ends, give the file of the edited
// text in that encoding.
func TestApplyAsOnText(t *testing.T) {
	marks := map[source.Encoding]string{source.UTF8BOM: "\xef\xbb\xbf", source.UTF16LE: "\xff\xfe", source.UTF16BE: "\xfe\xff"}
	pieces := []string{"int a;", "é", "\"ß€\"", "x", "  ", "// comment"}
	rnd := rand.New(rand.NewSource(7))
	for i := range 400 {
		enc := source.Encoding(rnd.Intn(5))
		end := []string{"\n", "\r\n", "\r"}[rnd.Intn(3)]
		var b strings.Builder
		b.WriteString("é" + end) // so that Windows-1252 is no UTF-8
		for range 3 + rnd.Intn(20) {
			b.WriteString(pieces[rnd.Intn(len(pieces))])
			if rnd.Intn(3) == 0 {
				b.WriteString(end)
			}
		}
		text := b.String()
		raw, err := enc.Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		f := file(t, marks[enc]+string(raw))
		if f.Encoding != enc || string(f.Text()) != text {
			t.Fatalf("%d: read as %s: %q, not %s: %q", i, f.Encoding, f.Text(), enc, text)
		}
		edits, want := randomEdits(rnd, f, end)
		got, err := Apply(f, edits)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if raw, _ = enc.Encode(want); string(got) != marks[enc]+string(raw) {
			t.Fatalf("%d: %s: %q, want %q", i, enc, got, want)
		}
	}
}

// randomEdits makes edits that do not touch, and the text that they give.
func randomEdits(rnd *rand.Rand, f *source.File, end string) (edits []finding.Edit, want string) {
	text := string(f.Text())
	var starts []int // of characters
	for i := range text {
		if i > 0 && text[i] == '\n' && text[i-1] == '\r' {
			continue
		}
		starts = append(starts, i)
	}
	at, last := 0, 0
	for at+4 < len(starts) && len(edits) < 5 {
		at += rnd.Intn(4)
		from := starts[min(at, len(starts)-1)]
		at += rnd.Intn(3)
		to := starts[min(at, len(starts)-1)]
		at++
		text16 := func(o int) finding.Position {
			p := f.Position(o)
			return finding.Position{Line: p.Line, Column: p.Col, Offset: f.DiskOffset(o)}
		}
		text8 := []string{"", "new", "é\n", "a\n\nb€"}[rnd.Intn(4)]
		edits = append(edits, finding.Edit{Span: finding.Span{Path: f.Path, Start: text16(from), End: text16(to)}, NewText: text8})
		want += text[last:from] + strings.ReplaceAll(text8, "\n", end)
		last = to
	}
	return edits, want + text[last:]
}
