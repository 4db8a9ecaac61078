package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// lastErrors reports reads of the last error that give that of another call than is meant.
func (e *engine) lastErrors(res *Result) {
	r := &errorRun{prog: e.prog, helpers: map[*ir.Func]*errorHelper{}, open: map[*ir.Func]bool{}, reader: map[*ir.Func]bool{}}
	reads := func(f *ir.Func) bool { return f.Names(e.need.words.errors) || e.chainsToRead(f) }
	r.mayRead = func(f *ir.Func) bool { return e.need == nil || e.need.every || reads(f) }
	for _, f := range e.asked(reads, r.isReader) {
		if f.File.Lang == ir.CSharp {
			res.Events = append(res.Events, r.function(f)...)
		}
	}
}

// chainsToRead tells whether f is a constructor that may run one of the library that reads the last error.
func (e *engine) chainsToRead(f *ir.Func) bool {
	if f.Kind != ir.FuncCtor || !f.Names(chainWords) {
		return false
	}
	t := e.prog.OwnerType(f)
	return t != nil && slices.ContainsFunc(t.Bases, func(b string) bool {
		return e.prog.DB.LastErrorUse(lastDot(b)+"..ctor") == models.LastErrorReads
	})
}

// function looks at the reads of one function.
func (r *errorRun) function(f *ir.Func) (out []*Event) {
	raw := false
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op != ir.OpCall || !r.reads(f, in) {
				continue
			}
			switch c := r.call(f, in); {
			case c.effect == errReadsRaw && !raw && !r.prog.Suppresses(c.tgt.Import) && !r.unused(f, &c):
				raw = true // one finding for each function
				out = append(out, &Event{Kind: LastErrorRaw, Func: f, Span: in.Span, API: c.tgt.NativeName, Import: c.tgt.Import})
			case c.effect == errReads:
				if ev := r.read(f, ir.BlockID(i), j, &c); ev != nil {
					out = append(out, ev)
				}
			}
		}
	}
	return out
}

// read judges one read by all ways that lead to it: the first bad one counts.
func (r *errorRun) read(f *ir.Func, b ir.BlockID, j int, read *errorCall) *Event {
	in := read.in
	var given errorPath // Check(Import(...)): the helper tests the result that it is given
	if read.via != nil {
		for i := range in.Call.Args {
			for _, call := range callsIn(f, in.Call.Args[i].Val, 0) {
				if c := r.call(f, call); c.effect != errNothing {
					given = append(given, errorItem{call: c, tested: true, failed: true})
				}
			}
		}
	}
	paths := []errorPath{given}
	if len(given) == 0 {
		paths = r.paths(f, b, j)
	}
	var found *Event
	for _, p := range paths {
		ev := r.judge(f, p)
		if ev == nil {
			continue
		}
		ev.Func, ev.Span = f, in.Span
		ev.Steps = append(ev.Steps, &Step{File: f.File, Span: in.Span, Kind: StepEnd, Text: "last error read here"})
		if read.via != nil && read.read != nil {
			ev.Steps = append(ev.Steps, &Step{File: read.via.File, Span: read.read.Span, Kind: StepNote, Text: "by the helper"})
		}
		if found == nil || ev.Kind < found.Kind {
			found = ev
		}
	}
	return found
}

// judge looks at one way back: what was tested last, and what was called since.
func (r *errorRun) judge(f *ir.Func, p errorPath) *Event {
	i := slices.IndexFunc(p, func(it errorItem) bool { return it.tested })
	if i < 0 {
		return r.untested(f, p)
	}
	since, tested := p[:i], p[i:]
	if slices.ContainsFunc(since, r.setsItself) {
		return nil // whoever sets it by hand means the call after that
	}
	if !slices.ContainsFunc(tested, func(it errorItem) bool { return it.call.effect != errSkips }) {
		if slices.ContainsFunc(since, func(it errorItem) bool { return it.call.effect != errSkips }) {
			return nil // somebody else's error may be meant
		}
		return r.lost(f, &tested[0])
	}
	if t := tested[0].call.tgt; tested[0].call.effect != errStores || !tested[0].failed || t.Import == nil && t.Native == nil && tested[0].call.via == nil {
		return nil // a member of the library reports its errors otherwise
	}
	if r.madeAnew(f, since, tested) {
		return nil
	}
	if ev := r.inResult(f, &tested[0], StoredInVain); ev != nil {
		return ev
	}
	for k := range since {
		if c := &since[k].call; c.effect == errStores && r.unused(f, c) && !slices.ContainsFunc(tested, func(it errorItem) bool { return it.call.in == c.in }) {
			return r.late(f, &tested[0], c)
		}
	}
	return nil
}

