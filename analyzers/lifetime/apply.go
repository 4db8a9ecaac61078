package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// callBodies interprets a call of functions of the unit by their summaries.
func (a *fnRun) callBodies(st *state, x *callCtx) []*state {
	if len(x.tgt.Funcs) == 1 && standIn(x.tgt.Funcs[0]) {
		return a.callUnknown(st, x)
	}
	var out []*state
	a.errorReadInside(st, x)
	a.countHandedOn(st, x)
	a.moreArgs(st, x)
	under := a.pendingOps(st)
	inside := a.privateArgs(st, x)
	var closed []objID
	if len(x.tgt.Funcs) > 1 {
		closed = a.closedHere(st)
	}
	for i, f := range x.tgt.Funcs {
		s := a.summaryOf(f)
		c := st
		if i < len(x.tgt.Funcs)-1 {
			c = st.clone()
		}
		out = append(out, a.applySummary(c, x, f, s)...)
	}
	a.waitedInside(out, x.tgt.Funcs, under)
	a.namedCloser(x, out)
	a.errorStored(x, out)
	agreeOwners(out)
	a.agreeInside(out, inside)
	if len(x.tgt.Funcs) > 1 {
		a.agree(out, closed)
	}
	return out
}

// releasesParam tells whether some outcome releases what parameter i is.
func (s *Summary) releasesParam(i int) bool {
	for k := range s.outcomes {
		for j := range s.outcomes[k].effects {
			e := &s.outcomes[k].effects[j]
			if e.kind == effRelease && e.path.root == rootParam && e.path.index == i && e.path.sel == "" {
				return true
			}
		}
	}
	return false
}

// guesses tells whether an outcome is chosen only because the argument that it asks to be null is
// not known: the callee checks its arguments, and nothing says that they are wrong.
func (a *fnRun) guesses(st *state, x *callCtx, o *outcome) bool {
	for _, c := range o.conds {
		if n, isConst := c.c.isConst(); !isConst || n != 0 || c.mask != 0 {
			continue
		}
		if v, ok := x.arg(st, c.path.index); ok && c.path.sel == "" {
			if _, known := st.number(v); !known {
				return true
			}
		}
	}
	return false
}

// standsIn tells whether an outcome gives something new only because an argument is null, of which that is not known, and which
// the callee gives back otherwise: if (buf == NULL) buf = malloc(n); return buf.
func (a *fnRun) standsIn(st *state, x *callCtx, s *Summary, o *outcome) bool {
	return o.ret.obj != nil && a.guesses(st, x, o) && slices.ContainsFunc(o.conds, func(c condition) bool {
		return c.path.root == rootParam && c.path.sel == "" && slices.ContainsFunc(s.outcomes, func(other outcome) bool {
			return other.ret.obj == nil && other.ret.alias == c.path
		})
	})
}

func (a *fnRun) applySummary(st *state, x *callCtx, f *ir.Func, s *Summary) []*state {
	if f.Flags&ir.NoReturn != 0 {
		return nil
	}
	a.calleeNeeds(st, x, f, s)
	if len(s.outcomes) > 0 && len(x.tgt.Funcs) == 1 && a.testedBy(st, x, s) {
		return one(st)
	}
	switch {
	case s.unknown:
		st.dropLocks()
		if s.throws {
			a.raise(x.b, st.clone(), len(x.tgt.Funcs) == 1, x.in.Span)
		}
		a.keptDone(st)
		st.cancels = nil
		if s.scanned {
			a.applyScanned(st, x, s)
			return one(st)
		}
		return a.callUnknown(st, x)
	case s.borrows && s.noReturn:
		if f.File.Lang == ir.CSharp {
			a.raise(x.b, st, true, x.in.Span)
		}
		return nil
	case s.borrows:
		a.applyBorrows(st, x, s)
		return one(st)
	}
	var out []*state
	enter := &Step{File: a.f.File, Span: x.in.Span, Kind: StepCall, Text: "calls " + f.Name}
	matched := false
	if a.inKernel {
		x.ways = a.possible(st, x, s)
	}
	for i := range s.outcomes {
		c := st.clone()
		x.guess = len(x.tgt.Funcs) > 1 || a.guesses(c, x, &s.outcomes[i])
		x.instead = a.standsIn(c, x, s, &s.outcomes[i])
		x.open = false
		if !a.meets(c, x, &s.outcomes[i]) {
			continue
		}
		matched = true
		if a.applyOutcome(c, x, f, &s.outcomes[i], i, enter) {
			a.perhapsFilled(c, x, f, s, i)
			out = append(out, c)
		}
	}
	if !matched && s.ends {
		return nil
	}
	if !matched && !s.noReturn {
		return a.callUnknown(st, x)
	}
	a.releasesOnSome(st, x, out)
	return out
}

