package clower

import (
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// Bounds on the elements of an initialiser that are lowered one by one.
const (
	maxElements       = 2000
	maxGlobalElements = 400
)

// initItem is a global variable with an initialiser.
type initItem struct {
	tree        *syntax.Tree
	decl, value nodeID
	name        string
	typ         ir.Type
}

// initialise lowers an initialiser of the storage whose address addr emits.
func (b *body) initialise(addr func(ir.Span) ir.Temp, t ir.Type, value nodeID, s ir.Span) {
	if !b.is(value, syntax.CInitializerList) {
		a := addr(s)
		v, _ := b.value(value)
		b.b.Store(a, v, ir.Init, s)
		return
	}
	if b.scalarType(t) {
		e := b.inner(value)
		for b.is(e, syntax.CInitializerList) {
			e = b.inner(e)
		}
		a := addr(s)
		v := ir.Temp(0)
		if e != none && !b.is(e, syntax.CInitializerPair) {
			v, _ = b.value(e)
		} else {
			v = b.b.Int(0, s)
		}
		b.b.Store(a, v, ir.Init, s)
		return
	}
	if !b.namesKnown(value, t, 0) {
		b.unknownInit(addr, value, s)
		return
	}
	b.b.Emit(ir.Instr{Op: ir.OpZero, A: addr(s), Var: ir.NoVar, Flags: ir.Init, Type: t, Span: s})
	left := maxElements
	b.elements(addr, t, value, &left)
}

// scalarType tells whether t is certainly no aggregate.
func (b *body) scalarType(t ir.Type) bool {
	t = b.resolvePointer(t)
	return isPointer(t)
}

// unknownInit is a list whose elements' places are unknown: anything may be in the variable.
func (b *body) unknownInit(addr func(ir.Span) ir.Temp, value nodeID, s ir.Span) {
	args := []ir.Arg{{Val: addr(s), Span: s}}
	count := 0
	var walk func(n nodeID)
	walk = func(n nodeID) {
		for c := range b.t.NamedChildren(n) {
			e := c
			if b.is(c, syntax.CInitializerPair) {
				e = b.child(c, syntax.FieldCValue)
			}
			switch {
			case b.is(e, syntax.CInitializerList):
				walk(e)
			case !b.isZero(e) && count < 64:
				count++
				args = append(args, b.arg(e))
			}
		}
	}
	walk(value)
	b.b.Value(ir.Instr{Op: ir.OpUnknown, Call: &ir.Call{Args: args}, Var: ir.NoVar, Span: s})
}

// namesKnown tells whether each element of a list that is not zero has a place with a name or index.
func (b *body) namesKnown(list nodeID, t ir.Type, depth int) bool {
	if depth > 20 {
		return false
	}
	array := b.isArray(t)
	var elem ir.Type
	if array {
		elem = b.element(b.arrayType(t))
	}
	names := b.memberNames(t)
	at := 0
	for c := range b.t.NamedChildren(list) {
		e, et := c, elem
		if b.is(c, syntax.CInitializerPair) {
			e = b.child(c, syntax.FieldCValue)
			if f := b.child(c, syntax.FieldCDesignator); !b.is(f, syntax.CSubscriptDesignator) {
				name := b.designated(f)
				et = b.fieldType(t, name)
				at = indexOf(names, name)
			}
			at++
		} else {
			known := array || at >= 0 && at < len(names)
			if !known && !b.allZero(e, 0) {
				return false
			}
			if !array && known {
				et = b.fieldType(t, names[at])
			}
			at++
		}
		if b.is(e, syntax.CInitializerList) && !b.allZero(e, 0) && !b.scalarType(et) && !b.namesKnown(e, et, depth+1) {
			return false
		}
	}
	return true
}

func indexOf(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -2
}

// arrayType follows typedefs to the array that t is.
func (b *body) arrayType(t ir.Type) ir.Type { return b.resolvePointer(t) }

func (b *body) isZero(n nodeID) bool {
	n = b.unparen(n)
	switch b.kind(n) {
	case syntax.CNull, syntax.CFalse:
		return true
	case syntax.CNumberLiteral:
		v, isInt := parseNumber(string(b.bytes(n)))
		return isInt && v == 0
	}
	return false
}

func (b *body) allZero(n nodeID, depth int) bool {
	if !b.is(n, syntax.CInitializerList) {
		return b.isZero(n)
	}
	if depth > 20 {
		return false
	}
	for c := range b.t.NamedChildren(n) {
		if b.is(c, syntax.CInitializerPair) {
			c = b.child(c, syntax.FieldCValue)
		}
		if !b.allZero(c, depth+1) {
			return false
		}
	}
	return true
}

// elements stores the elements of a list that are not zero into storage that is.
func (b *body) elements(addr func(ir.Span) ir.Temp, t ir.Type, list nodeID, left *int) {
	if !b.enter() {
		b.leave()
		return
	}
	defer b.leave()
	array := b.isArray(t)
	names := b.memberNames(t)
	at := 0
	for c := range b.t.NamedChildren(list) {
		if *left--; *left < 0 {
			if *left == -1 {
				b.tooMuch(b.span(c), "an initialiser with more elements than are followed")
			}
			b.b.Value(ir.Instr{Op: ir.OpUnknown, Call: &ir.Call{Args: []ir.Arg{{Val: addr(b.span(c))}}}, Var: ir.NoVar, Span: b.span(c)})
			return
		}
		e, et, place := c, ir.Type(""), addr
		switch {
		case b.is(c, syntax.CInitializerPair):
			e = b.child(c, syntax.FieldCValue)
			place, et = b.designate(addr, t, c, &at, names)
		case array:
			i := at
			et = b.element(b.arrayType(t))
			place = func(s ir.Span) ir.Temp { a := addr(s); return b.elem(a, b.b.Int(int64(i), s), s) }
			at++
		case at >= 0 && at < len(names):
			name := names[at]
			et = b.fieldType(t, name)
			place = func(s ir.Span) ir.Temp { return b.fieldAddr(addr(s), name, s) }
			at++
		default:
			at++
		}
		if b.allZero(e, 0) {
			continue
		}
		s := b.span(c)
		if b.is(e, syntax.CInitializerList) && !b.scalarType(et) {
			b.elements(place, et, e, left)
			continue
		}
		for b.is(e, syntax.CInitializerList) {
			if e = b.inner(e); e == none {
				break
			}
		}
		if e == none {
			continue
		}
		a := place(s)
		v, _ := b.value(e)
		b.b.Store(a, v, ir.Init, s)
	}
}

func (b *body) fieldAddr(a ir.Temp, name string, s ir.Span) ir.Temp {
	return b.b.Value(ir.Instr{Op: ir.OpField, A: a, Name: name, Var: ir.NoVar, Span: s})
}

// designated is the member's name of a field designator.
func (b *body) designated(n nodeID) string {
	if b.is(n, syntax.CFieldDesignator) {
		n = b.inner(n)
	}
	return b.name(n)
}

// designate follows the designators of a pair, as in ".a.b[2] = v". The element after it continues
// behind the first of them.
func (b *body) designate(addr func(ir.Span) ir.Temp, t ir.Type, pair nodeID, at *int, names []string) (func(ir.Span) ir.Temp, ir.Type) {
	first := true
	for c := range b.t.ChildrenIn(pair, syntax.FieldCDesignator) {
		base := addr
		switch b.kind(c) {
		case syntax.CSubscriptDesignator:
			i := b.inner(c)
			if v, isInt := parseNumber(string(b.bytes(i))); isInt && first {
				*at = int(min(v, 1<<30)) + 1
			}
			addr = func(s ir.Span) ir.Temp { a := base(s); x, _ := b.value(i); return b.elem(a, x, s) }
			t = b.element(b.arrayType(t))
		case syntax.CSubscriptRangeDesignator:
			addr = func(s ir.Span) ir.Temp { a := base(s); return b.elem(a, b.b.Choice("", s), s) }
			t = b.element(b.arrayType(t))
		default:
			name := b.designated(c)
			if first {
				*at = indexOf(names, name) + 1
			}
			addr = func(s ir.Span) ir.Temp { return b.fieldAddr(base(s), name, s) }
			t = b.fieldType(t, name)
		}
		first = false
	}
	return addr, t
}

// sizeFromInit gives an array without a size the one of its initialiser.
func (b *body) sizeFromInit(t ir.Type, value nodeID) ir.Type {
	if value == none {
		return t
	}
	n := 0
	switch b.kind(value) {
	case syntax.CInitializerList:
		for c := range b.t.NamedChildren(value) {
			if b.is(c, syntax.CInitializerPair) {
				return t
			}
			n++
		}
	case syntax.CStringLiteral:
		s := b.bytes(value)
		n = len(unquote(s)) + 1
		if strings.IndexByte(string(s), '\\') >= 0 {
			return t
		}
	default:
		return t
	}
	at := dimensions(t)
	rest := string(t[at:])
	if i := strings.IndexByte(rest, ']'); i == 1 {
		return ir.Type(b.intern([]byte(string(t[:at]) + "[" + strconv.Itoa(n) + rest[i:])))
	}
	return t
}

// fileInit lowers the initialisers of the file's variables as one function.
func (l *lowerer) fileInit() {
	if len(l.inits) == 0 {
		return
	}
	f := &ir.Func{Name: ".init", Kind: ir.FuncInit, Flags: ir.Generated, File: l.out, Parent: -1, This: ir.NoVar}
	b := newBody(l, f)
	for i := range l.inits {
		it := &l.inits[i]
		l.t = it.tree
		if b.dull(it.value) {
			continue
		}
		b.globalInit(it)
	}
	if len(f.Blocks()[0].Instrs) == 0 {
		return
	}
	b.b.Finish(f.Span)
	prune(f)
	l.addFunc(f)
}

// dull tells whether an initialiser has only literals in an aggregate: tables of numbers and texts
// say nothing about resources.
func (b *body) dull(value nodeID) bool {
	if !b.is(value, syntax.CInitializerList) {
		return false
	}
	for i := range b.t.Subtree(value) {
		if b.is(i, syntax.CIdentifier) {
			return false
		}
	}
	return true
}

func (b *body) globalInit(it *initItem) {
	s := b.span(it.decl)
	addr := func(s ir.Span) ir.Temp {
		return b.b.Value(ir.Instr{Op: ir.OpName, Name: it.name, Var: ir.NoVar, Span: s})
	}
	if !b.is(it.value, syntax.CInitializerList) || b.scalarType(it.typ) {
		b.initialise(addr, it.typ, it.value, s)
		return
	}
	if !b.namesKnown(it.value, it.typ, 0) {
		b.unknownInit(addr, it.value, s)
		return
	}
	left := maxGlobalElements
	b.elements(addr, it.typ, it.value, &left)
}
