package csharp

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// late tells whether the block is not in the tree, and makes it a late body of the function then.
func (x *fn) late(block syntax.NodeID) bool {
	if len(x.t.Bodies) == 0 || x.kind(block) != syntax.CsBlock {
		return false
	}
	i, ok := slices.BinarySearchFunc(x.t.Bodies, x.nodes[block].Start, func(b syntax.Body, at uint32) int { return b.Start - int(at) })
	if !ok {
		return false
	}
	b := &x.t.Bodies[i]
	at := ir.LateAt{Span: ir.Span{Start: uint32(b.Start), End: uint32(b.End)}, Plain: b.Plain, Fields: int32(len(x.out.Fields))}
	x.F.Late(at, x.lateWords(b.Words))
	return true
}

// Words for what lowering makes of syntax: skim knows the same.
var (
	impliedWords = append(ir.OpWords(ir.OpCall, ir.OpVarAddr, ir.OpCatch, ir.OpUnknown, ir.OpThrow), wordsOf("Slice", "ctor")...)
	fixedWords   = ir.OpWords(ir.OpFixed)
	usingWords   = wordsOf("Dispose", "DisposeAsync")
	wordOfNew    = ir.WordOf("new")
	wordOfUsing  = ir.WordOf("using")
	wordOfFixed  = ir.WordOf("fixed")
)

func wordsOf(names ...string) (out []ir.Word) {
	for _, n := range names {
		out = append(out, ir.WordOf(n))
	}
	return out
}

// lateWords are the words of a body and of the head of its function, sorted.
func (x *fn) lateWords(words []ir.Word) []ir.Word {
	u := x.unit
	ws := append(u.words[:0], words...)
	ws = append(ws, impliedWords...)
	for _, w := range words {
		switch w {
		case wordOfNew:
			ws = append(ws, ir.AddWord)
		case wordOfUsing:
			ws = append(ws, usingWords...)
		case wordOfFixed:
			ws = append(ws, fixedWords...)
		}
	}
	mention := func(t ir.Type) {
		ir.EachWord(string(t), func(w string) { ws = append(ws, ir.WordOf(w)) })
	}
	mention(x.F.Ret)
	for i := range x.F.Vars {
		mention(x.F.Vars[i].Type)
	}
	slices.Sort(ws)
	u.words = ws
	return slices.Clone(slices.Compact(ws))
}

// Late lowers the late body of a function, of which t is the tree, in room. It is nil where something else is in there than a body.
func Late(room *ir.Room, of *ir.Func, at ir.LateAt, t *syntax.Tree) (g *ir.Func) {
	u := &unit{out: &ir.File{Path: of.File.Path, Lang: ir.CSharp, Fields: of.File.Fields[:at.Fields:at.Fields]}, strs: map[string]string{}}
	u.t, u.nodes, u.src, u.view = t, t.Nodes, t.Src, of.View
	g = &ir.Func{
		Name: of.Name, Owner: of.Owner, Kind: of.Kind, Flags: of.Flags, File: u.out, Parent: -1, Ret: of.Ret, Params: of.Params,
		This: of.This, Vars: slices.Clone(of.Vars), Span: of.Span, NameSpan: of.NameSpan, View: of.View,
	}
	u.out.Funcs = []*ir.Func{g}
	u.out.BuildIn(room)
	x := &fn{unit: u, Builder: ir.NewBuilder(g), owner: &typ{name: of.Owner, body: syntax.None}, star: syntax.None, nullOut: ir.NoBlock}
	for _, p := range g.Params {
		x.bind(g.Vars[p].Name, p)
	}
	defer func() {
		if recover() != nil || len(u.out.Funcs) > 1 {
			g = nil
		}
	}()
	x.body(blockOf(t))
	return g
}

// blockOf is the outermost block of the tree.
func blockOf(t *syntax.Tree) syntax.NodeID {
	for n := range t.Subtree(t.Root()) {
		if t.Is(n, syntax.CsBlock) {
			return n
		}
	}
	return syntax.None
}
