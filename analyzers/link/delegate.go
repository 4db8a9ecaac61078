package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// callValue resolves a call through a value: the local function or lambda that the variable
// certainly holds, else what its delegate or function pointer type tells.
func (q *query) callValue(f *ir.Func, fn ir.Temp) *Target {
	if body := q.p.closure(f, fn, 0); body != nil {
		return &Target{Funcs: []*ir.Func{body}, Complete: true, Ret: q.p.canon(scopeOf(body), body.Ret), Delegate: body.Kind == ir.FuncLambda}
	}
	return q.delegate(f, q.typeOf(f, fn))
}

// closure returns the lambda or local function that t holds: t is an OpLambda, or the load of a
// variable (captured ones are followed outwards) that is written once, with an OpLambda.
func (p *Program) closure(f *ir.Func, t ir.Temp, depth int) *ir.Func {
	d := f.Def(t)
	if d == nil || depth > maxDepth {
		return nil
	}
	switch d.Op {
	case ir.OpLambda:
		if d.Int >= 0 && int(d.Int) < len(f.File.Funcs) {
			return f.File.Funcs[d.Int]
		}
	case ir.OpCast:
		return p.closure(f, d.A, depth+1)
	case ir.OpLoad:
		v := addressed(f, d.A)
		for v != ir.NoVar && f.Var(v).Kind == ir.VarCaptured {
			if f.Parent < 0 || f.Parent >= len(f.File.Funcs) || p.varFacts(f).stores[v] > 0 {
				return nil
			}
			v, f = f.Var(v).Outer, f.File.Funcs[f.Parent]
			if v < 0 || int(v) >= f.NumVars() {
				return nil
			}
		}
		if v == ir.NoVar {
			return nil
		}
		if facts := p.varFacts(f); facts.stores[v] == 1 && len(facts.values[v]) == 1 {
			return p.closure(f, facts.values[v][0], depth+1)
		}
	}
	return nil
}

// delegate is a call through a value of type typ.
func (q *query) delegate(f *ir.Func, typ ir.Type) *Target {
	t := &Target{Delegate: true}
	if ut := q.p.unitType(scopeOf(f), typ); ut != nil && ut.Kind == ir.TypeDelegate && len(ut.Parts) > 0 {
		d := ut.Parts[0]
		t.Ret = q.p.canon(scope{ut.Files[0], parentName(ut.Name)}, d.Ret)
		q.p.namedFor(t, ut)
		return t
	}
	t.Ret, _ = q.p.delegateRet(typ)
	return t
}

// namedFor sets Native when the delegate type ut carries the name of a native function, for which it was
// declared (extension functions of a library).
func (p *Program) namedFor(t *Target, ut *Type) {
	short, n := lastDot(ut.Name), len(ut.Parts[0].Params)
	if fn := p.DB.Func(short); fn != nil && fn.Sig != nil && len(fn.Sig.Params) == n {
		t.NativeName, t.Native = short, fn
	} else {
		p.standIn(t, strings.TrimSuffix(short, "Delegate")+"_t", n)
	}
}

// NativeDelegate tells whether a delegate type carries the name of a native function.
func (p *Program) NativeDelegate(ut *Type) bool {
	t := &Target{}
	if ut.Kind == ir.TypeDelegate && len(ut.Parts) > 0 {
		p.namedFor(t, ut)
	}
	return t.Native != nil
}

// MayStandFor tells whether a delegate type of that short name carries the name of a native function, whatever its parameters.
func (p *Program) MayStandFor(short string) bool {
	if p.DB.Func(short) != nil {
		return true
	}
	found := false
	p.eachStandIn(strings.TrimSuffix(short, "Delegate")+"_t", func(string, *models.Func) bool {
		found = true
		return true
	})
	return found
}

// delegateRet is the result type of Func<...>, Predicate<...> and delegate*<...>.
func (p *Program) delegateRet(t ir.Type) (ir.Type, bool) {
	if i := strings.IndexByte(string(t), '<'); strings.HasPrefix(string(t), "delegate*") && i > 0 && strings.HasSuffix(string(t), ">") {
		args := typeArgs(string(t)[i:])
		return args[len(args)-1], true
	}
	ext, args := p.libraryName(t)
	m, ok := p.lib.members[ext+".Invoke"]
	if !ok {
		return "", p.lib.derives(ext, "Delegate")
	}
	if m.typ == "$last" {
		if len(args) == 0 {
			return "", true
		}
		return args[len(args)-1], true
	}
	return m.typ, true
}
