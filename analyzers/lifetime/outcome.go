package lifetime

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// addOutcome records one way through the function for its summary; contents is what lies in the block that it returns.
func (a *fnRun) addOutcome(st *state, unwind bool, contents []effect) {
	o := outcome{throws: unwind}
	if unwind && st.exc != fromOutside {
		o.exc = st.exc
	}
	o.conds = a.conditions(st)
	o.effects = withoutCovered(a.effects(st))
	if !unwind {
		o.ret = a.resultOf(st)
		o.effects = append(o.effects, contents...)
		o.ret.owner = a.ownerReturned(st)
		o.err = a.errorLeft(st)
	}
	if a.failedStatus(&o) {
		for i := range o.effects {
			if o.effects[i].kind == effAcquire {
				o.effects[i] = effect{kind: effStore, path: o.effects[i].path} // its callers do not look at it
			}
		}
	}
	a.outKey = o.appendKey(a.outKey[:0])
	same := a.outIdx[string(a.outKey)]
	for _, i := range same {
		if conds, exact := eitherCondition(a.outs[i].conds, o.conds); exact || len(same) >= maxAlike {
			a.outs[i].conds = conds
			return
		}
	}
	a.outIdx[string(a.outKey)] = append(same, len(a.outs))
	a.outs = append(a.outs, o)
}

// failedStatus tells whether a C function returns an error status: what lies in its out parameters
// then is nothing that a caller releases.
func (a *fnRun) failedStatus(o *outcome) bool {
	return a.f.File.Lang == ir.C && (a.f.Ret == "NTSTATUS" || a.f.Ret == "HRESULT") && o.ret.known && o.ret.c.hi < 0
}

// maxAlike is the number of outcomes kept that differ in nothing but what they need.
const maxAlike = 4

// conditions are what the path needs of the arguments themselves, and of the struct whose method it is.
func (a *fnRun) conditions(st *state) (out []condition) {
	for i := range st.facts {
		c := st.consAt(i)
		if p, mask := a.bitsOf(c.sym); mask != 0 {
			c.sym = 0
			out = append(out, condition{p, mask, c})
			continue
		}
		p, ok := a.symPath(c.sym)
		if !ok || p.root != rootParam && !(p.root == rootThis && a.ofStruct(a.f)) && !a.replacedGlobal(st, p, c.sym) || p.sel != "" && a.t.symbols[c.sym].epoch != 0 && !a.untouched(p, &c, out) {
			continue
		}
		c.sym = 0
		out = append(out, condition{p, 0, c})
	}
	return out
}

// replacedGlobal tells whether p is a global of C that held s at entry, and holds something else at the end:
// if (thread) CloseHandle(thread); thread = NULL;
func (a *fnRun) replacedGlobal(st *state, p path, s symID) bool {
	y := a.t.symbols[s]
	if a.f.File.Lang != ir.C || p.root != rootGlobal || y.kind != sInit || y.epoch != 0 || y.of != 0 {
		return false
	}
	v, ok := st.binding(y.reg)
	return ok && v != symVal(s)
}

// untouched tells whether c, which says that the place p behind a parameter of a C function holds nothing
// or something, holds of it at entry as well, although other functions were called before: nobody else
// was given the parameter.
func (a *fnRun) untouched(p path, c *cons, known []condition) bool {
	if a.f.File.Lang != ir.C || !p.outParam() || p.index >= len(a.f.Params) || slices.ContainsFunc(known, func(d condition) bool { return d.path == p }) {
		return false
	}
	if n, one := c.isConst(); !(one && (n == 0 || n == -1)) && !c.excluded(0) && !c.excluded(-1) {
		return false
	}
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			in := &a.f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			for k := range in.Call.Args {
				if q, ok := paramAt(a.f, in.Call.Args[k].Val); ok && q == p.index {
					return false
				}
			}
		}
	}
	return true
}

// oncePath keeps the first condition on each path.
func oncePath(in []condition) (out []condition) {
	for _, c := range in {
		if !slices.ContainsFunc(out, func(d condition) bool { return d.path == c.path && d.mask == c.mask }) {
			out = append(out, c)
		}
	}
	return out
}

// eitherCondition is what holds when x or y does. It is exact when they differ in one path at most:
// then nothing holds for it that holds for neither of them.
func eitherCondition(x, y []condition) (out []condition, exact bool) {
	differ, both := 0, 0
	x, y = oncePath(x), oncePath(y)
	for _, c := range x {
		i := slices.IndexFunc(y, func(d condition) bool { return d.path == c.path && d.mask == c.mask })
		if i < 0 {
			differ++
			continue
		}
		both++
		if y[i] != c {
			differ++
			c.c = c.c.hull(&y[i].c)
		}
		if c.c != anyCons(0) {
			out = append(out, c)
		}
	}
	return out, differ+len(y)-both <= 1
}

