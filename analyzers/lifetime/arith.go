package lifetime

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

func (a *fnRun) unary(st *state, in *ir.Instr) value {
	v := st.temp(in.A)
	switch in.Sub {
	case ir.Not:
		switch v.k {
		case vSym:
			a.noteTested(v.sym)
			a.noteTruthTest(st, v.sym)
			a.noteWrongTruth(st, v, in.Span)
			if n, ok := st.number(v); ok {
				return boolVal(n == 0)
			}
			if v.reg != 0 {
				w := symVal(a.fresh(st, in, 0))
				w.reg = v.reg
				w.sub, _ = v.sub.Negate()
				return w
			}
			return value{k: vCmp, sub: ir.Eq, sym: v.sym}
		case vCmp:
			v.sub, _ = v.sub.Negate()
			return v
		case vInt:
			return boolVal(v.n == 0)
		case vAddr, vName:
			return boolVal(false)
		}
	case ir.Neg:
		if n, ok := st.number(v); ok {
			return intVal(-n)
		}
	case ir.Compl:
		if n, ok := st.number(v); ok {
			return intVal(^n)
		}
	}
	return symVal(a.fresh(st, in, 0))
}

func (a *fnRun) binary(b *ir.Block, st *state, in *ir.Instr) value {
	x, y := st.temp(in.A), st.temp(in.B)
	if isComparison(in.Sub) {
		if a.numberWithNull(in) && a.objectOf(x) == 0 && a.objectOf(y) == 0 {
			return boolVal(in.Sub == ir.Ne)
		}
		if in.Sub == ir.Eq && a.objectOf(x) != 0 && a.namesPointerType(in.B) {
			return boolVal(true) // "is IntPtr" of a boxed pointer
		}
		if v, asks := a.asksForError(st, in); asks {
			return v
		}
		if v, ok := a.pointerWidth(in); ok {
			return v
		}
		return a.compareValues(st, in, in.Sub, x, y)
	}
	if in.Sub == ir.Subtract && a.f.File.Lang == ir.C && y.k != vAddr {
		a.goesBack(st, x, in)
	}
	if in.Sub == ir.Add || in.Sub == ir.Subtract {
		// A pointer with an offset points into the same storage.
		if x.k == vAddr && y.k != vAddr {
			if in.Sub == ir.Add && a.f.File.Lang == ir.C {
				a.overlaid(st, x.reg, in)
				return addrVal(a.t.elem(x.reg, a.index(st, y)))
			}
			return x
		}
		if x.k == vSym && a.pointerLike(st, x.sym) && y.k != vAddr && !(y.k == vSym && a.pointerLike(st, y.sym)) {
			return a.further(st, x, in)
		}
		if y.k == vAddr && in.Sub == ir.Add {
			return y
		}
	}
	nx, okx := st.number(x)
	ny, oky := st.number(y)
	if oky && ny == 0 && x.k == vSym && (in.Sub == ir.Add || in.Sub == ir.Subtract) && a.f.File.Lang == ir.C {
		return x // n = WaitForMultipleObjects(...) - WAIT_OBJECT_0
	}
	if okx && oky && !a.flow.inLoop[b.ID] {
		if n, ok := ir.Fold(in.Sub, nx, ny); ok {
			return intVal(n)
		}
	}
	if in.Sub == ir.Add && okx && nx == 0 && oky && ny == 1 {
		return intVal(1) // the second round; those after it are all alike
	}
	if in.Sub == ir.Add && oky && ny > 0 && ny < 1<<16 {
		if least, ok := st.atLeast(x); ok {
			s := a.fresh(st, in, 0) // a counter: how far it gets is not followed, but it does not go back
			st.assume(s, ir.Ge, least+ny)
			return symVal(s)
		}
	}
	if okx && oky && (in.Sub == ir.Or || in.Sub == ir.And) {
		n, _ := ir.Fold(in.Sub, nx, ny)
		return intVal(n)
	}
	for _, v := range [...]value{x, y} {
		if id := a.objectOf(v); id != 0 && a.objects[id].Kind == Handle {
			a.escape(st, v, in, "", 0) // the handle goes on in a value computed from it
		} else if v.k == vSym && (in.Sub == ir.Or || in.Sub == ir.Xor) {
			if p, ok := a.symPath(v.sym); ok && p.root == rootParam && p.sel == "" {
				a.escape(st, v, in, "", 0) // so does the caller's
			}
		}
	}
	if in.Sub == ir.Div && x.k == vSym && y.k == vSym && a.t.symbols[x.sym].kind == sSize && a.t.symbols[y.sym].kind == sSize {
		return a.size(st, a.t.symbols[x.sym].key+"/"+a.t.symbols[y.sym].key)
	}
	if in.Sub == ir.And && !(oky && ny >= 0 && ny < 1<<16) {
		if x.k == vSym && a.pointerLike(st, x.sym) {
			return x // the next address with an alignment, in the same storage
		}
		a.alignsParam(st, in)
	}
	if in.Sub == ir.And {
		if m, ok := a.masked(x, ny, oky); ok {
			return m
		}
	}
	r := symVal(a.fresh(st, in, 0))
	if in.Sub == ir.Or {
		r.n = knownBits(x) | knownBits(y)
	}
	return r
}

