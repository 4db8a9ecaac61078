package ruletest

import (
	"bytes"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/fix"
	"github.com/pinvet/pinvet/rules"
)

var writeFixed = flag.Bool("fixed", false, "rewrite the .fixed sections of the test archives")

// fixSet tests the fixes of one archive.
type fixSet struct {
	archive *txtar.Archive
	code    string
	rules   []*rules.Rule

	offered, shown map[rules.FixSafety]bool // by the rule of the archive; with the text that comes out
	rewritten      bool
	ran            int // cases, of all that there are
}

// notes are the comments of cases: a fix is tested on code without them.
var notes = regexp.MustCompile(`[ \t]*(//[ \t]*(want|step)\b.*|/\*[ \t]*(want|step)\b[^\n]*?\*/)`)

// run applies all fixes in a case, also the unsafe ones. Each must hold: its finding is gone, there is
// none that was not there before, no file is understood worse, and doing it once more does nothing. It
// must also hold with other line ends and encodings, and keep those.
func (s *fixSet) run(t *testing.T, c *testCase) {
	s.ran++
	if strings.HasPrefix(c.name, "Ok_") || strings.HasPrefix(c.name, "FN_") {
		return
	}
	plain := map[string][]byte{}
	for p, text := range c.files {
		plain[p] = notes.ReplaceAll(text, nil)
	}
	rep := s.fixAll(t, plain)
	if rep == nil {
		return
	}
	s.look(c, rep)
	if strings.HasSuffix(c.name, "_no_fix") && slices.ContainsFunc(rep.Fixed, func(d fix.Fixed) bool { return d.Finding.Code == s.code }) {
		t.Errorf("a fix for %s is offered", s.code)
	}
	if len(rep.Fixed) == 0 {
		if c.fixed != nil {
			t.Errorf("nothing is fixed, but there is %s.fixed", c.name)
		}
		return
	}
	for _, v := range variants {
		s.variant(t, v, plain, rep)
	}
	s.compareFixed(t, c, rep)
}

// fixAll applies the fixes of some files and says what is wrong with them; nil if there are none.
func (s *fixSet) fixAll(t *testing.T, files map[string][]byte) *fix.Report {
	t.Helper()
	analyse := func(ctx context.Context, texts map[string][]byte) (*check.Result, error) {
		all := map[string][]byte{}
		for p, text := range files {
			all[p] = text
		}
		for p, text := range texts {
			all[p] = text
		}
		return check.Run(ctx, check.Options{Overlay: all, Rules: s.rules, Generated: true})
	}
	first, err := analyse(context.Background(), nil)
	if err != nil {
		t.Error(err)
		return nil
	}
	rep, err := fix.Run(context.Background(), first, true, analyse)
	if err != nil {
		t.Error(err)
		return nil
	}
	for _, l := range rep.Left {
		t.Errorf("%s:%d: %s is not fixed: %s", l.Finding.Path, l.Finding.Start.Line, l.Finding.Code, l.Why)
	}
	for _, f := range rep.Result.Findings {
		for _, x := range f.Fixes {
			if len(x.Edits) > 0 {
				t.Errorf("%s:%d: %s: a fix is offered although all were applied", f.Path, f.Start.Line, f.Code)
			}
		}
	}
	return rep
}

// look notes what the rule of the archive offers.
func (s *fixSet) look(c *testCase, rep *fix.Report) {
	if s.offered == nil {
		s.offered, s.shown = map[rules.FixSafety]bool{}, map[rules.FixSafety]bool{}
	}
	for _, d := range rep.Fixed {
		for _, x := range d.Finding.Fixes {
			if d.Finding.Code == s.code {
				s.offered[x.Safety] = true
				s.shown[x.Safety] = s.shown[x.Safety] || c.fixed != nil
			}
		}
	}
}

