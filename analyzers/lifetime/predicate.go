package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// predicate is what a macro or function that only tests one parameter computes: "param sub n".
type predicate struct {
	param int // or ofReceiver
	sub   ir.Sub
	n     int64
	same  bool // the result is the parameter itself; sub and n are its truth
}

// ofReceiver: what is tested is the only member of a C# struct, such as the handle that it stands for.
const ofReceiver = -1

// testOnly interprets the call of such a function as the comparison that it is, so that the branch
// on its result decides what was tested.
func (a *fnRun) testOnly(st *state, x *callCtx) bool {
	if a.f.File.Lang != ir.C {
		return false
	}
	var all predicate
	var each []predicate
	differ := false
	for i, f := range x.tgt.Funcs {
		p, ok := a.eng.predicateOf(f)
		if !ok {
			return false
		}
		each = append(each, p)
		if i > 0 && p != all {
			p.same, all.same = false, false // one gives the value, another its truth
			differ = differ || p != all
		}
		all = p
	}
	if differ {
		return a.testOfSystems(st, x, each)
	}
	v, ok := x.arg(st, all.param)
	if !ok {
		return false
	}
	if all.same {
		st.setTemp(x.in.Dst, v)
		return true
	}
	st.setTemp(x.in.Dst, a.compareValues(st, x.in, all.sub, v, intVal(all.n)))
	return true
}

// testOfSystems interprets the call of a macro that each system defines in its own way, as a test of its own statuses: what all
// of them say of 0 holds for that, and the opposite for what is not 0 where one of them says so.
func (a *fnRun) testOfSystems(st *state, x *callCtx, each []predicate) bool {
	v, ok := x.arg(st, each[0].param)
	if !ok || v.k != vSym && v.k != vInt {
		return false
	}
	zero, other, all := compare(each[0].sub, 0, each[0].n), false, true
	for _, p := range each {
		if p.param != each[0].param || p.same || compare(p.sub, 0, p.n) != zero {
			return false
		}
		c := st.consOf(v.sym)
		if v.k == vInt {
			c.lo, c.hi = v.n, v.n
		}
		t, known := c.decide(p.sub, p.n)
		other, all = other || known && t != zero, all && known
	}
	if other || all {
		st.setTemp(x.in.Dst, boolVal(other != zero))
	}
	return other || all
}

// testedBy gives the result of a C# function that only tests.
func (a *fnRun) testedBy(st *state, x *callCtx, s *Summary) bool {
	if !s.tests {
		return false
	}
	v, ok := x.recv, true
	if s.test.param != ofReceiver {
		v, ok = x.arg(st, s.test.param)
	}
	if !ok || v.k != vSym && v.k != vInt {
		return false
	}
	if !s.test.same {
		v = a.compareValues(st, x.in, s.test.sub, v, intVal(s.test.n))
	}
	st.setTemp(x.in.Dst, v)
	return true
}

// predicateOf tells whether f is nothing but a test of one parameter against a number.
func (e *engine) predicateOf(f *ir.Func) (predicate, bool) { return e.predicateDeep(f, 0) }

func (e *engine) predicateDeep(f *ir.Func, depth int) (predicate, bool) {
	if len(f.Params) == 0 && f.This == ir.NoVar || f.CountBlocks() == 0 || f.CountBlocks() > 4 {
		return predicate{}, false
	}
	var result *ir.Instr
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			switch in := &f.Blocks()[i].Instrs[j]; in.Op {
			case ir.OpVarAddr, ir.OpLoad, ir.OpCast, ir.OpConst, ir.OpName, ir.OpMember, ir.OpBin, ir.OpUnary, ir.OpScopeEnd:
			case ir.OpCall:
				if _, same := e.sameAs(f, in); !same && !newNumber(in) {
					if _, tests := e.testCall(f, in, depth); !tests {
						return predicate{}, false
					}
				}
			case ir.OpRet:
				if result != nil {
					return predicate{}, false
				}
				result = in
			default:
				return predicate{}, false
			}
		}
	}
	if result == nil || result.A == 0 {
		return predicate{}, false
	}
	return e.predicateAt(f, result.A, depth)
}

