package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// ownerKind says how values of a type own a native handle.
type ownerKind uint8

const (
	notOwner        ownerKind = iota
	ownerSafeHandle           // a SafeHandle, of the library or of the unit
	ownerUnit                 // a class of the unit that holds a handle and disposes it
)

// ownerClass tells how the type t, as written in f, owns a native handle.
func (e *engine) ownerClass(f *ir.Func, t ir.Type) ownerKind {
	if t == "" {
		return notOwner
	}
	if e.safeHandleType(f, t) {
		return ownerSafeHandle
	}
	if d := e.prog.TypeDecl(f, t); d != nil && d.Lang == ir.CSharp && e.ownsNative(d) {
		return ownerUnit
	}
	return notOwner
}

// safeHandleType tells whether t, as written in f, is a handle type of the library or of the unit.
func (e *engine) safeHandleType(f *ir.Func, t ir.Type) bool {
	if d := e.prog.TypeDecl(f, t); d != nil {
		return d.IsSafeHandle
	}
	i := e.prog.DB.DotNetType(shortName(t))
	return i != nil && i.SafeHandle
}

// idleHandle tells whether t, as written in f, is a handle type of the unit that releases nothing: its handles are lent.
func (e *engine) idleHandle(f *ir.Func, t ir.Type) bool {
	d := e.prog.TypeDecl(f, t)
	return d != nil && d.IsSafeHandle && !e.ownsNative(d)
}

// ownsNative tells whether a class of the unit owns a native handle: it is disposable, holds a raw
// handle or SafeHandle, and what disposes it releases that; or it is a handle type that releases something.
func (e *engine) ownsNative(d *link.Type) bool {
	e.own.mu.Lock()
	got, ok := e.own.known[d]
	e.own.mu.Unlock()
	if ok {
		return got
	}
	if d.IsSafeHandle {
		got = e.releasesHandle(d, 0)
	} else {
		got = e.computeOwns(d, 0)
	}
	e.own.mu.Lock()
	defer e.own.mu.Unlock()
	e.own.known[d] = got
	return got
}

// releasesHandle tells whether the ReleaseHandle of a handle type, or of the nearest base that has one, calls anything.
func (e *engine) releasesHandle(d *link.Type, depth int) bool {
	i := slices.IndexFunc(d.Methods, func(m *ir.Func) bool { return m.Name == "ReleaseHandle" })
	switch {
	case i >= 0:
		return !d.Methods[i].HasBody() || callsAny(d.Methods[i])
	case depth > 4 || len(d.Methods) == 0:
		return true
	}
	b := e.handleBase(d)
	return b == nil || e.releasesHandle(b, depth+1)
}

// callsAny tells whether the body of f calls anything.
func callsAny(f *ir.Func) bool {
	return f.Names(callWord) && slices.ContainsFunc(f.Blocks(), func(b ir.Block) bool {
		return slices.ContainsFunc(b.Instrs, func(in ir.Instr) bool { return in.Op == ir.OpCall })
	})
}

func (e *engine) computeOwns(d *link.Type, depth int) bool {
	if depth > 4 || d.Kind != ir.TypeClass || !d.Disposable || d.IsSafeHandle || d.Flags&(ir.Static|ir.Abstract) != 0 && depth == 0 || len(d.Methods) == 0 || ofLibrary(d) {
		return false
	}
	for _, b := range d.Bases {
		bd := e.prog.TypeDecl(d.Methods[0], ir.Type(b))
		switch {
		case bd != nil && bd.Kind == ir.TypeClass:
			if bd != d && e.computeOwns(bd, depth+1) {
				return true
			}
			if bd != d && !e.plainBase(bd, depth+1) {
				return false
			}
		case bd == nil && !interfaceName(b):
			return false // a base that is not seen may be kept by its library: a form, a component
		}
	}
	for _, f := range d.Dispose {
		if e.releasesOwn(d, f, 0) {
			return true
		}
	}
	return false
}

// ofLibrary tells whether d is a class that the .NET library offers: disposing those is left to
// others, also where the sources at hand are those of the library.
func ofLibrary(d *link.Type) bool {
	return d.Flags&ir.Public != 0 && (strings.HasPrefix(d.Name, "System.") || strings.HasPrefix(d.Name, "Microsoft.Win32."))
}