// madeAnew tells whether the error of a later call may be meant, whose result is tested only after the read: the next round of a
// loop made the tested call again, or that one gives its error as its result, so that nobody asks for it otherwise.
func (r *errorRun) madeAnew(f *ir.Func, since, tested errorPath) bool {
	inResult := r.inResult(f, &tested[0], StoredInVain) != nil
	return slices.ContainsFunc(since, func(it errorItem) bool {
		again := slices.ContainsFunc(tested, func(t errorItem) bool { return t.call.in == it.call.in })
		return it.call.effect == errStores && !r.unused(f, &it.call) && (again || inResult)
	})
}

// setsItself tells whether a call does nothing but set the last error to a value.
func (r *errorRun) setsItself(it errorItem) bool {
	name := it.call.tgt.NativeName
	if name == "" {
		name = it.call.tgt.MemberName
	}
	role, _ := r.prog.DB.Role(name)
	return role == models.RoleSetLastError
}

// untested: no result is tested on this way. The call before the read is meant, if it is the only
// one that can be.
func (r *errorRun) untested(f *ir.Func, p errorPath) *Event {
	if len(p) == 0 || slices.ContainsFunc(p, func(it errorItem) bool { return it.call.effect != errSkips }) {
		return nil
	}
	return r.lost(f, &p[0])
}

// lost: the import does not keep the last error.
func (r *errorRun) lost(f *ir.Func, it *errorItem) *Event {
	if ev := r.inResult(f, it, NotStored); ev != nil {
		return ev
	}
	ev := &Event{Kind: LastErrorLost, API: it.call.imp.NativeName, Import: it.call.imp.Import}
	ev.Unsure = it.call.imp.Native != nil && it.call.imp.Native.Sig != nil && !it.call.imp.Native.Sig.SetsLastError
	ev.Steps = r.steps(f, it, "called here, without SetLastError")
	return ev
}

// inResult: the function reports failure in its result, and does not set the last error.
func (r *errorRun) inResult(f *ir.Func, it *errorItem, how How) *Event {
	t := it.call.imp
	if it.call.via != nil && how == StoredInVain || !r.returnsStatus(t) {
		return nil
	}
	ev := &Event{Kind: LastErrorUnset, How: how, API: t.NativeName, Import: t.Import}
	ev.Steps = r.steps(f, it, "called here: its result is the error")
	return ev
}

func (r *errorRun) returnsStatus(t *link.Target) bool {
	if t == nil || t.Native == nil || t.Native.Sig == nil || t.Native.Sig.SetsLastError {
		return false
	}
	switch t.Native.Sig.Return.Base {
	case "hr", "nt":
		return true
	case "e32", "u32", "i32":
		return r.prog.DB.ReturnsStatus(t.Native)
	}
	return false
}

// late: something else set the last error before it was read.
func (r *errorRun) late(f *ir.Func, it *errorItem, by *errorCall) *Event {
	ev := &Event{Kind: LastErrorLate, API: by.name(), Import: it.call.tgt.Import, Field: it.call.name()}
	ev.Unsure = by.via != nil || by.tgt.MemberName != ""
	ev.Steps = r.steps(f, it, "fails here")
	ev.Steps = append(ev.Steps, &Step{File: f.File, Span: by.in.Span, Kind: StepNote, Text: "sets the last error anew"})
	return ev
}

func (r *errorRun) steps(f *ir.Func, it *errorItem, text string) []*Step {
	s := []*Step{{File: f.File, Span: it.call.in.Span, Kind: StepCall, Text: text}}
	if it.tested && it.branch != (ir.Span{}) && !it.call.in.Span.Contains(it.branch) && !it.branch.Contains(it.call.in.Span) {
		s = append(s, &Step{File: f.File, Span: it.branch, Kind: StepBranch, Text: "its result is tested here"})
	}
	return s
}

// unused tells whether nothing looks at the result of a call: its own error is not meant.
func (r *errorRun) unused(f *ir.Func, c *errorCall) bool {
	if c.in.Dst == 0 || c.tgt.Ret == "void" {
		return true
	}
	return !usesTemp(f, c.in.Dst)
}

// usesTemp tells whether some instruction or branch of f takes t.
func usesTemp(f *ir.Func, t ir.Temp) bool {
	for i := range f.Blocks() {
		b := &f.Blocks()[i]
		if b.Term.Cond == t {
			return true
		}
		for j := range b.Instrs {
			in := &b.Instrs[j]
			if in.A == t || in.B == t {
				return true
			}
			if in.Call == nil {
				continue
			}
			if in.Call.Recv == t || in.Call.RecvAddr == t || in.Call.Fn == t {
				return true
			}
			for k := range in.Call.Args {
				if in.Call.Args[k].Val == t || in.Call.Args[k].Addr == t {
					return true
				}
			}
		}
	}
	return false
}
