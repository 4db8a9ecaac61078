package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// An exception that somebody wrote has a type, and a catch clause of that type takes it.

// thrownType is the short name of the type that block b throws in its last instruction, "" if
// that is not seen. A rethrow throws what was caught.
func (a *fnRun) thrownType(b *ir.Block, st *state) string {
	if !written(b) {
		return st.exc
	}
	in := &b.Instrs[len(b.Instrs)-1]
	if in.A == 0 {
		return st.exc
	}
	if d := a.f.Def(in.A); d != nil && d.Op == ir.OpCall && d.Call.New {
		return shortName(d.Call.Type)
	}
	return ""
}

// catches tells whether the branch at the end of b asks if the clause behind it catches the
// exception on its way, and the clause names its type.
func (a *fnRun) catches(st *state, t *ir.Term) bool {
	if st.exc == "" {
		return false
	}
	d := a.f.Def(t.Cond)
	if d == nil || d.Op != ir.OpChoice || d.Name != "" {
		return false
	}
	for _, in := range a.f.Blocks()[t.Succs[0]].Instrs[:min(1, len(a.f.Blocks()[t.Succs[0]].Instrs))] {
		return in.Op == ir.OpCatch && a.isException(st.exc, shortName(in.Type))
	}
	return false
}

// fromOutside stands for the type of an exception of a call whose body is not seen.
const fromOutside = "?"

// passesBy tells whether the exception on its way does not belong into the clause that the branch at the end
// of b asks for: it is of a call whose body is not seen, and the clause is there for another call of the try
// block, whose body throws just that.
func (a *fnRun) passesBy(st *state, b *ir.Block, t *ir.Term) bool {
	if st.exc != fromOutside {
		return false
	}
	for _, in := range a.f.Blocks()[t.Succs[0]].Instrs[:min(1, len(a.f.Blocks()[t.Succs[0]].Instrs))] {
		return in.Op == ir.OpCatch && in.Flags&ir.Implicit == 0 && a.thrownInside(b, shortName(in.Type))
	}
	return false
}

// thrownInside tells whether the try block of the catch clauses to which block clause belongs calls a
// function of the unit that throws an exception of that type.
func (a *fnRun) thrownInside(clause *ir.Block, typ string) bool {
	for i := range a.f.Blocks() {
		b := &a.f.Blocks()[i]
		if b.Handler == ir.NoBlock || !a.clauseOf(b.Handler, clause.ID) {
			continue
		}
		for j := range b.Instrs {
			if in := &b.Instrs[j]; in.Op == ir.OpCall && slices.ContainsFunc(a.calleeAt(in).Funcs, func(f *ir.Func) bool { return a.throws(f, typ) }) {
				return true
			}
		}
	}
	return false
}

// clauseOf tells whether block id asks for one of the clauses of handler h.
func (a *fnRun) clauseOf(h, id ir.BlockID) bool {
	for range len(a.f.Blocks()) {
		if h == id {
			return true
		}
		if t := &a.f.Blocks()[h].Term; t.Kind == ir.TermBranch {
			h = t.Succs[1]
		} else {
			return false
		}
	}
	return false
}

// throws tells whether f lets an exception of that type out that somebody wrote.
func (a *fnRun) throws(f *ir.Func, typ string) bool {
	return slices.ContainsFunc(a.summaryOf(f).outcomes, func(o outcome) bool { return o.throws && o.exc != "" && a.isException(o.exc, typ) })
}

// rethrows tells whether some catch clause of the function passes on what it caught.
func (a *fnRun) rethrows() bool {
	for i := range a.f.Blocks() {
		for j := range a.f.Blocks()[i].Instrs {
			if in := &a.f.Blocks()[i].Instrs[j]; in.Op == ir.OpThrow && in.A == 0 {
				return true
			}
		}
	}
	return false
}

// isException tells whether exceptions of type t are known to be of type of.
func (a *fnRun) isException(t, of string) bool {
	return a.isSuch(t, func(t string) bool { return t == of })
}

// isSuch tells whether exceptions of type t are known to be of a type that is such.
func (a *fnRun) isSuch(t string, such func(string) bool) bool {
	chain, _ := a.prog.ExceptionChain(a.f, ir.Type(t))
	return slices.ContainsFunc(chain, such)
}