func (e *engine) predicateAt(f *ir.Func, t ir.Temp, depth int) (predicate, bool) {
	d := f.Def(t)
	if d == nil || depth > 4 {
		return predicate{}, false
	}
	switch {
	case d.Op == ir.OpCast:
		return e.predicateAt(f, d.A, depth+1)
	case d.Op == ir.OpCall:
		v, ok := e.sameAs(f, d)
		if !ok {
			return e.testCall(f, d, depth+1)
		}
		return e.predicateAt(f, v, depth+1)
	case d.Op == ir.OpLoad:
		i, ok := e.testedAt(f, t)
		return predicate{param: i, sub: ir.Ne, same: true}, ok
	case d.Op == ir.OpUnary && d.Sub == ir.Not:
		p, ok := e.predicateAt(f, d.A, depth+1)
		p.sub, _ = p.sub.Negate()
		p.same = false
		return p, ok
	case d.Op == ir.OpBin && isComparison(d.Sub):
		i, ok := e.testedAt(f, d.A)
		n, isNum := e.numberAt(f, d.B)
		sub := d.Sub
		if !ok || !isNum {
			i, ok = e.testedAt(f, d.B)
			n, isNum = e.numberAt(f, d.A)
			sub = sub.Swap()
		}
		return predicate{param: i, sub: sub, n: intVal(n).n}, ok && isNum
	}
	return predicate{}, false
}

// testCall is the test of a parameter of f that a call of another such macro or function is, or of one that the models know
// as a test.
func (e *engine) testCall(f *ir.Func, in *ir.Instr, depth int) (p predicate, ok bool) {
	if f.File.Lang != ir.C || depth > 4 {
		return predicate{}, false
	}
	t := e.prog.Callee(f, in)
	if len(t.Funcs) == 0 {
		p, ok = e.testRole(t.NativeName)
	}
	for i, g := range t.Funcs {
		q, is := e.predicateDeep(g, depth+1)
		if !is || i > 0 && q != p {
			return predicate{}, false
		}
		p, ok = q, t.Complete
	}
	if !ok || p.param < 0 || p.param >= len(in.Call.Args) {
		return predicate{}, false
	}
	arg := in.Call.Args[p.param].Val
	if p.same {
		return e.predicateAt(f, arg, depth+1)
	}
	p.param, ok = e.testedAt(f, arg)
	return p, ok
}

// testRole is the test that the function or macro of that name is by its role.
func (e *engine) testRole(name string) (predicate, bool) {
	role, op := e.prog.DB.Role(name)
	subs := map[models.Role]ir.Sub{models.RoleGeZero: ir.Ge, models.RoleLtZero: ir.Lt, models.RoleNonZero: ir.Ne, models.RoleZero: ir.Eq}
	sub, ok := subs[role]
	return predicate{param: op, sub: sub}, ok
}

// sameAs is the argument or receiver that a call gives back: __builtin_expect(x, 1), x.ToInt64().
func (e *engine) sameAs(f *ir.Func, in *ir.Instr) (ir.Temp, bool) {
	t := e.prog.Callee(f, in)
	name := t.NativeName
	if t.MemberName != "" {
		name = t.MemberName
	}
	switch role, op := e.prog.DB.Role(name); {
	case role != models.RoleSame:
	case op == models.RoleOperandRecv:
		return in.Call.Recv, in.Call.Recv != 0
	case op < len(in.Call.Args):
		return in.Call.Args[op].Val, true
	}
	return 0, false
}

