package clower

import (
	"bytes"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// local is a name declared within the function. v is NoVar when the name means something of file
// scope there (extern, a prototype), which hides a local of an outer block.
type local struct {
	name string
	v    ir.VarID
}

// lookup is the index in locals of the innermost declaration of name, or -1.
func (b *body) lookup(name string) int {
	for i := len(b.locals) - 1; i >= 0; i-- {
		if b.locals[i].name == name {
			return i
		}
	}
	return -1
}

// localVar is the variable that name means here, or NoVar.
func (b *body) localVar(name string) ir.VarID {
	if i := b.lookup(name); i >= 0 {
		return b.locals[i].v
	}
	return ir.NoVar
}

// hidden makes a variable of the lowering's own.
func (b *body) hidden(name string, t ir.Type, s ir.Span) ir.VarID {
	return b.b.NewVar(ir.Var{Name: name, Type: t, Kind: ir.VarHidden, Flags: ir.Generated, Span: s})
}

// localDecl lowers a declaration within a function.
func (b *body) localDecl(n nodeID) {
	if b.macroStatement(n) {
		return
	}
	base := b.typeSpec(b.child(n, syntax.FieldCType), "")
	flags := b.modifiers(n) | b.cleanup(n)
	for c := b.t.FirstChild(n); c != none; c = b.t.NextSibling(c) {
		if b.t.Nodes[c].Field != syntax.FieldCDeclarator {
			continue
		}
		d := b.declare(c, base)
		if d.name == none || b.t.IsError(d.name) {
			continue
		}
		name := b.name(d.name)
		if d.fn != none || flags&ir.Extern != 0 {
			if d.fn != none {
				b.proto(n, d, flags)
			} else if _, ok := b.globals[name]; !ok {
				b.globals[name] = d.typ
			}
			b.locals = append(b.locals, local{name, ir.NoVar})
			continue
		}
		value := none
		if b.is(c, syntax.CInitDeclarator) {
			value = b.child(c, syntax.FieldCValue)
		}
		b.localVariable(c, d, name, flags&(ir.Static|ir.Const|ir.Volatile|ir.UsingVar), value)
	}
}

// cleanup is ir.UsingVar if the declaration n says, itself or by a macro, that a function is called for its variables when they go
// out of scope: __attribute__((cleanup(f))).
func (b *body) cleanup(n nodeID) ir.Flags {
	node := &b.t.Nodes[n]
	line := b.t.Src[:node.Start]
	heads := [][]byte{line[1+bytes.LastIndexAny(line, ";{}\n"):]} // a macro that was read as a call of its own
	for _, m := range b.marks(b.before(n), node.End) {
		heads = append(heads, b.t.Src[m.Start:m.End])
	}
	for _, text := range heads {
		name := macroName(text)
		if m := b.macroNamed(name, bytes.IndexByte(text, '(') > 0); m != nil {
			name = m.body
		} else {
			name = string(text)
		}
		if strings.Contains(name, "cleanup") {
			return ir.UsingVar
		}
	}
	return 0
}

// localVariable declares a variable and lowers its initialiser.
func (b *body) localVariable(n nodeID, d declared, name string, flags ir.Flags, value nodeID) {
	typ := d.typ
	if value != none && len(typ) >= 2 && typ[len(typ)-2:] == "[]" {
		typ = b.sizeFromInit(typ, value)
	}
	v := b.b.NewVar(ir.Var{Name: name, Type: typ, Flags: flags, Span: b.span(d.name)})
	b.locals = append(b.locals, local{name, v})
	if flags&ir.Static != 0 {
		return // initialised before the function ever runs
	}
	b.b.Declare(v)
	if !b.b.Reachable() {
		return
	}
	b.b.Emit(ir.Instr{Op: ir.OpDecl, Var: v, Span: b.span(n)})
	if value == none {
		return
	}
	b.initialise(func(s ir.Span) ir.Temp { return b.b.VarAddr(v, s) }, typ, value, b.span(n))
}

// localFunction lowers a nested function (GNU) as one of its own.
func (b *body) localFunction(n nodeID) {
	b.function(n)
	if d := b.declare(b.child(n, syntax.FieldCDeclarator), ""); d.name != none {
		b.locals = append(b.locals, local{b.name(d.name), ir.NoVar})
	}
}
