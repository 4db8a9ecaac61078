package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// one is the common result of a step that does not fork.
func one(st *state) []*state {
	st.self[0] = st
	return st.self[:1:1]
}

// exec interprets one instruction; the result is the states that go on.
func (a *fnRun) exec(b *ir.Block, in *ir.Instr, st *state) []*state {
	switch in.Op {
	case ir.OpConst:
		if in.Const == ir.ConstSizeof {
			st.setTemp(in.Dst, a.size(st, string(in.Type)))
			break
		}
		st.setTemp(in.Dst, a.constant(in))
	case ir.OpName:
		st.setTemp(in.Dst, a.nameBy(st, a.nameAt(in), in.Name))
	case ir.OpVarAddr:
		st.setTemp(in.Dst, addrVal(a.t.varRegion(in.Var)))
	case ir.OpField, ir.OpMember:
		return a.execMember(b, in, st)
	case ir.OpElem:
		st.setTemp(in.Dst, a.elemAddr(st, in))
		a.otherElements(st, b, in)
	case ir.OpLoad:
		return a.execLoad(b, in, st)
	case ir.OpStore:
		return a.execStore(b, in, st)
	case ir.OpZero:
		if v := st.temp(in.A); v.k == vAddr {
			a.assign(st, v.reg, value{k: vInt}, in)
		}
	case ir.OpUnary:
		st.setTemp(in.Dst, a.unary(st, in))
	case ir.OpBin:
		st.setTemp(in.Dst, a.binary(b, st, in))
	case ir.OpCast, ir.OpAwait:
		return a.execCast(b, in, st)
	case ir.OpIs:
		st.setTemp(in.Dst, a.isOfType(st, in))
	case ir.OpCall:
		return a.execCall(b, in, st)
	case ir.OpDecl:
		r := a.t.varRegion(in.Var)
		st.unbindIf(func(x regID) bool { return a.t.within(x, r) })
		if a.f.Var(in.Var).Flags&ir.Static == 0 {
			st.bind(r, value{k: vUninit})
		}
	case ir.OpScopeEnd:
		a.endScope(st, in)
	case ir.OpFixed:
		a.execFixed(st, in)
	case ir.OpUnfix:
		a.execUnfix(st, in)
	case ir.OpNewArray, ir.OpStackAlloc:
		a.execNewArray(st, in)
	case ir.OpLambda:
		a.captured(st, in)
		st.setTemp(in.Dst, value{k: vName, n: in.Int + firstLambda})
	case ir.OpChoice:
		a.execChoice(st, in)
	case ir.OpCatch:
		if st.yielded && in.Flags&ir.Implicit == 0 {
			return nil // an abandoned iterator runs its finally blocks only
		}
		if in.Flags&ir.Implicit == 0 {
			switch {
			case !a.rethrows():
				st.exc = ""
			case !st.explicit:
				st.exc = passedOn
			}
		}
		st.explicit = st.explicit && in.Flags&ir.Implicit != 0 // finally passes it on
		st.setTemp(in.Dst, symVal(a.fresh(st, in, 0)))
	case ir.OpRet:
		a.execRet(st, in)
	case ir.OpYield, ir.OpThrow:
		if in.A != 0 {
			a.escape(st, st.temp(in.A), in, "", 0)
		}
		if in.Op == ir.OpYield {
			a.abandoned(b, st, in)
		}
	case ir.OpUnknown:
		if in.Call != nil {
			for i := range in.Call.Args {
				a.escapeArg(st, &in.Call.Args[i], in)
			}
		}
		if in.Call == nil && a.leavesBy(b, in, st) {
			return nil
		}
		if in.Name == "typeof" && in.Type != "" {
			st.setTemp(in.Dst, textVal(string(in.Type)))
			break
		}
		st.setTemp(in.Dst, symVal(a.fresh(st, in, 0)))
	}
	return one(st)
}

