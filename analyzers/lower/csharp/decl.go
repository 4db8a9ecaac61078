package csharp

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// typ is a type declaration whose members are being lowered.
type typ struct {
	name  string // full
	short string
	kind  ir.TypeKind
	flags ir.Flags
	body  syntax.NodeID
	inits [2][]fieldInit // instance, static
	init  ir.Span        // of the declaration, for its FuncInits
}

// fieldInit is an initialiser of a field or auto-property.
type fieldInit struct {
	name  string
	typ   ir.Type
	value syntax.NodeID
	at    syntax.NodeID // the declarator
}

// scope is where a member stands.
type scope struct {
	ns  string
	t   *typ          // nil outside of types
	ext syntax.NodeID // parameters of the extension block around it, or None
}

func (s *scope) owner() string {
	if s.t != nil {
		return s.t.name
	}
	return s.ns
}

func (u *unit) join(a, b string) string {
	if a == "" {
		return b
	}
	u.buf = append(append(append(u.buf[:0], a...), '.'), b...)
	return u.intern(u.buf)
}

func (u *unit) compilationUnit(root syntax.NodeID) {
	s := &scope{ext: syntax.None}
	var statements []syntax.NodeID
	for c := u.first(root); c != syntax.None; c = u.next(c) {
		if u.kind(c) == syntax.CsGlobalStatement {
			statements = append(statements, c)
			continue
		}
		u.guard(c, func() { u.member(c, s) })
	}
	for _, c := range statements {
		if u.wanted(c) {
			u.guard(root, func() { u.topLevel(statements) })
			break
		}
	}
}

// members lowers the children of a declaration list, #if arm or error.
func (u *unit) members(list syntax.NodeID, s *scope) {
	for c := u.first(list); c != syntax.None; c = u.next(c) {
		u.guard(c, func() { u.member(c, s) })
	}
}

func (u *unit) member(n syntax.NodeID, s *scope) {
	switch u.kind(n) {
	case syntax.CsNamespaceDeclaration:
		inner := &scope{ns: u.join(s.ns, u.nameOf(u.child(n, syntax.FieldCsName))), ext: syntax.None}
		u.members(u.child(n, syntax.FieldCsBody), inner)
	case syntax.CsFileScopedNamespaceDeclaration:
		s.ns = u.join(s.ns, u.nameOf(u.child(n, syntax.FieldCsName)))
	case syntax.CsClassDeclaration, syntax.CsStructDeclaration, syntax.CsInterfaceDeclaration, syntax.CsRecordDeclaration:
		u.typeDecl(n, s)
	case syntax.CsEnumDeclaration:
		u.enumDecl(n, s)
	case syntax.CsDelegateDeclaration:
		u.delegateDecl(n, s)
	case syntax.CsUsingDirective:
		u.using(n)
	case syntax.CsFieldDeclaration, syntax.CsEventFieldDeclaration:
		u.fieldDecl(n, s)
	case syntax.CsMethodDeclaration, syntax.CsConstructorDeclaration, syntax.CsDestructorDeclaration,
		syntax.CsOperatorDeclaration, syntax.CsConversionOperatorDeclaration:
		if u.wanted(n) {
			u.methodDecl(n, s)
		}
	case syntax.CsPropertyDeclaration, syntax.CsIndexerDeclaration, syntax.CsEventDeclaration:
		u.propertyDecl(n, s)
	case syntax.CsPreprocIf, syntax.CsPreprocElif, syntax.CsPreprocElse:
		u.members(n, s)
	case syntax.CsLocalFunctionStatement:
		// A method whose class head is broken.
		if u.wanted(n) {
			u.methodDecl(n, s)
		}
	case syntax.CsGlobalStatement, syntax.CsDeclarationList, syntax.CsBlock:
		u.members(n, s)
	case syntax.KindError:
		u.brokenDecl(n, s)
	}
}

