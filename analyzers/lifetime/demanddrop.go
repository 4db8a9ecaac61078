package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// Of a large tree, more bodies are looked at than memory should hold: those of all C functions when their calls are resolved, those
// of C# that may call something, and both again when they are interpreted. So they are unpacked part by part, and dropped after each.
// Whoever looks at one later, as at that of a callee, unpacks it again.

// maxPart is how many temps the functions of one part have together: some 25 MB with what is known of them. Smaller trees
// stay unpacked. Of a body that nobody looked at yet it is not known, so that a part has maxLooks functions at most.
const (
	maxPart  = 1 << 17
	maxLooks = 4096
)

// part is such a limit.
type part struct{ temps, funcs int }

// inParts calls do for the index of each of some functions, by many goroutines, and drops bodies in between. What do
// leaves behind must not hold instructions.
func (d *demand) inParts(fs []*ir.Func, do func(i int)) {
	for at := 0; at < len(fs) && d.ctx.Err() == nil; {
		end, temps := at, 0
		for ; end < len(fs) && temps < d.part.temps && end-at < d.part.funcs; end++ {
			temps += fs[end].NumTemps
		}
		d.each(fs[at:end], func(i int) { do(at + i) })
		if !d.ended { // else who asks is about to look at a body
			d.drop(fs[at:end])
		}
		at = end
	}
}

// drop lets go of all bodies, if those that somebody has looked at since it last did, some functions among them, are more
// than a part. Nobody may look at any meanwhile.
func (d *demand) drop(looked []*ir.Func) {
	for _, f := range looked {
		d.looked += f.NumTemps
	}
	if d.looked < d.part.temps {
		return
	}
	d.looked = 0
	prog := d.u.e.prog
	for _, file := range prog.Files {
		for _, f := range file.Funcs {
			if f.Unpacked() {
				f.Drop()
				prog.Forget(f)
			}
		}
	}
	prog.ForgetUses()
	if d.held != nil {
		d.held.Clear()
	}
}

// hold says where bodies of C are unpacked: each drop clears h. nil: what is there already stays.
func (d *demand) hold(h *ir.Hold) {
	d.held = h
	for _, file := range d.u.e.prog.Files {
		if file.Lang == ir.C {
			file.UnpackIn(h)
		}
	}
}
