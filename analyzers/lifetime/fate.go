package lifetime

// Fate is what a function does to what one parameter refers to, in the words of a person who reads
// its prototype.
type Fate string

// The fates; Unsaid where the function was not followed to its end.
const (
	Unsaid   Fate = ""
	Borrowed Fate = "borrowed"
	Retained Fate = "retained"
	Released Fate = "released"
	Acquired Fate = "acquired"
	Started  Fate = "used by an operation that may be pending after the return"
)

// Fate says what the function does to parameter i (0-based), and whether it does so on each of its
// ways that return.
func (s *Summary) Fate(i int) (fate Fate, always bool) {
	switch {
	case s == nil:
		return Unsaid, false
	case s.borrows || s.scanned:
		if s.letsGo(i) {
			return Unsaid, false
		}
		return Borrowed, true
	case s.unknown:
		return Unsaid, false
	}
	fate, hits, ways := Borrowed, 0, 0
	for k := range s.outcomes {
		o := &s.outcomes[k]
		if o.throws {
			continue
		}
		ways++
		hit := Borrowed
		for j := range o.effects {
			if f := o.effects[j].fate(i); f != Borrowed {
				hit = f
			}
		}
		if hit != Borrowed {
			fate = hit
			hits++
		}
	}
	return fate, hits == ways || fate == Borrowed
}

// fate is what one effect means for parameter i.
func (e *effect) fate(i int) Fate {
	if e.kind == effStart && e.op != nil {
		for _, p := range append([]path{e.op.ov, e.op.handle}, e.op.bufs...) {
			if p.root == rootParam && p.index == i {
				return Started
			}
		}
	}
	if e.path.root != rootParam || e.path.index != i {
		return Borrowed
	}
	switch e.kind {
	case effRelease, effDispose:
		return Released
	case effKeep, effEscape:
		return Retained
	case effAcquire:
		if e.path.outParam() {
			return Acquired
		}
	}
	return Borrowed
}

// Gives says whether the function returns something that the caller owns from then on, and what
// made it.
func (s *Summary) Gives() (api string, owned bool) {
	if s == nil {
		return "", false
	}
	for k := range s.outcomes {
		if r := &s.outcomes[k].ret; r.obj != nil && !r.borrowed {
			return r.obj.API, true
		} else if r.made != nil {
			return r.made.API, true
		}
	}
	return "", false
}
