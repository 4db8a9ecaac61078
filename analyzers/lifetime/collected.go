package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// An object with a finalizer that frees a raw handle can be collected while that handle is in a
// native call, when the call is the last that is heard of the object. That needs both halves: a
// method that passes the field and does not look at its object again, and a caller that made the
// object and does not look at it again either.

// lastCall is a call that passes the raw handle of its object to native code and uses the object no
// more.
type lastCall struct {
	in    *ir.Instr
	api   string
	field string
}

// collectedOwners finds such callers in the whole unit.
func (e *engine) collectedOwners(res *Result) {
	last := map[*ir.Func]lastCall{}
	freed := map[*link.Type]map[string]bool{}
	for _, d := range e.prog.Types() {
		if d.Finalizer == nil || d.IsSafeHandle || d.Kind != ir.TypeClass {
			continue
		}
		closers := map[*ir.Func]bool{}
		fields := map[string]bool{}
		e.freedFields(d.Finalizer, fields, closers)
		if len(fields) == 0 {
			continue
		}
		freed[d] = fields
		for _, m := range d.Methods {
			if m.Kind == ir.FuncPlain && m.This != ir.NoVar && !closers[m] && !slices.Contains(d.Dispose, m) {
				if c, ok := e.lastUse(m, fields); ok {
					last[m] = c
				}
			}
		}
	}
	if len(freed) == 0 {
		return
	}
	types := wordSet{}
	for d := range freed {
		types.add(lastDot(d.Name))
	}
	if e.need != nil {
		e.aliasesOf(types)
	}
	words := types.sorted()
	e.prog.Unread.Naming(words...)
	for _, f := range e.asked(func(f *ir.Func) bool { return f.Names(words) }, nil) {
		if f.File.Lang == ir.CSharp {
			e.collectedIn(f, freed, last, res)
		}
	}
}

// freedFields collects the fields of its object that f, or a method of its type that it calls, passes
// to an import, and the methods on the way.
func (e *engine) freedFields(f *ir.Func, fields map[string]bool, seen map[*ir.Func]bool) {
	if seen[f] || len(seen) > 12 {
		return
	}
	seen[f] = true
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := e.prog.Callee(f, in)
			if t.Import != nil && len(t.Funcs) == 0 {
				for k := range in.Call.Args {
					if name := e.rawField(f, in.Call.Args[k].Val); name != "" {
						fields[name] = true
					}
				}
			}
			for _, g := range t.Funcs {
				if g.Owner == f.Owner && g.This != ir.NoVar && in.Call.Recv == 0 {
					e.freedFields(g, fields, seen)
				}
			}
		}
	}
}

// rawField is the name of the field of the object at hand whose content, a raw handle, t is; "" if it
// is none.
func (e *engine) rawField(f *ir.Func, t ir.Temp) string {
	if !e.fieldOfSelf(f, t) {
		return ""
	}
	for d := f.Def(t); d != nil; d = f.Def(d.A) {
		if d.Op == ir.OpName || d.Op == ir.OpMember {
			typ := e.prog.TypeOfPlace(f, d.Dst)
			if i := e.prog.DB.DotNetType(shortName(typ)); typ == "nint" || i != nil && i.Pointer || len(typ) > 0 && typ[len(typ)-1] == '*' {
				return lastDot(d.Name)
			}
			return ""
		}
	}
	return ""
}

// lastUse finds a call in m that passes one of the fields to an import, after which no way uses the
// object again.
func (e *engine) lastUse(m *ir.Func, fields map[string]bool) (lastCall, bool) {
	for i := range m.Blocks() {
		b := &m.Blocks()[i]
		for j := range b.Instrs {
			in := &b.Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := e.prog.Callee(m, in)
			if t.Import == nil || len(t.Funcs) > 0 {
				continue
			}
			for k := range in.Call.Args {
				if name := e.rawField(m, in.Call.Args[k].Val); fields[name] && !usedAfter(m, b.ID, j, func(x *ir.Instr) bool { return e.usesThis(m, x) }) {
					return lastCall{in, in.Call.Name, name}, true
				}
			}
		}
	}
	return lastCall{}, false
}