// paramAt is the number of the parameter whose value t is.
func paramAt(f *ir.Func, t ir.Temp) (int, bool) {
	d := f.DefBehindCasts(t)
	if d == nil || d.Op != ir.OpLoad {
		return 0, false
	}
	p := f.Def(d.A)
	if p == nil || p.Op != ir.OpVarAddr {
		return 0, false
	}
	for i, v := range f.Params {
		if v == p.Var {
			return i, true
		}
	}
	return 0, false
}

// testedAt is paramAt, or ofReceiver where t is the only member of the struct whose method f is. What a
// call gives back, as x.ToInt64(), is what it was given.
func (e *engine) testedAt(f *ir.Func, t ir.Temp) (int, bool) {
	if d := f.Def(t); d != nil && d.Op == ir.OpCall {
		if v, ok := e.sameAs(f, d); ok {
			t = v
		}
	}
	if i, ok := paramAt(f, t); ok || f.This == ir.NoVar {
		return i, ok
	}
	d := f.DefBehindCasts(t)
	sole := e.soleMember(f)
	if d == nil || d.Op != ir.OpLoad || sole == nil {
		return 0, false
	}
	p := f.Def(d.A)
	return ofReceiver, p != nil && p.Op == ir.OpName && e.prog.Name(f, p.Name).Field == sole
}

// soleMember is the only instance member of the C# struct whose method f is, nil if there is none.
func (e *engine) soleMember(f *ir.Func) (sole *ir.Field) {
	owner := e.prog.OwnerType(f)
	if owner == nil || owner.Kind != ir.TypeStruct {
		return nil
	}
	for _, m := range owner.Fields {
		if m.Flags&ir.Static != 0 {
			continue
		}
		if sole != nil {
			return nil
		}
		sole = m
	}
	return sole
}

// newNumber tells whether in makes a number of another: new IntPtr(-1).
func newNumber(in *ir.Instr) bool {
	n := shortName(in.Call.Type)
	return in.Call.New && (n == "IntPtr" || n == "UIntPtr") && len(in.Call.Args) == 1
}

// numberAt is the constant that t is.
func (e *engine) numberAt(f *ir.Func, t ir.Temp) (int64, bool) {
	d := f.DefBehindCasts(t)
	switch {
	case d == nil:
	case d.Op == ir.OpConst && d.Const == ir.ConstInt:
		return d.Int, true
	case d.Op == ir.OpConst && d.Const == ir.ConstNull:
		return 0, true
	case d.Op == ir.OpUnary && d.Sub == ir.Neg:
		n, ok := e.numberAt(f, d.A)
		return -n, ok
	case d.Op == ir.OpCall && newNumber(d):
		return e.numberAt(f, d.Call.Args[0].Val)
	case d.Op == ir.OpLoad:
		if p := f.Def(d.A); p != nil && p.Op == ir.OpName {
			ref := e.prog.Name(f, p.Name)
			if (ref.Kind == link.Const || ref.Kind == link.EnumMember) && ref.Known {
				return ref.Value, true
			}
		}
	}
	return 0, false
}

// translatesError tells whether a C function makes a status of an error, the last one or one that it
// is named after: that is a status of failure.
func (a *fnRun) translatesError(st *state, x *callCtx) bool {
	if a.f.File.Lang != ir.C || len(x.args) == 0 || x.tgt.Ret != "NTSTATUS" && x.tgt.Ret != "HRESULT" && !models.StatusWord(x.c.Name) {
		return false
	}
	v, ok := x.arg(st, len(x.args)-1)
	if !ok || v.k != vSym {
		return false
	}
	if len(x.args) == 1 && st.lastErr.k == vSym && v.sym == st.lastErr.sym {
		return true
	}
	c := st.consOf(v.sym)
	return c.excluded(0) && models.ErrorWord(x.c.Name)
}

// assumeNegative narrows the symbol that t holds, if it can be negative.
func (s *state) assumeNegative(t ir.Temp) {
	v := s.temp(t)
	if v.k != vSym {
		return
	}
	if c := s.consOf(v.sym); c.assume(ir.Lt, 0) {
		s.setCons(c)
	}
}