// ofArguments is the type of the exceptions of members that throw nothing else with what they are given.
const ofArguments = "ArgumentException"

// misses tells whether the exception on its way is none of those that the clause takes which the branch asks for.
func (a *fnRun) misses(st *state, t *ir.Term) bool {
	if st.exc == "" || st.exc == fromOutside || st.exc == passedOn {
		return false
	}
	clause := a.f.Blocks()[t.Succs[0]].Instrs
	if len(clause) == 0 || clause[0].Op != ir.OpCatch || clause[0].Flags&ir.Implicit != 0 || clause[0].Type == "" {
		return false
	}
	thrown, whole := a.prog.ExceptionChain(a.f, ir.Type(st.exc))
	taken, known := a.prog.ExceptionChain(a.f, clause[0].Type)
	return whole && known && !slices.Contains(thrown, taken[0]) && !slices.Contains(taken, thrown[0])
}

// standIn tells whether f does nothing but say that it is not there: its body comes from
// elsewhere (put in after the compiler, or on another platform), and nothing is known of it.
func standIn(f *ir.Func) bool {
	if f.File.Lang != ir.CSharp || !f.Names(throwWord) || len(f.Blocks()) == 0 {
		return false
	}
	b := &f.Blocks()[0]
	if b.Term.Kind != ir.TermThrow || len(b.Instrs) == 0 || len(b.Instrs) > 3 {
		return false
	}
	for i := range b.Instrs {
		switch in := &b.Instrs[i]; in.Op {
		case ir.OpCall:
			if !in.Call.New || !missing[shortName(in.Call.Type)] {
				return false
			}
		case ir.OpConst, ir.OpThrow:
		default:
			return false
		}
	}
	return true
}

// Words of bodies that throw, and that call something.
var throwWord, callWord = []ir.Word{ir.OpWord(ir.OpThrow)}, []ir.Word{ir.OpWord(ir.OpCall)}

// alwaysThrows tells whether f is a small C# helper of which every way throws, or calls another such
// helper.
func (e *engine) alwaysThrows(f *ir.Func, depth int) bool {
	if f.File.Lang != ir.CSharp || f.Kind == ir.FuncCtor || f.Flags&(ir.Iterator|ir.Async|ir.Abstract|ir.Virtual) != 0 ||
		depth > maxQuietDepth || !f.Names(throwWord) && (depth == maxQuietDepth || !f.Names(callWord)) || len(f.Blocks()) == 0 || len(f.Blocks()) > 8 || standIn(f) {
		return false
	}
	seen := make([]bool, len(f.Blocks()))
	stack := []ir.BlockID{0}
	for len(stack) > 0 {
		b := &f.Blocks()[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		if b.ID == f.Exit || b.Handler != ir.NoBlock {
			return false
		}
		if seen[b.ID] || written(b) || e.callsThrower(f, b, depth) {
			continue
		}
		seen[b.ID] = true
		stack = append(stack, b.Term.Succs...)
	}
	return true
}

func (e *engine) callsThrower(f *ir.Func, b *ir.Block, depth int) bool {
	for i := range b.Instrs {
		if in := &b.Instrs[i]; in.Op == ir.OpCall && !in.Call.New {
			if t := e.prog.Callee(f, in); len(t.Funcs) == 1 && t.Complete && t.Funcs[0] != f && e.alwaysThrows(t.Funcs[0], depth+1) {
				return true
			}
		}
	}
	return false
}

// passedOn stands for the type of an exception that nobody wrote, and that a catch clause throws on.
const passedOn = "*"

// expected tells whether callers have to reckon with an exception of that type that leaves a function: not with one that says
// that the function was used wrongly, which a program without other errors does not do, nor with what any call may throw and
// the function only passes on.
func (a *fnRun) expected(exc string) bool {
	return exc != passedOn && !a.isSuch(exc, func(t string) bool { return misuse[t] })
}

// misuse are the exceptions that say so, by the design guidelines of .NET ("Using standard exception types").
var misuse = map[string]bool{
	"ArgumentException": true, "ArgumentNullException": true, "ArgumentOutOfRangeException": true,
	"IndexOutOfRangeException": true, "InvalidEnumArgumentException": true, "NullReferenceException": true, "ObjectDisposedException": true,
}

// missing are the exceptions that say so.
var missing = map[string]bool{"NotImplementedException": true, "PlatformNotSupportedException": true}
