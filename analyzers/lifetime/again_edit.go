package lifetime

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/summary"
)

// What an edit concerns is found from both ends: what is known of a function goes to its callers,
// step by step, as far as it differs from before; and what the interpreter takes from bodies without
// going through a call, such as what is stored to a field, is found by the names of the fields.

// Replaced says that bodies of a file are others now (see link.Program.Replaced): those of changed. The
// other functions of the file are what they were, but for their places, which moved by the edit. names
// are the members that the changed functions store to or use otherwise than before.
func (u *Unit) Replaced(file *ir.File, changed []*ir.Func, move ir.Move, names map[string]bool) {
	u.Invalidate(changed...)
	for _, f := range changed {
		for _, g := range u.callers[f] {
			u.stale[g] = true
			u.Invalidate(u.callers[g]...) // helpers are looked into
		}
	}
	if u.graph.Update(u.e.prog, changed) {
		u.reorder()
	}
	for _, f := range changed {
		u.Invalidate(u.callers[f]...)
	}
	u.moved(file, move)
	if len(changed) == 0 {
		return
	}
	if u.names == nil {
		u.names = map[string]bool{}
	}
	maps.Copy(u.names, names)
	u.touched = append(u.touched, file)
}

// moved moves the places in what is known of the functions of a file. Callers in other files that may
// show such a place are stale.
func (u *Unit) moved(file *ir.File, move ir.Move) {
	m := newMover(file, move)
	for _, f := range file.Funcs {
		r := u.e.results[f]
		if r == nil {
			continue
		}
		now := m.result(r)
		u.e.results[f] = now
		if now.sum == r.sum {
			continue
		}
		for _, g := range u.callers[f] {
			if g.File != file {
				u.stale[g] = true
			}
		}
	}
}

// Relinked says that the program is another one now, in which some files declare other things than
// before, or are new, or gone. Functions that were and are in it are the same objects. names are
// the words by which code refers to what differs; all says that any code may mean something else.
func (u *Unit) Relinked(ctx context.Context, prog *link.Program, files []*ir.File, names map[string]bool, all bool) {
	u.e.prog = prog
	u.graph = summary.NewGraph(ctx, prog, u.workers)
	u.reorder()
	live := make(map[*ir.Func]bool, len(prog.Funcs()))
	for _, f := range prog.Funcs() {
		live[f] = true
		if all || u.e.results[f] == nil {
			u.stale[f] = true
		}
	}
	maps.DeleteFunc(u.e.results, func(f *ir.Func, _ *funcResult) bool { return !live[f] })
	maps.DeleteFunc(u.stale, func(f *ir.Func, _ bool) bool { return !live[f] })
	maps.DeleteFunc(u.e.passers, func(f *ir.Func, _ bool) bool { return !live[f] })
	for _, file := range files {
		u.Invalidate(file.Funcs...)
		for _, f := range file.Funcs {
			u.Invalidate(u.callers[f]...)
		}
	}
	u.e.posixFiles = posixFiles(prog.Files)
	u.e.kernelFiles = kernelFiles(prog.Files)
	if u.names == nil {
		u.names = map[string]bool{}
	}
	maps.Copy(u.names, names)
	u.touched = append(u.touched, files...)
	u.relinked = true
	u.e.own.forget()
}

// reorder finds the levels again. A function that sees another part of what it calls than before is
// stale.
func (u *Unit) reorder() {
	old := u.e.level
	u.order()
	for _, f := range u.e.prog.Funcs() {
		was, known := old[f]
		u.graph.EachCallee(f, func(g *ir.Func) {
			if h, ok := old[g]; !known || !ok || (h < was) != (u.e.level[g] < u.e.level[f]) {
				u.stale[f] = true
			}
		})
	}
}

// settle finds what changes have made stale besides callers. It costs a look at the whole program,
// so it waits until the edited file is done.
func (u *Unit) settle() {
	if len(u.touched) == 0 && !u.relinked {
		return
	}
	if u.names == nil {
		u.names = map[string]bool{}
	}
	u.changedOwners()
	if len(u.names) > 0 {
		for _, f := range u.e.prog.Funcs() {
			if mentions(f, u.names) {
				u.stale[f] = true
				u.e.prog.Forget(f)
				u.graph.Update(u.e.prog, []*ir.Func{f})
			}
		}
	}
	u.changedBorder()
	u.changedRoutines()
	u.touched, u.names, u.relinked = nil, nil, false
}

// changedOwners looks again which classes own a native handle.
func (u *Unit) changedOwners() {
	if !slices.ContainsFunc(u.touched, func(f *ir.File) bool { return f.Lang == ir.CSharp }) {
		return
	}
	old := maps.Clone(u.e.own.known)
	u.e.own.forget()
	e := u.all()
	for d, was := range old {
		if e.ownsNative(d) != was {
			u.names[lastDot(d.Name)] = true
			for _, sub := range d.Derived() {
				u.names[lastDot(sub.Name)] = true
			}
		}
	}
}