func (a *fnRun) effects(st *state) []effect {
	var out []effect
	for _, o := range st.objs {
		out = a.objectEffects(st, o, out)
	}
	out = a.lockEffects(st, out)
	for _, b := range st.store {
		p, ok := a.regionPath(b.reg)
		if !ok || p.root == rootParam && p.sel == "" {
			continue
		}
		switch b.v.k {
		case vInt:
			out = append(out, effect{kind: effStoreInt, path: p, value: b.v.n})
		case vSym:
			if n, ok := st.number(b.v); ok {
				out = append(out, effect{kind: effStoreInt, path: p, value: n})
				continue
			}
			if id := a.symObj.of(b.v.sym); id != 0 && p.root == rootParam && p.outParam() && hasEffectOn(out, p) {
				continue // the object itself is the effect
			} else if o, ok := st.obj(id); ok && o.stored == b.reg {
				if _, left := a.leftIn(st, o); left {
					continue // likewise
				}
			}
			if q, ok := a.symPath(b.v.sym); ok && q == p {
				continue
			}
			out = append(out, effect{kind: effStore, path: p, value: boolVal(st.notNull(b.v)).n})
		default:
			out = append(out, effect{kind: effStore, path: p})
		}
	}
	out = a.exposedEffects(st, a.memberEffects(st, out))
	out = a.keepEffects(st, out)
	for _, p := range st.disposed {
		out = append(out, effect{kind: effDispose, path: p})
	}
	for _, p := range st.ovDone {
		out = append(out, effect{kind: effComplete, path: p})
	}
	for _, p := range st.ovCancelled {
		out = append(out, effect{kind: effCancel, path: p})
	}
	return out
}

func hasEffectOn(es []effect, p path) bool {
	return slices.ContainsFunc(es, func(e effect) bool { return e.path == p && (e.kind == effAcquire || e.kind == effBorrow) })
}

func (a *fnRun) objectEffects(st *state, o ostate, out []effect) []effect {
	obj := a.objects[o.id]
	switch {
	case obj.Kind == Unknown:
		if obj.path.root == noRoot {
			return out
		}
		switch o.st {
		case stReleased:
			if n, known := st.number(symVal(obj.sym)); known && n == 0 {
				return out // there was nothing to release on this path
			}
			if a.countsDown() {
				return append(out, effect{kind: effEscape, path: obj.path}) // when it was the last reference
			}
			return append(out, effect{kind: effRelease, path: obj.path, api: lastAPI(o.steps), steps: o.steps, obj: obj})
		case stEscaped:
			return append(out, effect{kind: effEscape, path: obj.path})
		}
	case obj.Kind == Operation:
		if o.st == stPending && obj.op.keep == nil {
			if e, ok := a.startEffect(o, obj); ok {
				return append(out, e)
			}
		}
	case obj.Kind == FixedPin:
	case obj.Added:
		if p, ok := a.symPath(obj.sym); ok && o.st == stOwned {
			return append(out, effect{kind: effReference, path: p, obj: obj, steps: o.steps})
		}
	default:
		k := effAcquire
		switch {
		case o.st == stBorrowed || o.st == stEscaped:
			k = effBorrow
		case o.st != stOwned || o.stored == 0:
			return out
		}
		for _, b := range st.store {
			if a.refersTo(b.v, o.id) {
				// What goes to an out parameter is the caller's to release. What lies in a member or a global
				// belongs to the owner of that; see memberEffects.
				if p, ok := a.regionPath(b.reg); ok && p.root == rootParam && p.outParam() {
					e := effect{kind: k, path: p, obj: obj, steps: o.steps}
					if a.freshBlock(st, o, obj, b.reg) {
						e.value = freshBlock
					}
					return append(out, e)
				}
			}
		}
	}
	return out
}

// lastAPI is the function named by the last release step.
func lastAPI(s *Step) string {
	for ; s != nil; s = s.Prev {
		if s.Kind == StepRelease {
			if api, ok := strings.CutPrefix(s.Text, "dereferenced by "); ok {
				return api
			}
			return strings.TrimPrefix(s.Text, "released by ")
		}
	}
	return ""
}

