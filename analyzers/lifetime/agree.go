package lifetime

// agree: only one of several bodies runs. What one of them may release or keep is not held against
// the paths through the others, and neither is what one of them puts in the place of what was released.
func (a *fnRun) agree(states []*state) {
	gone, renewed := map[objID]bool{}, map[objID]bool{}
	for _, s := range states {
		for _, o := range s.objs {
			gone[o.id] = gone[o.id] || o.st == stReleased || o.st == stEscaped
			renewed[o.id] = renewed[o.id] || o.st == stReleased && !a.held(s, o.id)
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

// held tells whether some place holds object id.
func (a *fnRun) held(s *state, id objID) bool {
	for _, b := range s.store {
		if a.objectOf(b.v) == id {
			return true
		}
	}
	return false
}
