package clower

import (
	"bytes"
	"fmt"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

type nodeID = syntax.NodeID

const none = syntax.None

// maxDepth bounds how deep statements and expressions may nest.
const maxDepth = 2000

// lowerer holds what is known about the file while its items are lowered in order.
type lowerer struct {
	src  *source.File
	res  *syntax.Result
	out  *ir.File
	t    *syntax.Tree // the tree that is being read: a view, or the text of an expanded macro
	view uint8
	// elsewhere are the places of the view that Windows compiles otherwise.
	elsewhere [][2]int

	useSpan bool    // in an expanded macro: all spans are useSite
	useSite ir.Span // the macro's use

	names     map[string]string
	typedefs  map[string]ir.Type
	arrays    map[string]bool // typedefs of array types
	fields    map[fieldKey]ir.Type
	members   map[string][]string // member names of a struct in order
	globals   map[string]ir.Type  // variables of the file
	results   map[string]ir.Type  // return types of functions
	consts    map[string]int      // enumerators, by index in out.Consts
	macros    map[string][]*macro
	expanding []string
	budget    int // expansions that are left, and bytes of them
	bytesLeft int
	told      map[string]bool // bounds that were reported
	packs     []packAt
	depth     int
	parsed    map[string]*syntax.Tree // texts of expansions
	itemEnd   uint32                  // end of the item that is being lowered
	done      map[itemKey]uint8       // bit v: the item was lowered from view v
	inits     []initItem
}

type fieldKey struct{ owner, name string }

type itemKey struct{ start, end uint32 }

// Lower lowers one file. It never fails: what is not understood is in Problems.
func Lower(f *source.File, res *syntax.Result) *ir.File { return LowerIn(nil, f, res) }

// LowerIn is Lower, with the bodies built in room; see [ir.File.BuildIn]. nil: in memory of their own.
func LowerIn(room *ir.Room, f *source.File, res *syntax.Result) *ir.File {
	l := &lowerer{
		src: f, res: res,
		out:      &ir.File{Path: f.Path, Lang: ir.C},
		names:    map[string]string{},
		typedefs: map[string]ir.Type{},
		arrays:   map[string]bool{},
		fields:   map[fieldKey]ir.Type{},
		members:  map[string][]string{},
		globals:  map[string]ir.Type{},
		results:  map[string]ir.Type{},
		consts:   map[string]int{},
		macros:   map[string][]*macro{},
		done:     map[itemKey]uint8{},
		parsed:   map[string]*syntax.Tree{},
		budget:   maxExpansions, bytesLeft: maxExpandedBytes,
	}
	l.out.BuildIn(room)
	if res == nil {
		return l.out
	}
	seen := map[ir.Problem]bool{} // views share most of their problems
	for _, p := range res.Problems {
		x := ir.Problem{Span: ir.Span{Start: uint32(p.Start), End: uint32(p.End)}, Text: p.Reason}
		if !seen[x] {
			seen[x] = true
			l.out.Problems = append(l.out.Problems, x)
		}
	}
	l.out.CPlusPlus = res.CPlusPlus
	for _, a := range res.Arms {
		l.out.Arms = append(l.out.Arms, ir.Span{Start: uint32(a.Start), End: uint32(a.End)})
	}
	l.guard(none, func() { l.directives() })
	l.guard(none, func() { l.collectMacros() })
	for i, t := range res.Views {
		l.t, l.view, l.elsewhere = t, uint8(i), normalize.Elsewhere(res.Arms, i)
		l.items(t.Root())
	}
	if len(res.Views) > 0 {
		l.t, l.view, l.elsewhere, l.itemEnd = res.Views[0], 0, nil, uint32(len(f.Text()))
		l.guard(none, func() { l.fileInit() })
		l.guard(none, func() { l.macroDecls() })
	}
	return l.out
}

// guard turns a panic of fn into a Problem at n, with the reading state as it was before.
func (l *lowerer) guard(n nodeID, fn func()) {
	saved := *l
	defer func() {
		if r := recover(); r != nil {
			s := ir.Span{}
			if n != none && saved.t != nil {
				s = ir.Span{Start: saved.t.Nodes[n].Start, End: saved.t.Nodes[n].End}
			}
			l.t, l.view, l.useSpan, l.useSite = saved.t, saved.view, saved.useSpan, saved.useSite
			l.depth, l.expanding = saved.depth, saved.expanding
			l.out.Problems = append(l.out.Problems, ir.Problem{Span: s, Text: fmt.Sprintf("not lowered: %v", r)})
		}
	}()
	fn()
}

// problem records a place that is not understood.
// tooMuch reports a bound, at the first place where it is hit.
func (l *lowerer) tooMuch(s ir.Span, text string) {
	if !l.told[text] {
		if l.told == nil {
			l.told = map[string]bool{}
		}
		l.told[text] = true
		l.problem(s, text)
	}
}

func (l *lowerer) problem(s ir.Span, text string) {
	l.out.Problems = append(l.out.Problems, ir.Problem{Span: s, Text: text})
}

// items lowers the declarations that are children of n.
func (l *lowerer) items(n nodeID) {
	if n == none {
		return
	}
	l.depth++
	defer func() { l.depth-- }()
	if l.depth > maxDepth {
		l.problem(l.span(n), "nested too deep")
		return
	}
	prev := none
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		l.guard(c, func() { l.item(c, prev) })
		if !l.t.IsExtra(c) {
			prev = c
		}
	}
}

// item lowers one declaration of file scope; prev is the sibling before it, without comments.
func (l *lowerer) item(n, prev nodeID) {
	l.itemEnd = l.t.Nodes[n].End
	switch l.kind(n) {
	case syntax.CFunctionDefinition:
		if !l.seen(n) {
			l.function(n)
		}
	case syntax.CDeclaration:
		if !l.seen(n) {
			l.declaration(n)
		}
	case syntax.CTypeDefinition:
		if !l.seen(n) {
			l.typedef(n)
		}
	case syntax.CStructSpecifier, syntax.CUnionSpecifier, syntax.CEnumSpecifier:
		if !l.seen(n) {
			l.typeSpec(n, "")
		}
	case syntax.CLinkageSpecification:
		if b := l.child(n, syntax.FieldCBody); l.is(b, syntax.CDeclarationList) {
			l.items(b)
		} else if b != none {
			l.item(b, none)
		}
	case syntax.CCompoundStatement:
		if !l.seen(n) {
			l.strayBody(n, prev)
		}
	case syntax.KindError, syntax.CDeclarationList, syntax.CLabeledStatement:
		l.items(n)
	}
}

// seen tells whether an item of a later view was lowered already: an earlier view has an item at
// the same place, and both views read the same text there.
func (l *lowerer) seen(n nodeID) bool {
	node := &l.t.Nodes[n]
	if len(l.res.Views) < 2 || l.useSpan {
		return false
	}
	key := itemKey{node.Start, node.End}
	views := l.done[key]
	for i, t := range l.res.Views[:l.view] {
		if views>>i&1 != 0 && bytes.Equal(t.Norm[key.start:key.end], l.t.Norm[key.start:key.end]) {
			return true
		}
	}
	l.done[key] = views | 1<<l.view
	return false
}
