package pins

import (
	"iter"

	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

// member is a field of a type.
type member struct{ owner, name string }

// forgottenFields yields the places at which a handle of one kind is stored in an instance field
// that nothing in the unit can free.
func forgottenFields(p *rules.Pass, kind lifetime.ObjectKind) iter.Seq[*lifetime.Event] {
	return func(yield func(*lifetime.Event) bool) {
		told := map[member]bool{}
		for ev := range p.Events(lifetime.FieldAcquired) {
			m := member{ev.Owner, ev.Field}
			if ev.Obj.Kind != kind || !ev.Forgotten || ev.Static || told[m] || !structHandle(p, ev.Obj) {
				continue
			}
			told[m] = true
			if !yield(ev) {
				return
			}
		}
	}
}