// brokenDecl lowers the declarations inside of an ERROR. A type head that is in it names their owner.
func (u *unit) brokenDecl(n syntax.NodeID, s *scope) {
	inner := &scope{ns: s.ns, t: s.t, ext: syntax.None}
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		switch u.kind(c) {
		case syntax.CsKwClass, syntax.CsKwStruct, syntax.CsKwInterface, syntax.CsKwRecord:
			if name := u.next(c); u.t.Is(name, syntax.CsIdentifier) {
				short := u.ident(name)
				t := &typ{name: u.join(inner.owner(), short), short: short, body: syntax.None, init: u.span(n)}
				u.out.Types = append(u.out.Types, &ir.TypeDecl{Name: t.name, Span: u.span(n), NameSpan: u.span(name)})
				u.finishType(inner.t)
				inner.t = t
			}
		case syntax.CsKwNamespace:
			if name := u.next(c); name != syntax.None && u.t.IsNamed(name) {
				inner = &scope{ns: u.join(s.ns, u.nameOf(name)), ext: syntax.None}
			}
		default:
			u.guard(c, func() { u.member(c, inner) })
		}
	}
	if inner.t != s.t {
		u.finishType(inner.t)
	}
}

func (u *unit) using(n syntax.NodeID) {
	if !u.wanted(n) {
		return
	}
	us := ir.Using{}
	var name, alias syntax.NodeID = syntax.None, u.child(n, syntax.FieldCsName)
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		switch {
		case u.kind(c) == syntax.CsKwStatic:
			us.Static = true
		case u.kind(c) == syntax.CsKwGlobal:
			us.Global = true
		case u.t.IsNamed(c) && !u.t.IsExtra(c) && c != alias:
			name = c
		}
	}
	if name == syntax.None {
		return
	}
	us.Name = string(u.typeOf(name))
	if alias != syntax.None {
		us.Alias = u.ident(alias)
		u.out.Typedefs = append(u.out.Typedefs, &ir.TypedefDecl{Name: us.Alias, Type: ir.Type(us.Name), Func: u.kind(name) == syntax.CsFunctionPointerType, Span: u.span(n)})
	}
	u.out.Usings = append(u.out.Usings, us)
}

var typeKinds = map[syntax.Kind]ir.TypeKind{
	syntax.CsClassDeclaration:     ir.TypeClass,
	syntax.CsStructDeclaration:    ir.TypeStruct,
	syntax.CsInterfaceDeclaration: ir.TypeInterface,
	syntax.CsRecordDeclaration:    ir.TypeRecord,
}

func (u *unit) typeDecl(n syntax.NodeID, s *scope) {
	if u.isExtension(n) {
		u.members(u.child(n, syntax.FieldCsBody), &scope{ns: s.ns, t: s.t, ext: u.t.ChildOfKind(n, syntax.CsParameterList)})
		return
	}
	name := u.child(n, syntax.FieldCsName)
	short := u.ident(name)
	t := &typ{name: u.join(s.owner(), short), short: short, kind: typeKinds[u.kind(n)], body: u.child(n, syntax.FieldCsBody), init: u.span(n)}
	if t.kind == ir.TypeRecord && u.hasToken(n, syntax.CsKwStruct) {
		t.kind = ir.TypeRecordStruct
	}
	t.flags = u.modifiers(n)
	if s.t != nil {
		t.flags |= s.t.flags & ir.Unsafe
	}
	d := &ir.TypeDecl{Name: t.name, Kind: t.kind, Flags: t.flags, Attrs: u.attrs(n), Span: u.span(n), NameSpan: u.span(name)}
	params, bases := syntax.None, syntax.None
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		switch u.kind(c) {
		case syntax.CsTypeParameterList:
			for p := u.first(c); p != syntax.None; p = u.next(p) {
				if u.kind(p) == syntax.CsTypeParameter {
					d.TypeParams++
				}
			}
		case syntax.CsParameterList:
			params = c
		case syntax.CsBaseList:
			bases = c
			d.Bases = u.bases(c)
		}
	}
	head := u.wantedHead(n, t.body)
	if head {
		u.out.Types = append(u.out.Types, d)
	}
	if params != syntax.None && head {
		u.primaryConstructor(n, t, params, bases)
	}
	u.members(t.body, &scope{ns: s.ns, t: t, ext: syntax.None})
	u.finishType(t)
}

func (u *unit) bases(list syntax.NodeID) []ir.Type {
	var out []ir.Type
	for c := u.first(list); c != syntax.None; c = u.next(c) {
		switch {
		case u.nodes[c].Flags&(syntax.Named|syntax.Extra) != syntax.Named || u.kind(c) == syntax.CsArgumentList:
		case u.kind(c) == syntax.CsPrimaryConstructorBaseType:
			out = append(out, u.typeOf(u.child(c, syntax.FieldCsType)))
		default:
			out = append(out, u.typeOf(c))
		}
	}
	return out
}

