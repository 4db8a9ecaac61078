package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// cName tells what a name means in C file from.
func (p *Program) cName(from *ir.File, name string) Ref {
	if r, ok := p.cConstRef(from, name); ok {
		return r
	}
	if r, ok := p.cGlobal(from, name); ok {
		return r
	}
	if fns := p.cFuncs(from, name, nil); len(fns) > 0 {
		return Ref{Kind: Function, Func: fns[0], Static: true, Type: fns[0].Ret, Path: cPath(fns[0].File, name, fns[0].Flags)}
	}
	if len(p.c.protos[name]) > 0 {
		return Ref{Kind: Function, Static: true, Path: name}
	}
	if v, ok := p.DB.Predefined(name); ok {
		return Ref{Kind: Const, Value: normal(v), Known: true, Static: true, Path: name}
	}
	if p.DB.Func(name) != nil {
		return Ref{Kind: Function, Static: true, Path: name}
	}
	if len(p.c.types[name]) > 0 || len(p.c.typedefs[name]) > 0 {
		return Ref{Kind: TypeName, Owner: name, Type: ir.Type(name), Path: name}
	}
	return Ref{Path: name}
}

// cPath identifies a C global or function; those that are static to a source file by their path too.
func cPath(f *ir.File, name string, fl ir.Flags) string {
	if fl&ir.Static != 0 {
		return f.Path + ":" + name
	}
	return name
}

func (p *Program) cConstRef(from *ir.File, name string) (Ref, bool) {
	cs := prefer(p, from, p.c.consts[name], fileIn)
	if len(cs) == 0 {
		return Ref{}, false
	}
	r := Ref{Kind: Const, Static: true, Path: name, Type: cs[0].decl.Type}
	if r.Type == "" && cs[0].decl.Enum {
		r.Type = "int"
	}
	if cs[0].decl.Enum {
		r.Kind, r.Owner = EnumMember, cs[0].decl.Owner
	}
	r.Value, r.Known = p.cConst(from, name, 0)
	if r.Known || r.Kind == EnumMember {
		return r, true
	}
	// A macro that is another name of a variable or function.
	if to := aliasOf(cs[0].decl); to != "" && to != name {
		return p.cAlias(from, to, 0)
	}
	return r, true
}

// cAlias resolves the name that a macro stands for.
func (p *Program) cAlias(from *ir.File, name string, depth int) (Ref, bool) {
	if depth > maxDepth {
		return Ref{}, false
	}
	if g, ok := p.cGlobal(from, name); ok {
		return g, true
	}
	if cs := prefer(p, from, p.c.consts[name], fileIn); len(cs) > 0 {
		if to := aliasOf(cs[0].decl); to != "" && to != name {
			return p.cAlias(from, to, depth+1)
		}
	}
	if fns := p.cFuncs(from, name, nil); len(fns) > 0 {
		return Ref{Kind: Function, Func: fns[0], Static: true, Type: fns[0].Ret, Path: cPath(fns[0].File, name, fns[0].Flags)}, true
	}
	if p.DB.Func(name) != nil || len(p.c.protos[name]) > 0 {
		return Ref{Kind: Function, Static: true, Path: name}, true
	}
	return Ref{}, false
}

// aliasOf is the name that an object-like macro stands for, "" if it is anything else.
func aliasOf(c *ir.Constant) string {
	if c.Enum || c.Value == nil || c.Value.Op != ir.OpName {
		return ""
	}
	return c.Value.Name
}

// cGlobal finds a variable of file scope: of the same file, then one that is not static elsewhere.
func (p *Program) cGlobal(from *ir.File, name string) (Ref, bool) {
	all := p.c.globals[name]
	list := ownIn(all, from)
	if len(list) == 0 {
		var other []in[*ir.Field]
		for _, g := range all {
			if g.decl.Flags&ir.Static == 0 || p.visible(from, g.file) {
				other = append(other, g)
			}
		}
		list = prefer(p, from, other, fileIn)
	}
	if len(list) == 0 {
		return Ref{}, false
	}
	g := list[0]
	return Ref{Kind: Global, Field: g.decl, Static: true, Type: g.decl.Type, Path: cPath(g.file, name, g.decl.Flags)}, true
}

// cConst evaluates an enumerator or object-like macro, then what the models predefine. Definitions
// that do not evaluate (other arms of an #if) are passed over. Where a header gives a name of Windows
// another value, that is for another system (INVALID_SOCKET of a kernel), and the name means either.
func (p *Program) cConst(from *ir.File, name string, depth int) (int64, bool) {
	if depth > maxDepth {
		return 0, false
	}
	known, ok := p.DB.Predefined(name)
	known = normal(known)
	for _, c := range prefer(p, from, p.c.consts[name], fileIn) {
		if v, is := p.cConstValue(c, depth); is {
			return v, !ok || v == known || c.file == from
		}
	}
	return known, ok
}

func (p *Program) cConstValue(c in[*ir.Constant], depth int) (int64, bool) {
	add := int64(0)
	decl := c.decl
	for decl.Value == nil {
		if !decl.Enum {
			return 0, false
		}
		if decl.Prev < 0 || decl.Prev >= len(c.file.Consts) || c.file.Consts[decl.Prev] == decl || add > 1<<16 {
			return normal(add), true
		}
		decl = c.file.Consts[decl.Prev]
		add++
	}
	if decl.Value.Op == ir.OpName && decl.Value.Name == decl.Name {
		v, ok := p.DB.Predefined(decl.Name) // #define X X
		return normal(v), ok
	}
	v, ok := p.evalExpr(exprScope{file: c.file}, decl.Value, depth+1)
	return normal(v + add), ok
}