// changedBorder looks again at the C code behind imports.
func (u *Unit) changedBorder() {
	old := u.e.border
	u.e.border = newBorder(u.e.prog, u.graph)
	now := u.e.border
	whole := !maps.Equal(old.keepers, now.keepers) || !maps.Equal(old.putting, now.putting) || !maps.Equal(old.taken, now.taken) ||
		!maps.EqualFunc(old.readers, now.readers, slices.Equal[[]*ir.Func]) || !maps.EqualFunc(old.callers, now.callers, slices.Equal[[]*ir.Func])
	for f := range now.funcs {
		if whole || !old.funcs[f] {
			u.stale[f] = true
		}
	}
	for f := range old.funcs {
		if whole || !now.funcs[f] {
			u.stale[f] = true
		}
	}
	maps.DeleteFunc(u.stale, func(f *ir.Func, _ bool) bool { _, ok := u.e.level[f]; return !ok })
}

// changedRoutines looks again which kernel functions the system calls above PASSIVE_LEVEL.
func (u *Unit) changedRoutines() {
	if !slices.ContainsFunc(u.touched, func(f *ir.File) bool { return f.Lang == ir.C }) {
		return
	}
	old, files := u.e.raised, u.e.kernelFiles
	u.e.indexKernel()
	for _, f := range u.e.prog.Funcs() {
		if old[f] != u.e.raised[f] || files[f.File] != u.e.kernelFiles[f.File] {
			u.stale[f] = true
		}
	}
}

// mentions tells whether the code of f names one of the words.
func mentions(f *ir.Func, words map[string]bool) bool {
	has := func(text string) bool { return text != "" && hasWord(text, words) }
	if has(string(f.Ret)) || has(f.Owner) {
		return true
	}
	for i := range f.NumVars() {
		if has(string(f.Var(ir.VarID(i)).Type)) {
			return true
		}
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op == ir.OpConst && in.Const == ir.ConstString {
				continue
			}
			if has(in.Name) || has(string(in.Type)) {
				return true
			}
			if c := in.Call; c != nil {
				if has(c.Name) || has(c.Path) || has(string(c.Type)) || slices.ContainsFunc(c.TypeArgs, func(t ir.Type) bool { return has(string(t)) }) {
					return true
				}
			}
		}
	}
	return false
}

// marks are the characters that stand between words in names and types.
const marks = ".<>[]*,?& ()@:"

// hasWord tells whether text holds one of the words between marks.
func hasWord(text string, words map[string]bool) bool {
	for len(text) > 0 {
		n := strings.IndexAny(text, marks)
		if n < 0 {
			return words[text]
		}
		if n > 0 && words[text[:n]] {
			return true
		}
		text = strings.TrimLeft(text[n:], marks)
	}
	return false
}

// Concerns adds the names of members of which two versions of a body make another use: those that
// they store to or hand out, those that they name more or less often, and, where they call or pin
// other things, all of them.
func Concerns(old, now *ir.Func, into map[string]bool) {
	a, b := usesOf(old), usesOf(now)
	whole := !maps.Equal(a.calls, b.calls)
	for _, u := range []*memberUses{a, b} {
		for name := range u.count {
			if whole || a.count[name] != b.count[name] || u.stored[name] {
				into[name] = true
			}
		}
	}
}

// memberUses are the members that one body names.
type memberUses struct {
	count  map[string]int
	calls  map[string]int // and fixed statements, as ""
	stored map[string]bool
}

func usesOf(f *ir.Func) *memberUses {
	u := &memberUses{map[string]int{}, map[string]int{}, map[string]bool{}}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch in.Op {
			case ir.OpField, ir.OpMember, ir.OpName:
				for name := range strings.SplitSeq(in.Name, ".") {
					u.count[name]++
				}
			case ir.OpFixed:
				u.calls[""]++
			case ir.OpStore:
				u.store(f, in.A)
			case ir.OpCall:
				u.calls[in.Call.Name]++
				for name := range strings.SplitSeq(in.Call.Path, ".") {
					u.count[name]++
				}
				for k := range in.Call.Args {
					u.store(f, in.Call.Args[k].Val)
				}
			}
		}
	}
	return u
}

// store notes the member whose address t is.
func (u *memberUses) store(f *ir.Func, t ir.Temp) {
	if d := f.Def(t); d != nil && (d.Op == ir.OpField || d.Op == ir.OpMember || d.Op == ir.OpName) {
		u.stored[lastDot(d.Name)] = true
	}
}