// possible are the outcomes whose conditions can hold here.
func (a *fnRun) possible(st *state, x *callCtx, s *Summary) (ways []*outcome) {
	for i := range s.outcomes {
		if o := &s.outcomes[i]; !o.throws && a.meets(st.clone(), x, o) {
			ways = append(ways, o)
		}
	}
	return ways
}

// releasesOnSome: the callee releases what it is given on some of the ways that are possible here, and
// no result tells which one it took: Free(p, kind), or Dispose() of a struct. What it leaves is not
// held against the caller.
func (a *fnRun) releasesOnSome(st *state, x *callCtx, out []*state) {
	if len(out) < 2 {
		return
	}
	ids := []objID{a.objectOf(x.recv)}
	inside := func(r regID) {
		for _, b := range st.store {
			if r != 0 && a.t.within(b.reg, r) {
				ids = append(ids, a.objectOf(b.v))
			}
		}
	}
	if a.ofStruct(x.tgt.Funcs[0]) {
		inside(a.receiver(x))
	}
	for i := range x.args {
		if v, ok := x.arg(st, i); ok {
			ids = append(ids, a.objectOf(v))
			if a.f.File.Lang == ir.C {
				inside(a.pointeeOf(v))
			}
		}
	}
	for _, id := range ids {
		released := id != 0 && slices.ContainsFunc(out, func(s *state) bool {
			o, ok := s.obj(id)
			return ok && (o.st == stReleased || o.st == stEscaped && a.f.File.Lang == ir.C)
		})
		for _, s := range out {
			if released && !a.tells(s, s.temp(x.in.Dst)) {
				s.change(id, func(o *ostate) {
					if o.st == stOwned {
						o.st = stEscaped
					}
				})
			}
		}
	}
}

// tells tells whether anything is known of the result v of a call.
func (a *fnRun) tells(st *state, v value) bool {
	if _, known := st.number(v); known || v.k != vSym {
		return known
	}
	return a.f.File.Lang == ir.C && st.consOf(v.sym) != anyCons(v.sym)
}

// perhapsFilled: a caller asks the result of a C function whether its out parameters were filled.
// Where outcome n leaves them alone and its result is no plain failure or success, nothing can be
// said of them.
func (a *fnRun) perhapsFilled(st *state, x *callCtx, f *ir.Func, s *Summary, n int) {
	o := &s.outcomes[n]
	if f.File.Lang != ir.C || f.Ret == "void" || f.Ret == "VOID" || o.ret.obj != nil || o.ret.known && plain(&o.ret.c) {
		return
	}
	for i := range s.outcomes {
		for j := range s.outcomes[i].effects {
			e := &s.outcomes[i].effects[j]
			if i == n || e.path.root != rootParam || e.path.sel == "" {
				continue
			}
			switch e.kind {
			case effStoreInt, effStore, effAcquire, effBorrow:
				if r := a.place(st, x, e.path); r != 0 && (a.load(st, r).k == vUninit || a.gone(st, a.load(st, r))) {
					st.bind(r, symVal(a.fresh(st, x.in, roleWritten+int16(i*64+j%64))))
				}
			}
		}
	}
}

