package lifetime

import (
	"context"
	"strings"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// makesPointer tells whether a member makes a function pointer that is good as long as its delegate
// lives.
func makesPointer(p *link.Program, member string) bool {
	if member == "" {
		return false
	}
	role, _ := p.DB.Role(member)
	return role == models.RoleFunctionPointer
}

// keptCallbacks reports delegates that native code keeps and nothing else does, and exceptions that
// native code would get from managed callbacks.
func (e *engine) keptCallbacks(res *Result) {
	x := &throwing{prog: e.prog, memo: map[*ir.Func]*ir.Instr{}, native: map[*ir.Func]*nativeEntry{}}
	fs, helper := e.keepers()
	e.need.eachPart(fs, func(part []*ir.Func, workers int) {
		found := make([]passed, len(part))
		for _, p := range parallel.Do(context.Background(), workers, len(part), func(i int) { found[i] = x.passed(part[i], helper) }) {
			res.Stats.Panics = append(res.Stats.Panics, FuncPanic{part[p.Index], p.Value})
		}
		for i, f := range part {
			before := len(x.order)
			for _, n := range found[i].entries {
				x.add(n)
			}
			res.Events = append(res.Events, found[i].events...)
			if e.scope == nil && len(x.order) > before {
				e.passers[f] = true
			}
		}
	})
	res.Events = append(res.Events, x.events()...)
}

// passed is what a function gives to native code.
type passed struct {
	events  []*Event
	entries []*nativeEntry
}

func (x *throwing) passed(f *ir.Func, helper func(*ir.Func) []keptParam) (out passed) {
	if f.File.Lang != ir.CSharp {
		return out
	}
	if exported(f) {
		out.entries = append(out.entries, &nativeEntry{f, nil})
	}
	c := &callbacks{prog: x.prog, f: f, helper: helper}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op == ir.OpCall {
				out.events = append(out.events, c.call(in)...)
				out.entries = x.callbacks(c, in, out.entries)
			}
		}
	}
	return out
}

// call looks at one call into native code.
func (c *callbacks) call(in *ir.Instr) (out []*Event) {
	t := c.prog.Callee(c.f, in)
	for _, k := range c.kept(t, in, func(v ir.Temp) bool { return c.made(v, 0) != nil }) {
		i := t.Arg(k.Param, len(in.Call.Args))
		if i < 0 || !c.applies(t, in, k.When) {
			continue
		}
		for _, v := range c.pointers(&in.Call.Args[i], k.Field != "") {
			m := c.made(v, 0)
			if m == nil {
				continue
			}
			if m.given = in; c.rooted(m) || m.static && c.prog.CachesMethodGroups(c.f.File) || compiledAhead(m.target) {
				continue
			}
			out = append(out, c.collected(t, in, &in.Call.Args[i], k, m))
			break
		}
	}
	return out
}

// compiledAhead tells whether native code gets the address of compiled code, which stays, and not of a stub that goes with the delegate: what
// Mono compiles ahead of time has this attribute, which only static methods can have.
func compiledAhead(target *ir.Func) bool {
	return target != nil && ir.Find(target.Attrs, "MonoPInvokeCallback") != nil
}

func (c *callbacks) collected(t *link.Target, in *ir.Instr, arg *ir.Arg, k keptParam, m *madeDelegate) *Event {
	ev := &Event{Kind: CallbackCollected, Func: c.f, Span: in.Span, API: k.by, Import: t.Import, Field: k.Until, Unsure: m.static || k.Until == KeptByName, Owner: m.name}
	if m.target != nil && m.target.Kind != ir.FuncLambda {
		ev.Owner = m.target.Name
	}
	ev.Steps = append(ev.Steps, &Step{File: c.f.File, Span: m.in.Span, Kind: StepAcquire, Text: "the delegate is made here"},
		&Step{File: c.f.File, Span: arg.Span, Kind: StepCall, Text: "given to native code here, which keeps it"})
	if k.at != nil {
		ev.Steps = append(ev.Steps, k.at)
	}
	ev.Local = m.local != ir.NoVar
	return ev
}

// factName is the name under which facts on the function called are found: of an import, of an
// export that a binding package stands for, or of the delegate type for a function pointer that was
// looked up ("ADL_Main_Control_CreateDelegate").
func (c *callbacks) factName(t *link.Target, in *ir.Instr) string {
	switch {
	case t.Import != nil && t.Bound == nil:
		file := c.prog.FileOfImport(t.Import)
		if file == nil {
			return ""
		}
		name, _ := c.prog.FactName(t.Import, file)
		return name
	case t.Native != nil && t.Import == nil && !t.Delegate:
		return t.NativeName
	case t.Delegate && t.Import == nil:
		return c.delegateName(in)
	}
	return ""
}

func (c *callbacks) delegateName(in *ir.Instr) string {
	typ := c.prog.TypeOf(c.f, in.Call.Fn)
	if in.Call.Fn == 0 {
		if in.Call.Recv != 0 || in.Call.Path == "" {
			return ""
		}
		typ = c.prog.Name(c.f, in.Call.Path).Type
	}
	return strings.TrimSuffix(lastDot(string(typ)), "Delegate")
}

// applies tells whether the arguments may meet a condition: constants that do not rule it out.
func (c *callbacks) applies(t *link.Target, in *ir.Instr, w models.When) bool {
	for _, cond := range w.Conds {
		i := t.Arg(cond.Param, len(in.Call.Args))
		if i < 0 {
			continue
		}
		n, ok := c.prog.Value(c.f, in.Call.Args[i].Val)
		if !ok {
			continue
		}
		if cond.Op == models.CondNotEqual && n == cond.Value || cond.Op == models.CondEqual && n != cond.Value {
			return false
		}
	}
	return true
}

// pointers are the values that may be the callback: the argument itself, or what is stored in the
// members of the structure that it is or points to.
func (c *callbacks) pointers(arg *ir.Arg, inStruct bool) []ir.Temp {
	if !inStruct {
		return []ir.Temp{arg.Val}
	}
	v := c.variable(arg.Val, 0)
	if v == ir.NoVar {
		return nil
	}
	var out []ir.Temp
	for i := range c.f.Blocks() {
		for j := range c.f.Blocks()[i].Instrs {
			in := &c.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpStore {
				continue
			}
			a := c.f.Def(in.A)
			if a == nil || a.Op != ir.OpMember {
				continue
			}
			if w := c.variable(a.A, 0); w == v || w != ir.NoVar && c.flowsInto(w, v, 0) {
				out = append(out, in.B)
			}
		}
	}
	return out
}

// variable is the local whose address or value t is, NoVar if it is none.
func (c *callbacks) variable(t ir.Temp, depth int) ir.VarID {
	d := c.f.Def(t)
	if d == nil || depth > maxValueDepth {
		return ir.NoVar
	}
	switch d.Op {
	case ir.OpVarAddr:
		return d.Var
	case ir.OpLoad, ir.OpCast:
		return c.variable(d.A, depth+1)
	}
	return ir.NoVar
}

// flowsInto tells whether variable w, which an object initialiser fills, is copied to v.
func (c *callbacks) flowsInto(w, v ir.VarID, depth int) bool {
	for i := range c.f.Blocks() {
		for j := range c.f.Blocks()[i].Instrs {
			in := &c.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpStore {
				continue
			}
			if a := c.f.Def(in.A); a != nil && a.Op == ir.OpVarAddr && a.Var == v {
				if u := c.variable(in.B, 0); u == w || u != ir.NoVar && u != v && depth < maxCopies && c.flowsInto(w, u, depth+1) {
					return true
				}
			}
		}
	}
	return false
}
