package lifetime

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
)

// mayCall are the functions that may call one of some others, in the order of the program: their bodies have a word
// that calls it, and tell that it can be meant. Files that are not read and may hold such functions are
// asked for.
func (e *engine) mayCall(called []*ir.Func) []*ir.Func {
	if len(called) > 0 && e.need != nil && e.need.every {
		return e.need.where((*ir.Func).HasBody)
	}
	in := map[*ir.Func]bool{}
	groups := map[string]*callGroup{}
	made := map[string]bool{}
	for _, f := range called {
		switch {
		case f.File.Lang == ir.CSharp && (f.Kind == ir.FuncLambda || f.Kind == ir.FuncLocal):
			callersInside(f, in)
			continue
		case f.Kind == ir.FuncCtor:
			made[f.Owner] = true
		}
		g := e.callGroup(f)
		if old := groups[g.key()]; old != nil {
			g = old
		}
		if f.Kind == ir.FuncCtor {
			g.made.addCalls(f)
		} else {
			g.words.addCalls(f)
		}
		g.called = append(g.called, f)
		groups[g.key()] = g
	}
	e.namedBy(slices.Collect(maps.Values(groups)), in)
	e.chaining(made, in)
	if len(in) == 0 {
		return nil
	}
	var out []*ir.Func
	for _, f := range e.prog.Funcs() {
		if in[f] {
			out = append(out, f)
		}
	}
	return out
}

// callGroup is functions that the same files may call, and the words that do.
type callGroup struct {
	words  wordSet
	made   wordSet // names of types that are made, see ir.Word.Made
	called []*ir.Func
	types  []string // short names: code names one of them, or has a value of one
	any    bool     // or any does
	extend *ir.Func // the extension method that this is: where it is in scope, nothing need be known of the value
	on     []string // and the types of the values that it is called on; nil if that may be any
}

func (g *callGroup) key() string {
	if g.extend != nil {
		return g.extend.FullName() + " on " + strings.Join(g.on, " ")
	}
	return strings.Join(g.types, " ")
}

func (e *engine) callGroup(f *ir.Func) *callGroup {
	g := &callGroup{words: wordSet{}, made: wordSet{}}
	if f.File.Lang != ir.CSharp || f.Owner == "" {
		g.any = true
		return g
	}
	g.types = e.prog.Through(f)
	if !e.prog.MayExtend(f) {
		return g
	}
	g.extend = f
	typ := string(f.Var(f.Params[0]).Type)
	if typ != "T" && (len(typ) < 2 || typ[0] != 'T' || typ[1] < 'A' || typ[1] > 'Z') {
		ir.EachWord(typ, func(w string) { g.on = append(g.on, w) })
	}
	return g
}

// namedBy adds the functions that name one of the words of a group. Many goroutines look.
func (e *engine) namedBy(groups []*callGroup, in map[*ir.Func]bool) {
	out := make([][]*ir.Func, len(groups))
	panics := parallel.Do(context.Background(), 0, len(groups), func(i int) { out[i] = e.named(groups[i]) })
	if len(panics) > 0 {
		panic(panics[0].Value) // as if one had looked: no caller may be left out
	}
	for _, fs := range out {
		for _, f := range fs {
			in[f] = true
		}
	}
}

// named are the functions that name one of the words of a group. Of files that are not read, one with an extension method
// on a value of which nothing is known is not asked for.
func (e *engine) named(g *callGroup) (out []*ir.Func) {
	e.aliasesOf(g.words)
	e.aliasesOf(g.made)
	words := append(g.words.sorted(), g.made.sorted()...)
	slices.Sort(words)
	if g.any || g.extend != nil && g.on == nil {
		e.prog.Unread.Naming(words...)
	} else {
		e.prog.Unread.Uses(words, slices.Concat(g.types, g.on)...)
	}
	near := func(*ir.Func) bool { return true }
	if told, ok := e.prog.Telling(g.types, g.called...); ok && !g.any {
		near = e.prog.Near(told)
	}
	for w := range g.made {
		g.words[w.Made()] = struct{}{}
	}
	for _, f := range e.prog.Naming(g.words.sorted()) {
		if near(f) || g.extend != nil && e.prog.Extends(g.extend, f.File, f.Owner) {
			out = append(out, f)
		}
	}
	return out
}

// callersInside adds the functions that may call a lambda or local function: the one that makes it, and those inside of that.
func callersInside(called *ir.Func, in map[*ir.Func]bool) {
	fs := called.File.Funcs
	for _, f := range fs {
		at := f.Index
		for at >= 0 && at != called.Parent {
			at = fs[at].Parent
		}
		if at >= 0 && f.HasBody() {
			in[f] = true
		}
	}
}

// chaining adds the constructors that run one of their base type or of their own: of types named in owners.
func (e *engine) chaining(owners map[string]bool, in map[*ir.Func]bool) {
	if len(owners) == 0 {
		return
	}
	for _, t := range e.prog.Types() {
		if !owners[t.Name] && !slices.ContainsFunc(t.Bases, func(b string) bool { return owners[b] }) {
			continue
		}
		for _, f := range t.Ctors {
			if f.HasBody() && f.Names(chainWords) {
				in[f] = true
			}
		}
	}
}

var chainWords = []ir.Word{ir.ChainWord}