// plain tells whether a result says failure or success in a way that every caller understands: 0, 1 or
// below 0. Other numbers come out of tables of errors, some of which count as success by their sign.
func plain(c *cons) bool {
	n, one := c.isConst()
	return one && n <= 1 || c.hi < 0
}

// applyScanned: the body could not be followed to its end, but it is known which parameters it may
// keep or release.
func (a *fnRun) applyScanned(st *state, x *callCtx, s *Summary) {
	a.completeUnknown(st, x)
	st.lastErr = value{}
	a.applyBorrows(st, x, s)
}

// applyBorrows: the body was only scanned: it keeps nothing but the parameters in s.escapes.
func (a *fnRun) applyBorrows(st *state, x *callCtx, s *Summary) {
	for i, arg := range x.args {
		if arg == nil {
			continue
		}
		if i >= receiverBit || s.letsGo(i) {
			a.handOver(st, x, arg)
		} else if v := st.temp(arg.Val); arg.Ref == ir.ByOut || arg.Ref == ir.ByRef {
			a.writtenThrough(st, v, x.in, i)
		} else if v.k == vAddr && a.f.File.Lang == ir.C {
			a.mayBeWritten(st, v.reg, x.in, i)
		}
	}
	if s.letsGo(receiverBit) && x.recv.k != vUnknown {
		a.escape(st, x.recv, x.in, "", 0)
	}
	st.epoch++
	if x.c.New {
		a.newValue(st, x)
		return
	}
	if v, ok := x.arg(st, s.handsBack-1); ok && s.handsBack > 0 && (v.k == vInt || v.k == vSym) {
		st.setTemp(x.in.Dst, v)
		return
	}
	if a.testedBy(st, x, s) {
		return
	}
	st.setTemp(x.in.Dst, symVal(a.fresh(st, x.in, roleResult)))
}

// mayBeWritten: the callee may have stored numbers and the like in r; what objects lie there stays.
func (a *fnRun) mayBeWritten(st *state, r regID, in *ir.Instr, i int) {
	for k, b := range st.store {
		if !a.t.within(b.reg, r) || b.v.k != vInt && b.v.k != vUninit && !a.gone(st, b.v) {
			continue
		}
		st.rebind(k, symVal(a.fresh(st, in, roleWritten+int16(i*64+k%64))))
	}
}

// gone tells whether v is an object that was released or never made.
func (a *fnRun) gone(st *state, v value) bool {
	o, ok := st.obj(a.objectOf(v))
	return ok && (o.st == stReleased || o.st == stFailed)
}

// meets narrows st by the conditions of an outcome, false when they cannot hold.
func (a *fnRun) meets(st *state, x *callCtx, o *outcome) bool {
	for _, c := range o.conds {
		v, _, ok := a.content(st, x, c.path)
		if !ok {
			continue
		}
		if n, known := st.number(v); known {
			if c.mask != 0 {
				n &= c.mask
			}
			if c.c.excluded(n) {
				return false
			}
			continue
		}
		if _, one := c.c.isConst(); one && c.path.sel == "" || c.mask != 0 {
			x.open = true
		}
		if c.mask != 0 {
			if m, ok := a.masked(v, c.mask, true); ok && a.keepsBits {
				v = m
			} else {
				continue
			}
		}
		switch v.k {
		case vSym:
			have := st.consOf(v.sym)
			if !narrow(&have, &c.c) {
				return false
			}
			st.setCons(have)
		case vCmp:
			if n, isConst := c.c.isConst(); isConst && n == 0 || c.c.excluded(0) {
				if !a.assumeTruth(st, v, c.c.excluded(0)) {
					return false
				}
			}
		case vAddr, vName:
			if n, isConst := c.c.isConst(); isConst && (n == 0 || n == -1) {
				return false
			}
		}
	}
	return true
}

