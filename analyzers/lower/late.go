package lower

import (
	"context"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower/csharp"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// lowerer lowers late bodies of f. Where a body does not parse, its file is lowered as a whole: how the parser gets over an error
// depends on what is around it.
func lowerer(f *source.File) ir.Lowerer {
	rest := syntax.NewRest(f)
	return func(fn *ir.Func, at ir.LateAt, room *ir.Room) (*ir.Func, []ir.Problem) {
		if t, free := rest.Body(int(fn.View), int(at.Start), int(at.End), at.Plain); t != nil {
			defer free()
			if g := csharp.Late(room, fn, at, t); g != nil {
				return g, g.File.Problems
			}
		}
		return inWhole(room, f, fn)
	}
}

// inWhole is fn as lowering the whole file gives it; if that has no such function, one that nothing is known of.
func inWhole(room *ir.Room, f *source.File, fn *ir.Func) (*ir.Func, []ir.Problem) {
	res := syntax.Parse(context.Background(), f) // whoever asked for the file may be gone
	defer res.Free()
	out := csharp.LowerIn(room, f, res)
	within := slices.DeleteFunc(slices.Clone(out.Problems), func(p ir.Problem) bool { return !fn.Span.Contains(p.Span) })
	for _, g := range out.Funcs {
		if g.Name == fn.Name && g.Owner == fn.Owner && g.NameSpan == fn.NameSpan && g.View == fn.View && len(g.Params) == len(fn.Params) && g.This == fn.This {
			forgetNested(g)
			return g, within
		}
	}
	g := *fn
	g.Vars, g.Problems = slices.Clone(fn.Vars), 1
	ir.NewBuilder(&g).Finish(fn.Span)
	return &g, within
}

// forgetNested makes unknown values of the functions in g: fn.File does not have them.
func forgetNested(g *ir.Func) {
	for b := range g.Code {
		for i := range g.Code[b].Instrs {
			if in := &g.Code[b].Instrs[i]; in.Op == ir.OpLambda {
				in.Op, in.Int, in.Vars = ir.OpUnknown, 0, nil
			}
		}
	}
}
