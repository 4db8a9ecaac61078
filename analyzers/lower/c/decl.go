package clower

import (
	"sort"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// declaration lowers a declaration of file scope: prototypes, variables, types.
func (l *lowerer) declaration(n nodeID) {
	typeNode := l.child(n, syntax.FieldCType)
	base := l.typeSpec(typeNode, "")
	flags := l.modifiers(n)
	for c := l.t.FirstChild(n); c != none; c = l.t.NextSibling(c) {
		if l.t.Nodes[c].Field != syntax.FieldCDeclarator {
			continue
		}
		d := l.declare(c, base)
		if d.name == none || l.t.IsError(d.name) {
			continue
		}
		if d.fn != none {
			l.proto(n, d, flags)
			continue
		}
		l.global(c, d, flags)
	}
}

// proto declares a function without a body.
func (l *lowerer) proto(n nodeID, d declared, flags ir.Flags) {
	name := l.name(d.name)
	p := &ir.Proto{Name: name, Ret: d.ret, Flags: flags, CallConv: l.callConv(n, d), Words: l.headWords(n, d),
		Behind: l.tailWords(n, d), Span: l.span(n)}
	p.Params, p.Varargs = l.params(l.child(d.fn, syntax.FieldCParameters))
	if _, ok := l.results[name]; !ok {
		l.results[name] = d.ret
	}
	p.Flags |= l.tokenFlags(n)
	l.out.Protos = append(l.out.Protos, p)
}

// global declares a variable of file scope; its initialiser is lowered at the end.
func (l *lowerer) global(n nodeID, d declared, flags ir.Flags) {
	name := l.name(d.name)
	old, known := l.globals[name]
	if !known || d.typ != "" && flags&ir.Extern == 0 {
		l.globals[name] = d.typ
	}
	if !known || old != d.typ {
		l.out.Fields = append(l.out.Fields, &ir.Field{Name: name, Type: d.typ, Flags: flags, Span: l.span(d.name)})
	}
	if l.is(n, syntax.CInitDeclarator) {
		if v := l.child(n, syntax.FieldCValue); v != none && (l.view == 0 || !known) {
			l.inits = append(l.inits, initItem{tree: l.t, decl: n, value: v, name: name, typ: d.typ})
		}
	}
}

// typedef declares the names of a typedef. A struct without a tag gets the first plain name.
func (l *lowerer) typedef(n nodeID) {
	typeNode := l.child(n, syntax.FieldCType)
	hint := ""
	for c := range l.t.ChildrenIn(n, syntax.FieldCDeclarator) {
		if k := l.kind(c); k == syntax.CTypeIdentifier || k == syntax.CPrimitiveType {
			hint = l.name(c)
			break
		}
	}
	anonymous := false
	switch l.kind(typeNode) {
	case syntax.CStructSpecifier, syntax.CUnionSpecifier, syntax.CEnumSpecifier:
		anonymous = l.child(typeNode, syntax.FieldCName) == none
	}
	if !anonymous {
		hint = ""
	}
	base := l.typeSpec(typeNode, hint)
	for c := range l.t.ChildrenIn(n, syntax.FieldCDeclarator) {
		d := l.declare(c, base)
		if d.name == none {
			continue
		}
		name := l.name(d.name)
		if name == string(base) && d.typ == base && d.fn == none {
			continue // the struct itself bears that name
		}
		td := &ir.TypedefDecl{Name: name, Type: d.typ, Span: l.span(d.name)}
		fn := d.fn
		if fn == none {
			fn = d.pointee
		} else {
			td.Type = l.functionType(d.ret, l.child(fn, syntax.FieldCParameters))
		}
		if fn != none {
			td.Func, td.Ret = true, d.ret
			td.Params, _ = l.params(l.child(fn, syntax.FieldCParameters))
		}
		if old, ok := l.typedefs[name]; ok && old == td.Type {
			continue
		}
		l.typedefs[name] = td.Type
		if l.isArray(td.Type) && d.fn == none {
			l.arrays[name] = true
		}
		l.out.Typedefs = append(l.out.Typedefs, td)
	}
}

// function lowers a function definition.
func (l *lowerer) function(n nodeID) {
	body := l.child(n, syntax.FieldCBody)
	base := l.typeSpec(l.child(n, syntax.FieldCType), "")
	d := l.declare(l.child(n, syntax.FieldCDeclarator), base)
	f := &ir.Func{
		Ret: d.ret, Flags: l.modifiers(n) | l.tokenFlags(n), File: l.out, Parent: -1, This: ir.NoVar,
		Span: l.span(n), NameSpan: l.span(d.name), View: l.view,
	}
	if d.name != none {
		f.Name = l.name(d.name)
	}
	var params nodeID = none
	if d.fn != none {
		params = l.child(d.fn, syntax.FieldCParameters)
		l.results[f.Name] = d.ret
	} else {
		f.Ret = base // TEST_IMPL(name) { ... }
	}
	if conv := l.callConv(n, d); conv != "" {
		f.Attrs = append(f.Attrs, ir.Attr{Name: "CallConv", Args: []ir.AttrArg{{Text: conv}}, Span: f.NameSpan})
	}
	for _, w := range l.headWords(n, d) {
		f.Attrs = append(f.Attrs, ir.Attr{Name: "HeadWord", Args: []ir.AttrArg{{Text: w}}, Span: f.NameSpan})
	}
	for _, w := range l.tailWords(n, d) {
		f.Attrs = append(f.Attrs, ir.Attr{Name: "TailWord", Args: []ir.AttrArg{{Text: w}}, Span: f.NameSpan})
	}
	f.Attrs = append(f.Attrs, l.retAttrs(n, d)...)
	if l.isElsewhere(f.Span) {
		f.Flags |= ir.Elsewhere
	}
	b := newBody(l, f)
	b.params(params, n)
	b.lower(body)
	l.addFunc(f)
}

// isElsewhere tells whether Windows compiles what stands there otherwise than the view has it.
func (l *lowerer) isElsewhere(s ir.Span) bool {
	i := sort.Search(len(l.elsewhere), func(i int) bool { return l.elsewhere[i][1] > int(s.Start) })
	return i < len(l.elsewhere) && l.elsewhere[i][0] < int(s.End)
}

// addFunc appends a finished function.
func (l *lowerer) addFunc(f *ir.Func) {
	f.Index = len(l.out.Funcs)
	l.out.Funcs = append(l.out.Funcs, f)
}

// strayBody lowers a block at file scope: the body of a function whose head is a macro call or
// was not understood. It is named as the text before it, prev.
func (l *lowerer) strayBody(n, prev nodeID) {
	f := &ir.Func{File: l.out, Parent: -1, This: ir.NoVar, Span: l.span(n), View: l.view, Problems: 1}
	params := none
	switch l.kind(prev) {
	case syntax.CExpressionStatement:
		f.NameSpan = l.span(prev)
		f.Name = l.intern(compact(trimSemi(l.bytes(prev))))
		f.Problems = 0
	case syntax.KindError, syntax.CDeclaration:
		for i := range l.t.Subtree(prev) {
			if !l.is(i, syntax.CFunctionDeclarator) {
				continue
			}
			if d := l.declare(i, ""); d.fn != none {
				f.Name, f.NameSpan = l.name(d.name), l.span(d.name)
				params = l.child(d.fn, syntax.FieldCParameters)
			}
			break
		}
	}
	if f.Name == "" {
		f.Name, f.NameSpan = "<block>", ir.Span{Start: f.Span.Start, End: f.Span.Start}
	}
	b := newBody(l, f)
	b.params(params, none)
	b.lower(n)
	l.addFunc(f)
}

func trimSemi(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ';' || b[len(b)-1] == ' ') {
		b = b[:len(b)-1]
	}
	return b
}

// callConv is the calling convention as written: __stdcall, WINAPI, ...; "" none.
func (l *lowerer) callConv(n nodeID, d declared) string {
	if d.conv != none {
		return l.name(d.conv)
	}
	if c := l.t.ChildOfKind(n, syntax.CMsCallModifier); c != none {
		return l.name(c)
	}
	return l.tokenConv(n, d)
}
