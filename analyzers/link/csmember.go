package link

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// csMember looks name up in type t of the unit, its base types and the library types among those.
// Methods are found too (Function).
func (p *Program) csMember(from *ir.File, t *Type, name string) (Ref, bool) {
	if r, ok := p.memberIn(from, t, name); ok {
		return r, true
	}
	for _, o := range p.siblings(t) {
		if r, ok := p.memberIn(from, o, name); ok {
			return r, true
		}
	}
	var r Ref
	found := eachBase(t, 0, nil, func(b base) bool {
		var ok bool
		r, ok = p.libraryMember(b.full, name)
		return ok && b.ext != "Object"
	})
	return r, found
}

func (p *Program) memberIn(from *ir.File, t *Type, name string) (r Ref, ok bool) {
	eachBase(t, 0, func(b *Type) bool {
		if m := b.member(name); m != nil {
			r, ok = p.memberRef(from, b, name, m)
		}
		return ok
	}, nil)
	return r, ok
}

// memberRef makes a Ref of what name is in b itself, once if it is the same for all files.
func (p *Program) memberRef(from *ir.File, b *Type, name string, m *memberSet) (Ref, bool) {
	if r := m.ref.Load(); r != nil {
		return *r, true
	}
	r, ok := p.makeRef(from, b, name, m)
	if ok && m.isOne() && (r.Field == nil || !initialised(r.Field)) {
		m.ref.Store(&r)
	}
	return r, ok
}

// isOne tells whether no two declarations have that name.
func (m *memberSet) isOne() bool {
	return len(m.methods)+len(m.imports)+len(m.fields)+len(m.props)+len(m.consts) == 1
}

// initialised tells whether a field may be known by what bodies give it (see readonlyValue): it is read-only, or
// named as a constant, STATUS_ACCESS_DENIED (see neverWritten).
func initialised(f *ir.Field) bool {
	if f.Flags&ir.Static == 0 || f.Flags&ir.Property != 0 {
		return false
	}
	return f.Flags&ir.ReadOnly != 0 || strings.Contains(f.Name, "_") && strings.ToUpper(f.Name) == f.Name && strings.ToLower(f.Name) != f.Name
}

// neverWritten tells whether no body of the unit, initialisers apart, writes a static field of t, or lets others do so: whatever has
// its name counts. The files that name it are asked for.
func (p *Program) neverWritten(t *Type, f *ir.Field) bool {
	if f.Flags&ir.ReadOnly != 0 {
		return true
	}
	if w, ok := t.state.written.Load(f.Name); ok {
		return !w.(bool)
	}
	word := ir.WordOf(f.Name)
	p.Unread.Naming(word)
	written := slices.ContainsFunc(p.Naming([]ir.Word{word}), func(fn *ir.Func) bool {
		return fn.File.Lang == ir.CSharp && fn.Kind != ir.FuncInit && writes(fn, f.Name)
	})
	t.state.written.Store(f.Name, written)
	return !written
}

// writes tells whether a body stores to a member of that name, or gives away its address.
func writes(fn *ir.Func, name string) bool {
	addrs := map[ir.Temp]*ir.Instr{}
	eachNamed(fn, func(n string, in *ir.Instr) {
		if n == name && in.Op != ir.OpCall {
			addrs[in.Dst] = in
		}
	})
	return len(addrs) > 0 && slices.ContainsFunc(usesIn(fn, addrs), func(u FieldUse) bool { return u.Kind == UseStore || u.Kind == UseAddr })
}

