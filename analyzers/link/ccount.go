package link

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// otherCount tells whether call c cannot mean function m because that takes another number of arguments: it is another one
// of its name, such as OpenDriver of another system. An argument that may stand for several leaves that open, but what m does
// to one behind it would be looked for in the wrong place.
func (p *Program) otherCount(f *ir.Func, c *ir.Call, m *models.Func) bool {
	sig, n := m.Sig, len(c.Args)
	if sig == nil || n == len(sig.Params) || sig.Varargs && n > len(sig.Params) {
		return false
	}
	i := slices.IndexFunc(c.Args, func(a ir.Arg) bool { return p.maySeveral(f, a.Val) })
	return i < 0 || n > len(sig.Params) || concernsBehind(m, i)
}

// maySeveral tells whether an argument may be text of several: the rest of a macro's, or a macro of which nothing is known.
func (p *Program) maySeveral(f *ir.Func, t ir.Temp) bool {
	d := f.Def(t)
	if d == nil || d.Op != ir.OpLoad {
		return false
	}
	switch d = f.Def(d.A); {
	case d == nil:
		return false
	case d.Op == ir.OpVarAddr:
		return p.c.isMacro[f] && f.Var(d.Var).Name == "__VA_ARGS__"
	case d.Op == ir.OpName:
		return d.Name == "__VA_ARGS__" || d.Name == strings.ToUpper(d.Name) && p.cName(f.File, d.Name).Kind == Unknown
	}
	return false
}

// concernsBehind tells whether m makes, ends, or keeps something by a parameter behind the one at index i.
func concernsBehind(m *models.Func, i int) bool {
	behind := func(n int) bool { return n > i }
	return m.Overlapped != nil || m.Wait != nil || slices.ContainsFunc(m.Sink, behind) || slices.ContainsFunc(m.Retains, behind) ||
		slices.ContainsFunc(m.Acquires, func(x models.Acquire) bool { return behind(x.Param) }) ||
		slices.ContainsFunc(m.Releases, func(x models.Release) bool { return behind(x.Param) }) ||
		slices.ContainsFunc(m.Sinks, func(x models.Sink) bool { return behind(x.Param) }) ||
		slices.ContainsFunc(m.Holds, func(x models.Hold) bool { return behind(x.Param) })
}
