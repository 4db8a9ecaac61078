package normalize

// findSystems finds out which arms Windows compiles, as far as the macros decide that tell systems apart.
func (c *chooser) findSystems() {
	table := knownMacros()[c.lang]
	atom := func(x *cond) constValue {
		if arm, ok := c.tags[x.atom]; ok {
			return c.arms[arm].windows
		}
		switch m := table[x.cmp.name]; {
		case !m.system || x.cmp.op != "":
			return notConst
		case m.defined:
			return constTrue
		}
		return constFalse
	}
	taken := map[int]constValue{} // of a chain: whether an arm above was
	for i := range c.arms {
		a := &c.arms[i]
		holds, above := constTrue, constFalse
		if a.cond != nil {
			holds = a.cond.decide(atom)
		}
		if a.index > 0 {
			above = taken[a.chain]
		}
		switch {
		case above == constTrue || holds == constFalse:
			a.windows = constFalse
		case above == constFalse:
			a.windows = holds
		}
		switch {
		case above == constTrue || holds == constTrue:
			taken[a.chain] = constTrue
		case above == constFalse && holds == constFalse:
			taken[a.chain] = constFalse
		default:
			taken[a.chain] = notConst
		}
	}
}

// Elsewhere are the places, in order, where view v has what other systems than Windows compile, or lacks what Windows does.
func Elsewhere(arms []Arm, v int) (out [][2]int) {
	in := func(i int) bool { return i < 0 || arms[i].Taken>>v&1 != 0 }
	for i := range arms {
		a := &arms[i]
		if a.windows != constFalse && a.windows != constTrue || (a.windows == constTrue) == in(i) || !in(a.parent) {
			continue
		}
		if n := len(out); n > 0 && a.Start <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], a.End)
		} else {
			out = append(out, [2]int{a.Start, a.End})
		}
	}
	return out
}
