package lifetime

import (
	"strconv"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// execRole interprets calls that only compute with values.
func (a *fnRun) execRole(st *state, x *callCtx, role models.Role, op int) ([]*state, bool) {
	v := x.operand(st, op)
	dst := x.in.Dst
	cmp := func(sub ir.Sub) ([]*state, bool) {
		st.setTemp(dst, a.compareValues(st, x.in, sub, v, value{k: vInt}))
		return one(st), true
	}
	switch role {
	case models.RoleLastError:
		if st.lastErr.k == vUnknown {
			st.lastErr = symVal(a.fresh(st, x.in, 0))
		}
		if id := a.errSym[st.lastErr.sym]; id != 0 && st.lastErr.k == vSym {
			a.objects[id].op.errorRead = true
		}
		if st.lastErr.k == vSym && !a.askedForZero(x) {
			// It is asked after a failure, and a failure sets it.
			st.assume(st.lastErr.sym, ir.Ne, 0)
			st.assume(st.lastErr.sym, ir.Ne, -1) // no error has this number
		}
		st.setTemp(dst, st.lastErr)
	case models.RoleSetLastError:
		st.lastErr = v
	case models.RoleExceptionCode:
		s := a.fresh(st, x.in, roleResult)
		st.assume(s, ir.Lt, 0)
		st.setTemp(dst, symVal(s))
	case models.RoleGeZero:
		return cmp(ir.Ge)
	case models.RoleLtZero:
		return cmp(ir.Lt)
	case models.RoleNonZero:
		return cmp(ir.Ne)
	case models.RoleZero:
		return cmp(ir.Eq)
	case models.RoleEqual:
		w, _ := x.arg(st, op+1)
		st.setTemp(dst, a.compareValues(st, x.in, ir.Eq, v, w))
	case models.RoleBits:
		if v.k != vSym || v.n != 0 || v.reg != 0 || a.t.symbols[v.sym].iter >= maxIter {
			return nil, false
		}
		st.setTemp(dst, symVal(a.t.symbol(symbol{kind: sMasked, of: v.sym, key: x.tgt.NativeName})))
	case models.RoleThrowLtZero:
		return a.throwIf(st, x, v, ir.Lt), true
	case models.RoleThrowZero:
		return a.throwIf(st, x, v, ir.Eq), true
	case models.RoleSame:
		if op >= 0 && (op >= len(x.args) || x.args[op] == nil) {
			return nil, false // an overload without it
		}
		st.setTemp(dst, v)
	case models.RoleFromWin32:
		if n, ok := st.number(v); ok && n > 0 {
			st.setTemp(dst, value{k: vInt, n: int64(int32(uint32(n)&0xffff | 0x80070000))})
			return one(st), true
		}
		return a.translated(st, x, v, ir.Lt), true
	case models.RoleToWin32:
		return a.translated(st, x, v, ir.Ne), true
	case models.RoleInvalid, models.RoleClosed:
		st.setTemp(dst, a.invalidTest(st, x, v))
		if out, ok := a.splitInvalid(st, x, v); ok {
			return out, true
		}
	case models.RoleKeepAlive:
	case models.RoleAssume:
		if !a.assumeTruth(st, v, true) {
			return nil, true
		}
	default:
		return a.memoryRole(st, x, role, op)
	}
	return one(st), true
}

// memoryRole interprets those of these calls that read or write memory.
func (a *fnRun) memoryRole(st *state, x *callCtx, role models.Role, op int) ([]*state, bool) {
	v := x.operand(st, op)
	dst := x.in.Dst
	switch role {
	case models.RoleSize:
		if op < 0 || op >= len(x.args) || x.args[op] == nil || st.temp(x.args[op].Addr).k != vAddr {
			return nil, false
		}
		st.setTemp(dst, a.size(st, "place "+strconv.Itoa(int(st.temp(x.args[op].Addr).reg))))
	case models.RoleZeroFill, models.RoleFill:
		if r := a.pointeeOf(v); r != 0 {
			fill := value{k: vInt}
			if n, ok := x.arg(st, 1); role == models.RoleFill && (!ok || n.k != vInt || n.n != 0) {
				fill = symVal(a.fresh(st, x.in, 1))
			}
			a.assign(st, r, fill, x.in)
		}
		st.setTemp(dst, v)
	case models.RoleExchange:
		r := a.pointeeOf(v)
		w, ok := x.arg(st, 1)
		if r == 0 || !ok {
			return nil, false
		}
		old := a.load(st, r)
		st.unbindIf(func(q regID) bool { return a.t.within(q, r) })
		a.assign(st, r, w, x.in)
		st.setTemp(dst, old)
	case models.RoleCopy:
		a.copyOut(st, x, v, op)
	case models.RoleRead:
		if !a.readOut(st, x, v) {
			return nil, false
		}
	case models.RoleKeepLast:
		if n := len(x.c.Args); n > 0 {
			a.escapeArg(st, &x.c.Args[n-1], x.in)
			if to := st.temp(x.c.Args[0].Val); n > 1 && to.k == vAddr {
				a.writtenThrough(st, to, x.in, 0) // a variable of the function
			}
		}
	default:
		return nil, false
	}
	return one(st), true
}

// readOut: the call gives what lies where v points to, which a call may have made there. Of what lies behind that, or is
// read as a whole, the reader takes care. It tells whether the result is known.
func (a *fnRun) readOut(st *state, x *callCtx, v value) bool {
	r := a.pointeeOf(v)
	if r == 0 {
		return false
	}
	at := value{k: vInt}
	if len(x.c.Args) > 1 && x.tgt.MemberName != "Marshal.PtrToStructure" {
		at = st.temp(x.c.Args[1].Val)
	}
	bd, ok := st.binding(r)
	if n, known := st.number(at); ok && known && n == 0 && a.objectOf(bd) != 0 {
		st.setTemp(x.in.Dst, bd)
		return true
	}
	a.escapeRegion(st, r, x.in, 0)
	return false
}

// copyOut: what v, the operand op, points to is copied into memory that is not followed.
func (a *fnRun) copyOut(st *state, x *callCtx, v value, op int) {
	if r := a.pointeeOf(v); r != 0 {
		if a.t.regions[r].kind == rPointee {
			a.escape(st, a.load(st, r), x.in, "", 0) // a caller hears of what lies there
		}
		a.escapeRegion(st, r, x.in, 0)
	} else if op >= 0 && op < len(x.args) && x.args[op] != nil {
		a.escapeWhole(st, x.args[op].Val, x.in)
	}
	if x.tgt.MemberName != "" {
		a.escape(st, v, x.in, "", 0) // it copies a struct, not what is at an address
	}
	if d, ok := x.arg(st, 0); ok && op != 0 {
		a.writtenThrough(st, d, x.in, 0)
		if d.k == vSym && a.f.File.Lang == ir.C && a.paramOf(d) >= 0 {
			st.bind(a.t.pointee(d.sym), symVal(a.fresh(st, x.in, roleWhole))) // a caller hears of it
		}
		st.setTemp(x.in.Dst, d)
	}
}

// translated: the result is 0 when v is, and else what sub says of it and 0.
func (a *fnRun) translated(st *state, x *callCtx, v value, sub ir.Sub) []*state {
	bad := st.clone()
	var out []*state
	if a.assumeTruth(st, v, false) {
		st.setTemp(x.in.Dst, value{k: vInt})
		out = append(out, st)
	}
	if a.assumeTruth(bad, v, true) {
		s := a.fresh(bad, x.in, roleResult)
		bad.assume(s, sub, 0)
		bad.setTemp(x.in.Dst, symVal(s))
		out = append(out, bad)
	}
	return out
}

// throwIf: the call throws when "v sub 0" holds.
func (a *fnRun) throwIf(st *state, x *callCtx, v value, sub ir.Sub) []*state {
	cmp := value{k: vCmp, sub: sub, sym: v.sym}
	if v.k == vAddr || v.k == vName {
		return one(st)
	}
	if n, ok := st.number(v); ok {
		if compare(sub, n, 0) {
			a.raise(x.b, st, true, x.in.Span)
			return nil
		}
		return one(st)
	}
	bad := st.clone()
	// That an argument may be null is no reason to think that it is.
	certain := sub != ir.Eq
	if v.k == vSym {
		if a.assumeTruth(bad, cmp, true) {
			a.raise(x.b, bad, certain, x.in.Span)
		}
		if !a.assumeTruth(st, cmp, false) {
			return nil
		}
		return one(st)
	}
	a.raise(x.b, bad, certain, x.in.Span)
	return one(st)
}

// invalidTest is the truth of handle.IsInvalid or IsClosed.
func (a *fnRun) invalidTest(st *state, x *callCtx, v value) value {
	if v.k == vSym {
		a.noteRightTest(v.sym)
		c := st.consOf(v.sym)
		if n, ok := c.isConst(); ok && (n == 0 || n == -1) {
			return boolVal(true)
		}
		if c.excluded(0) && c.excluded(-1) {
			return boolVal(false)
		}
	}
	return symVal(a.fresh(st, x.in, 0))
}

// handleRole is baseRole, also where the type is not known but the value is that of a SafeHandle.
func (a *fnRun) handleRole(x *callCtx, typ, name string) (models.Role, int) {
	if id := a.objectOf(x.recv); id != 0 && a.objects[id].Kind == SafeHandle {
		return a.prog.DB.Role("SafeHandle." + lastDot(name))
	}
	return a.baseRole(typ, name)
}

// baseRole finds the role of a property that a handle type inherits.
func (a *fnRun) baseRole(typ, name string) (models.Role, int) {
	n := lastDot(name)
	if t := a.prog.TypeDecl(a.f, ir.Type(typ)); t != nil && t.IsSafeHandle {
		return a.prog.DB.Role("SafeHandle." + n)
	}
	if t := a.prog.DB.DotNetType(typ); t != nil && t.SafeHandle {
		return a.prog.DB.Role("SafeHandle." + n)
	}
	return models.RoleNone, 0
}

// memberRef resolves what the address instruction d names, and the short name of the type that
// declares it.
func (a *fnRun) memberRef(d *ir.Instr) (link.Ref, string) {
	if d.Op == ir.OpName {
		ref := a.prog.Name(a.f, d.Name)
		if ref.Rest != "" {
			// "handle.IsInvalid": the last member of a path that starts at a field.
			t := ref.Type
			rest := ref.Rest
			for {
				i := indexDot(rest)
				if i < 0 {
					break
				}
				t = a.prog.Member(a.f, t, rest[:i]).Type
				rest = rest[i+1:]
			}
			return a.prog.Member(a.f, t, rest), shortName(t)
		}
		return ref, shortName(ir.Type(ref.Owner))
	}
	t := a.prog.TypeOfOwner(a.f, d)
	if t == "" {
		return link.Ref{}, ""
	}
	return a.prog.Member(a.f, t, d.Name), shortName(t)
}

func indexDot(s string) int {
	for i := range s {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

// shortName is a type's name without namespace, arguments, nullability and pointers.
func shortName(t ir.Type) string {
	s := string(t)
	for i := range s {
		if s[i] == '<' || s[i] == '*' || s[i] == '?' || s[i] == '[' {
			s = s[:i]
			break
		}
	}
	return lastDot(s)
}

// receiverOf is the value whose member the address instruction d names.
func (a *fnRun) receiverOf(st *state, d *ir.Instr, r regID) value {
	if d.Op == ir.OpMember {
		v := st.temp(d.A)
		if v.k == vAddr && d.Flags&ir.AddrOperand != 0 {
			return a.load(st, v.reg)
		}
		return v
	}
	// A dotted name: the parent of the member's region is what the receiver refers to.
	p := a.t.regions[r].parent
	if p == 0 {
		return value{}
	}
	if g := a.t.regions[p]; g.kind == rPointee {
		return symVal(g.sym)
	}
	return a.load(st, p)
}
