package rules

import "github.com/pinvet/pinvet/analyzers/lifetime"

// MendAgain takes a release away that comes after another one, if it is a statement on a line of its
// own. On a path that has not come by the first one it may be the right one: the fix is unsafe.
func (p *Pass) MendAgain(r *Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil || ev.Kind != lifetime.DoubleRelease {
		return
	}
	from, to, ok := c.Statement(c.At(ev.Span.Start))
	if !ok || c.Tokens[from].Span.Start != ev.Span.Start || c.Tokens[to-2].Span.End != ev.Span.End || !c.Braced(from) {
		return
	}
	if !c.before(ev, from) {
		return
	}
	if line, ok := c.Line(from, to); ok {
		r.Mend(UnsafeFix, "leave the second release out", Edit{Loc{c.File, line}, ""})
	}
}

// before tells whether the first release stands in the same block as the second one, at token i, so that
// each path to that has come by it.
func (c *Code) before(ev *lifetime.Event, i int) bool {
	for _, s := range ev.Steps {
		if s.Kind != lifetime.StepRelease {
			continue
		}
		if s.File != c.File || !ev.Func.Span.Contains(s.Span) {
			return false
		}
		j, to, ok := c.Statement(c.At(s.Span.Start))
		if !ok || !c.Braced(j) {
			return false
		}
		for j = to; j < i && !c.Is(j, "}"); j++ {
			if c.Is(j, "{", "(", "[") {
				if j = c.Match(j); j < 0 {
					return false
				}
			} else if c.Is(j, "case", "default") || c.Tokens[j].Kind == Word && c.Is(j+1, ":") && c.Is(j-1, ";", "}") {
				return false // control may come from elsewhere
			}
		}
		return j == i
	}
	return false
}

// MendUsing disposes a local object at the end of its block, where it is lost on every path.
func (p *Pass) MendUsing(r *Raw, ev *lifetime.Event) {
	o := ev.Obj
	c := p.Code(ev.Func.File)
	if c == nil || !ev.EveryPath || o.Func != ev.Func || !isLocal(ev.Func, o.Var) || !p.Project(ev.Func.File).Language(8) {
		return
	}
	from, to, ok := c.Statement(c.At(o.Span.Start))
	if ok && c.declares(from, to, o.Var) && c.Braced(from) {
		r.Mend(UnsafeFix, "dispose it at the end of its block", c.Before(from, "using "))
	}
}
