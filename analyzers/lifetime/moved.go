package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// mover makes results over as if a function had been interpreted where it stands after an edit of its
// file. It copies what moves and changes nothing: others hold the old results.
type mover struct {
	file    *ir.File
	move    ir.Move
	steps   map[*Step]*Step
	objects map[*Object]*Object
}

func newMover(file *ir.File, move ir.Move) *mover {
	return &mover{file: file, move: move, steps: map[*Step]*Step{}, objects: map[*Object]*Object{}}
}

// result is r with its places in the file moved; r itself when there are none that move.
func (m *mover) result(r *funcResult) *funcResult {
	out := *r
	changed := false
	if s := m.summary(r.sum); s != r.sum {
		out.sum, changed = s, true
	}
	for i := range r.events {
		if ev, moved := m.event(r.events[i]); moved {
			if &out.events[0] == &r.events[0] {
				out.events = slices.Clone(r.events)
			}
			out.events[i], changed = ev, true
		}
	}
	for i, p := range r.pins {
		if obj := m.object(p.Obj); obj != p.Obj {
			if &out.pins[0] == &r.pins[0] {
				out.pins = slices.Clone(r.pins)
			}
			site := *p
			site.Obj = obj
			out.pins[i], changed = &site, true
		}
	}
	if !changed {
		return r
	}
	return &out
}

func (m *mover) span(file *ir.File, s ir.Span) ir.Span {
	if file != m.file {
		return s
	}
	return m.move.Span(s)
}

func (m *mover) event(ev Event) (Event, bool) {
	old := ev
	ev.Span, ev.End = m.span(ev.Func.File, ev.Span), m.span(ev.Func.File, ev.End)
	ev.Obj, ev.Op = m.object(ev.Obj), m.object(ev.Op)
	moved := ev.Span != old.Span || ev.End != old.End || ev.Obj != old.Obj || ev.Op != old.Op
	for i, s := range old.Steps {
		if now := m.step(s); now != s {
			if &ev.Steps[0] == &old.Steps[0] {
				ev.Steps = slices.Clone(old.Steps)
			}
			ev.Steps[i], moved = now, true
		}
	}
	return ev, moved
}

func (m *mover) object(o *Object) *Object {
	if o == nil || o.Func == nil {
		return o
	}
	if now, ok := m.objects[o]; ok {
		return now
	}
	now := o
	span, name := m.span(o.Func.File, o.Span), m.span(o.Func.File, o.NameSpan)
	if span != o.Span || name != o.NameSpan {
		moved := *o
		moved.Span, moved.NameSpan = span, name
		now = &moved
	}
	m.objects[o] = now
	return now
}

// step moves a chain of steps.
func (m *mover) step(s *Step) *Step {
	var chain []*Step // from the last to the first that is not known
	for ; s != nil && m.steps[s] == nil; s = s.Prev {
		chain = append(chain, s)
	}
	var prev *Step
	if s != nil {
		prev = m.steps[s]
	}
	for _, s := range slices.Backward(chain) {
		now := s
		if span := m.span(s.File, s.Span); span != s.Span || prev != s.Prev {
			moved := *s
			moved.Span, moved.Prev = span, prev
			now = &moved
		}
		m.steps[s] = now
		prev = now
	}
	return prev
}

func (m *mover) summary(s *Summary) *Summary {
	if s == nil {
		return s
	}
	out := *s
	changed := false
	for i := range s.outcomes {
		if o, moved := m.outcome(s.outcomes[i]); moved {
			if &out.outcomes[0] == &s.outcomes[0] {
				out.outcomes = slices.Clone(s.outcomes)
			}
			out.outcomes[i], changed = o, true
		}
	}
	if s.passive != nil {
		if steps := m.step(s.passive.steps); steps != s.passive.steps {
			passive := *s.passive
			passive.steps = steps
			out.passive, changed = &passive, true
		}
	}
	if !changed {
		return s
	}
	return &out
}

func (m *mover) outcome(o outcome) (outcome, bool) {
	ret := o.ret
	ret.obj, ret.made, ret.owner, ret.steps = m.object(ret.obj), m.object(ret.made), m.object(ret.owner), m.step(ret.steps)
	changed := ret.obj != o.ret.obj || ret.made != o.ret.made || ret.owner != o.ret.owner || ret.steps != o.ret.steps
	o.ret = ret
	effects := o.effects
	for i := range effects {
		e := effects[i]
		e.obj, e.steps = m.object(e.obj), m.step(e.steps)
		if e.op != nil {
			if obj := m.object(e.op.obj); obj != e.op.obj {
				op := *e.op
				op.obj = obj
				e.op = &op
			}
		}
		if e.obj != effects[i].obj || e.steps != effects[i].steps || e.op != effects[i].op {
			if &o.effects[0] == &effects[0] {
				o.effects = slices.Clone(effects)
			}
			o.effects[i], changed = e, true
		}
	}
	return o, changed
}
