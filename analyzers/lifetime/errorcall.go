package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// The runtime keeps the last error of the imports that ask for it (SetLastError), and gives it to
// those who ask later. Here: what one call does with that value.

type errorEffect uint8

const (
	errNothing  errorEffect = iota
	errStores               // the value of this call, or one given, is kept
	errMayStore             // on some path
	errSkips                // an import that does not ask for it
	errReads
	errReadsRaw // an import of GetLastError itself
)

// errorCall is what a call does with the last error.
type errorCall struct {
	effect errorEffect
	in     *ir.Instr
	tgt    *link.Target
	via    *ir.Func // the helper that does it, nil if the call itself does
	imp    *link.Target
	read   *ir.Instr // errReads through a helper: the read in there
}

// name is what the call is called in a message.
func (c *errorCall) name() string {
	switch {
	case c.via != nil:
		return c.via.Name
	case c.tgt.Import != nil:
		return c.tgt.Import.Name
	}
	return c.in.Call.Name
}

// errorRun finds reads of a last error that is not the one meant.
type errorRun struct {
	prog    *link.Program
	helpers map[*ir.Func]*errorHelper
	open    map[*ir.Func]bool
	mayRead func(*ir.Func) bool // left out is what cannot read by itself
	reader  map[*ir.Func]bool   // what isReader has said
}

// errorHelper is what a function of the unit does with the last error.
type errorHelper struct {
	effect errorEffect
	imp    *link.Target // errSkips: it hands on the result of this import
	read   *ir.Instr
}

// reads tells whether a call reads the last error. Of helpers, it looks at the bodies of those only that may.
func (r *errorRun) reads(f *ir.Func, in *ir.Instr) bool {
	switch t := r.prog.Callee(f, in); {
	case t.Import != nil:
		return r.ofImport(t) == errReadsRaw
	case len(t.Funcs) > 0:
		if len(t.Funcs) > 1 || !t.Complete {
			return false
		}
		known, asked := r.reader[t.Funcs[0]]
		return known || !asked && r.mayRead(t.Funcs[0]) && r.isReader(t.Funcs[0])
	default:
		return t.Native == nil && t.MemberName != "" && r.ofMember(f, in, t) == errReads
	}
}

// isReader tells whether a function is a helper that reads the last error (errReads). What it says of one that calls such a
// helper holds as soon as it was asked about that.
func (r *errorRun) isReader(f *ir.Func) bool {
	r.reader[f] = false // in a recursion
	is := slices.ContainsFunc(callsOf(f), func(in *ir.Instr) bool { return r.reads(f, in) }) && r.helper(f).effect == errReads
	r.reader[f] = is
	return is
}

// callsOf are the calls in a body.
func callsOf(f *ir.Func) (out []*ir.Instr) {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpCall {
				out = append(out, in)
			}
		}
	}
	return out
}

// call classifies a call.
func (r *errorRun) call(f *ir.Func, in *ir.Instr) errorCall {
	t := r.prog.Callee(f, in)
	c := errorCall{in: in, tgt: t, imp: t}
	switch {
	case t.Import != nil:
		c.effect = r.ofImport(t)
	case len(t.Funcs) > 0:
		if len(t.Funcs) == 1 && t.Complete {
			h := r.helper(t.Funcs[0])
			c.effect, c.imp, c.via, c.read = h.effect, h.imp, t.Funcs[0], h.read
		} else {
			c.effect = r.any(t.Funcs)
		}
	case t.Native != nil:
		c.effect = errStores // binding packages capture it
	case t.MemberName != "":
		c.effect = r.ofMember(f, in, t)
	}
	return c
}

func (r *errorRun) ofImport(t *link.Target) errorEffect {
	if t.Native != nil && readsRaw(r.prog.DB, t.Native) {
		return errReadsRaw
	}
	if role, _ := r.prog.DB.Role(t.NativeName); role == models.RoleSetLastError || role == models.RoleLastError {
		return errStores
	}
	if t.Import.SetLastError {
		return errStores
	}
	if t.Import.OfRuntime() {
		return errNothing // the runtime itself
	}
	return errSkips
}