// usedAfter tells whether uses holds for an instruction that can follow instruction n of block b.
func usedAfter(f *ir.Func, b ir.BlockID, n int, uses func(*ir.Instr) bool) bool {
	if slices.ContainsFunc(f.Blocks()[b].Instrs[n+1:], func(x ir.Instr) bool { return uses(&x) }) {
		return true
	}
	seen := make([]bool, len(f.Blocks()))
	var stack []ir.BlockID
	succs(f, b, func(s ir.BlockID) { stack = append(stack, s) })
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[s] {
			continue
		}
		seen[s] = true
		if slices.ContainsFunc(f.Blocks()[s].Instrs, func(x ir.Instr) bool { return uses(&x) }) {
			return true
		}
		succs(f, s, func(s ir.BlockID) { stack = append(stack, s) })
	}
	return false
}

// usesThis tells whether the instruction uses the object at hand.
func (e *engine) usesThis(f *ir.Func, in *ir.Instr) bool {
	switch in.Op {
	case ir.OpVarAddr:
		return in.Var == f.This
	case ir.OpName:
		ref := e.prog.Name(f, in.Name)
		return !ref.Static && (ref.Kind == link.Field || ref.Kind == link.Prop || ref.Kind == link.Function || ref.Kind == link.Unknown)
	case ir.OpCall:
		if in.Call.Recv != 0 || in.Call.New || in.Call.Fn != 0 {
			return false
		}
		t := e.prog.Callee(f, in)
		if t.RecvPath != "" {
			return true
		}
		return slices.ContainsFunc(t.Funcs, func(g *ir.Func) bool { return g.This != ir.NoVar && g.Kind != ir.FuncCtor })
	case ir.OpLambda:
		return true
	}
	return false
}

// collectedIn finds objects that f makes for itself and of which a call in last is the last use.
func (e *engine) collectedIn(f *ir.Func, freed map[*link.Type]map[string]bool, last map[*ir.Func]lastCall, res *Result) {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall || !in.Call.New {
				continue
			}
			d := e.prog.TypeDecl(f, in.Call.Type)
			if d == nil || freed[d] == nil || slices.ContainsFunc(e.prog.Callee(f, in).Funcs, e.keepsThis) {
				continue
			}
			v, ok := e.onlyLocal(f, in)
			if !ok {
				continue
			}
			e.lastCallOf(f, in, v, d, last, res)
		}
	}
}

// onlyLocal is the local variable that alone receives the object made by in (NoVar: none does, its
// method is called at once); false when it goes anywhere else, or the variable gets another value.
func (e *engine) onlyLocal(f *ir.Func, made *ir.Instr) (ir.VarID, bool) {
	v := ir.NoVar
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op == ir.OpStore && in.B == made.Dst {
				d := f.Def(in.A)
				if v != ir.NoVar || d == nil || d.Op != ir.OpVarAddr || f.Var(d.Var).Kind != ir.VarLocal {
					return v, false
				}
				v = d.Var
			}
		}
	}
	if v == ir.NoVar {
		return v, e.receiverOnly(f, func(t ir.Temp) bool { return t == made.Dst })
	}
	stores := 0
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if d := f.Def(in.A); in.Op == ir.OpStore && d != nil && d.Op == ir.OpVarAddr && d.Var == v {
				stores++
			}
			if in.Op == ir.OpLambda && slices.Contains(in.Vars, v) {
				return v, false
			}
		}
	}
	return v, stores == 1 && e.receiverOnly(f, func(t ir.Temp) bool { return loadOf(f, t) == v || addressOf(f, t) == v })
}

// addressOf is the variable whose address t is.
func addressOf(f *ir.Func, t ir.Temp) ir.VarID {
	if d := f.Def(t); d != nil && d.Op == ir.OpVarAddr {
		return d.Var
	}
	return ir.NoVar
}