func (a *fnRun) constant(in *ir.Instr) value {
	switch in.Const {
	case ir.ConstInt:
		return intVal(in.Int)
	case ir.ConstBool:
		return boolVal(in.Int != 0)
	case ir.ConstNull, ir.ConstDefault:
		return value{k: vInt}
	case ir.ConstString:
		return value{k: vName, n: literal}
	case ir.ConstFunc:
		return value{k: vName, n: 1}
	}
	return value{}
}

// site numbers an instruction.
func (a *fnRun) site(in *ir.Instr) int32 {
	if at := a.atOf(in); at != nil {
		if at.site == 0 {
			a.nextSite++
			at.site = a.nextSite
		}
		return at.site
	}
	n, ok := a.siteOf[in]
	if !ok {
		a.nextSite++
		n = a.nextSite
		a.siteOf[in] = n
	}
	return n
}

// fresh makes the symbol of role at in for this iteration, about which nothing is known.
func (a *fnRun) fresh(st *state, in *ir.Instr, role int16) symID {
	known := len(a.t.symbols)
	s := a.t.made(a.site(in), role, st.iter)
	st.dropCons(s)
	if int(s) < known {
		a.renew(st, s)
	}
	return s
}

// renew forgets what an earlier round of a loop knew of the things that lie in what s refers to:
// rounds that are not told apart share their symbols.
func (a *fnRun) renew(st *state, s symID) {
	p := a.t.knownPointee(s)
	if p != 0 || a.somewhere != nil {
		st.unbindIf(func(r regID) bool { return p != 0 && a.t.within(r, p) || a.inFurther(r, s) })
	}
	st.wraps = slices.DeleteFunc(slices.Clone(st.wraps), func(w wrapState) bool { return w.raw == s })
	st.objs = slices.DeleteFunc(st.objs, func(o ostate) bool {
		obj := a.objects[o.id]
		if obj.Kind == Operation && p != 0 && obj.op.ov.k == vAddr && a.t.within(obj.op.ov.reg, p) {
			return true // it goes on in a block of which nothing is known any more
		}
		return obj.Kind == Unknown && a.t.cameFrom(obj.sym, s)
	})
}

// execMember computes the address of a member. C# members that are properties with a body are
// calls, which execLoad and execStore make.
func (a *fnRun) execMember(b *ir.Block, in *ir.Instr, st *state) []*state {
	base := st.temp(in.A)
	a.taskDone(st, a.variableAt(st, base)) // Result, IsCompleted, AsyncWaitHandle
	a.askedDone(st, in.Name)
	var r regID
	switch base.k {
	case vAddr:
		r = base.reg
		if in.Op == ir.OpMember && in.Flags&ir.AddrOperand != 0 && !a.structPlace(in.A) {
			r = a.object(st, r)
		}
	case vSym:
		r = a.t.pointee(base.sym)
	default:
		st.setTemp(in.Dst, value{})
		return one(st)
	}
	if a.ofUnion(in) {
		a.unionMember(st, r, in)
	}
	st.setTemp(in.Dst, addrVal(a.t.field(r, in.Name)))
	return one(st)
}

func (a *fnRun) execLoad(b *ir.Block, in *ir.Instr, st *state) []*state {
	p := st.temp(in.A)
	switch p.k {
	case vInt:
		if p.sub == constPlace {
			p.sub = 0
			st.setTemp(in.Dst, p)
			return one(st)
		}
		st.setTemp(in.Dst, value{})
		return one(st)
	case vSym:
		p = addrVal(a.t.pointee(p.sym))
	case vName:
		st.setTemp(in.Dst, p)
		return one(st)
	case vAddr:
	default:
		st.setTemp(in.Dst, symVal(a.fresh(st, in, 0)))
		return one(st)
	}
	a.lookedAt(st, p)
	if out, ok := a.getProperty(b, in, st, p.reg); ok {
		return out
	}
	a.weakRead(st, p.reg, in)
	v := a.load(st, p.reg)
	if v.k == vUnknown {
		v = symVal(a.fresh(st, in, 0)) // some element: another one in each round
	}
	a.countRead(st, v, in)
	if a.f.File.Lang == ir.C && v.k == vSym && a.readsErrno(in) && !a.comparedWithZero(b, in.Dst) {
		st.assume(v.sym, ir.Ne, 0) // it is read after a failure, which sets it
	}
	st.setTemp(in.Dst, v)
	return one(st)
}

