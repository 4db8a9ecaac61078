package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// raisedRoutines finds the functions of kernel-mode files that the system calls above
// PASSIVE_LEVEL: those declared with the type of such routines, and those that are registered as one.
// The value is the kind of routine.
func (e *engine) raisedRoutines() map[*ir.Func]string {
	out := map[*ir.Func]string{}
	for _, f := range e.prog.Files {
		if !e.kernel(f) {
			continue
		}
		for _, d := range f.Fields {
			if d.Owner == "" {
				e.declaredRaised(f, string(d.Type), d.Name, out)
			}
		}
		for _, fn := range f.Funcs {
			e.registeredRaised(fn, out)
		}
	}
	for fn := range out {
		if !e.kernel(fn.File) {
			delete(out, fn)
		}
	}
	return out
}

func (e *engine) declaredRaised(from *ir.File, typ, name string, out map[*ir.Func]string) {
	l := e.prog.DB.Lock(typ)
	if l == nil || l.Act != models.RoutineRaised {
		return
	}
	if fn := e.functionNamed(from, name); fn != nil {
		out[fn] = l.Kind
	}
}

// registeredRaised looks for registrations of routines in fn.
func (e *engine) registeredRaised(fn *ir.Func, out map[*ir.Func]string) {
	for i := range fn.Blocks() {
		for j := range fn.Blocks()[i].Instrs {
			in := &fn.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			l := e.prog.DB.Lock(in.Call.Name)
			if l == nil || l.Act != models.RegistersAt || l.Param >= len(in.Call.Args) {
				continue
			}
			d := fn.Def(in.Call.Args[l.Param].Val)
			for d != nil && (d.Op == ir.OpLoad || d.Op == ir.OpCast) {
				d = fn.Def(d.A)
			}
			if d == nil || d.Op != ir.OpName {
				continue
			}
			if g := e.functionNamed(fn.File, d.Name); g != nil {
				out[g] = l.Kind
			}
		}
	}
}

// functionNamed is the one function of that name that code in a file can mean: that of the file
// itself, or the only one in the kernel-mode files of the unit.
func (e *engine) functionNamed(from *ir.File, name string) *ir.Func {
	var found *ir.Func
	for _, fn := range e.kernelFuncs[name] {
		if fn.File == from {
			return fn
		}
		if found != nil {
			return nil
		}
		found = fn
	}
	return found
}

// indexKernel remembers the functions of kernel-mode files by name.
func (e *engine) indexKernel() {
	e.kernelFiles = kernelFiles(e.prog.Files)
	e.kernelFuncs = map[string][]*ir.Func{}
	for _, f := range e.prog.Files {
		if !e.kernel(f) {
			continue
		}
		for _, fn := range f.Funcs {
			if fn.HasBody() {
				e.kernelFuncs[fn.Name] = append(e.kernelFuncs[fn.Name], fn)
			}
		}
	}
	e.raised = e.raisedRoutines()
}