// alignsParam: in computes an aligned address from one that the caller has given, and goes on with that.
func (a *fnRun) alignsParam(st *state, in *ir.Instr) {
	d := a.f.DefBehindCasts(in.A)
	if d == nil || d.Op != ir.OpBin || d.Sub != ir.Add {
		return
	}
	for _, v := range [...]value{st.temp(d.A), st.temp(d.B)} {
		if p, ok := a.symPath(v.sym); v.k == vSym && ok && p.root == rootParam && p.sel == "" {
			a.escape(st, v, in, "", 0)
		}
	}
}

// atLeast is the smallest number that v can be, when that is small and not negative.
func (s *state) atLeast(v value) (int64, bool) {
	n, ok := s.number(v)
	if !ok && v.k == vSym && v.n == 0 && v.reg == 0 {
		n, ok = s.consOf(v.sym).lo, true
	}
	return n, ok && n >= 0 && n < 1<<16
}

// size is the size of something, of which no more is known than that it is the same everywhere.
func (a *fnRun) size(st *state, of string) value {
	if of == "" {
		return value{}
	}
	s := a.t.symbol(symbol{kind: sSize, key: of})
	st.assume(s, ir.Ge, 1)
	return symVal(s)
}

// masked is the value of "x & n": the same one wherever the same x meets the same n.
func (a *fnRun) masked(x value, n int64, known bool) (value, bool) {
	if !known || x.k != vSym || x.n != 0 || x.reg != 0 || a.t.symbols[x.sym].iter >= maxIter {
		return value{}, false
	}
	return symVal(a.t.symbol(symbol{kind: sMasked, of: x.sym, key: strconv.FormatInt(n, 16)})), true
}

func knownBits(v value) int64 {
	if v.k == vInt || v.k == vSym {
		return v.n
	}
	return 0
}

// pointerLike tells whether arithmetic on s stays within one piece of storage.
func (a *fnRun) pointerLike(st *state, s symID) bool {
	if a.addrOf.of(s) != 0 {
		return true
	}
	if id := a.symObj.of(s); id != 0 {
		switch a.objects[id].Kind {
		case Memory, Pooled, POHArray, FixedPin, Stack:
			return true
		}
	}
	return false
}

// failedHandles tells whether C code compares two handles of which one is known to be none: it asks which handle it is, and
// not whether there is one.
func (a *fnRun) failedHandles(st *state, x, y value) bool {
	if a.f.File.Lang != ir.C || x.n != 0 || y.n != 0 || a.objectOf(x) == 0 || a.objectOf(y) == 0 {
		return false
	}
	_, one := st.number(x)
	_, other := st.number(y)
	return one || other
}

func (a *fnRun) compareValues(st *state, in *ir.Instr, sub ir.Sub, x, y value) value {
	if (sub == ir.Eq || sub == ir.Ne) && (a.otherStatus(st, x, y) || a.otherStatus(st, y, x) || a.otherConstant(st, x, y)) {
		return boolVal(sub == ir.Ne)
	}
	if a.failedHandles(st, x, y) {
		if x.sym == y.sym {
			return boolVal(compare(sub, 0, 0))
		}
		return a.sameAs(st, in, sub, x, y)
	}
	if n, ok := st.number(x); ok && y.k != vInt {
		x, y, sub = y, intVal(n), sub.Swap()
		if x.k == vSym || x.k == vCmp {
			y = intVal(n)
		}
	}
	n, ok := st.number(y)
	if !ok {
		if x.k == vAddr && y.k == vAddr && (sub == ir.Eq || sub == ir.Ne) {
			return boolVal((x.reg == y.reg) == (sub == ir.Eq))
		}
		if x.k == vAddr && y.k == vAddr && a.t.regions[y.reg].kind == rElem && a.t.regions[y.reg].parent == x.reg {
			return boolVal(sub == ir.Lt || sub == ir.Le) // the first one, and one behind it
		}
		if (sub == ir.Eq || sub == ir.Ne) && (a.elsewhere(x, y) || a.elsewhere(y, x)) {
			return boolVal(sub == ir.Ne)
		}
		if x.k == vSym && y.k == vSym && x.sym == y.sym && x.n == 0 {
			return boolVal(compare(sub, 0, 0))
		}
		a.noteOtherTest(x)
		a.noteOtherTest(y)
		a.ownerEscapes(st, x) // it may be the instance that stands for none
		a.ownerEscapes(st, y)
		return a.sameAs(st, in, sub, x, y)
	}
	n = intVal(n).n
	switch x.k {
	case vSym:
		sub, n = a.negativeHandle(x.sym, sub, n)
		a.noteComparison(st, x.sym, sub, n, in)
		c := st.consOf(x.sym)
		if t, known := c.decide(sub, n); known {
			return boolVal(t)
		}
		if (sub == ir.Eq || sub == ir.Ne) && a.neverNumber(st, x, n) {
			return boolVal(sub == ir.Ne)
		}
		return value{k: vCmp, sub: sub, sym: x.sym, n: n, reg: a.handleAround(x.sym, sub, n)}
	case vInt:
		a.noteNullTest(st, in, sub, x.n, n)
		a.noteUnset(in, x.n == n)
		return boolVal(compare(sub, x.n, n))
	case vAddr, vName:
		if sub == ir.Eq || sub == ir.Ne {
			return boolVal((sub == ir.Ne) == (n == 0 || n == -1))
		}
	case vCmp:
		// (a < b) == true and the like
		if (sub == ir.Eq && n != 0) || (sub == ir.Ne && n == 0) {
			return x
		}
		if sub == ir.Eq || sub == ir.Ne {
			x.sub, _ = x.sub.Negate()
			return x
		}
	}
	return symVal(a.fresh(st, in, 0))
}