// readsErrno tells whether in loads the error number of the C runtime.
func (a *fnRun) readsErrno(in *ir.Instr) bool {
	d := a.f.Def(in.A)
	return d != nil && d.Op == ir.OpName && a.prog.DB.ErrorNumber(d.Name)
}

func (a *fnRun) execStore(b *ir.Block, in *ir.Instr, st *state) []*state {
	p, v := st.temp(in.A), st.temp(in.B)
	if p.k == vSym {
		p = addrVal(a.t.pointee(p.sym))
	}
	if p.k != vAddr || !a.isLocal(st, p.reg) {
		a.lenderLeaves(st, v)
	}
	if p.k != vAddr {
		a.escape(st, v, in, "", 0)
		a.escapeWhole(st, in.B, in)
		return one(st)
	}
	if out, ok := a.setProperty(b, in, st, p.reg, v); ok {
		return out
	}
	if a.converted(st, in, v) {
		a.escape(st, v, in, a.regionName(p.reg), p.reg)
		v = symVal(a.fresh(st, in, 0))
	}
	if a.ofStruct(a.f) && p.reg == a.this(st) {
		a.replaceThis(st, p.reg, v, in)
		return one(st)
	}
	a.assign(st, p.reg, v, in)
	a.copyMembers(st, p.reg, in)
	return one(st)
}

// replaceThis: a struct in r gets a new value as a whole by "this = v": its members are others, or zero, from here on.
func (a *fnRun) replaceThis(st *state, r regID, v value, in *ir.Instr) {
	n, ok := st.number(v)
	zero := ok && n == 0
	for k, m := range a.prog.OwnerType(a.f).Fields {
		if m.Flags&ir.Static != 0 {
			continue
		}
		now := value{k: vInt}
		if !zero {
			now = symVal(a.fresh(st, in, roleWritten+int16(k%64)))
		}
		a.assign(st, a.t.field(r, m.Name), now, in)
	}
}

// converted tells whether in stores a raw handle or block to a variable of a class: only a conversion
// that makes an owner of it can do that.
func (a *fnRun) converted(st *state, in *ir.Instr, v value) bool {
	id := a.objectOf(v)
	if a.f.File.Lang != ir.CSharp || id == 0 || a.objects[id].Kind != Handle && a.objects[id].Kind != Memory {
		return false
	}
	o, ok := st.obj(id)
	t := a.prog.TypeOfPlace(a.f, in.A)
	return ok && o.st == stOwned && t != "string" && !strings.HasSuffix(string(t), "[]") && a.ownerTypeOf(t)
}

// escapeWhole: temp t may hold a struct that was loaded as a whole; what lies in it goes with it.
func (a *fnRun) escapeWhole(st *state, t ir.Temp, in *ir.Instr) {
	d := a.f.Def(t)
	if d == nil || d.Op != ir.OpLoad {
		return
	}
	if p := st.temp(d.A); p.k == vAddr {
		a.escapeRegion(st, p.reg, in, 0)
	}
}

// copyMembers: what was stored to dst is a whole struct; what is known of its members goes along.
func (a *fnRun) copyMembers(st *state, dst regID, in *ir.Instr) {
	d := a.f.Def(in.B)
	if d == nil || d.Op != ir.OpLoad {
		return
	}
	p := st.temp(d.A)
	if p.k != vAddr || a.t.within(dst, p.reg) || a.t.within(p.reg, dst) {
		return
	}
	for _, b := range st.bindings() {
		if b.reg != p.reg && a.t.within(b.reg, p.reg) {
			a.assign(st, a.t.moved(b.reg, p.reg, dst), b.v, in)
		}
	}
}

