package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// untestedRefs reports references to owners that are dropped also where they were not added: the call
// that adds one stands in a try block, what handles its exception drops one, and the flag that says
// whether it was added is never read.
func (e *engine) untestedRefs(res *Result) {
	for _, f := range e.asked(func(f *ir.Func) bool { return f.Names(e.need.words.addRefs) }, nil) {
		if f.File.Lang != ir.CSharp {
			continue
		}
		for i := range f.Blocks() {
			for j := range f.Blocks()[i].Instrs {
				in := &f.Blocks()[i].Instrs[j]
				if f.Blocks()[i].Handler == ir.NoBlock || in.Op != ir.OpCall || len(in.Call.Args) != 1 || e.refEffect(f, in) != models.OwnAddRef {
					continue
				}
				flag := f.Def(in.Call.Args[0].Val)
				if flag == nil || flag.Op != ir.OpVarAddr || f.Var(flag.Var).Kind != ir.VarLocal || readsVar(f, flag.Var) {
					continue
				}
				if drop := e.dropAlways(f, f.Blocks()[i].Handler, placeOf(f, in.Call.Recv)); drop != nil {
					at := &Step{File: f.File, Span: drop.Span, Kind: StepEnd, Text: "dropped here, whether or not it was added"}
					res.Events = append(res.Events, &Event{Kind: RefUntested, Func: f, Span: in.Span, Field: lastDot(placeOf(f, in.Call.Recv)), API: f.Var(flag.Var).Name, Steps: at.List()})
				}
			}
		}
	}
}

func (e *engine) refEffect(f *ir.Func, in *ir.Instr) models.Ownership {
	t := e.prog.Callee(f, in)
	if t.MemberName == "" || len(t.Funcs) > 0 {
		return models.OwnNone
	}
	eff, _ := e.prog.DB.Ownership(t.MemberName)
	return eff
}

// dropAlways is the call that drops a reference of the owner in place on the one way from block at,
// nil if there is none before the way parts.
func (e *engine) dropAlways(f *ir.Func, at ir.BlockID, place string) *ir.Instr {
	if place == "" {
		return nil
	}
	for range len(f.Blocks()) {
		b := &f.Blocks()[at]
		for j := range b.Instrs {
			in := &b.Instrs[j]
			if in.Op == ir.OpCall && e.refEffect(f, in) == models.OwnDropRef && placeOf(f, in.Call.Recv) == place {
				return in
			}
		}
		if b.Term.Kind != ir.TermJump {
			return nil
		}
		at = b.Term.Succs[0]
	}
	return nil
}

// placeOf names the variable or member that t was read from, "" if it was read from none.
func placeOf(f *ir.Func, t ir.Temp) string {
	d := f.Def(t)
	if d != nil && d.Op == ir.OpLoad {
		d = f.Def(d.A)
	}
	switch {
	case d == nil:
		return ""
	case d.Op == ir.OpVarAddr:
		return f.Var(d.Var).Name
	case d.Op == ir.OpName:
		return d.Name
	case d.Op == ir.OpMember:
		if b := placeOf(f, d.A); b != "" {
			return b + "." + d.Name
		}
	}
	return ""
}

// readsVar tells whether the value of a local is looked at: anything but stores, and calls that add
// references.
func readsVar(f *ir.Func, v ir.VarID) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch in.Op {
			case ir.OpLambda:
				if slices.Contains(in.Vars, v) {
					return true
				}
			case ir.OpVarAddr:
				if in.Var == v && !addsOrStores(f, in.Dst) {
					return true
				}
			}
		}
	}
	return false
}

// addsOrStores tells whether the address t serves stores and calls of DangerousAddRef alone.
func addsOrStores(f *ir.Func, t ir.Temp) bool {
	ok := true
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			used := false
			operands(in, func(x ir.Temp) { used = used || x == t })
			if used && !(in.Op == ir.OpStore && in.A == t && in.B != t) && !(in.Op == ir.OpCall && lastDot(in.Call.Name) == "DangerousAddRef") {
				ok = false
			}
		}
	}
	return ok
}
