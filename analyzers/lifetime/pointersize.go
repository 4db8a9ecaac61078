package lifetime

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// pointerWidth is the truth of a comparison of IntPtr.Size with a number: it is 4 or 8, and the same all the time.
func (a *fnRun) pointerWidth(in *ir.Instr) (value, bool) {
	narrow, wide, ok := comparesPointerSize(a.prog, a.f, in)
	if !ok {
		return value{}, false
	}
	if narrow == wide {
		return boolVal(wide), true
	}
	v := value{k: vCmp, sub: ir.Eq, sym: a.t.symbol(symbol{kind: sChoice, key: "a process of 64 bits"})}
	if wide {
		v.sub = ir.Ne
	}
	return v, true
}

// comparesPointerSize tells what a comparison with IntPtr.Size gives in a process of 32 and of 64 bits.
func comparesPointerSize(prog *link.Program, f *ir.Func, in *ir.Instr) (narrow, wide, ok bool) {
	if f.File.Lang != ir.CSharp || in == nil || in.Op != ir.OpBin || !isComparison(in.Sub) {
		return false, false, false
	}
	sub, other := in.Sub, in.B
	if !namesPointerSize(prog, f, in.A) {
		if sub, other = in.Sub.Swap(), in.A; !namesPointerSize(prog, f, in.B) {
			return false, false, false
		}
	}
	n, ok := prog.Value(f, other)
	return compare(sub, 4, n), compare(sub, 8, n), ok
}

// namesPointerSize tells whether temp t reads the size of a pointer by its name in C#.
func namesPointerSize(prog *link.Program, f *ir.Func, t ir.Temp) bool {
	d := f.DefBehindCasts(t)
	if d == nil || d.Op != ir.OpLoad {
		return false
	}
	n := f.Def(d.A)
	if n == nil || n.Op != ir.OpName {
		return false
	}
	switch strings.TrimPrefix(n.Name, "System.") {
	case "IntPtr.Size", "UIntPtr.Size", "nint.Size", "nuint.Size":
		return prog.Name(f, n.Name).Field == nil
	}
	return false
}

// noSuchPointer tells whether block b is reached only where a pointer has neither 4 nor 8 bytes.
func noSuchPointer(prog *link.Program, f *ir.Func, b ir.BlockID) bool {
	preds, narrow, wide := predecessors(f), true, true
	for n := 0; n < maxValueDepth && len(preds[b]) == 1; n++ {
		from := preds[b][0]
		if t := &f.Blocks()[from].Term; t.Kind == ir.TermBranch && t.Succs[0] != t.Succs[1] {
			if in32, in64, ok := comparesPointerSize(prog, f, f.Def(t.Cond)); ok {
				truth := t.Succs[0] == b
				narrow, wide = narrow && in32 == truth, wide && in64 == truth
			}
		}
		b = from
	}
	return !narrow && !wide
}