// finishType lowers the initialisers that were collected from the fields of a type part.
func (u *unit) finishType(t *typ) {
	if t == nil {
		return
	}
	for i, list := range t.inits {
		if len(list) == 0 {
			continue
		}
		t.inits[i] = nil
		u.guard(list[0].at, func() { u.initFunc(t, list, i == 1) })
	}
}

func (u *unit) initFunc(t *typ, list []fieldInit, static bool) {
	f := &ir.Func{Name: "<init>", Owner: t.name, Kind: ir.FuncInit, Flags: ir.Generated | t.flags&ir.Unsafe, Parent: -1, Span: t.init, Ret: "void"}
	f.NameSpan = u.span(list[0].at)
	if static {
		f.Name = "<cinit>"
		f.Flags |= ir.Static
	}
	x := u.begin(f, t, nil)
	for _, in := range list {
		s := u.span(in.at)
		a := x.Value(ir.Instr{Op: ir.OpName, Name: in.name, Var: ir.NoVar, Span: s})
		v := x.exprFor(in.value, in.typ)
		x.Store(a, v, ir.Init, s)
		x.countErrors(in.value)
	}
	x.finish(u.endSpan(list[len(list)-1].at))
}

func (u *unit) enumDecl(n syntax.NodeID, s *scope) {
	if !u.wanted(n) {
		return
	}
	name := u.child(n, syntax.FieldCsName)
	full := u.join(s.owner(), u.ident(name))
	d := &ir.TypeDecl{Name: full, Kind: ir.TypeEnum, Flags: u.modifiers(n), Attrs: u.attrs(n), Span: u.span(n), NameSpan: u.span(name)}
	if b := u.t.ChildOfKind(n, syntax.CsBaseList); b != syntax.None {
		d.Bases = u.bases(b)
	}
	if u.wantedHead(n, u.child(n, syntax.FieldCsBody)) {
		u.out.Types = append(u.out.Types, d)
	}
	prev := -1
	u.enumMembers(u.child(n, syntax.FieldCsBody), full, ir.Type(u.ident(name)), &prev)
}

func (u *unit) enumMembers(list syntax.NodeID, owner string, typ ir.Type, prev *int) {
	for c := u.first(list); c != syntax.None; c = u.next(c) {
		switch u.kind(c) {
		case syntax.CsPreprocIf, syntax.CsPreprocElif, syntax.CsPreprocElse, syntax.KindError:
			u.enumMembers(c, owner, typ, prev)
		case syntax.CsEnumMemberDeclaration:
			if !u.wanted(c) {
				*prev = u.constIndex(owner, u.ident(u.child(c, syntax.FieldCsName)), *prev)
				continue
			}
			k := &ir.Constant{Owner: owner, Name: u.ident(u.child(c, syntax.FieldCsName)), Type: typ, Enum: true, Prev: *prev, Span: u.span(c)}
			if v := u.child(c, syntax.FieldCsValue); v != syntax.None {
				k.Value = u.constExpr(v)
				k.Prev = -1
			}
			*prev = len(u.out.Consts)
			u.out.Consts = append(u.out.Consts, k)
		}
	}
}

// constIndex finds a constant that another view gave.
func (u *unit) constIndex(owner, name string, otherwise int) int {
	for i := len(u.out.Consts) - 1; i >= 0; i-- {
		if k := u.out.Consts[i]; k.Name == name && k.Owner == owner {
			return i
		}
	}
	return otherwise
}

func (u *unit) delegateDecl(n syntax.NodeID, s *scope) {
	if !u.wanted(n) {
		return
	}
	name := u.child(n, syntax.FieldCsName)
	ret, _ := u.unwrapType(u.child(n, syntax.FieldCsType))
	d := &ir.TypeDecl{Name: u.join(s.owner(), u.ident(name)), Kind: ir.TypeDelegate, Flags: u.modifiers(n), Attrs: u.attrs(n),
		Ret: u.typeOf(ret), Params: u.params(u.child(n, syntax.FieldCsParameters)), Span: u.span(n), NameSpan: u.span(name)}
	u.out.Types = append(u.out.Types, d)
}

