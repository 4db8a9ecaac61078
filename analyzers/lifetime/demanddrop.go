package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// All C functions are looked at, so their bodies are unpacked part by part, and dropped after each: when
// calls are resolved, and again when functions are interpreted. Whoever looks at a body between that,
// as at that of a callee, unpacks it again.

// maxPart is how many temps the C functions of one part have together: some 25 MB with what is known of them. Smaller trees
// stay unpacked.
const maxPart = 1 << 17

// inParts calls do for the index of each of some functions, by many goroutines, and drops bodies of C in between.
// What do leaves behind must not hold instructions of C.
func (d *demand) inParts(fs []*ir.Func, do func(i int)) {
	for at := 0; at < len(fs) && d.ctx.Err() == nil; {
		end, temps := at, 0
		for ; end < len(fs) && temps < maxPart; end++ {
			if fs[end].File.Lang == ir.C {
				temps += fs[end].NumTemps
			}
		}
		d.each(fs[at:end], func(i int) { do(at + i) })
		at = end
		if temps > 0 {
			d.dropC()
		}
	}
}

// dropC lets go of the bodies of C, if they are more than a part. Nobody may look at any meanwhile.
func (d *demand) dropC() {
	e := &d.u.e
	var unpacked []*ir.Func
	temps := 0
	for _, file := range e.prog.Files {
		if file.Lang != ir.C {
			continue
		}
		for _, f := range file.Funcs {
			if f.Unpacked() {
				unpacked = append(unpacked, f)
				temps += f.NumTemps
			}
		}
	}
	if temps < maxPart {
		return
	}
	for _, f := range unpacked {
		f.Drop()
	}
	e.prog.Forget(unpacked...)
	e.prog.ForgetUses()
	if d.held != nil {
		d.held.Clear()
	}
}

// dropUnasked lets go of the bodies of C# that nobody asks for, if they are more than a part: most were looked at once, as they
// might have called something.
func (d *demand) dropUnasked() {
	var unasked []*ir.Func
	temps := 0
	for _, file := range d.u.e.prog.Files {
		if file.Lang != ir.CSharp {
			continue
		}
		for _, f := range file.Funcs {
			if f.Unpacked() && d.slots[f] == nil {
				unasked = append(unasked, f)
				temps += f.NumTemps
			}
		}
	}
	if temps >= maxPart {
		d.drop(unasked)
	}
}

// hold says where bodies of C are unpacked: each dropC clears h. nil: what is there already stays.
func (d *demand) hold(h *ir.Hold) {
	d.held = h
	for _, file := range d.u.e.prog.Files {
		if file.Lang == ir.C {
			file.UnpackIn(h)
		}
	}
}