// compareFixed compares the texts that come out with the sections of the archive.
func (s *fixSet) compareFixed(t *testing.T, c *testCase, rep *fix.Report) {
	if c.fixed == nil {
		return
	}
	for p, want := range c.fixed {
		got := notes.ReplaceAll(c.files[p], nil)
		if i := slices.IndexFunc(rep.Files, func(f fix.Changed) bool { return f.Path == p }); i >= 0 {
			got = rep.Files[i].After
		}
		if *writeFixed && !bytes.Equal(got, want) {
			s.rewrite(c.name+".fixed/"+p, got)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s.fixed/%s differs (go test -fixed writes it); got:\n%s", c.name, p, got)
		}
	}
	for _, f := range rep.Files {
		if _, ok := c.fixed[f.Path]; !ok {
			t.Errorf("%s is changed, but there is no section %s.fixed/%s", f.Path, c.name, f.Path)
		}
	}
}

func (s *fixSet) rewrite(name string, text []byte) {
	for i := range s.archive.Files {
		if s.archive.Files[i].Name == name {
			s.archive.Files[i].Data, s.rewritten = text, true
		}
	}
}

// finish holds the card of the rule to what it was seen to offer.
func (s *fixSet) finish(t *testing.T, file string, cases int) {
	if s.rewritten {
		if err := os.WriteFile(file, txtar.Format(s.archive), 0o644); err != nil {
			t.Error(err)
		}
	}
	i := slices.IndexFunc(s.rules, func(r *rules.Rule) bool { return r.Code == s.code })
	if i < 0 || s.ran < cases {
		return
	}
	card := s.rules[i].Fix
	strongest := rules.NoFix
	for _, x := range []rules.FixSafety{rules.UnsafeFix, rules.SafeFix} {
		if s.offered[x] {
			strongest = x
			if !s.shown[x] {
				t.Errorf("%s has a fix that is %s, but no case with its text (a section Bad_name.fixed/path)", s.code, x)
			}
		}
	}
	if card != strongest {
		t.Errorf("the card of %s says that its fix is %s; in the cases it is %s", s.code, card, strongest)
	}
}

// encoded is one way to write a text on disk.
type encoded struct {
	name   string
	encode func(string) []byte
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

var variants = []encoded{
	{"CRLF", func(s string) []byte { return []byte(crlf(s)) }},
	{"BOM", func(s string) []byte { return []byte("\ufeff" + s) }},
	{"BOM and CRLF", func(s string) []byte { return []byte("\ufeff" + crlf(s)) }},
	{"UTF-16LE and CRLF", func(s string) []byte { return wide(binary.LittleEndian, "\ufeff"+crlf(s)) }},
	{"UTF-16BE", func(s string) []byte { return wide(binary.BigEndian, "\ufeff"+s) }},
}

func wide(o binary.AppendByteOrder, s string) (out []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		out = o.AppendUint16(out, u)
	}
	return out
}

// variant fixes the same files written in another way: what comes out must be the same text, in that
// way.
func (s *fixSet) variant(t *testing.T, v encoded, plain map[string][]byte, want *fix.Report) {
	files := map[string][]byte{}
	for p, text := range plain {
		files[p] = v.encode(string(text))
	}
	rep := s.fixAll(t, files)
	if rep == nil || len(rep.Files) != len(want.Files) {
		t.Errorf("%s: other files are changed", v.name)
		return
	}
	for i, f := range rep.Files {
		if text := v.encode(string(want.Files[i].After)); !bytes.Equal(f.After, text) {
			t.Errorf("%s: %s is fixed otherwise: %s", v.name, f.Path, firstDifference(f.After, text))
		}
	}
}

func firstDifference(got, want []byte) string {
	n := 0
	for n < len(got) && n < len(want) && got[n] == want[n] {
		n++
	}
	cut := func(b []byte) []byte { return b[max(0, min(n-20, len(b))):min(len(b), n+20)] }
	return fmt.Sprintf("byte %d: %q, want %q", n, cut(got), cut(want))
}