// assign stores v to r.
func (a *fnRun) assign(st *state, r regID, v value, in *ir.Instr) {
	g := a.t.regions[r]
	a.keepSite(r, v, in)
	old, had := st.binding(r)
	if g.anyElem() {
		// A weak update: the array may hold this and others.
		a.escape(st, v, in, a.regionName(r), r)
		st.unbindIf(func(x regID) bool { return a.t.regions[x].parent == g.parent && a.t.regions[x].kind == rElem })
		return
	}
	first := a.firstElement(in) || a.givenElement(st, in, r)
	st.unbindIf(func(x regID) bool { return x != r && a.t.within(x, r) && !(first && a.elementOf(x, r)) })
	st.bind(r, v)
	a.refilled(st, r)
	if v.k == vSym || v.k == vAddr {
		a.nameObject(v, r)
		a.nameOwner(st, v, r)
	}
	if (a.ownedHandle(st, v) || a.ownedPin(st, v)) && (a.inUnknownElem(r) || a.storesToOneOfMany(st, r, in)) {
		a.escape(st, v, in, a.regionName(r), r) // another loop may release it under another index
	}
	if (a.objectOf(v) != 0 || a.ownerIn(st, v) != nil) && (a.freedByLambda(r, in) || a.cleanedUp(r)) {
		a.escape(st, v, in, a.regionName(r), r)
	}
	if v.k == vAddr && a.f.File.Lang == ir.C && a.firstElement(in) {
		a.overlaid(st, v.reg, in) // whoever goes through the array finds it
	}
	if a.inPrivate(st, r) {
		a.storePrivate(st, r, v, in)
	} else if !a.isLocal(st, r) {
		a.addressKept(st, v)
		a.storeOutside(st, r, v, in)
	} else if a.t.regions[a.t.root(r)].kind == rObject {
		a.escape(st, v, in, a.regionName(r), r)
	} else {
		a.noteMember(r, v, in)
	}
	if had && old != v {
		a.overwritten(st, r, old, in)
	}
}

// storesToOneOfMany tells whether in stores to r by an address that is not the same in all rounds of a loop.
func (a *fnRun) storesToOneOfMany(st *state, r regID, in *ir.Instr) bool {
	if !a.flow.oneOfMany(in) {
		return false
	}
	return in.Call == nil || slices.ContainsFunc(in.Call.Args, func(arg ir.Arg) bool {
		at := arg.Val
		if arg.Addr != 0 {
			at = arg.Addr
		}
		return a.flow.varying[at] && a.t.root(a.pointeeOf(st.temp(at))) == a.t.root(r)
	})
}

// cleanedUp tells whether r is, or lies in, a C variable that a function is called for when it goes out of scope.
func (a *fnRun) cleanedUp(r regID) bool {
	g := a.t.regions[a.t.root(r)]
	return g.kind == rVar && a.f.File.Lang == ir.C && a.f.Var(g.v).Flags&ir.UsingVar != 0
}

// firstElement tells whether in stores to one element of an array: where that is the first one, its place
// is that of the array, and the others stay.
func (a *fnRun) firstElement(in *ir.Instr) bool {
	if in.Op != ir.OpStore {
		return false
	}
	d := a.f.Def(in.A)
	return d != nil && d.Op == ir.OpElem
}

// givenElement tells whether a call is given the address of one element of an array, whose place is r: what it writes there leaves the others.
func (a *fnRun) givenElement(st *state, in *ir.Instr, r regID) bool {
	if in.Op != ir.OpCall || in.Call == nil || a.f.File.Lang != ir.C {
		return false
	}
	elem := func(t ir.Temp) bool {
		d := a.f.Def(t)
		v := st.temp(t)
		return d != nil && d.Op == ir.OpElem && v.k == vAddr && v.reg == r
	}
	return slices.ContainsFunc(in.Call.Args, func(arg ir.Arg) bool { return elem(arg.Val) || elem(arg.Addr) })
}

