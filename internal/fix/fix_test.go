package fix

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

func file(t *testing.T, raw string) *source.File {
	t.Helper()
	f, err := source.FromBytes("a.c", source.C, []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// edit replaces the first occurrence of a text.
func edit(t *testing.T, f *source.File, old, new string) finding.Edit {
	t.Helper()
	i := strings.Index(string(f.Text()), old)
	if i < 0 {
		t.Fatalf("no %q", old)
	}
	at := func(o int) finding.Position {
		p := f.Position(o)
		return finding.Position{Line: p.Line, Column: p.Col, Offset: f.DiskOffset(o)}
	}
	return finding.Edit{Span: finding.Span{Path: f.Path, Start: at(i), End: at(i + len(old))}, NewText: new}
}

func TestApplyKeepsEncodingAndLineEnds(t *testing.T) {
	for _, c := range []struct{ name, raw, old, new, want string }{
		{"LF", "a\nb\n", "b", "x\ny", "a\nx\ny\n"},
		{"CRLF", "a\r\nb\r\n", "b", "x\ny", "a\r\nx\r\ny\r\n"},
		{"CR", "a\rb\r", "b", "x\ny", "a\rx\ry\r"},
		{"mixed, a CRLF line", "a\nb\r\nc\n", "b", "x\ny", "a\nx\r\ny\r\nc\n"},
		{"mixed, a LF line", "a\r\nb\nc\r\n", "b", "x\ny", "a\r\nx\ny\nc\r\n"},
		{"last line without end", "a\r\nb", "b", "x\ny", "a\r\nx\r\ny"},
		{"blank lines", "a\r\r\rb", "b", "x\ny", "a\r\r\rx\ry"},
		{"one line", "b", "b", "x\ny", "x\ny"},
		{"BOM", "\xef\xbb\xbfb é\n", "b", "ü", "\xef\xbb\xbfü é\n"},
		{"UTF-16LE", "\xff\xfeb\x00\r\x00\n\x00", "b", "é\n", "\xff\xfe\xe9\x00\r\x00\n\x00\r\x00\n\x00"},
		{"UTF-16BE", "\xfe\xff\x00b\x00\n", "b", "\U0001f600", "\xfe\xff\xd8\x3d\xde\x00\x00\n"},
		{"Windows-1252", "caf\xe9 b\n", "b", "€ü", "caf\xe9 \x80\xfc\n"},
	} {
		f := file(t, c.raw)
		got, err := Apply(f, []finding.Edit{edit(t, f, c.old, c.new)})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	f := file(t, "caf\xe9 abcd\n")
	if _, err := Apply(f, []finding.Edit{edit(t, f, "a", "α")}); !errors.Is(err, source.ErrNotEncodable) {
		t.Errorf("a character that the encoding lacks: %v", err)
	}
	if _, err := Apply(f, []finding.Edit{edit(t, f, "abc", ""), edit(t, f, "cd", "x")}); !errors.Is(err, ErrOverlap) {
		t.Errorf("overlap: %v", err)
	}
	at := edit(t, f, "abcd", "y")
	at.End = at.Start
	if _, err := Apply(f, []finding.Edit{at, at}); !errors.Is(err, ErrOverlap) {
		t.Errorf("twice at one place: %v", err)
	}
	at.Start.Offset, at.End.Offset = 90, 99
	if _, err := Apply(f, []finding.Edit{at}); err == nil {
		t.Error("an edit outside of the file was applied")
	}
	two, err := Apply(f, []finding.Edit{edit(t, f, "cd", "2"), edit(t, f, "ab", "1")})
	if err != nil || string(two) != "caf\xe9 12\n" {
		t.Errorf("edits in any order: %q, %v", two, err)
	}
}

func found(code string, line int, fixes ...finding.Fix) *finding.Finding {
	f := &finding.Finding{Code: code, Severity: rules.Error, Fixes: fixes, Fingerprint: code}
	f.Path, f.Start.Line = "a.c", line
	return f
}

func TestChoose(t *testing.T) {
	f := file(t, "one two three\n")
	safe := func(old, new string) finding.Fix {
		return finding.Fix{Safety: rules.SafeFix, Edits: []finding.Edit{edit(t, f, old, new)}}
	}
	risky := safe("three", "3")
	risky.Safety = rules.UnsafeFix
	fs := []*finding.Finding{
		found("PIN101", 1, safe("one", "1")), found("PIN102", 1, safe("one", "1")), // the same edit
		found("PIN103", 1, safe("one", "eins")), // touches it
		found("PIN104", 1, safe("two", "2")), found("PIN105", 1, risky), found("PIN106", 1),
	}
	chosen, waiting := Choose(fs, false)
	if len(chosen) != 3 || len(waiting) != 1 || waiting[0].Code != "PIN103" || len(Edits(chosen)) != 2 {
		t.Errorf("%d chosen, %d waiting, %d edits", len(chosen), len(waiting), len(Edits(chosen)))
	}
	if chosen, _ = Choose(fs, true); len(chosen) != 4 {
		t.Errorf("%d chosen with unsafe ones", len(chosen))
	}
}

func TestLineBefore(t *testing.T) {
	f := file(t, "a\nb\nc\nd\ne\n")
	edits := []finding.Edit{edit(t, f, "b", "b1\nb2\nb"), edit(t, f, "d\n", "")}
	for now, was := range map[int]int{1: 1, 2: 2, 4: 2, 5: 3, 6: 5} {
		if got := lineBefore(edits, "a.c", now); got != was {
			t.Errorf("line %d was line %d, not %d", now, was, got)
		}
	}
	if lineBefore(edits, "b.c", 6) != 6 {
		t.Error("edits of another file moved a line")
	}
}

// TestJudge: what must be taken back, and why.
func TestJudge(t *testing.T) {
	f := file(t, "one two\nthree\n")
	mend := finding.Fix{Safety: rules.SafeFix, Edits: []finding.Edit{edit(t, f, "one", "1")}}
	risky := mend
	risky.Safety = rules.UnsafeFix
	warning := found("PIN402", 2)
	warning.Severity = rules.Warning
	for _, c := range []struct {
		name   string
		fix    finding.Fix
		after  []*finding.Finding
		broken bool
		want   string
	}{
		{"gone", mend, nil, false, ""},
		{"still there", mend, []*finding.Finding{found("PIN401", 1)}, false, "still there"},
		{"the same on another line", mend, []*finding.Finding{found("PIN401", 2)}, false, ""},
		{"an error behind it", mend, []*finding.Finding{found("PIN404", 2)}, false, "lead to PIN404"},
		{"a warning behind it", mend, []*finding.Finding{warning}, false, ""},
		{"a warning behind an unsafe one", risky, []*finding.Finding{warning}, false, "lead to PIN402"},
		{"not understood", mend, nil, true, "not be understood"},
	} {
		x := found("PIN401", 1, c.fix)
		after := &check.Result{Findings: c.after}
		if c.broken {
			after.Problems = []outcome.Problem{{Kind: outcome.NotUnderstood, Path: "a.c", Line: 1}}
		}
		bad, suspect := judge(&check.Result{Findings: []*finding.Finding{x}}, after, []Choice{{x, &x.Fixes[0]}})
		if got := bad[x] + suspect[x]; c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

const wrongTests = `#include <windows.h>
int f(const wchar_t *n)
{
    HANDLE a = CreateFileW(n, 0, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (a == NULL)
        return 0;
    CloseHandle(a);
    return 1;
}
`

func analyseText(rs []*rules.Rule, text string) Analyse {
	return func(ctx context.Context, texts map[string][]byte) (*check.Result, error) {
		all := map[string][]byte{"a.c": []byte(text)}
		for p, b := range texts {
			all[p] = b
		}
		return check.Run(ctx, check.Options{Overlay: all, Rules: rs})
	}
}

// meddle offers fixes of its own in the place of the rules'.
func meddle(a Analyse, with func(*finding.Finding) []finding.Fix) Analyse {
	return func(ctx context.Context, texts map[string][]byte) (*check.Result, error) {
		res, err := a(ctx, texts)
		if err == nil {
			for _, f := range res.Findings {
				f.Fixes = with(f)
			}
		}
		return res, err
	}
}

func TestWriteIsCareful(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.c")
	link := filepath.Join(dir, "link.c")
	if err := os.WriteFile(name, []byte("old\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.c", link); err != nil {
		t.Skip(err)
	}
	c := Changed{Path: "link.c", Before: file(t, "old\n"), After: []byte("new\n")}
	if _, err := Write(dir, []Changed{c}); err != nil {
		t.Fatal(err)
	}
	info, _ := os.Lstat(link)
	target, err := os.Stat(name)
	if err != nil || info.Mode()&os.ModeSymlink == 0 || target.Mode().Perm() != 0o640 {
		t.Errorf("link %v, mode %v, %v", info.Mode(), target.Mode(), err)
	}
	if got, _ := os.ReadFile(name); string(got) != "new\n" {
		t.Errorf("%q", got)
	}
	// The file is not what was analysed any more: it stays, and so does nothing else.
	if written, err := Write(dir, []Changed{c}); !errors.Is(err, ErrChanged) || len(written) != 0 || !strings.Contains(err.Error(), "link.c") {
		t.Errorf("%v, %v", written, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".pinvet-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if os.Getuid() != 0 {
		c.Before, c.After = file(t, "new\n"), []byte("newer\n")
		_ = os.Chmod(name, 0o440)
		if _, err := Write(dir, []Changed{c}); !errors.Is(err, os.ErrPermission) {
			t.Errorf("a file that may not be written: %v", err)
		}
	}
}

func TestDiff(t *testing.T) {
	var b strings.Builder
	files := []Changed{
		{Path: "a.c", Before: file(t, "a\r\nb\r\n"), After: []byte("a\r\nc\r\n")},
		{Path: "w.c", Before: file(t, "\xff\xfea\x00\n\x00"), After: []byte("\xff\xfeb\x00\n\x00")},
	}
	if err := Diff(&b, files); err != nil {
		t.Fatal(err)
	}
	want := "--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n--- a/w.c\n+++ b/w.c\n@@ -1,1 +1,1 @@\n-a\n+b\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