// narrow intersects c with d.
func narrow(c, d *cons) bool {
	if !c.assume(ir.Ge, d.lo) || !c.assume(ir.Le, d.hi) {
		return false
	}
	for i := uint8(0); i < d.nne; i++ {
		if !c.assume(ir.Ne, d.ne[i]) {
			return false
		}
	}
	return true
}

// place resolves a path at a call: the storage it names; 0 when there is none here.
func (a *fnRun) place(st *state, x *callCtx, p path) regID {
	var r regID
	rest := p.sel
	switch p.root {
	case rootParam:
		v, ok := x.arg(st, p.index)
		if !ok || rest == "" {
			return 0
		}
		if rest[0] == '&' {
			r, rest = a.placeOf(st.temp(x.args[p.index].Addr)), rest[1:]
			if r == 0 {
				return 0
			}
			break
		}
		if r = a.pointeeOf(v); r == 0 {
			return 0
		}
		if rest[0] == '*' {
			rest = rest[1:]
		}
	case rootThis:
		if r = a.receiver(x); r == 0 || rest == "" {
			return 0
		}
		rest = rest[1:]
	case rootGlobal:
		r = a.t.global(p.name)
	default:
		return 0
	}
	return a.walk(st, r, rest)
}

// receiver is the storage that a method works on: what the receiver points to, or the place that a struct lies in. Members of a
// name that is resolved as a whole, as of the field f in f.Close(), lie in what it points to, see follow.
func (a *fnRun) receiver(x *callCtx) regID {
	if x.c.Recv != 0 && x.recvPlace.k == vAddr && len(x.tgt.Funcs) > 0 && a.ofStruct(x.tgt.Funcs[0]) && !a.isThis(x.recvPlace.reg) {
		return x.recvPlace.reg
	}
	return a.pointeeOf(x.recv)
}

// isThis tells whether r is the variable this: what it refers to is the struct.
func (a *fnRun) isThis(r regID) bool {
	return a.f.This != ir.NoVar && r == a.t.varRegion(a.f.This)
}

// ofStruct tells whether f is a method of a struct.
func (a *fnRun) ofStruct(f *ir.Func) bool {
	if f.This == ir.NoVar {
		return false
	}
	t := a.prog.OwnerType(f)
	return t != nil && t.Kind == ir.TypeStruct
}

// walk follows the selectors in rest from r; 0 when there is no such place.
func (a *fnRun) walk(st *state, r regID, rest string) regID {
	for rest != "" {
		if rest[0] == '*' {
			v := a.load(st, r)
			if r = a.pointeeOf(v); r == 0 {
				return 0
			}
			rest = rest[1:]
			continue
		}
		end := 1
		for end < len(rest) && rest[end] != '*' && rest[end] != '.' {
			end++
		}
		name := rest[1:end]
		if i, elem := elemIndex(name); elem {
			r = a.t.region(region{kind: rElem, parent: r, name: i, v: ir.NoVar})
		} else {
			r = a.t.field(r, name)
		}
		rest = rest[end:]
	}
	return r
}

// content is the value that a path names, with the place it lies in (0: an argument itself).
func (a *fnRun) content(st *state, x *callCtx, p path) (value, regID, bool) {
	if p.sel == "" {
		switch p.root {
		case rootParam:
			v, ok := x.arg(st, p.index)
			if !ok {
				return value{}, 0, false
			}
			var place regID
			if arg := x.args[p.index]; arg.Addr != 0 {
				place = a.placeOf(st.temp(arg.Addr))
			}
			return v, place, true
		case rootThis:
			return x.recv, a.placeOf(x.recvPlace), true
		}
	}
	r := a.place(st, x, p)
	if r == 0 {
		return value{}, 0, false
	}
	return a.load(st, r), r, true
}