// startEffect describes an operation that stays pending in terms of the caller.
func (a *fnRun) startEffect(o ostate, obj *Object) (effect, bool) {
	s := &startInfo{api: obj.API, obj: obj}
	p, ok := a.valuePath(obj.op.ov)
	if !ok {
		return effect{}, false
	}
	s.ov = p
	a.startedInside(o, obj, p)
	s.handle, _ = a.valuePath(obj.op.handle)
	for _, u := range obj.op.uses {
		if u.use == UseBuffer {
			if p, ok := a.valuePath(u.v); ok {
				s.bufs = append(s.bufs, p)
			}
		}
	}
	return effect{kind: effStart, path: p, op: s, steps: o.steps, value: boolVal(o.cancelled).n}, true
}

func (a *fnRun) resultOf(st *state) result {
	if !st.hasRet {
		return result{}
	}
	v := st.ret
	if v.k == vSym && a.constantName(v.sym) {
		p, _ := a.symPath(v.sym)
		c := st.consOf(v.sym)
		c.sym = 0
		return result{alias: p, known: c != anyCons(0), c: c}
	}
	if n, ok := st.number(v); ok {
		c := anyCons(0)
		c.lo, c.hi = n, n
		return result{known: true, c: c}
	}
	switch v.k {
	case vSym:
		if id := a.symObj.of(v.sym); id != 0 && a.objects[id].Kind != Unknown {
			o, _ := st.obj(id)
			if o.st == stOwned && o.stored == 0 || o.st == stBorrowed {
				return result{obj: a.objects[id], steps: o.steps, borrowed: o.st == stBorrowed}
			}
			if p, ok := a.placed(st, o); ok {
				return result{alias: p}
			}
			if a.freshBlock(st, o, a.objects[id], 0) {
				c := st.consOf(v.sym)
				c.sym = 0
				return result{known: true, c: c, made: a.objects[id], steps: o.steps}
			}
		}
		if p, ok := a.symPath(v.sym); ok && !(p.root == rootGlobal && st.narrowed(v.sym)) {
			return result{alias: p}
		}
		if c := st.consOf(v.sym); c.nne > 0 || c.lo != anyCons(0).lo || c.hi != anyCons(0).hi {
			c.sym = 0
			return result{known: true, c: c}
		}
	case vAddr:
		if p, ok := a.regionPath(v.reg); ok {
			return result{alias: p, addr: true, constant: p.root == rootGlobal}
		}
		c := anyCons(0)
		c.exclude(0)
		return result{known: true, c: c}
	case vName:
		if v.n == literal {
			c := anyCons(0)
			c.exclude(0)
			return result{known: true, c: c, constant: true}
		}
	}
	return result{}
}

func (p path) String() string {
	return fmt.Sprintf("%d.%d.%s%s", p.root, p.index, p.name, p.sel)
}

// summary makes the summary from the outcomes.
func (a *fnRun) summary() *Summary {
	s := &Summary{noReturn: true}
	if a.bound || a.f.Flags&ir.Iterator != 0 {
		return &Summary{unknown: true, throws: a.anyThrows()}
	}
	s.outcomes = mergeOutcomes(a.outs)
	s.throws = a.anyThrows()
	for i := range s.outcomes {
		if !s.outcomes[i].throws {
			s.noReturn = false
		}
	}
	if !s.noReturn && a.f.Ret == "void" && a.eng.neverReturns(a.f) {
		return &Summary{noReturn: true} // what does not return is called in a recursion, in which nothing was known of it
	}
	if len(s.outcomes) > maxOutcomes {
		a.wide = true
		return &Summary{unknown: true, throws: s.throws}
	}
	if s.noReturn && a.flow.order[a.f.Exit] < int32(len(a.f.Blocks())) && a.returnsSomehow() && !a.eng.neverReturns(a.f) {
		return &Summary{unknown: true, throws: s.throws}
	}
	return s
}

// returnsSomehow tells whether the exit can be reached by the shape of the function, although no
// path was followed to it.
func (a *fnRun) returnsSomehow() bool {
	if len(a.outs) > 0 && a.exits > 0 {
		return false // all ways that were followed throw
	}
	return true
}

func (a *fnRun) anyThrows() bool {
	for i := range a.outs {
		if a.outs[i].throws {
			return true
		}
	}
	return false
}

// String renders the summary for tests: a line for each outcome.
func (s *Summary) String() string {
	switch {
	case s.unknown:
		return "unknown\n"
	case s.borrows:
		return fmt.Sprintf("borrows, escapes %x\n", s.escapes)
	}
	var sb strings.Builder
	for i := range s.outcomes {
		o := &s.outcomes[i]
		for _, c := range o.conds {
			fmt.Fprintf(&sb, "[%s in %d..%d not %v] ", c.path, c.c.lo, c.c.hi, c.c.ne[:c.c.nne])
		}
		sb.WriteString(o.key() + "\n")
	}
	return sb.String()
}
