package lifetime

import (
	"math"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// hash mixes numbers: multiply and fold, a word at a time.
type hash uint64

func (h *hash) add(n uint64) {
	x := (uint64(*h) ^ n) * 0x9E3779B97F4A7C15
	*h = hash(x ^ x>>32)
}

// key renders what tells two states at one block apart. Symbols count by what is known of them,
// not by their names, so that a second round of a loop that changes nothing is seen as such.
// coarse keeps the typestates and selectors only.
func (a *fnRun) key(st *state, coarse bool) uint64 {
	h := hash(14695981039346656037)
	for _, o := range st.objs {
		obj := a.objects[o.id]
		h.add(uint64(obj.site)<<8 | uint64(o.st))
		h.add(uint64(o.stored))
		h.add(uint64(boolVal(o.cancelled).n | boolVal(o.timedOut).n<<1 | boolVal(o.waited).n<<2 | boolVal(o.dropped).n<<3 | boolVal(o.selected != 0).n<<4 | boolVal(o.elsewhere).n<<5))
	}
	for _, l := range st.held {
		h.add(uint64(len(l.kind))<<32 | uint64(l.level)<<16 | uint64(l.kind[0]))
		a.addValue(&h, st, l.v)
	}
	h.add(uint64(len(st.freed)))
	for i := range st.own {
		o := &st.own[i]
		h.add(uint64(o.st)<<8 | uint64(o.refs) | uint64(boolVal(o.rawOut != nil).n)<<16 | uint64(boolVal(o.counted).n)<<17)
		if obj := a.ownObj[o.key]; obj != nil {
			h.add(uint64(obj.site))
		}
	}
	h.add(uint64(len(st.wraps))<<16 | uint64(len(st.claims))<<8 | uint64(len(st.disposed)))
	h.add(uint64(boolVal(st.explicit).n | boolVal(st.yielded).n<<1))
	for i := range len(st.exc) {
		h.add(uint64(st.exc[i]))
	}
	for _, b := range st.store {
		if g := &a.t.regions[b.reg]; coarse && (g.kind != rVar || a.f.Var(g.v).Kind != ir.VarSelector) {
			continue
		}
		h.add(uint64(b.reg))
		a.addValue(&h, st, b.v)
	}
	if coarse {
		return uint64(h)
	}
	for i := range st.facts {
		sym := st.facts[i].sym
		y := &a.t.symbols[sym]
		if y.kind == sChoice || y.kind == sMasked && a.keepsBits {
			h.add(uint64(sym))
			h.addFact(st, i)
			continue
		}
		if y.kind != sInit {
			continue
		}
		if g := &a.t.regions[y.reg]; g.kind == rVar && a.f.Var(g.v).Kind == ir.VarParam {
			h.add(uint64(sym))
			h.addFact(st, i)
		}
	}
	for _, tv := range st.temps {
		h.add(uint64(tv.t))
		a.addValue(&h, st, tv.v)
	}
	a.addValue(&h, st, st.lastErr)
	h.add(uint64(len(st.ovDone))<<8 | uint64(len(st.ovCancelled)))
	h.add(uint64(len(st.cancels)))
	if st.hasRet {
		a.addValue(&h, st, st.ret)
	}
	return uint64(h)
}

// addFact adds number i of what st knows.
func (h *hash) addFact(st *state, i int) {
	f := &st.facts[i]
	h.addInterval(f.lo, f.hi)
	if f.ne != 0 {
		set := &st.points.sets[f.ne-1]
		for _, n := range set.ne[:set.nne] {
			h.add(uint64(n))
		}
	}
}

func (h *hash) addInterval(lo, hi int64) {
	h.add(uint64(lo))
	h.add(uint64(hi))
}

func (a *fnRun) addValue(h *hash, st *state, v value) {
	h.add(uint64(v.k)<<8 | uint64(v.sub) | uint64(boolVal(v.raw).n)<<16)
	switch v.k {
	case vInt:
		h.add(uint64(v.n))
	case vAddr:
		h.add(uint64(v.reg))
	case vSym, vCmp:
		h.add(uint64(v.n))
		y := &a.t.symbols[v.sym]
		h.add(uint64(y.kind)<<56 | uint64(uint32(y.reg))<<24 | uint64(uint16(y.role)))
		h.add(uint64(y.site))
		if id := a.symObj.of(v.sym); id != 0 {
			h.add(uint64(a.objects[id].site))
			o, _ := st.obj(id)
			h.add(uint64(o.st))
		}
		if id := a.addrOf.of(v.sym); id != 0 {
			h.add(uint64(a.objects[id].site) << 20)
		}
		if i, ok := st.factOf(v.sym); ok {
			h.addFact(st, i)
		} else {
			h.addInterval(math.MinInt64, math.MaxInt64) // see anyCons
		}
	}
}
