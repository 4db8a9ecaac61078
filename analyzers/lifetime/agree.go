package lifetime

// agree: only one of several bodies runs. What one of them may release or keep is not held against
// the paths through the others, and neither is what one of them puts in the place of one of closed,
// which were closed before.
func (a *fnRun) agree(states []*state, closed []objID) {
	gone, renewed := map[objID]bool{}, map[objID]bool{}
	for _, s := range states {
		for _, o := range s.objs {
			gone[o.id] = gone[o.id] || o.st == stReleased || o.st == stEscaped
		}
		for _, id := range closed {
			renewed[id] = renewed[id] || !a.held(s, id)
		}
	}
	for _, s := range states {
		for i := range s.objs {
			switch o := &s.objs[i]; {
			case o.st == stOwned && gone[o.id], o.st == stReleased && renewed[o.id]:
				o.st = stEscaped
			}
		}
	}
}

// closedHere are the objects that were released, but still lie somewhere.
func (a *fnRun) closedHere(st *state) (out []objID) {
	for _, o := range st.objs {
		if o.st == stReleased && a.held(st, o.id) {
			out = append(out, o.id)
		}
	}
	return out
}

// held tells whether some place holds object id: that which it was found in, if nothing else was put
// there, or another.
func (a *fnRun) held(s *state, id objID) bool {
	if y := a.t.symbols[a.objects[id].sym]; y.kind == sInit {
		if _, other := s.binding(y.reg); !other {
			return true
		}
	}
	for _, b := range s.store {
		if a.objectOf(b.v) == id {
			return true
		}
	}
	return false
}