// plainBase tells whether all of a class's bases are seen.
func (e *engine) plainBase(d *link.Type, depth int) bool {
	if depth > 4 || len(d.Methods) == 0 {
		return depth <= 4 && len(d.Bases) == 0
	}
	return !slices.ContainsFunc(d.Bases, func(b string) bool {
		bd := e.prog.TypeDecl(d.Methods[0], ir.Type(b))
		if bd == nil {
			return !interfaceName(b)
		}
		return bd != d && bd.Kind == ir.TypeClass && !e.plainBase(bd, depth+1)
	})
}

// interfaceName tells whether a type that is not seen is an interface by the naming rule of .NET,
// or one of the bases that keep nothing.
func interfaceName(s string) bool {
	s = lastDot(s)
	switch s {
	case "object", "Object", "CriticalFinalizerObject", "MarshalByRefObject":
		return true
	}
	return len(s) > 1 && s[0] == 'I' && s[1] >= 'A' && s[1] <= 'Z'
}

// releasesOwn tells whether f, a method of d, releases a raw handle in a field or disposes a
// SafeHandle in one.
func (e *engine) releasesOwn(d *link.Type, f *ir.Func, depth int) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			t := e.prog.Callee(f, in)
			switch {
			case t.Native != nil && len(t.Funcs) == 0 && t.Import != nil:
				for k := range in.Call.Args {
					if isReleased(t.Native, t.Param(k)) && e.fieldOfSelf(f, in.Call.Args[k].Val) {
						return true
					}
				}
			case disposes(in.Call.Name, len(in.Call.Args)) && e.safeHandleType(f, t.Recv) && (in.Call.Recv == 0 || e.fieldOfSelf(f, in.Call.Recv)):
				return true
			case depth < 2:
				for _, g := range t.Funcs {
					if g != f && g.Owner == f.Owner && g.Flags&ir.Static == 0 && (in.Call.Recv == 0 || in.Call.Path != "") && e.releasesOwn(d, g, depth+1) {
						return true
					}
				}
			}
		}
	}
	return false
}

// fieldOfSelf tells whether t is the content of a field of the object at hand.
func (e *engine) fieldOfSelf(f *ir.Func, t ir.Temp) bool {
	for range 4 {
		d := f.Def(t)
		if d == nil {
			return false
		}
		switch d.Op {
		case ir.OpLoad, ir.OpCast:
			t = d.A
			continue
		case ir.OpName:
			ref := e.prog.Name(f, d.Name)
			return ref.Kind == link.Field && !ref.Static
		case ir.OpMember:
			b := f.Def(d.A)
			if b != nil && b.Op == ir.OpLoad {
				b = f.Def(b.A)
			}
			return b != nil && b.Op == ir.OpVarAddr && b.Var == f.This
		}
		return false
	}
	return false
}

// keepsThis tells whether f, a method or constructor, may give its own object to somebody: by an
// argument, a store, or a delegate to one of its methods.
func (e *engine) keepsThis(f *ir.Func) bool { return e.keepsThisDeep(f, map[*ir.Func]bool{}) }

func (e *engine) keepsThisDeep(f *ir.Func, seen map[*ir.Func]bool) bool {
	if seen[f] || f.This == ir.NoVar || len(seen) > 40 {
		return len(seen) > 40
	}
	seen[f] = true
	self := map[ir.Temp]bool{}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch in.Op {
			case ir.OpLoad:
				if d := f.Def(in.A); d != nil && d.Op == ir.OpVarAddr && d.Var == f.This {
					self[in.Dst] = true
				}
			case ir.OpCast:
				self[in.Dst] = self[in.A]
			case ir.OpLambda:
				return true
			case ir.OpStore:
				if self[in.B] || e.methodGroup(f, in.B) {
					return true
				}
			case ir.OpCall:
				if e.callKeepsThis(f, in, self, seen) {
					return true
				}
			}
		}
	}
	return false
}

