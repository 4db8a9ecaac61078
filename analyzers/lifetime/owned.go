package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// care says what the unit does with the native handle in a field.
type care uint8

const (
	caredFor   care = iota // something may release it or hand it on
	neverFreed             // it is only looked at and used
	freedHere              // some function releases it
)

type ownerField struct{ owner, name string }

// forgottenHandles marks acquisitions that go to fields of which nothing in the unit takes care.
// In C, where owners are freed by convention only, that counts only when the unit releases a
// neighbour of the field, or frees such structs.
func (e *engine) forgottenHandles(res *Result) {
	cares := map[ownerField]care{}
	releases := map[string]bool{} // owners of which some field is released
	asked := map[string]bool{}    // owners of which something is asked for
	freed := e.freedStructs()
	for _, ev := range res.Events {
		if ev.Kind == FieldAcquired && e.scoped(ev.Func) {
			asked[ev.Owner] = true
		}
	}
	for _, ev := range res.Events {
		if ev.Kind != FieldAcquired || ev.Owner == "" || ev.Static || !ev.keepsForgettable() || !asked[ev.Owner] {
			continue
		}
		k := ownerField{ev.Owner, ev.Field}
		if _, ok := cares[k]; !ok {
			cares[k] = e.careOf(k)
		}
		if cares[k] == freedHere {
			releases[k.owner] = true
		}
	}
	elsewhere := map[*Object]bool{} // that lie in another member, too, of which somebody takes care
	for _, ev := range res.Events {
		if ev.Kind == FieldAcquired && cares[ownerField{ev.Owner, ev.Field}] != neverFreed {
			elsewhere[ev.Obj] = true
		}
		if ev.Kind == FieldAcquired && slices.ContainsFunc(ev.Obj.alsoIn, func(k ownerField) bool { return e.careOf(k) != neverFreed }) {
			elsewhere[ev.Obj] = true
		}
	}
	for _, ev := range res.Events {
		if ev.Kind != FieldAcquired || elsewhere[ev.Obj] || !ev.keepsForgettable() || ev.Static || !e.scoped(ev.Func) {
			continue
		}
		if ev.Func.File.Lang == ir.C {
			ev.Forgotten = releases[ev.Owner] || freed.has(ev.Owner)
		} else {
			ev.Forgotten = e.privateOwner(ev)
		}
	}
}

// keepsForgettable tells whether a field that keeps what ev stores is asked for who takes care of it. Memory of C belongs to whom
// the structs belong.
func (ev *Event) keepsForgettable() bool {
	return ev.Obj.Kind == Handle || ev.Obj.Kind == Memory && ev.Func.File.Lang == ir.CSharp
}

// careOf looks at all uses of a field.
func (e *engine) careOf(k ownerField) care {
	out := neverFreed
	uses := e.prog.FieldUses(k.owner, k.name)
	if len(uses) == 0 {
		return caredFor // the type is not the one that the code goes by
	}
	for _, u := range uses {
		c := neverFreed
		switch u.Kind {
		case link.UseStore:
		case link.UseLoad:
			c = e.careOfValue(u.Func, u.At.Dst, 0)
		default:
			c = e.careOfAddress(u)
		}
		if c == freedHere {
			return freedHere
		}
		if c == caredFor {
			out = caredFor
		}
	}
	return out
}

// careOfAddress: the address of a field is given to the call that fills it, or to anything.
func (e *engine) careOfAddress(u link.FieldUse) care {
	if u.At.Op != ir.OpCall {
		return caredFor
	}
	t := e.prog.Callee(u.Func, u.At)
	if t.Native == nil || len(t.Funcs) > 0 {
		return caredFor
	}
	for i := range u.At.Call.Args {
		if u.At.Call.Args[i].Val != u.Addr.Dst {
			continue
		}
		p := t.Param(i)
		if isReleased(t.Native, p) {
			return freedHere
		}
		if slices.ContainsFunc(t.Native.Acquires, func(q models.Acquire) bool { return q.Param == p && q.Field == "" }) {
			return neverFreed
		}
	}
	return caredFor
}

