package lifetime

import (
	slashpath "path"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// kernel tells whether a C file is code that runs in kernel mode.
func (e *engine) kernel(f *ir.File) bool { return e.kernelFiles[f] }

// kernelFiles finds the C files that run in kernel mode: they include a header of the driver kit,
// themselves or through headers of the unit, or lie in a folder with a DriverEntry. A file that
// names <windows.h> itself runs in user mode.
func kernelFiles(files []*ir.File) map[*ir.File]bool {
	k := kernelFinder{headers: map[string][]*ir.File{}, known: map[*ir.File]mode{}}
	drivers := map[string]bool{}
	for _, f := range files {
		if f.Lang != ir.C {
			continue
		}
		k.headers[slashpath.Base(f.Path)] = append(k.headers[slashpath.Base(f.Path)], f)
		for _, fn := range f.Funcs {
			if fn.Name == "DriverEntry" {
				drivers[slashpath.Dir(f.Path)] = true
			}
		}
	}
	out := map[*ir.File]bool{}
	for _, f := range files {
		if f.Lang != ir.C {
			continue
		}
		m := k.modeOf(f)
		if m == kernelMode || m == anyMode && drivers[slashpath.Dir(f.Path)] {
			out[f] = true
		}
	}
	k.shared(files, out)
	return out
}

// shared adds to out the headers that say nothing of themselves, and that only files of the kernel include:
// their macros and inline functions run where these do.
func (k *kernelFinder) shared(files []*ir.File, out map[*ir.File]bool) {
	includes, others := map[*ir.File][]*ir.File{}, map[*ir.File]int{} // others: files that are not of the kernel
	var open []*ir.File
	for _, f := range files {
		if f.Lang != ir.C {
			continue
		}
		for _, inc := range f.Includes {
			for _, h := range k.meant(f, inc) {
				if _, known := others[h]; !known {
					open = append(open, h)
				}
				if includes[f] = append(includes[f], h); out[f] {
					others[h] += 0
				} else {
					others[h]++
				}
			}
		}
	}
	for len(open) > 0 {
		h := open[len(open)-1]
		open = open[:len(open)-1]
		if others[h] > 0 || out[h] || k.known[h] != anyMode {
			continue
		}
		out[h] = true
		for _, g := range includes[h] {
			others[g]--
			open = append(open, g)
		}
	}
}

// mode is where a file can run, as far as its headers tell.
type mode uint8

const (
	anyMode mode = iota
	kernelMode
	userMode
)

type kernelFinder struct {
	headers map[string][]*ir.File // files of the unit by their last name
	known   map[*ir.File]mode     // an entry that is being computed is anyMode: includes may be circular
}

func (k *kernelFinder) modeOf(f *ir.File) mode {
	if m, done := k.known[f]; done {
		return m
	}
	k.known[f] = anyMode
	m := anyMode
	for _, inc := range f.Includes {
		switch {
		case models.HeaderSystem(inc) == "windows":
			k.known[f] = userMode
			return userMode
		case models.KernelHeader(inc):
			m = kernelMode
		}
	}
	for i := 0; i < len(f.Includes) && m == anyMode; i++ {
		m = k.modeOfHeader(f, f.Includes[i])
	}
	k.known[f] = m
	return m
}

// modeOfHeader is the mode of the header of the unit that f includes by that name, if all that can be
// meant agree.
func (k *kernelFinder) modeOfHeader(f *ir.File, name string) mode {
	m := anyMode
	for i, h := range k.meant(f, name) {
		if of := k.modeOf(h); i == 0 {
			m = of
		} else if of != m {
			return anyMode
		}
	}
	return m
}

// meant are the headers of the unit that f can mean by that name: the one beside f, else all that it fits.
func (k *kernelFinder) meant(f *ir.File, name string) (out []*ir.File) {
	beside, end := slashpath.Join(slashpath.Dir(f.Path), name), strings.TrimLeft(name, "./")
	for _, h := range k.headers[slashpath.Base(name)] {
		if h.Path == beside {
			return []*ir.File{h}
		}
		if before, ok := strings.CutSuffix(h.Path, end); ok && (before == "" || before[len(before)-1] == '/') {
			out = append(out, h)
		}
	}
	return out
}

// callKernel applies what a call of a known function in kernel mode does to levels, locks and
// counts of references; false when the call has other sides as well.
func (a *fnRun) callKernel(st *state, x *callCtx, fn *models.Func) ([]*state, bool) {
	a.checkLevel(st, x, fn)
	if l := a.prog.DB.Lock(fn.Name); l != nil {
		if out, ok := a.lockCall(st, x, fn, l); ok {
			return out, true
		}
	}
	act, p := a.prog.DB.Reference(fn.Name)
	switch act {
	case models.RefAdds:
		return a.addReference(st, x, fn, p)
	case models.RefDrops, models.RefDropsLater, models.RefDropsKept:
		if v, ok := x.arg(st, p); ok {
			a.dropReference(st, x, dropBy{api: fn.Name, act: act}, v, x.args[p].Val)
		}
		a.setResult(st, x, fn)
		return one(st), true
	case models.RefBorrows:
		s := a.setResult(st, x, fn)
		st.assume(s, ir.Ne, 0)
		id := a.newObject(st, x.in, roleOutBase, s, Object{Kind: Reference, API: fn.Name, Native: fn}, a.step(nil, x.in, StepNote, "handed out by "+fn.Name+" without a reference"))
		st.change(id, func(o *ostate) { o.st = stBorrowed })
		return one(st), true
	}
	return nil, false
}

// keepsOwn tells whether an argument stays the caller's although no prototype of the function is
// known: functions of the kernel that are documented count their own references and duplicate the
// handles that they keep. What goes to a function together with a routine is the routine's.
func (a *fnRun) keepsOwn(st *state, x *callCtx, fn *models.Func, i int) bool {
	id := a.objectOf(st.temp(x.args[i].Val))
	if fn.IRQL == nil || id == 0 || !a.inKernel {
		return false
	}
	if k := a.objects[id].Kind; k != Handle && k != Reference {
		return false
	}
	for _, arg := range x.args {
		if arg != nil && a.routineGiven(st, arg) {
			return false
		}
	}
	return true
}

// routineGiven tells whether the argument is a function.
func (a *fnRun) routineGiven(st *state, arg *ir.Arg) bool { return a.routine(arg.Val) != nil }

// routine is the function of the unit that temp t names, nil if none.
func (a *fnRun) routine(t ir.Temp) *ir.Func {
	d := a.f.Def(t)
	for d != nil && (d.Op == ir.OpLoad || d.Op == ir.OpCast) {
		d = a.f.Def(d.A)
	}
	if d == nil || d.Op != ir.OpName {
		return nil
	}
	return a.eng.functionNamed(a.f.File, d.Name)
}

// kernelMatters tells whether a function that kernel-mode code calls has to do with references,
// locks or levels.
func (e *engine) kernelMatters(n *models.Func) bool {
	act, _ := e.prog.DB.Reference(n.Name)
	return act != "" || e.prog.DB.Lock(n.Name) != nil || len(n.Acquires)+len(n.Releases) > 0 && n.IRQL != nil
}

// borrowedByKernel tells whether an undocumented function of the kernel is given an object by
// reference: by convention it counts its own references, and takes over none.
func (a *fnRun) borrowedByKernel(x *callCtx, id objID) bool {
	if !a.inKernel || a.objects[id].Kind != Reference || x.c.Fn != 0 || !models.KernelExport(x.c.Name) {
		return false
	}
	for i := range x.c.Args {
		if a.routine(x.c.Args[i].Val) != nil {
			return false
		}
	}
	return true
}