func (p *Program) makeRef(from *ir.File, b *Type, name string, m *memberSet) (Ref, bool) {
	if r, ok := p.selfMember(b, name); ok && len(m.props) > 0 {
		return r, true
	}
	r := Ref{Owner: b.Name, Path: b.Name + "." + name}
	path := ""
	if from != nil {
		path = from.Path
	}
	switch {
	case len(m.consts) > 0:
		c := nearest(path, m.consts, fileIn)[0]
		r.Kind, r.Static = Const, true
		r.Type = p.canon(scope{c.file, b.Name}, c.decl.Type)
		if c.decl.Enum {
			r.Kind, r.Type = EnumMember, ir.Type(b.Name)
		}
		r.Value, r.Known = p.constValue(c, 0)
	case len(m.fields) > 0:
		f := nearest(path, m.fields, fileIn)[0]
		r.Kind, r.Field, r.Static = Field, f.decl, f.decl.Flags&ir.Static != 0
		r.Type = p.canon(scope{f.file, b.Name}, f.decl.Type)
		if initialised(f.decl) && p.neverWritten(b, f.decl) {
			r.Value, r.Known = p.readonlyValue(b, name, 0)
		}
	case len(m.props) > 0:
		x := nearest(path, m.props, fileIn)[0]
		r.Kind, r.Prop, r.Static = Prop, x.decl, x.decl.Flags&ir.Static != 0
		r.Type = p.canon(scope{x.file, b.Name}, x.decl.Type)
		r.Getter, r.Setter = accessor(x.file, x.decl.Getter), accessor(x.file, x.decl.Setter)
	case len(m.methods) > 0:
		fn := nearest(path, m.methods, fileOfFunc)[0]
		r.Kind, r.Func, r.Static = Function, fn, fn.Flags&ir.Static != 0
	case len(m.imports) > 0:
		r.Kind, r.Static = Function, true
	default:
		return Ref{}, false
	}
	return r, true
}

// selfMember is a property of a library type whose own source is part of the unit, if the models
// know it: they say more than the body.
func (p *Program) selfMember(b *Type, name string) (Ref, bool) {
	short := lastDot(b.Name)
	if info := p.DB.DotNetType(short); info == nil || info.FullName != b.Name {
		return Ref{}, false
	}
	r, ok := p.libraryMember(ir.Type(short), name)
	return r, ok && len(r.Members) > 0
}

func accessor(file *ir.File, i int) *ir.Func {
	if file == nil || i < 0 || i >= len(file.Funcs) {
		return nil
	}
	return file.Funcs[i]
}

func fileOfFunc(f *ir.Func) *ir.File { return f.File }

// libraryMember tells what a member of a library type is, from its canonical type.
func (p *Program) libraryMember(t ir.Type, name string) (Ref, bool) {
	ext, args := p.libraryName(t)
	if ext == "" {
		return Ref{}, false
	}
	r := Ref{Owner: ext, Path: ext + "." + name}
	if m, owner, ok := p.lib.member(ext, name); ok {
		r.Kind, r.Owner, r.Path = Function, owner, owner+"."+name
		r.Static = m.known
		r.Type = instantiate(m.typ, argsFor(ext, owner, args), nil)
		switch {
		case m.field:
			r.Kind = Field
		case m.prop:
			r.Kind = Prop
		}
		if m.known {
			r.Kind, r.Value, r.Known = Const, m.value, true
		}
		r.Members = p.libraryModels(ext, name)
		return r, true
	}
	if ms := p.libraryModels(ext, name); len(ms) > 0 {
		r.Kind, r.Members, r.Owner = Function, ms, ms[0].Type
		if ms[0].Property {
			r.Kind = Prop
		}
		return r, true
	}
	if v, ok := p.predefinedMember(ext, name); ok {
		r.Kind, r.Value, r.Known, r.Static, r.Type = EnumMember, v, true, true, ir.Type(ext)
		return r, true
	}
	if p.lib.enums[ext] {
		r.Kind, r.Static, r.Type = EnumMember, true, ir.Type(ext)
		return r, true
	}
	return Ref{}, false
}

// argsFor are the type arguments that a base type owner of ext sees: those of ext when it is the
// same type or has one only. (A dictionary as IEnumerable has another argument.)
func argsFor(ext, owner string, args []ir.Type) []ir.Type {
	if owner == ext || len(args) < 2 {
		return args
	}
	return nil
}

// libraryModels are the models of a member of a library type or of its base types.
func (p *Program) libraryModels(ext, name string) []*models.Member {
	return p.named(ext, name).members
}

// memberName is what a member of a library type is called in the models.
type memberName struct {
	typ     string // the type of the chain whose row is meant
	members []*models.Member
}

// named finds the type among ext and its base types under whose name the models know the member: as
// an operation, else by any other fact on it; else the type that declares it as far as the table of
// types tells, else ext.
func (p *Program) named(ext, name string) memberName {
	key := ext + "." + name
	if m, ok := p.memberNames.Load(key); ok {
		return m.(memberName)
	}
	m := memberName{typ: ext}
	p.lib.chain(ext, 0, func(n string) bool {
		m.members = p.DB.DotNet(n + "." + name)
		return len(m.members) > 0 || name == ".ctor"
	})
	if info := p.DB.DotNetType(ext); len(m.members) == 0 && info != nil && info.SafeHandle && name != ".ctor" {
		m.members = p.DB.DotNet("SafeHandle." + name)
	}
	switch {
	case len(m.members) > 0:
		m.typ = m.members[0].Type
	case p.lib.chain(ext, 0, func(n string) bool { m.typ = n; return p.hasFact(n, name) }):
	default:
		m.typ = ext
		if _, owner, ok := p.lib.member(ext, name); ok {
			m.typ = owner
		}
	}
	p.memberNames.Store(key, m)
	return m
}