// fieldDecl lowers a field, constant or field-like event.
func (u *unit) fieldDecl(n syntax.NodeID, s *scope) {
	if !u.wanted(n) {
		return
	}
	fl := u.memberFlags(n, s)
	vars := u.t.ChildOfKind(n, syntax.CsVariableDeclaration)
	typeNode, tfl := u.unwrapType(u.child(vars, syntax.FieldCsType))
	typ := u.typeOf(typeNode)
	attrs := u.attrs(n)
	for c := u.first(vars); c != syntax.None; c = u.next(c) {
		if u.kind(c) != syntax.CsVariableDeclarator {
			continue
		}
		name, value := u.child(c, syntax.FieldCsName), u.declValue(c)
		if name == syntax.None {
			continue
		}
		if fl&ir.Const != 0 {
			u.out.Consts = append(u.out.Consts, &ir.Constant{Owner: s.owner(), Name: u.ident(name), Type: typ, Value: u.constExpr(value), Prev: -1, Span: u.span(c)})
			continue
		}
		f := &ir.Field{Owner: s.owner(), Name: u.ident(name), Type: typ, Flags: fl | tfl, Attrs: attrs, Span: u.span(c)}
		if size := u.t.ChildOfKind(c, syntax.CsBracketedArgumentList); size != syntax.None {
			u.buf = u.writeType(append(u.buf[:0], typ...), size, 0)
			f.Type = ir.Type(u.intern(u.buf))
		}
		u.out.Fields = append(u.out.Fields, f)
		u.collectInit(s, fieldInit{f.Name, typ, value, c}, fl)
	}
}

func (u *unit) collectInit(s *scope, in fieldInit, fl ir.Flags) {
	if in.value == syntax.None || s.t == nil || !u.wanted(in.at) {
		return
	}
	i := 0
	if fl&ir.Static != 0 {
		i = 1
	}
	s.t.inits[i] = append(s.t.inits[i], in)
}

// declValue is the initialiser of a declarator, or None.
func (u *unit) declValue(n syntax.NodeID) syntax.NodeID {
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		if u.kind(c) == syntax.CsTokEq {
			return u.operandAfter(c)
		}
	}
	return syntax.None
}

var modifierFlags = map[string]ir.Flags{
	"static": ir.Static, "readonly": ir.ReadOnly, "const": ir.Const, "async": ir.Async, "unsafe": ir.Unsafe,
	"virtual": ir.Virtual, "override": ir.Override | ir.Virtual, "abstract": ir.Abstract | ir.Virtual,
	"extern": ir.Extern, "partial": ir.Partial, "public": ir.Public, "private": ir.Private,
	"volatile": ir.Volatile, "sealed": ir.Sealed, "fixed": ir.Fixed, "required": ir.Required,
	"scoped": ir.Scoped,
}

// noAccess are the access modifiers that have no flag: with one of them a member is not private.
func noAccess(b []byte) bool {
	return string(b) == "internal" || string(b) == "protected" || string(b) == "file"
}

func (u *unit) modifiers(n syntax.NodeID) ir.Flags {
	fl, _ := u.modifiersAccess(n)
	return fl
}

// modifiersAccess are the flags of a declaration and whether it says how it can be reached.
func (u *unit) modifiersAccess(n syntax.NodeID) (fl ir.Flags, access bool) {
	heirs := false
	for c := u.first(n); c != syntax.None; c = u.next(c) {
		if u.kind(c) == syntax.CsModifier {
			b := u.bytes(c)
			fl |= modifierFlags[string(b)]
			access = access || noAccess(b)
			heirs = heirs || string(b) == "protected"
		} else if u.kind(c) == syntax.CsKwExtern {
			fl |= ir.Extern
		}
	}
	access = access || fl&(ir.Public|ir.Private) != 0
	if heirs {
		fl &^= ir.Private // "private protected": derived types name it too
	}
	return fl, access
}

// memberFlags are the modifiers of a member with what its type adds to them.
func (u *unit) memberFlags(n syntax.NodeID, s *scope) ir.Flags {
	fl, access := u.modifiersAccess(n)
	if s.t == nil {
		return fl
	}
	fl |= s.t.flags & ir.Unsafe
	switch {
	case access:
	case s.t.kind == ir.TypeInterface:
		fl |= ir.Public
	default:
		fl |= ir.Private
	}
	return fl
}
