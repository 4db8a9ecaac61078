package abi

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

func TestMoved(t *testing.T) {
	f, other := &ir.File{Arms: []ir.Span{{Start: 50, End: 70}}}, &ir.File{}
	made := func() *Result {
		return &Result{
			checks: []*Check{
				{File: f, Diffs: []Difference{{Span: ir.Span{Start: 10, End: 14}}, {Span: ir.Span{Start: 40, End: 44}}}},
				{File: other, Diffs: []Difference{{Span: ir.Span{Start: 40, End: 44}}}},
			},
			structs: []*StructCheck{{File: other, Diffs: []StructDiff{{File: f, Span: ir.Span{Start: 80, End: 81}}, {Span: ir.Span{Start: 80, End: 81}}}}},
		}
	}
	arms := f.Arms
	f.Arms = []ir.Span{{Start: 53, End: 73}}
	r := made()
	if !r.Moved(f, ir.Move{Start: 20, OldEnd: 22, NewEnd: 25}, arms) {
		t.Fatal("an edit between the declarations touches none")
	}
	for i, got := range []ir.Span{r.checks[0].Diffs[0].Span, r.checks[0].Diffs[1].Span, r.checks[1].Diffs[0].Span, r.structs[0].Diffs[0].Span, r.structs[0].Diffs[1].Span} {
		if want := (ir.Span{Start: []uint32{10, 43, 40, 83, 80}[i], End: []uint32{14, 47, 44, 84, 81}[i]}); got != want {
			t.Errorf("place %d is %v, not %v", i, got, want)
		}
	}
	if made().Moved(f, ir.Move{Start: 20, OldEnd: 22, NewEnd: 25}, []ir.Span{{Start: 50, End: 71}}) {
		t.Error("another arm")
	}
	if made().Moved(f, ir.Move{Start: 20, OldEnd: 22, NewEnd: 25}, nil) {
		t.Error("a new arm")
	}
	if made().Moved(f, ir.Move{Start: 42, OldEnd: 42, NewEnd: 45}, arms) {
		t.Error("an edit in a declaration touches it")
	}
}
