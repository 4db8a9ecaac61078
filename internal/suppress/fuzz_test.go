package suppress

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
)

// FuzzDirectives reads suppressions of any text in both languages: what is said about them lies in the
// file, edits do not touch each other, and a comment without a reason suppresses nothing.
func FuzzDirectives(f *testing.F) {
	f.Add("// pinvet:ignore PIN101, PIN102 until=2026-07-01 -- why\nint f() { }\n/* pinvet:ignore-file PIN301 -- é */")
	f.Add("#pragma warning disable PIN101, CS0618 // x\nclass A { }\n#pragma warning restore\n")
	f.Add("[assembly: SuppressMessage(\"pinvet\", \"PIN101:x\", Justification = \"y\", Scope = \"member\", Target = \"~M:N.A`1.B(System.Int32[],@)\")]\n[SuppressMessage(\"pinvet\", \"PIN101\")] partial class A { [SuppressMessage(\"pinvet\", \"PIN2\", Justification=\"a\" + \"b\")] void B(int[] a) { } }")
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range []string{"a.cs", "a.c"} {
			if _, err := source.FromBytes(path, source.LangOf(path), []byte(text)); err != nil {
				return
			}
		}
		s := unit(t, "2026-06-01", map[string]string{"a.cs": text, "a.c": text})
		for _, file := range s.u.Files {
			src := s.u.Snapshot.File(file.Path)
			for i := 0; i < len(src.Text()); i += 1 + len(src.Text())/20 {
				p := src.Position(i)
				x := s.Of(&finding.Finding{Code: "PIN101", Span: finding.Span{Path: file.Path, Start: finding.Position{Line: p.Line, Column: p.Col, Offset: src.DiskOffset(i)}}})
				if x != nil && x.Path != "" && (x.End.Offset > len(src.Raw()) || x.Start.Offset > x.End.Offset) {
					t.Errorf("%s: the suppression lies at %+v of %d bytes", file.Path, x.Span, len(src.Raw()))
				}
			}
			for _, e := range s.parsed[file.Path] {
				if e.asked && e.reason == "" && e.active() {
					t.Errorf("%q is active without a reason", e.dir.Text)
				}
			}
		}
		for _, raw := range s.Findings(func(*ir.File) bool { return true }) {
			for _, x := range raw.Fixes {
				size := uint32(len(s.u.Snapshot.File(raw.File.Path).Text()))
				for j, e := range x.Edits {
					if e.Span.End < e.Span.Start || e.Span.End > size || j > 0 && x.Edits[j-1].Span.End > e.Span.Start {
						t.Fatalf("edit %v of %d bytes", e.Span, size)
					}
				}
			}
		}
	})
}