// elementOf tells whether x is, or lies in, an element other than the first of the array at r.
func (a *fnRun) elementOf(x, r regID) bool {
	for a.t.regions[x].parent != r {
		if x = a.t.regions[x].parent; x == 0 {
			return false
		}
	}
	return a.t.regions[x].kind == rElem
}

func (a *fnRun) execCast(b *ir.Block, in *ir.Instr, st *state) []*state {
	st.setTemp(in.Dst, st.temp(in.A))
	if in.Op == ir.OpAwait {
		a.awaited(st, in)
	}
	if a.castsToOther(st, in) {
		a.overlaid(st, a.t.root(a.pointeeOf(st.temp(in.A))), in)
	}
	return one(st)
}

func (a *fnRun) execChoice(st *state, in *ir.Instr) {
	if in.Name == "" {
		st.setTemp(in.Dst, symVal(a.fresh(st, in, 0)))
		return
	}
	st.setTemp(in.Dst, symVal(a.t.symbol(symbol{kind: sChoice, key: in.Name})))
}

// isOfType is the truth of a type test: the same one wherever the same value is asked for the same type again.
func (a *fnRun) isOfType(st *state, in *ir.Instr) value {
	v := st.temp(in.A)
	if v.k != vSym || a.t.symbols[v.sym].iter >= maxIter || !a.testsAgain(in.Type) {
		return symVal(a.fresh(st, in, 0))
	}
	return symVal(a.t.symbol(symbol{kind: sChoice, of: v.sym, key: "is " + string(in.Type)}))
}

// testsAgain tells whether the function has several tests for a type: the outcome of one alone would keep states apart for nothing.
func (a *fnRun) testsAgain(typ ir.Type) bool {
	if a.typeTests == nil {
		a.typeTests = map[ir.Type]int{}
		for i := range a.f.Blocks() {
			for j := range a.f.Blocks()[i].Instrs {
				if in := &a.f.Blocks()[i].Instrs[j]; in.Op == ir.OpIs {
					a.typeTests[in.Type]++
				}
			}
		}
	}
	return a.typeTests[typ] > 1
}

func (a *fnRun) execNewArray(st *state, in *ir.Instr) {
	kind := rObject
	if in.Op == ir.OpStackAlloc {
		kind = rStack
	}
	r := a.t.region(region{kind: kind, site: a.site(in), iter: st.iter, v: ir.NoVar})
	st.unbindIf(func(x regID) bool { return a.t.within(x, r) })
	st.bind(r, value{k: vInt})
	if in.Call != nil {
		for i := range in.Call.Args {
			a.escapeArg(st, &in.Call.Args[i], in)
		}
	}
	st.setTemp(in.Dst, addrVal(r))
}

// loadsStruct tells whether temp t is the content of a place that holds a struct.
func (a *fnRun) loadsStruct(t ir.Temp) bool {
	d := a.f.DefBehindCasts(t)
	return d != nil && d.Op == ir.OpLoad && a.structPlace(d.A)
}

// isObject tells whether v is an object itself, not a struct with an object in its first member.
func (a *fnRun) isObject(v value) bool {
	id := a.objectOf(v)
	return id != 0 && (a.objects[id].Acquire == nil || a.objects[id].Acquire.Field == "")
}

func (a *fnRun) execRet(st *state, in *ir.Instr) {
	st.hasRet, st.retSpan = true, in.Span
	st.ret = value{}
	if in.A == 0 {
		return
	}
	st.ret = st.temp(in.A)
	if st.ret.k == vAddr {
		a.fixedPointersLeave(st, st.ret.reg, in)
	}
	zeroed := (st.ret.k == vInt || st.ret.k == vUninit) && (a.prog.IsStruct(a.f, a.f.Ret) || a.loadsStruct(in.A))
	written := st.ret.k == vSym && (!a.isObject(st.ret) || a.objects[a.objectOf(st.ret)].Kind == Unknown) && a.loadsStruct(in.A)
	if zeroed || written {
		a.escapeWhole(st, in.A, in) // a struct that was zeroed, written by a call, or copied, and then filled by members
	}
}
