package lifetime

import (
	"context"

	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/skim"
	"github.com/pinvet/pinvet/analyzers/summary"
)

// Overlooked are the functions of C# of which something can come by themselves, as their calls tell, though their
// words, or those of the text of their file, do not say so. may is how many bodies the words choose.
func Overlooked(prog *link.Program, texts map[*ir.File]*skim.Text) (out []*ir.Func, may, files int) {
	u := newUnit(prog, 1)
	e := &u.e
	e.posixFiles = posixFiles(prog.Files)
	e.indexKernel()
	words := e.findTriggers()
	byText := map[*ir.File]bool{}
	for _, f := range prog.Files {
		if f.Lang == ir.CSharp && words.inText(texts[f]) {
			byText[f] = true
		}
	}
	for _, f := range prog.Funcs() {
		if f.File.Lang != ir.CSharp || !f.HasBody() {
			continue
		}
		matters := words.mayMatter(f)
		if matters {
			may++
		}
		read := byText[f.File]
		if !(matters && read) && e.direct(f, func(*ir.Func, *ir.Call) bool { return true }) || !(words.inNative(f) && read) && intoNative(prog, f) || !(words.givesCode(f) || exported(f)) && givesCode(prog, f) {
			out = append(out, f)
		}
		f.Drop()
		prog.Forget(f)
		prog.ForgetUses()
	}
	return out, may, len(byText)
}

// givesCode tells whether f gives native code a delegate, or hands on what native code keeps.
func givesCode(p *link.Program, f *ir.Func) bool {
	none := func(*ir.Func) []keptParam { return nil }
	out := (&throwing{prog: p}).passed(f, none)
	return len(out.events)+len(out.entries) > 0 || len((&callbacks{prog: p, f: f, helper: none}).keptParams()) > 0
}

// intoNative tells whether f calls native code, or makes pointers for it.
func intoNative(p *link.Program, f *ir.Func) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpCall {
				t := p.Callee(f, in)
				if t.Import != nil && (t.Import.Library != "" || t.Import.LibraryIsName) || t.Native != nil || t.Bound != nil || len(t.NativeBodies()) > 0 || makesPointer(p, t.MemberName) {
					return true
				}
			}
		}
	}
	return false
}

// Uncalled are the calls of C# functions by C# functions, as caller and callee, of which mayCall does not know that they may
// be; only every one in some number of the callees is looked at.
func Uncalled(prog *link.Program, every int) (out [][2]*ir.Func, callees, may int) {
	u := newUnit(prog, 1)
	graph := summary.NewGraph(context.Background(), prog, 1)
	callers := map[*ir.Func][]*ir.Func{}
	var called []*ir.Func
	for _, f := range prog.Funcs() {
		graph.EachCallee(f, func(g *ir.Func) {
			if f.File.Lang == ir.CSharp && g.File.Lang == ir.CSharp {
				if callers[g] == nil {
					called = append(called, g)
				}
				callers[g] = append(callers[g], f)
			}
		})
	}
	for i := 0; i < len(called); i += every {
		g := called[i]
		found := u.e.mayCall([]*ir.Func{g})
		callees, may = callees+1, may+len(found)
		for _, f := range callers[g] {
			if !slices.Contains(found, f) {
				out = append(out, [2]*ir.Func{f, g})
			}
		}
	}
	return out, callees, may
}

// Failing is what is reported when a look at a function, before it is interpreted, panics.
func Failing(prog *link.Program, f *ir.Func) []FuncPanic {
	d := newDemand(context.Background(), prog, 2, false)
	fs := prog.Funcs()
	d.inParts(fs, func(i int) {
		if fs[i] == f {
			panic("broken")
		}
	})
	return d.panics(&Result{})
}

// RunInParts is Run, with bodies dropped after each function or two.
func RunInParts(ctx context.Context, prog *link.Program, workers int) *Result {
	d := newDemand(ctx, prog, workers, false)
	d.part = part{temps: 1, funcs: 2}
	return d.all()
}
