package suppress

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules/registry"
)

// unit makes a set of some files.
func unit(t *testing.T, today string, files map[string]string) *Set {
	t.Helper()
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		t.Fatal(err)
	}
	s := &source.Snapshot{Input: &source.Input{}}
	for p, text := range files {
		f, err := source.FromBytes(p, source.LangOf(p), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s.Files = append(s.Files, f)
	}
	slices.SortFunc(s.Files, func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
	return New(&Unit{Files: lower.All(s).Files, Snapshot: s, Rules: registry.All(), Today: day})
}

// at makes a finding at the first place of a word.
func (s *Set) at(path, word, code string) *finding.Finding {
	f := s.u.Snapshot.File(path)
	i := strings.Index(string(f.Text()), word)
	p := f.Position(i)
	return &finding.Finding{Code: code, Span: finding.Span{Path: path, Start: finding.Position{Line: p.Line, Column: p.Col, Offset: f.DiskOffset(i)}}}
}

func TestComments(t *testing.T) {
	text := strings.Join([]string{
		"void f(void) {",
		"// pinvet:ignore PIN101 -- freed by the driver",
		"// and more words",
		"",
		"one(",
		"    two); three();",
		"four(); // pinvet:ignore PIN102, pin-leak -- static",
		"five(); /* pinvet:ignore PIN103 -- é 😀 */",
		"six(); // pinvet:ignore PIN104",
		"s = \"pinvet:ignore PIN105 -- no comment\"; seven();",
		"/* pinvet:ignore-file PIN106 -- all",
		" * of it */",
		"eight(); /* about pinvet:ignore PIN107 -- no */",
		"nine(); // pinvet:ignored PIN107 -- no",
		"/* pinvet:ignore PIN107 -- beside */ ten();",
		"#define M /* pinvet:ignore PIN108 -- in a macro */ eleven()",
		"}",
	}, "\r\n")
	s := unit(t, "2026-06-01", map[string]string{"a.c": "\ufeff" + text})
	for _, c := range []struct {
		at, code string
		want     string // the reason; "" for not suppressed
	}{
		{"one", "PIN101", "freed by the driver"}, {"two", "PIN101", "freed by the driver"}, {"three", "PIN101", ""},
		{"four", "PIN101", ""}, {"void", "PIN101", ""},
		{"four", "PIN102", "static"}, {"four", "PIN301", "static"}, {"four", "PIN302", ""},
		{"five", "PIN103", "é 😀"}, {"six", "PIN104", ""}, {"seven", "PIN105", ""},
		{"void", "PIN106", "all of it"}, {"eight", "PIN106", "all of it"},
		{"eight", "PIN107", ""}, {"nine", "PIN107", ""}, {"ten", "PIN107", "beside"}, {"eleven", "PIN108", "in a macro"},
	} {
		got := s.Of(s.at("a.c", c.at, c.code))
		if (got != nil) != (c.want != "") || got != nil && (got.Justification != c.want || got.Kind != finding.InSource || got.Path != "a.c") {
			t.Errorf("%s at %s: %+v, want %q", c.code, c.at, got, c.want)
		}
	}
	if got := s.Of(s.at("a.c", "five", "PIN103")); got.Span.Start.Line != 8 || got.Span.Start.Column != 9 || got.Span.End.Column != 43 {
		t.Errorf("span %+v", got.Span)
	}
}

// The date is the last day on which a suppression holds.
func TestDates(t *testing.T) {
	files := map[string]string{"a.c": "void f(void) {\none(); // pinvet:ignore PIN101 until=2026-06-01 -- why\n}\n"}
	for today, holds := range map[string]bool{"2026-05-31": true, "2026-06-01": true, "2026-06-02": false, "2027-01-01": false} {
		s := unit(t, today, files)
		if got := s.Of(s.at("a.c", "one", "PIN101")) != nil; got != holds {
			t.Errorf("on %s: %v", today, got)
		}
		var codes []string
		for _, raw := range s.Findings(func(*ir.File) bool { return true }) {
			codes = append(codes, raw.Rule.Code)
		}
		if want := map[bool][]string{true: nil, false: {"PIN002"}}[holds]; !slices.Equal(codes, want) {
			t.Errorf("on %s: %v", today, codes)
		}
	}
}

func TestPragmas(t *testing.T) {
	s := unit(t, "2026-06-01", map[string]string{"a.cs": `class A {
	void a0() { }
#pragma warning disable CS0168, pin101 // why
	void a1() { string s = @"
#pragma warning restore
"; }
#  pragma warning disable
	void a2() { }
#pragma warning restore PIN101
	void a3() { }
#pragma warning restore
	void a4() { }
#if false
#pragma warning disable
#endif
	void a5() { }
#pragma warning disable PIN102
	void a6() { }
}`})
	for at, want := range map[string]string{"a0": "", "a1": "PIN101", "a2": "PIN101 PIN102", "a3": "PIN102", "a4": "", "a5": "", "a6": "PIN102"} {
		var got []string
		for _, code := range []string{"PIN101", "PIN102", "PIN001"} {
			if s.Of(s.at("a.cs", at+"(", code)) != nil {
				got = append(got, code)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", at, got, want)
		}
	}
}

func TestTargets(t *testing.T) {
	code := `namespace N { class A<T> {
	A() { int c0; }
	static A() { int c1; }
	~A() { int c2; }
	void F(int a, System.Collections.Generic.Dictionary<int, string> b) { int f2; }
	void F() { int f0; }
	class Inner { int P { get { int p0; return 1; } } }
} }
namespace N.M { class B { void G() { int g0; } } }
class Other { void H() { int h0; } }`
	for target, want := range map[string]string{
		`Scope = "member", Target = "~M:N.A` + "`1" + `.#ctor"`:                                             "c0",
		`Scope = "member", Target = "N.A.#.cctor()"`:                                                        "c1",
		`Scope = "member", Target = "~M:N.A` + "`1" + `.Finalize"`:                                          "c2",
		`Scope = "member", Target = "M:N.A` + "`1" + `.F(System.Int32,System.Collections.Dictionary{X,Y})"`: "f2",
		`Scope = "member", Target = "~M:N.A` + "`1" + `.F"`:                                                 "f0",
		`Scope = "member", Target = "N.A.F"`:                                                                "f0 f2",
		`Scope = "type", Target = "N.A+Inner"`:                                                              "p0",
		`Scope = "member", Target = "~P:N.A.Inner.P"`:                                                       "p0",
		`Scope = "namespace", Target = "N"`:                                                                 "c0 c1 c2 f0 f2 p0",
		`Scope = "namespaceanddescendants", Target = "~N:N"`:                                                "c0 c1 c2 f0 f2 g0 p0",
		`Scope = "module"`:                   "c0 c1 c2 f0 f2 g0 h0 p0",
		`Scope = "type", Target = "~T:Gone"`: "",
	} {
		s := unit(t, "2026-06-01", map[string]string{
			"a.cs": code,
			"b.cs": `[assembly: System.Diagnostics.CodeAnalysis.SuppressMessage("x", "PIN101:t", Justification = "why", ` + target + ")]\n",
		})
		var got []string
		for _, at := range []string{"c0", "c1", "c2", "f0", "f2", "g0", "h0", "p0"} {
			if s.Of(s.at("a.cs", at, "PIN101")) != nil {
				got = append(got, at)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", target, got, want)
		}
	}
}

// What is no directive, or is broken in any way, is survived.
func TestRobust(t *testing.T) {
	text := "// pinvet:ignore PIN101, PIN102 until=x -- why\n/* pinvet:ignore-file */\n#pragma warning disable PIN101, PIN\n[assembly: SuppressMessage(, Target = \"~M:(\")]\n[SuppressMessage(\"pinvet\", \"PIN101\")] class A { }\n#pragma warning"
	for i := range len(text) {
		for _, piece := range []string{text[:i], text[i:]} {
			s := unit(t, "2026-06-01", map[string]string{"a.cs": piece, "a.c": piece})
			for _, f := range s.u.Files {
				s.Of(&finding.Finding{Code: "PIN101", Span: finding.Span{Path: f.Path}})
			}
			for _, raw := range s.Findings(func(*ir.File) bool { return true }) {
				for _, x := range raw.Fixes {
					for j, e := range x.Edits {
						if e.Span.End < e.Span.Start || int(e.Span.End) > len(piece) || j > 0 && x.Edits[j-1].Span.End > e.Span.Start {
							t.Fatalf("edit %v of %q", e.Span, piece)
						}
					}
				}
			}
		}
	}
}
