package csharp

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// TestSpans checks what would be underlined for the instructions that findings point at.
func TestSpans(t *testing.T) {
	text := []byte("class C { int F(byte[] a, C c) {\n int x = c.Get(a);\n fixed (byte* p = a, q = &a[1]) { x += *p; }\n lock (c) { c.f = 3; }\n using (c) { }\n return x; } }")
	f := lowerText(t, "a.cs", text).Funcs[0]
	at := func(s ir.Span) string { return string(text[s.Start:s.End]) }
	var got []string
	for b := range f.Blocks() {
		for i := range f.Blocks()[b].Instrs {
			in := &f.Blocks()[b].Instrs[i]
			switch in.Op {
			case ir.OpCall:
				got = append(got, fmt.Sprintf("call %s / %s / %d args", at(in.Span), at(in.Call.NameSpan), len(in.Call.Args)))
			case ir.OpStore:
				if d := f.Def(in.A); d == nil || d.Op != ir.OpVarAddr || f.Vars[d.Var].Kind != ir.VarSelector {
					got = append(got, "store "+at(in.Span))
				}
			case ir.OpFixed, ir.OpUnfix, ir.OpLock, ir.OpUnlock, ir.OpRet, ir.OpDecl:
				got = append(got, in.Op.String()+" "+at(in.Span))
			}
		}
	}
	want := []string{
		"decl x", "call c.Get(a) / Get / 1 args", "store x = c.Get(a)",
		"fixed p = a", "fixed q = &a[1]", "store x += *p", "unfix }", "unfix }",
		"lock c", "store c.f = 3", "unlock }", "store c", "call } / } / 0 args", "ret return x;",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if s := at(f.NameSpan); s != "F" {
		t.Errorf("name span %q", s)
	}
}

// TestBackEdges checks that each loop goes back by exactly one edge that says so.
func TestBackEdges(t *testing.T) {
	text := []byte(`class C { void F(int n, int[] a) {
		while (n > 0) { if (n == 2) continue; n--; }
		do { n++; if (n == 7) continue; } while (n < 3);
		for (int i = 0; i < n; i++) { if (i == 4) continue; }
		for (;;) { if (n > 1) break; }
		foreach (var v in a) { continue; }
		while (true) { return; } } }`)
	loops := 0
	f := lowerText(t, "a.cs", text).Funcs[0]
	for b := range f.Blocks() {
		term := &f.Blocks()[b].Term
		if term.Loop {
			loops++
		}
		for _, to := range term.Succs {
			// Heads are made before what jumps back to them.
			if to < f.Blocks()[b].ID && to != f.Exit && !term.Loop && reaches(f, to, f.Blocks()[b].ID) {
				t.Errorf("b%d jumps back to b%d, which its edge does not say", b, to)
			}
		}
	}
	if loops != 5 {
		t.Errorf("%d back edges, want 5", loops)
	}
}

// reaches tells whether to can be reached from from without edges that go back.
func reaches(f *ir.Func, from, to ir.BlockID) bool {
	seen := make([]bool, len(f.Blocks()))
	work := []ir.BlockID{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if seen[b] || f.Blocks()[b].Term.Loop {
			continue
		}
		seen[b] = true
		work = append(work, f.Blocks()[b].Term.Succs...)
	}
	return false
}
