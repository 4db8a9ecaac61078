package lifetime

import "github.com/pinvet/pinvet/analyzers/ir"

// askedBefore tells how an earlier branch of the path decided the same question about a place that
// lies outside and that the function itself never writes. A call in between may have changed it, but whoever asks twice
// expects the same answer: that of the last time, where a loop has got another than the code before it. Each round of a loop asks
// anew, and whether to leave it is asked to see a change.
func (a *fnRun) askedBefore(st *state, b *ir.Block, v value) (truth, known bool) {
	in := a.flow.loopAt[b.ID]
	if in != nil && in.left(b) || v.k != vSym && v.k != vCmp {
		return false, false
	}
	sub, n := v.sub, v.n
	if v.k == vSym {
		if v.n != 0 || v.reg != 0 {
			return false, false
		}
		sub, n = ir.Ne, 0
	}
	place, mask, _ := a.askedPlace(v.sym)
	if place == 0 || a.writes(place) {
		return false, false
	}
	last := uint16(0)
	for i := range st.facts {
		c := st.consAt(i)
		if c.sym == v.sym || a.symObj.of(c.sym) != 0 {
			continue
		}
		if p, m, epoch := a.askedPlace(c.sym); m == mask && a.sameWay(p, place, 0) && (!known || epoch > last) && (in == nil || epoch >= st.loop(in.head).round) {
			if t, ok := c.decide(sub, n); ok {
				truth, known, last = t, true, epoch
			}
		}
	}
	return truth, known
}

// askedPlace is the place outside whose content from before, or bits of it, s is, and when it was read; 0 for other symbols.
func (a *fnRun) askedPlace(s symID) (place regID, mask string, epoch uint16) {
	y := a.t.symbols[s]
	if y.kind == sMasked {
		mask = y.key
		y = a.t.symbols[y.of]
	}
	if y.kind != sInit || y.of != 0 {
		return 0, "", 0
	}
	switch g := a.t.regions[y.reg]; g.kind {
	case rField, rGlobal:
		if k := a.t.regions[a.t.root(y.reg)].kind; k == rPointee || k == rGlobal {
			return y.reg, mask, y.epoch
		}
	}
	return 0, "", 0
}

// sameWay tells whether two places are reached by the same members from the same start, whatever these refer to meanwhile:
// p.owner.flag, when a call may have changed p.owner, but neither the function nor what it calls is seen to do so.
func (a *fnRun) sameWay(p, q regID, depth int) bool {
	if p == q {
		return true
	}
	x, y := a.t.regions[p], a.t.regions[q]
	if depth > maxValueDepth || x.kind != y.kind || x.name != y.name {
		return false
	}
	switch x.kind {
	case rField:
		return a.sameWay(x.parent, y.parent, depth+1)
	case rPointee:
		s, t := a.t.symbols[x.sym], a.t.symbols[y.sym]
		return s.kind == sInit && t.kind == sInit && s.of == 0 && t.of == 0 && !a.writes(s.reg) && !a.calleesWrite(s.reg) && a.sameWay(s.reg, t.reg, depth+1)
	}
	return false
}

// writes tells whether the function stores to a member or global of that name anywhere.
func (a *fnRun) writes(place regID) bool {
	if a.stored == nil {
		a.stored = map[string]bool{}
		a.addStored(a.f, a.stored)
	}
	return a.stored[a.t.regions[place].name]
}

// calleesWrite is writes of the functions of the unit that the function calls.
func (a *fnRun) calleesWrite(place regID) bool {
	if a.storedBelow == nil {
		a.storedBelow = map[string]bool{}
		for _, in := range callsOf(a.f) {
			for _, f := range a.calleeAt(in).Funcs {
				a.addStored(f, a.storedBelow)
			}
		}
	}
	name := a.t.regions[place].name
	return a.storedBelow[name] || a.storedBelow[lastDot(name)]
}

// addStored adds the members and globals that f stores to.
func (a *fnRun) addStored(f *ir.Func, out map[string]bool) {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpStore {
				continue
			}
			d := f.Def(in.A)
			switch {
			case d == nil:
			case d.Op == ir.OpField || d.Op == ir.OpMember:
				out[d.Name] = true
			case d.Op == ir.OpName:
				out[a.prog.Name(f, d.Name).Path] = true
			}
		}
	}
}

// ownFlag tells whether v asks what a global held before that the function itself sets: whether that
// goes with what this path did is not known.
func (a *fnRun) ownFlag(v value) bool {
	if a.f.File.Lang != ir.C || v.k != vSym && v.k != vCmp {
		return false
	}
	place, _, _ := a.askedPlace(v.sym)
	return place != 0 && a.t.regions[place].kind == rGlobal && a.writes(place)
}
