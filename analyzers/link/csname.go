package link

import (
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// csName tells what a dotted name means in sc.
func (p *Program) csName(sc scope, self *Type, dotted string) Ref {
	dotted = strings.TrimPrefix(dotted, "global::")
	first, rest, _ := strings.Cut(dotted, ".")
	switch first {
	case "this", "base":
		return p.selfName(sc, self, first, rest)
	case "":
		return Ref{}
	}
	if r, ok := p.simpleValue(sc, self, first); ok {
		if rest != "" && p.colorColor(sc, r, first, rest) {
			if t := p.typePath(sc, dotted); t.Kind != Unknown {
				return t
			}
		}
		r.Rest = rest
		return r
	}
	return p.typePath(sc, dotted)
}

// selfName resolves what follows this. or base.
func (p *Program) selfName(sc scope, self *Type, word, rest string) Ref {
	if self == nil {
		return Ref{}
	}
	if rest == "" {
		return Ref{Kind: TypeName, Owner: self.Name, Type: ir.Type(self.Name), Path: self.Name}
	}
	name, tail, _ := strings.Cut(rest, ".")
	if word == "base" {
		for _, b := range self.state.bases {
			if r, ok := p.baseMember(sc.file, b, name); ok {
				r.Rest = tail
				return r
			}
		}
		return Ref{}
	}
	r, _ := p.csMember(sc.file, self, name)
	r.Rest = tail
	return r
}

func (p *Program) baseMember(from *ir.File, b base, name string) (Ref, bool) {
	if b.t != nil {
		return p.csMember(from, b.t, name)
	}
	return p.libraryMember(b.full, name)
}

// simpleValue finds a member by its simple name: of the type around, outwards, then of the types
// that "using static" names.
func (p *Program) simpleValue(sc scope, self *Type, name string) (Ref, bool) {
	for t := self; t != nil; t = p.outer(sc.file, t) {
		if r, ok := p.csMember(sc.file, t, name); ok {
			return r, true
		}
	}
	us := p.cs.usings[sc.file]
	if us == nil {
		return Ref{}, false
	}
	for _, s := range us.statics {
		t, ext := p.csType(scope{sc.file, ""}, s, 0)
		if t != nil {
			if r, ok := p.csMember(sc.file, t, name); ok && r.Static {
				return r, true
			}
		} else if r, ok := p.libraryMember(ir.Type(ext), name); ok {
			return r, true
		}
	}
	return Ref{}, false
}

// outer is the type around t, nil if it is not nested.
func (p *Program) outer(file *ir.File, t *Type) *Type {
	name := parentName(t.Name)
	if name == "" {
		return nil
	}
	return nearestType(file.Path, p.cs.types[name], -1)
}

// colorColor tells whether the value r, called like its type, rather stands for that type: the
// name after it is one of the type's static members.
func (p *Program) colorColor(sc scope, r Ref, name, rest string) bool {
	if r.Kind != Field && r.Kind != Prop {
		return false
	}
	base, _, suffix := splitType(r.Type)
	if suffix != "" || lastDot(base) != name {
		return false
	}
	next, _, _ := strings.Cut(rest, ".")
	if t := p.unitType(sc, r.Type); t != nil {
		m, ok := p.csMember(sc.file, t, next)
		return !ok || m.Static
	}
	m, ok := p.libraryMember(r.Type, next)
	return !ok || m.Static
}

// typePath resolves a dotted name that begins with a type or namespace.
func (p *Program) typePath(sc scope, dotted string) Ref {
	for end := nextDot(dotted, 0); ; end = nextDot(dotted, end+1) {
		name, rest := dotted[:end], strings.TrimPrefix(dotted[end:], ".")
		if t := p.typeInPath(sc, name); t != nil {
			return p.inType(sc, t, rest)
		}
		if end == len(dotted) {
			break
		}
	}
	return p.libraryPath(sc, dotted)
}

func nextDot(s string, from int) int {
	if i := strings.IndexByte(s[from:], '.'); i >= 0 {
		return from + i
	}
	return len(s)
}

func (p *Program) typeInPath(sc scope, name string) *Type {
	t, _ := p.csType(sc, name, 0)
	return t
}

// inType resolves rest as nested types and then a static member of t.
func (p *Program) inType(sc scope, t *Type, rest string) Ref {
	for rest != "" {
		name, tail, _ := strings.Cut(rest, ".")
		if r, ok := p.csMember(sc.file, t, name); ok {
			r.Rest = tail
			return r
		}
		nested := nearestType(sc.file.Path, p.cs.types[join(t.Name, name)], -1)
		if nested == nil {
			nested = p.nestedInBases(sc.file.Path, t.Name, name, -1)
		}
		if nested == nil {
			// Part of the type was not seen; a constant in the native style may still be known.
			if v, ok := p.predefinedMember(lastDot(t.Name), name); ok {
				return Ref{Kind: EnumMember, Value: v, Known: true, Static: true, Owner: t.Name, Type: ir.Type(t.Name), Path: join(t.Name, name), Rest: tail}
			}
			return Ref{Owner: t.Name, Rest: rest, Path: join(t.Name, rest)}
		}
		t, rest = nested, tail
	}
	return Ref{Kind: TypeName, Owner: t.Name, Type: ir.Type(t.Name), Path: t.Name}
}

// libraryPath resolves a dotted name of which the unit declares nothing: a library type and a
// member of it, or a predefined constant.
func (p *Program) libraryPath(sc scope, dotted string) Ref {
	name := p.expandAlias(sc.file, dotted)
	if k, ok := p.lib.keyword(name); ok {
		return Ref{Kind: TypeName, Owner: k, Type: ir.Type(k), Path: k}
	}
	if v, ok := p.DB.Predefined(name); ok {
		return Ref{Kind: Const, Value: normal(v), Known: true, Static: true, Path: name}
	}
	// The first segment that is known as a type decides.
	for end := nextDot(name, 0); ; end = nextDot(name, end+1) {
		rest := strings.TrimPrefix(name[end:], ".")
		if short := lastDot(name[:end]); p.isLibraryType(short, name[:end]) {
			return p.inLibraryType(short, rest)
		}
		if end == len(name) {
			break
		}
	}
	if p.isNamespace(name) {
		return Ref{Kind: Namespace, Path: name}
	}
	// Type.CONSTANT of a type that nobody knows (generated bindings).
	if owner := parentName(name); owner != "" {
		if v, ok := p.predefinedMember(lastDot(owner), lastDot(name)); ok {
			return Ref{Kind: EnumMember, Value: v, Known: true, Static: true, Owner: lastDot(owner), Type: ir.Type(lastDot(owner)), Path: name}
		}
	}
	return Ref{Path: name}
}

func (p *Program) isLibraryType(short, full string) bool {
	if k, ok := p.lib.keyword(short); ok && k != "" {
		return true
	}
	if p.lib.hasType(short) {
		return true
	}
	info := p.DB.DotNetType(short)
	return info != nil && (short == full || info.FullName == full || !strings.Contains(info.FullName, "."))
}

// inLibraryType resolves rest as a member of library type short.
func (p *Program) inLibraryType(short, rest string) Ref {
	t := ir.Type(short)
	if k, ok := p.lib.keyword(short); ok {
		t = ir.Type(k)
	}
	if rest == "" {
		return Ref{Kind: TypeName, Owner: short, Type: t, Path: short}
	}
	name, tail, _ := strings.Cut(rest, ".")
	if r, ok := p.libraryMember(t, name); ok {
		r.Static, r.Rest = true, tail
		return r
	}
	return Ref{Owner: short, Rest: rest, Path: join(short, rest)}
}

// isNamespace tells whether a type of the unit or a using directive lies in or below name.
func (p *Program) isNamespace(name string) bool { return p.cs.spaces[name] }

// follow walks the dotted path rest from a value of canonical type t and returns the type at its end.
func (p *Program) follow(sc scope, t ir.Type, rest string) ir.Type {
	for rest != "" && t != "" {
		name, tail, _ := strings.Cut(rest, ".")
		t, rest = p.csMemberOf(sc, t, name).Type, tail
	}
	return t
}

// csMemberOf finds a member of a value of canonical type t.
func (p *Program) csMemberOf(sc scope, t ir.Type, name string) Ref {
	if strings.HasPrefix(string(t), "(") {
		return p.tupleItem(sc, t, name)
	}
	if ut := p.unitType(sc, t); ut != nil {
		r, _ := p.csMember(sc.file, ut, name)
		if _, args, _ := splitType(t); args != "" {
			r.Type = bindTypeParam(r.Type, typeArgs(args), nil)
		}
		return r
	}
	if isPointer(t) {
		t = deref(t)
	}
	r, _ := p.libraryMember(t, name)
	return r
}

// tupleItem finds an element of a tuple type: by its name, or as ItemN.
func (p *Program) tupleItem(sc scope, t ir.Type, name string) Ref {
	s := strings.TrimSuffix(strings.TrimSuffix(string(t), "?"), ")")
	for i, e := range splitTop(s[1:]) {
		typ, label := string(e), ""
		if sp := strings.LastIndexByte(typ, ' '); sp > 0 && !strings.ContainsAny(typ[sp:], ")>]") {
			typ, label = strings.TrimSpace(typ[:sp]), typ[sp+1:]
		}
		if name == label || name == "Item"+strconv.Itoa(i+1) {
			return Ref{Kind: Field, Owner: "ValueTuple", Type: p.canon(sc, ir.Type(typ)), Path: "ValueTuple." + name}
		}
	}
	return Ref{}
}

// bindTypeParam replaces a type that is a lone type parameter when there is one argument only, so
// that it can only be that: the names of type parameters are not kept.
func bindTypeParam(t ir.Type, recv, call []ir.Type) ir.Type {
	name, args, suffix := splitType(t)
	if args != "" || !typeParamName(name) {
		return t
	}
	switch {
	case len(call) == 1:
		return call[0] + ir.Type(suffix)
	case len(recv) == 1:
		return recv[0] + ir.Type(suffix)
	}
	return ""
}

// typeParamName tells whether a name has the form of a type parameter: T, TKey.
func typeParamName(s string) bool {
	return len(s) > 0 && s[0] == 'T' && (len(s) == 1 || s[1] >= 'A' && s[1] <= 'Z')
}