// careOfValue follows the temp t, the content of the field, through f.
func (e *engine) careOfValue(f *ir.Func, t ir.Temp, depth int) care {
	if depth > 4 {
		return caredFor
	}
	out := neverFreed
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			used := false
			operands(in, func(x ir.Temp) { used = used || x == t })
			if !used {
				continue
			}
			c := caredFor
			switch {
			case in.Op == ir.OpCast:
				c = e.careOfValue(f, in.Dst, depth+1)
			case in.Op == ir.OpBin && isComparison(in.Sub), in.Op == ir.OpUnary, in.Op == ir.OpLoad, in.Op == ir.OpStore && in.A == t:
				c = neverFreed // compared, or what it points to is read or written
			case in.Op == ir.OpBin, in.Op == ir.OpElem, in.Op == ir.OpField:
				c = e.careOfValue(f, in.Dst, depth+1)
			case in.Op == ir.OpCall:
				c = e.careOfArgument(f, in, t)
			case in.Op == ir.OpStore && in.B == t:
				c = e.careOfLocal(f, in.A, depth+1)
			}
			if c == freedHere {
				return freedHere
			}
			if c == caredFor {
				out = caredFor
			}
		}
	}
	return out
}

// careOfLocal: the handle is put into a local variable or array, such as a list to wait for.
func (e *engine) careOfLocal(f *ir.Func, place ir.Temp, depth int) care {
	v := localOf(f, place)
	if v == ir.NoVar {
		return caredFor
	}
	out := neverFreed
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			c := neverFreed
			switch {
			case in.Op == ir.OpLoad && localOf(f, in.A) == v:
				c = e.careOfValue(f, in.Dst, depth+1)
			case in.Op == ir.OpCall:
				for k := range in.Call.Args {
					if t := in.Call.Args[k].Val; localOf(f, t) == v && c == neverFreed {
						c = e.careOfArgument(f, in, t)
					}
				}
			case in.Op == ir.OpStore && localOf(f, in.B) == v, in.Op == ir.OpRet && localOf(f, in.A) == v, in.Op == ir.OpLambda && slices.Contains(in.Vars, v):
				return caredFor
			}
			if c == freedHere {
				return freedHere
			}
			if c == caredFor {
				out = caredFor
			}
		}
	}
	return out
}

// localOf is the local variable whose address, or the address of a part of it, t is.
func localOf(f *ir.Func, t ir.Temp) ir.VarID {
	for d := f.Def(t); d != nil; d = f.Def(d.A) {
		switch d.Op {
		case ir.OpVarAddr:
			if v := f.Var(d.Var); v.Kind == ir.VarLocal && v.Flags&ir.Static == 0 {
				return d.Var
			}
			return ir.NoVar
		case ir.OpElem, ir.OpField, ir.OpMember, ir.OpCast:
		default:
			return ir.NoVar
		}
	}
	return ir.NoVar
}

// careOfArgument: what a call does with the handle t.
func (e *engine) careOfArgument(f *ir.Func, in *ir.Instr, t ir.Temp) care {
	tgt := e.prog.Callee(f, in)
	for i := range in.Call.Args {
		a := &in.Call.Args[i]
		if a.Val != t && a.Addr != t {
			continue
		}
		p := tgt.Param(i)
		switch {
		case len(tgt.Funcs) > 0 && tgt.Complete:
			for _, g := range tgt.Funcs {
				if c := e.careOfParam(g, p); c != neverFreed {
					return c
				}
			}
			continue
		case tgt.MemberName != "":
			if c := e.careOfMember(tgt); c != neverFreed {
				return c
			}
			continue
		case tgt.Native != nil && tgt.Native.Sig != nil:
			if isReleased(tgt.Native, p) {
				return freedHere
			}
			if !slices.Contains(tgt.Native.Sink, p) && !slices.ContainsFunc(tgt.Native.Sinks, func(s models.Sink) bool { return s.Param == p }) {
				continue
			}
		}
		return caredFor
	}
	if in.Call.Recv == t && tgt.MemberName != "" {
		return e.careOfMember(tgt)
	}
	if in.Call.Recv == t || in.Call.Fn == t {
		return caredFor
	}
	return neverFreed
}

// careOfMember: what a member of the .NET library does with what it is given.
func (e *engine) careOfMember(tgt *link.Target) care {
	out := neverFreed
	if typ, name := models.SplitMember(tgt.MemberName); len(tgt.Members) == 0 && !e.prog.DB.DotNetBorrows(typ, name) {
		out = caredFor
	}
	for _, m := range tgt.Members {
		switch m.Kind {
		case models.KindRelease:
			return freedHere
		case models.KindCopy, models.KindQuery, models.KindPointerCall:
		default:
			out = caredFor
		}
	}
	return out
}