// loadOf is the variable whose content t is.
func loadOf(f *ir.Func, t ir.Temp) ir.VarID {
	if d := f.Def(t); d != nil && d.Op == ir.OpLoad {
		return addressOf(f, d.A)
	}
	return ir.NoVar
}

// receiverOnly tells whether the object, which is told by is, only serves as the receiver of methods
// that keep nothing of it.
func (e *engine) receiverOnly(f *ir.Func, is func(ir.Temp) bool) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch {
			case in.Op == ir.OpCall:
				for k := range in.Call.Args {
					if is(in.Call.Args[k].Val) {
						return false
					}
				}
				if in.Call.Recv != 0 && is(in.Call.Recv) {
					t := e.prog.Callee(f, in)
					if len(t.Funcs) == 0 || slices.ContainsFunc(t.Funcs, e.keepsThis) {
						return false
					}
				}
			case in.Op == ir.OpStore && in.B != 0 && is(in.B) && f.Def(in.B).Op != ir.OpCall,
				(in.Op == ir.OpRet || in.Op == ir.OpYield || in.Op == ir.OpCast || in.Op == ir.OpUnknown) && in.A != 0 && is(in.A):
				return false
			}
		}
	}
	return true
}

// lastCallOf reports the call in last that is the last use of the object that made makes.
func (e *engine) lastCallOf(f *ir.Func, made *ir.Instr, v ir.VarID, d *link.Type, last map[*ir.Func]lastCall, res *Result) {
	for i := range f.Blocks() {
		b := &f.Blocks()[i]
		for j := range b.Instrs {
			in := &b.Instrs[j]
			if in.Op != ir.OpCall || in.Call.Recv == 0 || in.Call.Recv != made.Dst && (v == ir.NoVar || loadOf(f, in.Call.Recv) != v) {
				continue
			}
			t := e.prog.Callee(f, in)
			if len(t.Funcs) != 1 {
				continue
			}
			c, ok := last[t.Funcs[0]]
			if !ok || v != ir.NoVar && usedAfter(f, b.ID, j, func(x *ir.Instr) bool { return x.Op == ir.OpVarAddr && x.Var == v && !e.madeAnew(f, x, made) }) {
				continue
			}
			if slices.ContainsFunc(res.Events, func(ev *Event) bool { return ev.Kind == OwnerDropped && ev.Func == f && ev.Span == made.Span }) {
				continue // it is not disposed at all, which is reported
			}
			e.reportCollected(f, made, in, v, d, t.Funcs[0], c, res)
		}
	}
}

// madeAnew tells whether the address x of the variable is there for the store of the new object only.
func (e *engine) madeAnew(f *ir.Func, x, made *ir.Instr) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpStore && in.A == x.Dst {
				return in.B == made.Dst
			}
		}
	}
	return false
}

func (e *engine) reportCollected(f *ir.Func, made, in *ir.Instr, v ir.VarID, d *link.Type, m *ir.Func, c lastCall, res *Result) {
	o := &Object{Kind: Owner, API: "new " + shortName(ir.Type(d.Name)), Func: f, Span: made.Span}
	if v != ir.NoVar {
		o.Var = f.Var(v).Name
	}
	s := &Step{File: f.File, Span: made.Span, Kind: StepAcquire, Text: "made by " + o.API}
	s = &Step{Prev: s, File: f.File, Span: in.Span, Kind: StepCall, Text: "calls " + m.Name + ", and does not use it again"}
	s = &Step{Prev: s, File: m.File, Span: c.in.Span, Kind: StepNote, Text: c.field + " goes to " + c.api + ", and " + m.Name + " does not use its object again"}
	s = &Step{Prev: s, File: d.Finalizer.File, Span: d.Finalizer.NameSpan, Kind: StepEnd, Text: "the finalizer frees " + c.field}
	res.Events = append(res.Events, &Event{Kind: OwnerCollected, Func: f, Span: in.Span, Obj: o, API: c.api, Field: c.field, Owner: d.Name, Steps: s.List()})
}