func (e *engine) callKeepsThis(f *ir.Func, in *ir.Instr, self map[ir.Temp]bool, seen map[*ir.Func]bool) bool {
	t := e.prog.Callee(f, in)
	role, _ := e.prog.DB.Role(t.MemberName)
	eff, _ := e.prog.DB.Ownership(t.MemberName)
	for k := range in.Call.Args {
		if e.methodGroup(f, in.Call.Args[k].Val) || self[in.Call.Args[k].Val] && role != models.RoleKeepAlive && eff != models.OwnDisown {
			return true
		}
	}
	if in.Call.New || in.Call.Recv != 0 && !self[in.Call.Recv] {
		return false
	}
	for _, g := range t.Funcs {
		if g.Flags&ir.Static == 0 && g.Parent < 0 && e.keepsThisDeep(g, seen) {
			return true
		}
	}
	return false
}

// methodGroup tells whether t is a method used as a value.
func (e *engine) methodGroup(f *ir.Func, t ir.Temp) bool {
	d := f.Def(t)
	if d != nil && d.Op == ir.OpLoad {
		d = f.Def(d.A)
	}
	if d == nil {
		return false
	}
	return d.Op == ir.OpConst && d.Const == ir.ConstFunc || d.Op == ir.OpName && e.prog.Name(f, d.Name).Kind == link.Function
}

// opensInCtor tells whether one of the constructors fs puts a native handle that it opened into a
// field of the new object. Others open it later, or not at all.
func (e *engine) opensInCtor(fs []*ir.Func) bool {
	return slices.ContainsFunc(fs, func(f *ir.Func) bool { return e.fillsField(f, 0) })
}

func (e *engine) fillsField(f *ir.Func, depth int) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch {
			case in.Op == ir.OpStore && e.fieldPlace(f, in.A):
				if c := callBehind(f, in.B); c != nil && e.opens(f, c, -1) {
					return true
				}
			case in.Op == ir.OpCall:
				t := e.prog.Callee(f, in)
				for k := range in.Call.Args {
					if a := &in.Call.Args[k]; a.Ref != ir.ByValue && e.fieldPlace(f, a.Val) && e.opens(f, in, t.Param(k)) {
						return true
					}
				}
				for _, g := range t.Funcs {
					if depth < 2 && g != f && g.This != ir.NoVar && (in.Call.Recv == 0 && !in.Call.New) && g.Flags&ir.Static == 0 && e.fillsField(g, depth+1) {
						return true
					}
				}
			}
		}
	}
	return false
}

// opens tells whether the call opens a native handle that it gives by its result (param -1) or by a
// parameter.
func (e *engine) opens(f *ir.Func, in *ir.Instr, param int) bool {
	t := e.prog.Callee(f, in)
	if in.Call.New {
		return param < 0 && e.safeHandleType(f, in.Call.Type) && len(in.Call.Args) > 0
	}
	if len(t.Funcs) > 0 {
		return param < 0 && slices.ContainsFunc(t.Funcs, func(g *ir.Func) bool {
			return slices.ContainsFunc(e.summaryOf(g).outcomes, func(o outcome) bool { return o.ret.owner != nil || o.ret.obj != nil && !o.ret.borrowed })
		})
	}
	if t.Native == nil {
		return t.Import != nil && param < 0 && e.safeHandleType(f, t.Ret)
	}
	return slices.ContainsFunc(t.Native.Acquires, func(q models.Acquire) bool {
		return !q.Borrowed && (q.IsReturn() && param < 0 || !q.IsReturn() && q.Param == param)
	})
}

// callBehind is the call whose result t is, through casts, nil if none.
func callBehind(f *ir.Func, t ir.Temp) *ir.Instr {
	for range 4 {
		d := f.Def(t)
		if d == nil {
			return nil
		}
		switch d.Op {
		case ir.OpCall:
			return d
		case ir.OpCast, ir.OpAwait:
			t = d.A
		default:
			return nil
		}
	}
	return nil
}

// fieldPlace tells whether t is the address of a field of the object at hand.
func (e *engine) fieldPlace(f *ir.Func, t ir.Temp) bool {
	d := f.Def(t)
	return d != nil && (d.Op == ir.OpName || d.Op == ir.OpMember) && e.fieldOfSelf(f, t)
}