// otherConstant tells whether x and y are constants of different names that nothing in the unit defines: codes of one
// enumeration, as a rule. Where both are known by their names, the numbers say it.
func (a *fnRun) otherConstant(st *state, x, y value) bool {
	if x.k != vSym || y.k != vSym || x.sym == y.sym || !a.constantName(x.sym) || !a.constantName(y.sym) {
		return false
	}
	_, one := st.number(x)
	_, other := st.number(y)
	return !(one && other)
}

// constantName tells whether s is what a constant holds that nothing in the unit defines.
func (a *fnRun) constantName(s symID) bool {
	y := a.t.symbols[s]
	if y.kind != sInit {
		return false
	}
	g := a.t.regions[y.reg]
	return g.kind == rGlobal && isConstantName(g.name)
}

// neverNumber tells whether x is a handle of C that was opened here, and that therefore cannot be number n, which stands
// for something else: if (clip != (HRGN)1) DeleteObject(clip). Descriptors are numbers.
func (a *fnRun) neverNumber(st *state, x value, n int64) bool {
	id := a.objectOf(x)
	o, ok := st.obj(id)
	if !ok || n == 0 || n == -1 || o.st != stOwned || a.f.File.Lang != ir.C || a.objects[id].Kind != Handle {
		return false
	}
	acq := a.objects[id].Acquire
	return acq != nil && !models.RuntimeKind(acq.Kind) && acq.Kind != "SOCKET"
}

// ofConstant tells whether s is what a C constant holds, which is never a resource: a name of the kind that
// nothing in the unit defines, or a global that is declared const.
func (a *fnRun) ofConstant(s symID) bool {
	y := a.t.symbols[s]
	return a.f.File.Lang == ir.C && (a.constantName(s) || y.kind == sInit && a.neverSet[y.reg])
}

// negativeHandle reads "sym < 0" of a handle that is -1 when there is none as the question for that, as
// code means it that keeps handles in integers: no handle has a negative number.
func (a *fnRun) negativeHandle(sym symID, sub ir.Sub, n int64) (ir.Sub, int64) {
	id := a.symObj.of(sym)
	if id == 0 || a.objects[id].Acquire == nil || !slices.ContainsFunc(a.objects[id].Acquire.Invalid, func(v int64) bool { return intVal(v).n == -1 }) {
		return sub, n
	}
	switch {
	case sub == ir.Lt && n == 0, sub == ir.Le && n == -1:
		return ir.Eq, -1
	case sub == ir.Ge && n == 0, sub == ir.Gt && n == -1:
		return ir.Ne, -1
	}
	return sub, n
}

// numberWithNull tells whether in compares an IntPtr with null, which it never equals: it is a struct.
func (a *fnRun) numberWithNull(in *ir.Instr) bool {
	if a.f.File.Lang != ir.CSharp || in.Sub != ir.Eq && in.Sub != ir.Ne {
		return false
	}
	null, other := a.f.Def(in.B), in.A
	if null == nil || null.Op != ir.OpConst {
		null, other = a.f.Def(in.A), in.B
	}
	if null == nil || null.Op != ir.OpConst || null.Const != ir.ConstNull {
		return false
	}
	t := a.prog.TypeOf(a.f, other)
	return rawHandleType(t) && !strings.ContainsAny(string(t), "?*[")
}

// namesPointerType tells whether temp t reads the name of the type of raw pointers.
func (a *fnRun) namesPointerType(t ir.Temp) bool {
	d := a.f.Def(t)
	if d == nil || d.Op != ir.OpLoad {
		return false
	}
	n := a.f.Def(d.A)
	return n != nil && n.Op == ir.OpName && a.prog.Name(a.f, n.Name).Field == nil && (lastDot(n.Name) == "IntPtr" || n.Name == "nint")
}