// hasFact tells whether the models say anything of the member beside what it does to resources.
func (p *Program) hasFact(typ, name string) bool {
	full := typ + "." + name
	if r, _ := p.DB.Role(full); r != models.RoleNone {
		return true
	}
	if _, ok := p.DB.DotNetAsync(full); ok {
		return true
	}
	return p.DB.MemberRelease(typ, name) != nil || p.DB.DotNetBorrows(typ, name) || p.DB.DotNetThrows(full) != models.ThrowMay
}

// onlyMember finds the library member of that name when one type of the models alone has it, no
// type of the unit has a method of that name, and the name is not one that many types use.
func (p *Program) onlyMember(name string) (typ string, ms []*models.Member) {
	p.onlyOnce.Do(p.indexMemberNames)
	typ = p.only[name]
	if typ == "" {
		return "", nil
	}
	p.Unread.Naming(ir.WordOf(name))
	return typ, p.DB.DotNet(typ + "." + name)
}

func (p *Program) indexMemberNames() {
	p.only = map[string]string{}
	for _, m := range p.DB.DotNetMembers() {
		typ, name, _ := strings.Cut(m, ".")
		if !Telling(name) {
			continue
		}
		if _, twice := p.only[name]; twice {
			typ = ""
		}
		p.only[name] = typ
	}
	for _, t := range p.cs.all {
		for _, fn := range t.Methods {
			if _, ok := p.only[fn.Name]; ok {
				p.only[fn.Name] = ""
			}
		}
	}
}

// Telling tells whether a member name is of several words, and so hardly used for two things: where no other type has
// one, such a member is known by its name alone.
func Telling(name string) bool {
	words := 0
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			words++
		}
	}
	return words >= 3
}

// libraryName splits a canonical library type into its short name and type arguments; an array is
// "Array" of its element.
func (p *Program) libraryName(t ir.Type) (string, []ir.Type) {
	name, args, suffix := splitType(t)
	switch {
	case strings.Contains(suffix, "["):
		return "Array", []ir.Type{deref(t)}
	case strings.Contains(suffix, "*"), name == "":
		return "", nil
	case strings.HasSuffix(suffix, "?"):
		if p.structName(name) {
			return "Nullable", []ir.Type{ir.Type(strings.TrimSuffix(string(t), "?"))}
		}
	}
	if k, ok := p.lib.keyword(name); ok {
		n, _ := p.lib.typeOfKeyword(k)
		return n, nil
	}
	return lastDot(stripGenerics(name)), typeArgs(args)
}

// structName tells whether the library knows name as a value type.
func (p *Program) structName(name string) bool {
	if k, ok := p.lib.keyword(name); ok {
		n, _ := p.lib.typeOfKeyword(k)
		return p.lib.structs[n]
	}
	short := lastDot(stripGenerics(name))
	if p.lib.structs[short] {
		return true
	}
	if info := p.DB.DotNetType(short); info != nil {
		return info.Struct
	}
	return strings.ToUpper(short) == short && p.modelStruct(short) // of a binding package, under its native name
}

// screaming tells whether a name is written in the style of native constants (ERROR_IO_PENDING).
func screaming(name string) bool {
	upper := false
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			upper = true
		case c == '_' || c >= '0' && c <= '9':
		default:
			return false
		}
	}
	return upper && strings.ContainsRune(name, '_')
}

// predefinedMember finds the value of Type.NAME where a generated enum or class holds native
// constants (WIN32_ERROR.ERROR_IO_PENDING), or of a library enum that the models know.
func (p *Program) predefinedMember(typ, name string) (int64, bool) {
	if v, ok := p.DB.Predefined(typ + "." + name); ok {
		return normal(v), true
	}
	if screaming(name) {
		if v, ok := p.DB.Predefined(name); ok {
			return normal(v), true
		}
	}
	return 0, false
}