// readsRaw tells whether a native function is GetLastError itself.
func readsRaw(db *models.DB, fn *models.Func) bool {
	return db.LastErrorUse(fn.DLL+"."+fn.Family) == models.LastErrorReads
}

func (r *errorRun) ofMember(f *ir.Func, in *ir.Instr, t *link.Target) errorEffect {
	switch r.prog.DB.LastErrorUse(t.MemberName) {
	case models.LastErrorReads:
		if _, m := models.SplitMember(t.MemberName); m == ".ctor" && len(in.Call.Args) > 0 && (len(in.Call.Args) > 1 || r.prog.TypeOf(f, in.Call.Args[0].Val) != "string") {
			return errNothing // the code is given
		}
		return errReads
	case models.LastErrorSets, models.LastErrorChanges:
		return errStores
	}
	return errNothing
}

// any is the effect of a call that may reach several bodies.
func (r *errorRun) any(fs []*ir.Func) errorEffect {
	for _, g := range fs {
		switch r.helper(g).effect {
		case errStores, errMayStore:
			return errMayStore
		}
	}
	return errNothing
}

const maxErrorHelpers = 12 // depth of calls

// helper sums up a function of the unit.
func (r *errorRun) helper(f *ir.Func) *errorHelper {
	if h := r.helpers[f]; h != nil {
		return h
	}
	if r.open[f] || len(r.open) > maxErrorHelpers || f.File.Lang != ir.CSharp {
		return &errorHelper{}
	}
	r.open[f] = true
	h := r.sumUp(f)
	delete(r.open, f)
	r.helpers[f] = h
	return h
}

func (r *errorRun) sumUp(f *ir.Func) *errorHelper {
	h := &errorHelper{}
	if !f.Names(callWord) {
		return h
	}
	var skips *errorCall
	var reads *ir.Instr
	stores, must := r.stores(f)
	for i := range f.Blocks() {
		if must || stores && i > 0 {
			break // no other call adds to that
		}
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			switch c := r.call(f, in); c.effect {
			case errStores, errMayStore:
				stores = true
				must = must || c.effect == errStores && i == 0
			case errSkips:
				if skips == nil {
					skips = &c
				}
			case errReads:
				if reads == nil && !stores && skips == nil {
					reads = in
				}
			}
		}
	}
	switch {
	case reads != nil && !stores && skips == nil:
		h.effect, h.read = errReads, reads
	case must:
		h.effect = errStores
	case stores:
		h.effect = errMayStore
	case skips != nil && r.handsOn(f, skips.in):
		h.effect, h.imp = errSkips, skips.imp
	}
	return h
}

// stores tells whether calls in f store the last error, and whether one of them is made in any case, as far as that is known without
// the bodies of other functions.
func (r *errorRun) stores(f *ir.Func) (some, must bool) {
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall {
				continue
			}
			if t := r.prog.Callee(f, in); t.Import == nil && len(t.Funcs) > 0 {
				continue
			}
			if r.call(f, in).effect == errStores {
				some, must = true, must || i == 0
			}
		}
	}
	return some, must
}

// handsOn tells whether f is no more than a wrapper that returns the result of the call.
func (r *errorRun) handsOn(f *ir.Func, call *ir.Instr) bool {
	calls, returned := 0, false
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			switch in := &f.Blocks()[i].Instrs[j]; in.Op {
			case ir.OpCall:
				if c := r.call(f, in); c.effect != errNothing {
					calls++
				}
			case ir.OpRet:
				if in.A == 0 {
					continue
				}
				for _, c := range callsIn(f, in.A, 0) {
					returned = returned || c == call
				}
			}
		}
	}
	return calls == 1 && returned && len(f.Blocks()) <= 8
}
