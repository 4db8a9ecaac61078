package lifetime

import (
	"slices"
	"strings"
)

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
