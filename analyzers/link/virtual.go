package link

import "github.com/pinvet/pinvet/analyzers/ir"

// eachDerived calls do for all types that derive from t, nearest first, each once.
func eachDerived(t *Type, do func(*Type) bool) {
	seen := map[*Type]bool{t: true}
	queue := append([]*Type(nil), t.state.derived...)
	for i := 0; i < len(queue); i++ {
		d := queue[i]
		if seen[d] {
			continue
		}
		seen[d] = true
		if !do(d) {
			return
		}
		queue = append(queue, d.state.derived...)
	}
}

// dispatched tells whether a call of the method on a receiver of static type t is decided at run time.
func dispatched(t *Type, fn *ir.Func) bool {
	if t.Kind == ir.TypeStruct || t.Flags&ir.Sealed != 0 {
		return false
	}
	return fn == nil || t.Kind == ir.TypeInterface || fn.Flags&(ir.Virtual|ir.Abstract|ir.Override) != 0 && fn.Flags&ir.Sealed == 0
}

// overrides are the methods that a call of name on t may reach beside those of t: the methods of
// derived types with the parameters of want (nil: those that fit the call).
func (q *query) overrides(f *ir.Func, t *Type, name string, want *candidate, c *ir.Call) (out []candidate, all bool) {
	all = true
	key := ""
	if want != nil {
		key = paramKey(want.params)
	}
	eachDerived(t, func(d *Type) bool {
		if d.Kind == ir.TypeInterface && len(d.Methods) == 0 {
			return true
		}
		var fit []candidate
		if m := d.member(name); m != nil {
			for _, fn := range m.methods {
				cand := funcCandidate(fn)
				if fn.Flags&ir.Static != 0 || want != nil && paramKey(cand.params) != key {
					continue
				}
				fit = append(fit, cand)
			}
		}
		if want == nil {
			if len(fit) == 0 && t.Kind == ir.TypeInterface {
				// The interface may be implemented by a method that a base type declares.
				fit = q.p.group(d, name)
			}
			fit = q.pick(f, fit, c, "")
		}
		for _, x := range fit {
			if x.fn != nil && !has(out, x.fn) {
				out = append(out, x)
			}
		}
		if len(out) > MaxTargets {
			all = false
			return false
		}
		return true
	})
	if all {
		q.p.Unread.Overrides(lastDot(t.Name), name)
	}
	return out, all
}

func has(cands []candidate, fn *ir.Func) bool {
	for _, c := range cands {
		if c.fn == fn {
			return true
		}
	}
	return false
}