// careOfParam: what a function of the unit does with its parameter.
func (e *engine) careOfParam(g *ir.Func, param int) care {
	s := e.summaryOf(g)
	switch {
	case param >= receiverBit:
		return caredFor
	case s.borrows:
		if s.letsGo(param) {
			return caredFor
		}
		return neverFreed
	case s.unknown:
		return caredFor
	}
	for i := range s.outcomes {
		for j := range s.outcomes[i].effects {
			ef := &s.outcomes[i].effects[j]
			if ef.path.root != rootParam || ef.path.index != param || ef.path.sel != "" {
				continue
			}
			switch ef.kind {
			case effRelease:
				return freedHere
			case effEscape:
				return caredFor
			}
		}
		if r := &s.outcomes[i].ret; r.alias.root == rootParam && r.alias.index == param {
			return caredFor
		}
	}
	return neverFreed
}

// privateOwner tells whether the field of a C# class is one that only its own unit can release:
// not public, and of a class of which there is not just one instance held for good.
func (e *engine) privateOwner(ev *Event) bool {
	ref := e.prog.Member(ev.Func, ir.Type(ev.Owner), ev.Field)
	if ref.Kind != link.Field || ref.Field == nil || ref.Field.Flags&(ir.Public|ir.Static) != 0 {
		return false
	}
	d := e.prog.TypeDecl(ev.Func, ir.Type(ev.Owner))
	if d == nil || d.Kind != ir.TypeClass || d.IsSafeHandle || e.prog.IsStruct(ev.Func, ir.Type(ev.Owner)) {
		return false
	}
	if d.Attr("StructLayout") != nil {
		return false // a native struct, which belongs to whom it is given
	}
	for _, f := range e.prog.Files {
		for _, fd := range f.Fields {
			if fd.Owner == ref.Owner && fd.Flags&ir.Static != 0 && shortName(fd.Type) == shortName(ir.Type(ref.Owner)) {
				return false // a singleton
			}
		}
	}
	return true
}

// freedStructs are the types that C functions of the unit free one by one, as far as they were looked for.
type freedStructs struct {
	e     *engine
	todo  []*ir.Func // not looked at yet
	types map[string]bool
}

func (e *engine) freedStructs() *freedStructs {
	return &freedStructs{e: e, todo: e.prog.Funcs(), types: map[string]bool{}}
}

// has tells whether the unit frees structs of that type. It looks no further than to the first that does.
func (s *freedStructs) has(owner string) bool {
	for !s.types[owner] && len(s.todo) > 0 {
		if f := s.todo[0]; f.File.Lang == ir.C && s.e.mayFree(f) {
			s.look(f)
		}
		s.todo = s.todo[1:]
	}
	return s.types[owner]
}

// mayFree tells whether a C function may release something by a call of what the models know. It does not look at the body.
func (e *engine) mayFree(f *ir.Func) bool {
	if e.need == nil {
		return true
	}
	frees, known := e.need.freeing[f]
	return frees || !known
}

// callsRelease tells whether a call in f releases something, as the models know.
func (e *engine) callsRelease(f *ir.Func) bool {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpCall {
				if t := e.prog.Callee(f, in); releases(t) || passesOn(t) {
					return true
				}
			}
		}
	}
	return false
}

// releases tells whether a call of t is one of native code that releases something.
func releases(t *link.Target) bool {
	return t.Native != nil && len(t.Funcs) == 0 && len(t.Native.Releases) > 0
}

// look adds what f frees.
func (s *freedStructs) look(f *ir.Func) {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpCall {
				s.call(f, in)
			}
		}
	}
}

// passesOn tells whether a call of t is one of a macro that may stand for a release: #define FREE(p) free(p).
func passesOn(t *link.Target) bool {
	return len(t.Funcs) == 1 && isMacro(t.Funcs[0]) && len(t.Funcs[0].Params) == 1
}

func (s *freedStructs) call(f *ir.Func, in *ir.Instr) {
	t := s.e.prog.Callee(f, in)
	if passesOn(t) && len(in.Call.Args) == 1 && s.e.callsRelease(t.Funcs[0]) {
		s.arg(f, in.Call.Args[0].Val)
	}
	if !releases(t) {
		return
	}
	for i := range in.Call.Args {
		if !isReleased(t.Native, t.Param(i)) {
			continue
		}
		s.arg(f, in.Call.Args[i].Val)
	}
}

// arg: what t points to is freed.
func (s *freedStructs) arg(f *ir.Func, t ir.Temp) {
	if owner, ok := strings.CutSuffix(string(s.e.prog.TypeOf(f, t)), "*"); ok {
		s.types[owner] = true
	}
}
