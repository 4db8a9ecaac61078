package lifetime

import (
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// nativeEntry is a function that native code calls.
type nativeEntry struct {
	f    *ir.Func
	step *Step // where it is given to native code; nil for an exported method
}

// throwing finds exceptions that would cross a native frame.
type throwing struct {
	prog   *link.Program
	memo   map[*ir.Func]*ir.Instr // what throws out of a function, nil if nothing known
	open   []*ir.Func
	native map[*ir.Func]*nativeEntry
	order  []*nativeEntry
	fields sync.Map // fieldAt -> *ir.Func: what named answered
}

// fieldAt is a field that was asked for at some depth, which bounds how far its values are followed.
type fieldAt struct {
	owner, name string
	depth       int
}

func (x *throwing) add(n *nativeEntry) {
	if x.native[n.f] == nil && n.f.HasBody() {
		x.native[n.f] = n
		x.order = append(x.order, n)
	}
}

// exported tells whether native code can call f by itself.
func exported(f *ir.Func) bool { return ir.Find(f.Attrs, "UnmanagedCallersOnly") != nil }

// callbacks adds the bodies behind delegates that a call gives to native code.
func (x *throwing) callbacks(c *callbacks, in *ir.Instr, out []*nativeEntry) []*nativeEntry {
	t := c.prog.Callee(c.f, in)
	if t.Import == nil && (t.Native == nil || len(t.Funcs) > 0 || t.Delegate) && !makesPointer(c.prog, t.MemberName) {
		return out
	}
	if t.Import != nil && t.Import.OfRuntime() {
		return out
	}
	for i := range in.Call.Args {
		if t.Import != nil && !c.prog.TakesDelegate(t.Import, c.prog.FileOfImport(t.Import), t.Param(i)) {
			continue
		}
		arg := &in.Call.Args[i]
		if body := x.body(c.f, arg.Val, 0); body != nil {
			out = append(out, &nativeEntry{body, &Step{File: c.f.File, Span: arg.Span, Kind: StepCall, Text: "given to native code here"}})
		}
	}
	return out
}

// body is the function that the delegate value t runs, also through a field that is set once.
func (x *throwing) body(f *ir.Func, t ir.Temp, depth int) *ir.Func {
	d := f.Def(t)
	if d == nil || depth > 6 {
		return nil
	}
	switch d.Op {
	case ir.OpCast:
		if x.prog.MayHoldDelegate(f, d.Type) {
			return x.body(f, d.A, depth+1)
		}
	case ir.OpLambda:
		if d.Int >= 0 && int(d.Int) < len(f.File.Funcs) {
			return f.File.Funcs[d.Int]
		}
	case ir.OpCall:
		if d.Call.New && len(d.Call.Args) == 1 && x.prog.IsDelegate(f, d.Call.Type) {
			return x.body(f, d.Call.Args[0].Val, depth+1)
		}
	case ir.OpLoad:
		a := f.Def(d.A)
		if a == nil {
			return nil
		}
		if a.Op == ir.OpVarAddr {
			if st := storesBefore(f, d, a); len(st) == 1 {
				return x.body(f, st[0].B, depth+1)
			}
		}
		if a.Op == ir.OpName {
			return x.named(f, x.prog.Name(f, a.Name), depth)
		}
	}
	return nil
}

func (x *throwing) named(f *ir.Func, ref link.Ref, depth int) *ir.Func {
	if ref.Kind == link.Function {
		return ref.Func
	}
	if ref.Kind != link.Field || ref.Field == nil || !x.prog.MayHoldDelegate(f, ref.Type) {
		return nil
	}
	key := fieldAt{ref.Owner, ref.Field.Name, depth}
	if found, known := x.fields.Load(key); known {
		return found.(*ir.Func)
	}
	found := x.inField(key)
	x.fields.Store(key, found)
	return found
}

// inField is the one body that is stored in a field, nil if there are others.
func (x *throwing) inField(at fieldAt) (found *ir.Func) {
	for _, u := range x.prog.FieldUses(at.owner, at.name) {
		if u.Kind != link.UseStore || u.At == nil || u.At.Op != ir.OpStore {
			continue
		}
		g := x.body(u.Func, u.At.B, at.depth+1)
		if found != nil && g != nil && g != found {
			return nil
		}
		if g != nil {
			found = g
		}
	}
	return found
}

// events reports the entries out of which something is thrown.
func (x *throwing) events() (out []*Event) {
	for _, n := range x.order {
		steps := x.way(n.f)
		if len(steps) == 0 {
			continue
		}
		ev := &Event{Kind: ThrowsIntoNative, Func: n.f, Span: n.f.NameSpan, Field: n.f.Name}
		if n.f.Kind == ir.FuncLambda {
			ev.Field, ev.Span = "", ir.Span{Start: n.f.Span.Start, End: n.f.Span.Start + 1}
		}
		if n.step != nil {
			ev.Steps = append(ev.Steps, n.step)
		}
		ev.Steps = append(ev.Steps, steps...)
		out = append(out, ev)
	}
	return out
}

// way are the steps to what throws.
func (x *throwing) way(f *ir.Func) (out []*Step) {
	for n := 0; n < 4; n++ {
		in := x.out(f)
		if in == nil {
			return out
		}
		if in.Op == ir.OpThrow {
			return append(out, &Step{File: f.File, Span: in.Span, Kind: StepEnd, Text: "thrown here, and not caught"})
		}
		out = append(out, &Step{File: f.File, Span: in.Span, Kind: StepCall, Text: "calls " + in.Call.Name})
		f = x.prog.Callee(f, in).Funcs[0]
	}
	return out
}

const maxThrowDepth = 1 // calls below the entry

// out is the throw, or the call of a function that throws, that leaves f; nil if none is known.
func (x *throwing) out(f *ir.Func) *ir.Instr {
	if in, ok := x.memo[f]; ok {
		return in
	}
	if len(x.open) > maxThrowDepth || slices.Contains(x.open, f) || f.Flags&(ir.Async|ir.Iterator) != 0 {
		return nil
	}
	x.open = append(x.open, f)
	found := x.search(f)
	x.open = x.open[:len(x.open)-1]
	x.memo[f] = found
	return found
}

func (x *throwing) search(f *ir.Func) *ir.Instr {
	var viaCall *ir.Instr
	for i := range f.Blocks() {
		b := &f.Blocks()[i]
		if x.caught(f, b) {
			continue
		}
		for j := range b.Instrs {
			switch in := &b.Instrs[j]; {
			case in.Op == ir.OpThrow && in.A != 0 && !x.guard(f, in) && !noSuchPointer(x.prog, f, b.ID):
				return in
			case in.Op == ir.OpCall && viaCall == nil:
				t := x.prog.Callee(f, in)
				if len(t.Funcs) != 1 || !t.Complete || t.Virtual || t.New || standIn(t.Funcs[0]) {
					continue
				}
				if out := x.out(t.Funcs[0]); out != nil && !x.ownDisposed(f, in, t.Funcs[0], out) {
					viaCall = in
				}
			}
		}
	}
	return viaCall
}

// guard tells whether a throw only says that an argument is wrong: the caller is to blame.
func (x *throwing) guard(f *ir.Func, in *ir.Instr) bool {
	return models.GuardException(lastDot(string(x.prog.TypeOf(f, in.A))))
}

// ownDisposed tells whether out, by which callee throws, says that a struct of the caller's own is disposed: the caller knows.
func (x *throwing) ownDisposed(caller *ir.Func, call *ir.Instr, callee *ir.Func, out *ir.Instr) bool {
	if out.Op != ir.OpThrow || lastDot(string(x.prog.TypeOf(callee, out.A))) != "ObjectDisposedException" {
		return false
	}
	d := caller.Def(call.Call.RecvAddr)
	return d != nil && d.Op == ir.OpVarAddr && caller.Var(d.Var).Kind == ir.VarLocal && x.prog.IsStruct(caller, x.prog.TypeOfPlace(caller, call.Call.RecvAddr))
}

// caught tells whether an exception in b reaches a clause that takes all of them.
func (x *throwing) caught(f *ir.Func, b *ir.Block) bool {
	for h, n := b.Handler, 0; h != ir.NoBlock && n < 64; n++ {
		blk := &f.Blocks()[h]
		if len(blk.Instrs) > 0 && blk.Instrs[0].Op == ir.OpCatch && blk.Instrs[0].Flags&ir.Implicit == 0 {
			switch blk.Instrs[0].Type {
			case "", "Exception", "System.Exception", "object":
				return true
			}
		}
		h = blk.Handler
	}
	return false
}
