package lifetime

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// addOutcome records one way through the function for its summary.
func (a *fnRun) addOutcome(st *state, unwind bool) {
	o := outcome{throws: unwind}
	if unwind && st.exc != fromOutside {
		o.exc = st.exc
	}
	o.conds = a.conditions(st)
	o.effects = withoutCovered(a.effects(st))
	if !unwind {
		o.ret = a.resultOf(st)
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

// conditions are what the path needs of the arguments themselves.
func (a *fnRun) conditions(st *state) (out []condition) {
	for i := range st.facts {
		c := st.consAt(i)
		if p, mask := a.bitsOf(c.sym); mask != 0 {
			c.sym = 0
			out = append(out, condition{p, mask, c})
			continue
		}
		p, ok := a.symPath(c.sym)
		if !ok || p.root != rootParam || p.sel != "" && a.t.symbols[c.sym].epoch != 0 && !a.untouched(p, &c, out) {
			continue
		}
		c.sym = 0
		out = append(out, condition{p, 0, c})
	}
	return out
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
			if b.v.k == vSym && b.v.sym == obj.sym {
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

// key renders what tells outcomes apart: everything but the conditions.
func (o *outcome) key() string {
	var buf [256]byte
	return string(o.appendKey(buf[:0]))
}

// appendKey is key, behind out. The order of the effects does not matter.
func (o *outcome) appendKey(out []byte) []byte {
	var inText [256]byte
	var inParts [8][2]int
	text, parts := inText[:0], inParts[:0]
	for i := range o.effects {
		at := len(text)
		text = o.effects[i].appendKey(text)
		parts = append(parts, [2]int{at, len(text)})
	}
	slices.SortFunc(parts, func(x, y [2]int) int { return bytes.Compare(text[x[0]:x[1]], text[y[0]:y[1]]) })
	out = o.appendResult(out)
	for _, p := range parts {
		out = append(append(out, ';'), text[p[0]:p[1]]...)
	}
	return out
}

func (e *effect) appendKey(out []byte) []byte {
	out = appendNumbers(out, int64(e.kind), e.value)
	out = append(e.path.appendKey(out), e.api...)
	if e.keep != nil {
		out = append(e.keep.place.appendKey(append(out, " in "...)), e.keep.until...)
	}
	if e.obj != nil && e.kind != effRelease { // of two ways of opening, neither stands for both
		out = appendNumbers(append(out, ' '), int64(e.obj.Kind))
		out = appendFlags(append(out, e.obj.API...), e.obj.asyncKnown, e.obj.async)
	}
	return out
}

func (p *path) appendKey(out []byte) []byte {
	out = appendNumbers(out, int64(p.root), int64(p.index))
	out = append(append(out, p.name...), p.sel...)
	return append(out, ' ')
}

// appendResult renders how the function is left, and with what.
func (o *outcome) appendResult(out []byte) []byte {
	r := &o.ret
	out = appendFlags(out, o.throws, r.owner != nil, r.known, r.obj != nil, r.addr, r.made != nil, r.constant, o.err.known)
	out = append(out, o.exc...)
	for _, c := range [...]*cons{&r.c, &o.err.c} {
		out = appendNumbers(out, c.lo, c.hi, int64(c.nne))
		out = appendNumbers(out, c.ne[:]...)
	}
	out = r.alias.appendKey(out)
	if r.obj != nil {
		out = appendFlags(out, r.obj.asyncKnown, r.obj.async)
	}
	return out
}

func appendNumbers(out []byte, ns ...int64) []byte {
	for _, n := range ns {
		out = append(strconv.AppendInt(out, n, 10), '.')
	}
	return out
}

func appendFlags(out []byte, flags ...bool) []byte {
	for _, f := range flags {
		out = append(out, '0'+byte(boolVal(f).n))
	}
	return out
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

// mergeOutcomes joins outcomes that differ in stores only, and, when there are still too many,
// in results. What they store differently counts as stored, with an unknown value.
func mergeOutcomes(outs []outcome) []outcome {
	bySign := func(o *outcome) string {
		c := *o
		c.effects = relevant(o.effects)
		c.ret.c = c.ret.c.sign()
		if c.ret.alias.root == rootGlobal {
			c.ret.alias = path{} // some constant or global: it tells nothing
		}
		return c.key()
	}
	outs = joinBy(outs, bySign, len(outs) > maxOutcomes)
	if len(outs) > maxOutcomes/2 {
		outs = joinBy(outs, bySign, true)
	}
	if len(outs) > maxOutcomes/2 {
		coarsen(outs)
		outs = joinBy(outs, bySign, true)
	}
	if len(outs) > maxOutcomes {
		outs = joinBy(outs, func(o *outcome) string {
			c := *o
			c.effects = relevant(o.effects)
			c.ret.known, c.ret.c = false, cons{}
			return c.key()
		}, true)
	}
	byConvention(outs)
	return outs
}

// byConvention applies what C and Win32 code means by a result: when one outcome with effects
// returns 0, and the others return something that is not known, those are errors, and errors are
// not 0.
func byConvention(outs []outcome) {
	zero := slices.ContainsFunc(outs, func(o outcome) bool {
		return !o.throws && o.ret.known && o.ret.c.lo == 0 && o.ret.c.hi == 0 && len(relevant(o.effects)) > 0
	})
	if !zero {
		return
	}
	for i := range outs {
		if r := &outs[i].ret; !outs[i].throws && !r.known && r.obj == nil && (r.alias.root == noRoot || r.alias.root == rootGlobal) {
			*r = result{known: true, c: anyCons(0)}
			r.c.exclude(0)
		}
	}
}

// coarsen turns what a few outcomes release into what may be released: it escapes.
func coarsen(outs []outcome) {
	for i := range outs {
		es := slices.Clone(outs[i].effects)
		for k := range es {
			if es[k].kind == effRelease && es[k].path.depth() > 0 {
				es[k] = effect{kind: effEscape, path: es[k].path}
			}
		}
		outs[i].effects = withoutCovered(es)
	}
}

// withoutCovered drops effects on what is reached through a path that escapes as a whole.
func withoutCovered(es []effect) []effect {
	return slices.DeleteFunc(es, func(e effect) bool {
		if e.kind != effEscape && e.kind != effRelease {
			return false
		}
		for _, x := range es {
			if x.kind == effEscape && x.path.covers(e.path) {
				return true
			}
		}
		return false
	})
}

// covers tells whether q is reached through p, and is not p itself.
func (p path) covers(q path) bool {
	return p.root == q.root && p.index == q.index && p.name == q.name && len(q.sel) > len(p.sel) && strings.HasPrefix(q.sel, p.sel)
}

// relevant are the effects that concern objects.
func relevant(es []effect) (out []effect) {
	for _, e := range es {
		if e.kind != effStore && e.kind != effStoreInt && e.kind != effBorrow {
			out = append(out, e)
		}
	}
	return out
}

// joinBy joins outcomes with the same key; unless force is set, only those that what they need can
// be said of together.
func joinBy(outs []outcome, key func(*outcome) string, force bool) []outcome {
	idx := map[string][]int{}
	var next []outcome
	for i := range outs {
		o := &outs[i]
		k := key(o)
		var conds []condition
		at := slices.IndexFunc(idx[k], func(j int) bool {
			var exact bool
			conds, exact = eitherCondition(next[j].conds, o.conds)
			return exact && !tellsOfPlace(&next[j], o) || force
		})
		if at < 0 {
			idx[k] = append(idx[k], len(next))
			next = append(next, *o)
			continue
		}
		n := &next[idx[k][at]]
		n.conds = conds
		n.effects = joinStores(n.effects, o.effects)
		if n.ret.known && o.ret.known {
			n.ret.c = n.ret.c.hull(&o.ret.c)
		} else {
			n.ret.known, n.ret.c = false, cons{}
		}
	}
	return next
}

// tellsOfPlace tells whether the results of two outcomes say what a place behind a parameter held.
func tellsOfPlace(x, y *outcome) bool {
	if !x.ret.known || !y.ret.known || x.ret.c == y.ret.c {
		return false
	}
	return slices.ContainsFunc(x.conds, func(c condition) bool {
		return c.path.outParam() && slices.ContainsFunc(y.conds, func(d condition) bool { return d.path == c.path && d.c != c.c })
	})
}

// joinStores unites the stores of two outcomes with the same relevant effects.
func joinStores(xs, ys []effect) []effect {
	out := append([]effect(nil), xs...)
	at := map[path]int{}
	for i, e := range out {
		if e.kind == effStore || e.kind == effStoreInt || e.kind == effBorrow {
			at[e.path] = i
		}
	}
	inY := map[path]bool{}
	for _, e := range ys {
		if e.kind != effStore && e.kind != effStoreInt && e.kind != effBorrow {
			continue
		}
		inY[e.path] = true
		i, both := at[e.path]
		switch {
		case !both:
			out = append(out, effect{kind: effStore, path: e.path})
		case out[i].kind != e.kind || out[i].value != e.value:
			out[i] = effect{kind: effStore, path: e.path}
		}
	}
	for p, i := range at {
		if !inY[p] {
			out[i] = effect{kind: effStore, path: p}
		}
	}
	return out
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