// cUnder follows typedefs of a C type, below pointers too.
func (p *Program) cUnder(from *ir.File, t ir.Type) ir.Type {
	seen := map[string]bool{}
	for len(seen) < maxDepth {
		base, args, suffix := splitType(t)
		if seen[base] || args != "" {
			return t
		}
		seen[base] = true
		tds := prefer(p, from, p.c.typedefs[base], fileIn)
		if len(tds) == 0 || string(tds[0].decl.Type) == base || tds[0].decl.Type == "" {
			return t
		}
		t = tds[0].decl.Type + ir.Type(suffix)
	}
	return t
}

// cType returns the struct, union or enum that t, a pointer to it or a typedef of either names.
func (p *Program) cType(from *ir.File, t ir.Type) *Type {
	base, _, suffix := splitType(t)
	if isArray(ir.Type("x" + suffix)) {
		return nil
	}
	if len(p.c.types[base]) == 0 {
		t = p.cUnder(from, t)
		if base, _, suffix = splitType(t); isArray(ir.Type("x" + suffix)) {
			return nil
		}
	}
	ts := p.c.types[base]
	if len(ts) < 2 {
		return nearestType(from.Path, ts, -1)
	}
	var seen []*Type
	for _, t := range ts {
		if len(t.Files) > 0 && len(t.Fields)+len(t.Consts) > 0 && p.visible(from, t.Files[0]) {
			seen = append(seen, t)
		}
	}
	if len(seen) > 0 {
		ts = seen
	}
	return nearestType(from.Path, ts, -1)
}

// cMember finds member name of a struct; the same struct of another file is tried when the closest
// one lacks it (arms of an #if in two headers).
func (p *Program) cMember(from *ir.File, t ir.Type, name string) Ref {
	st := p.cType(from, t)
	if st == nil {
		return p.nativeMember(p.cUnder(from, t), name)
	}
	ref := func(st *Type) (Ref, bool) {
		m := st.member(name)
		if m == nil || len(m.fields) == 0 {
			return Ref{}, false
		}
		f := m.fields[0].decl
		return Ref{Kind: Field, Field: f, Owner: st.Name, Type: f.Type, Path: st.Name + "." + name}, true
	}
	if r, ok := ref(st); ok {
		return r
	}
	for _, o := range p.c.types[st.Name] {
		if r, ok := ref(o); ok {
			return r
		}
	}
	return Ref{}
}

// cPointee is what a C pointer or array type points to. LPFOO and PFOO are pointers to the native
// structure FOO where the unit does not declare them.
func (p *Program) cPointee(from *ir.File, t ir.Type) ir.Type {
	if !isPointer(t) && !isArray(t) {
		t = p.cUnder(from, t)
	}
	if to := deref(t); to != "" {
		return to
	}
	for _, prefix := range []string{"LPC", "LP", "PC", "P"} {
		if x, ok := strings.CutPrefix(string(t), prefix); ok && p.DB.Struct(x) != nil {
			return ir.Type(x)
		}
	}
	return ""
}

// nativeMember finds a member of a structure that the models know (OVERLAPPED.hEvent).
func (p *Program) nativeMember(t ir.Type, name string) Ref {
	base, _, suffix := splitType(t)
	if base == "" || len(suffix) > 1 {
		return Ref{}
	}
	st := p.DB.Struct(base)
	if st == nil {
		return Ref{}
	}
	for _, f := range st.Fields {
		if f.Name == name {
			return Ref{Kind: Field, Owner: st.Name, Type: nativeType(f.Kind), Path: st.Name + "." + name}
		}
	}
	return Ref{}
}

// nativeTypes are the C names of the codes in which the models write types.
var nativeTypes = map[string]ir.Type{
	"i8": "CHAR", "u8": "BYTE", "c8": "CHAR", "b8": "BOOLEAN", "e8": "BYTE", "i16": "SHORT", "u16": "WORD", "c16": "WCHAR", "e16": "WORD",
	"i32": "LONG", "u32": "DWORD", "b32": "BOOL", "e32": "DWORD", "i64": "LONGLONG", "u64": "ULONGLONG", "e64": "ULONGLONG",
	"f32": "float", "f64": "double", "ip": "LONG_PTR", "up": "ULONG_PTR", "h": "HANDLE", "v": "void", "guid": "GUID",
	"lpstr": "char*", "lpwstr": "wchar_t*", "hr": "HRESULT", "nt": "NTSTATUS",
}

// nativeType turns a type code of the models into a C type, "" when it has none.
func nativeType(code string) ir.Type {
	stars := ""
	for strings.HasPrefix(code, "*") {
		code, stars = code[1:], stars+"*"
	}
	array := ""
	if i := strings.IndexByte(code, '['); i > 0 {
		code, array = code[:i], code[i:]
	}
	kind, name, _ := strings.Cut(code, ":")
	t := ir.Type(name)
	if strings.ContainsAny(name, "{}") {
		return ""
	}
	if t == "" {
		t = nativeTypes[kind]
	}
	if t == "" {
		return ""
	}
	return t + ir.Type(stars+array)
}
