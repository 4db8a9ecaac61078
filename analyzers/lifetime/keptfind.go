package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// keepers are the functions that may give code to native code, in the order of the program, and what methods of the
// unit hand on to native code that keeps it.
func (e *engine) keepers() ([]*ir.Func, func(*ir.Func) []keptParam) {
	if e.need != nil {
		return e.need.keepers()
	}
	known := map[*ir.Func][]keptParam{}
	var of func(f *ir.Func) []keptParam
	of = func(f *ir.Func) []keptParam {
		out, ok := known[f]
		if !ok {
			known[f] = nil // a recursion keeps nothing by itself
			out = (&callbacks{prog: e.prog, f: f, helper: of}).keptParams()
			known[f] = out
		}
		return out
	}
	return e.asked(nil, nil, e.passers), of
}

// keepers begins with functions that may do so by their words. Where one hands a parameter on, its callers come
// in as well, and so on until nothing is added.
func (d *demand) keepers() ([]*ir.Func, func(*ir.Func) []keptParam) {
	e := &d.u.e
	known := map[*ir.Func][]keptParam{}
	of := func(f *ir.Func) []keptParam { return known[f] }
	in := map[*ir.Func]bool{}
	todo := d.scanned(func(f *ir.Func) bool { return f.File.Lang == ir.CSharp && (d.words.givesCode(f) || exported(f)) }, nil)
	for len(todo) > 0 && d.ctx.Err() == nil {
		var called []*ir.Func
		d.eachPart(todo, func(part []*ir.Func, _ int) {
			found := make([][]keptParam, len(part))
			d.each(part, func(i int) {
				found[i] = (&callbacks{prog: e.prog, f: part[i], helper: of}).keptParams()
			})
			for i, f := range part {
				in[f] = true
				if len(found[i]) > len(known[f]) { // as more is known of others, more is of f
					known[f] = found[i]
					called = append(called, f)
				}
			}
		})
		todo = e.mayCall(called)
	}
	return d.where(func(f *ir.Func) bool { return in[f] }), of
}

// scannedAtOnce is how many functions a scan looks at before it drops their bodies.
const scannedAtOnce = 4096

// eachPart calls do for some functions after others, and drops bodies that nobody else needs in between. do may use so
// many workers; without demand that is one, and nothing is dropped.
func (d *demand) eachPart(fs []*ir.Func, do func(part []*ir.Func, workers int)) {
	if d == nil {
		do(fs, 1)
		return
	}
	for len(fs) > 0 && d.ctx.Err() == nil {
		n := min(len(fs), scannedAtOnce)
		do(fs[:n], d.u.workers)
		d.drop(fs[:n])
		fs = fs[n:]
	}
}
