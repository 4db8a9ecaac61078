package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// normal is the normal form of constants: 0x80000000..0xFFFFFFFF become the int32 of the same bits.
func normal(v int64) int64 {
	if v >= 1<<31 && v < 1<<32 {
		return int64(int32(uint32(v)))
	}
	return v
}

// Const evaluates a named constant in the context of f (which may be nil): C# constants, enum
// members and static readonly fields whose initialiser is constant; C enumerators and #defines;
// then the predefined ones of the models. Values from 0x80000000 to 0xFFFFFFFF are given as the
// int32 with the same bits, so that -1 and 0xFFFFFFFF compare equal.
func (p *Program) Const(f *ir.Func, name string) (int64, bool) {
	if f == nil || f.File == nil {
		v, ok := p.DB.Predefined(name)
		return normal(v), ok
	}
	if f.File.Lang == ir.C {
		return p.cConst(f.File, name, 0)
	}
	return p.csConst(scopeOf(f), p.ownerType(f), name)
}

func (p *Program) csConst(sc scope, self *Type, name string) (int64, bool) {
	if r := p.csName(sc, self, name); r.Known && r.Rest == "" {
		return r.Value, true
	} else if r.Kind != Unknown {
		return 0, false
	}
	v, ok := p.DB.Predefined(name)
	return normal(v), ok
}

// constValue evaluates a C# constant or enum member.
func (p *Program) constValue(c in[*ir.Constant], depth int) (int64, bool) {
	if depth > maxDepth*4 {
		return 0, false
	}
	add := int64(0)
	decl := c.decl
	for decl.Value == nil {
		if decl.Prev < 0 || decl.Prev >= len(c.file.Consts) || c.file.Consts[decl.Prev] == decl || add > 1<<16 {
			return normal(add), decl.Enum
		}
		decl = c.file.Consts[decl.Prev]
		add++
	}
	v, ok := p.evalExpr(exprScope{file: c.file, owner: decl.Owner}, decl.Value, depth+1)
	return normal(v + add), ok
}

// exprScope is where a constant expression stands.
type exprScope struct {
	file  *ir.File
	owner string
	skip  string // C: the macro that is being expanded
}

func (p *Program) evalExpr(sc exprScope, e *ir.Expr, depth int) (int64, bool) {
	if e == nil || depth > maxDepth*4 {
		return 0, false
	}
	switch e.Op {
	case ir.OpConst:
		switch e.Kind {
		case ir.ConstInt, ir.ConstBool, ir.ConstNull:
			return e.Int, true
		case ir.ConstDefault:
			return 0, true
		case ir.ConstSizeof:
			return p.sizeOf(e.Type)
		}
		return 0, false
	case ir.OpName:
		return p.evalName(sc, e.Name, depth+1)
	case ir.OpUnary:
		v, ok := p.evalExpr(sc, e.L, depth+1)
		return unary(e.Sub, v), ok
	case ir.OpBin:
		a, ok := p.evalExpr(sc, e.L, depth+1)
		b, ok2 := p.evalExpr(sc, e.R, depth+1)
		if !ok || !ok2 {
			return 0, false
		}
		return binary(e.Sub, a, b)
	case ir.OpCast:
		v, ok := p.evalExpr(sc, e.L, depth+1)
		return convert(v, e.Type), ok
	}
	return 0, false
}

func (p *Program) evalName(sc exprScope, name string, depth int) (int64, bool) {
	if sc.file == nil || depth > maxDepth {
		return 0, false
	}
	if sc.file.Lang == ir.C {
		return p.cConst(sc.file, name, depth)
	}
	s := scope{sc.file, sc.owner}
	self := nearestType(sc.file.Path, p.cs.types[sc.owner], -1)
	return p.constByName(s, self, name, depth)
}

// constByName evaluates a name inside a constant expression. Depth runs through all evaluations
// that are nested, which is what ends cycles.
func (p *Program) constByName(sc scope, self *Type, name string, depth int) (int64, bool) {
	if depth > maxDepth {
		return 0, false
	}
	if c, ok := p.findConst(sc, self, name); ok {
		return p.constValue(c, depth+1)
	}
	if c, ok := p.staticUsingConst(sc, name); ok {
		return p.constValue(c, depth+1)
	}
	if t, short := p.findReadonly(sc, self, name); t != nil {
		return p.readonlyValue(t, short, depth+1)
	}
	if first, _, _ := strings.Cut(name, "."); self != nil && first == name {
		if m := self.member(name); m != nil {
			return 0, false
		}
	}
	r := p.libraryPath(sc, name)
	return r.Value, r.Known && r.Rest == ""
}

// findReadonly is the type that declares the static read-only field that name means.
func (p *Program) findReadonly(sc scope, self *Type, name string) (found *Type, short string) {
	owner, short := parentName(name), lastDot(name)
	pick := func(b *Type) bool {
		if m := b.member(short); m != nil && len(m.fields) > 0 {
			if fl := m.fields[0].decl.Flags; fl&ir.Static != 0 && fl&ir.ReadOnly != 0 {
				found = b
			}
			return true
		}
		return false
	}
	if owner != "" {
		if t, _ := p.csType(sc, owner, 0); t != nil {
			eachBase(t, 0, pick, nil)
		}
		return found, short
	}
	for t := self; t != nil && found == nil; t = p.outer(sc.file, t) {
		eachBase(t, 0, pick, nil)
	}
	return found, short
}

// findConst is the declaration of the constant that name means, without evaluating it: that is done
// with the depth of the expression around it.
func (p *Program) findConst(sc scope, self *Type, name string) (c in[*ir.Constant], ok bool) {
	if all := p.constDecls(sc, self, name); len(all) > 0 {
		return all[0], true
	}
	return c, false
}

// constDecls are the declarations of the constant that name means, the closest; there are several
// in the arms of an #if.
func (p *Program) constDecls(sc scope, self *Type, name string) (found []in[*ir.Constant]) {
	owner, short := parentName(name), lastDot(name)
	pick := func(b *Type) bool {
		if m := b.member(short); m != nil {
			found = nearest(sc.file.Path, m.consts, fileIn)
		}
		return len(found) > 0
	}
	if owner != "" {
		if t, _ := p.csType(sc, owner, 0); t != nil && !eachBase(t, 0, pick, nil) {
			for _, o := range p.siblings(t) {
				if eachBase(o, 0, pick, nil) {
					break
				}
			}
		}
		return found
	}
	for t := self; t != nil && len(found) == 0; t = p.outer(sc.file, t) {
		eachBase(t, 0, pick, nil)
	}
	return found
}

// sizeOf is the size of the types whose size the language fixes.
func (p *Program) sizeOf(t ir.Type) (int64, bool) {
	n, ok := map[ir.Type]int64{"byte": 1, "sbyte": 1, "bool": 1, "char": 2, "short": 2, "ushort": 2, "int": 4, "uint": 4, "long": 8, "ulong": 8, "float": 4, "double": 8}[t]
	return n, ok
}

func unary(op ir.Sub, v int64) int64 {
	switch op {
	case ir.Neg:
		return -v
	case ir.Compl:
		return ^v
	case ir.Not:
		if v == 0 {
			return 1
		}
		return 0
	}
	return v
}

func binary(op ir.Sub, a, b int64) (int64, bool) {
	truth := func(x bool) (int64, bool) {
		if x {
			return 1, true
		}
		return 0, true
	}
	switch op {
	case ir.Eq:
		return truth(normal(a) == normal(b))
	case ir.Ne:
		return truth(normal(a) != normal(b))
	case ir.Lt:
		return truth(a < b)
	case ir.Le:
		return truth(a <= b)
	case ir.Gt:
		return truth(a > b)
	case ir.Ge:
		return truth(a >= b)
	}
	return ir.Fold(op, a, b)
}

// convert narrows v to the integer types that are smaller than 32 bits and to bool; wider and
// unknown types keep it.
func convert(v int64, t ir.Type) int64 {
	switch t {
	case "byte", "BYTE", "unsigned char", "uint8_t", "UCHAR":
		return int64(uint8(v))
	case "sbyte", "signed char", "int8_t":
		return int64(int8(v))
	case "ushort", "WORD", "unsigned short", "uint16_t", "USHORT", "wchar_t":
		return int64(uint16(v))
	case "short", "SHORT", "int16_t":
		return int64(int16(v))
	case "int", "uint", "DWORD", "ULONG", "LONG", "unsigned int", "int32_t", "uint32_t", "HRESULT", "NTSTATUS":
		return normal(int64(uint32(v)))
	}
	return v
}

// Value evaluates the constant that temp t certainly holds: literals, casts and arithmetic of
// constants, new IntPtr(-1), named constants. The normal form is that of Const.
func (p *Program) Value(f *ir.Func, t ir.Temp) (int64, bool) {
	v, ok := p.value(f, t, 0)
	return normal(v), ok
}

func (p *Program) value(f *ir.Func, t ir.Temp, depth int) (int64, bool) {
	d := f.Def(t)
	if d == nil || depth > maxDepth*4 {
		return 0, false
	}
	switch d.Op {
	case ir.OpConst:
		switch d.Const {
		case ir.ConstInt, ir.ConstBool, ir.ConstNull, ir.ConstDefault:
			return d.Int, true
		case ir.ConstSizeof:
			return p.sizeOf(d.Type)
		}
	case ir.OpLoad:
		if n := f.Def(d.A); n != nil && n.Op == ir.OpName {
			if f.File.Lang == ir.C {
				return p.cConst(f.File, n.Name, depth+1)
			}
			return p.constByName(scopeOf(f), p.ownerType(f), strings.TrimPrefix(n.Name, "this."), depth+1)
		}
	case ir.OpUnary:
		v, ok := p.value(f, d.A, depth+1)
		return unary(d.Sub, v), ok && d.Sub != ir.Text
	case ir.OpBin:
		a, ok := p.value(f, d.A, depth+1)
		b, ok2 := p.value(f, d.B, depth+1)
		if ok && ok2 {
			return binary(d.Sub, a, b)
		}
	case ir.OpCast:
		v, ok := p.value(f, d.A, depth+1)
		return convert(v, d.Type), ok
	case ir.OpCall:
		if c := d.Call; c.New && len(c.Args) == 1 && c.Args[0].Ref == ir.ByValue && p.wrapsNumber(f, c.Type) {
			return p.value(f, c.Args[0].Val, depth+1)
		}
		if c := d.Call; c.New && len(c.Args) == 0 && p.wrapsNumber(f, c.Type) {
			return 0, true
		}
	}
	return 0, false
}

// wrapsNumber tells whether new T(n) is the number n: IntPtr and alike.
func (p *Program) wrapsNumber(f *ir.Func, t ir.Type) bool {
	if f.File.Lang == ir.C {
		return false
	}
	base, _, suffix := splitType(t)
	k, ok := p.lib.keyword(base)
	if ok && suffix == "" {
		return numericRank[k] > 0
	}
	ext := lastDot(base)
	info := p.DB.DotNetType(ext)
	return info != nil && info.Struct && info.Pointer && p.unitType(scopeOf(f), t) == nil
}

// readonlyValue is the value of a static field that only its initialiser writes, if that is constant, or of a readonly one which
// has none and stays zero.
func (p *Program) readonlyValue(t *Type, name string, depth int) (int64, bool) {
	t.state.readonlyOnce.Do(func() { t.state.readonly = initialStores(t) })
	st, ok := t.state.readonly[name]
	if !ok {
		return 0, p.staysZero(t, name)
	}
	if st.f == nil || depth > maxDepth {
		return 0, false
	}
	v, ok := p.value(st.f, st.val, depth+1)
	return normal(v), ok
}

// staysZero tells whether a static readonly field that no initialiser stores to is the number 0: a
// static constructor may fill it through a reference.
func (p *Program) staysZero(t *Type, name string) bool {
	m := t.member(name)
	if m == nil || len(m.fields) == 0 || m.fields[0].decl.Flags&ir.ReadOnly == 0 {
		return false
	}
	for _, fn := range t.Methods {
		if fn.Kind == ir.FuncStaticCtor {
			return false
		}
	}
	base, _, suffix := splitType(m.fields[0].decl.Type)
	k, ok := p.lib.keyword(base)
	return ok && suffix == "" && numericRank[k] > 0
}

// initStore is the only store to a field in the static initialisers of its type.
type initStore struct {
	f   *ir.Func // nil when there are several
	val ir.Temp
}

func initialStores(t *Type) map[string]initStore {
	out := map[string]initStore{}
	for _, fn := range t.Methods {
		if fn.Kind != ir.FuncInit && fn.Kind != ir.FuncStaticCtor {
			continue
		}
		for bi := range fn.Blocks() {
			for ii := range fn.Blocks()[bi].Instrs {
				in := &fn.Blocks()[bi].Instrs[ii]
				if in.Op != ir.OpStore {
					continue
				}
				a := fn.Def(in.A)
				if a == nil || a.Op != ir.OpName && a.Op != ir.OpMember {
					continue
				}
				name := strings.TrimPrefix(a.Name, t.Name+".")
				if _, twice := out[name]; twice {
					out[name] = initStore{}
				} else {
					out[name] = initStore{fn, in.B}
				}
			}
		}
	}
	return out
}

// constStrings evaluates a C# string constant (the library name of an import). A constant that is
// declared in several arms of an #if has several values, in order.
func (p *Program) constStrings(sc scope, name string, depth int) []string {
	if depth > 8 {
		return nil
	}
	self := nearestType(sc.file.Path, p.cs.types[sc.owner], -1)
	decls := p.constDecls(sc, self, name)
	if us := p.cs.usings[sc.file]; len(decls) == 0 && us != nil && !strings.Contains(name, ".") {
		for _, s := range us.statics {
			if decls = p.constDecls(sc, nil, s+"."+name); len(decls) > 0 {
				break
			}
		}
	}
	var out []string
	for _, c := range decls[:min(len(decls), 8)] {
		out = append(out, p.stringExpr(scope{c.file, c.decl.Owner}, c.decl.Value, depth+1)...)
	}
	return out
}

func (p *Program) staticUsingConst(sc scope, name string) (c in[*ir.Constant], ok bool) {
	us := p.cs.usings[sc.file]
	if us == nil || strings.Contains(name, ".") {
		return c, false
	}
	for _, s := range us.statics {
		if c, ok = p.findConst(sc, nil, s+"."+name); ok {
			return c, true
		}
	}
	return c, false
}

// stringExpr are the strings that e may be worth.
func (p *Program) stringExpr(sc scope, e *ir.Expr, depth int) []string {
	if e == nil || depth > 16 {
		return nil
	}
	switch {
	case e.Op == ir.OpConst && e.Kind == ir.ConstString:
		return []string{e.Name}
	case e.Op == ir.OpName:
		return p.constStrings(sc, e.Name, depth+1)
	case e.Op == ir.OpBin && e.Sub == ir.Add:
		var out []string
		for _, l := range p.stringExpr(sc, e.L, depth+1) {
			for _, r := range p.stringExpr(sc, e.R, depth+1) {
				if len(out) < 8 {
					out = append(out, l+r)
				}
			}
		}
		return out
	}
	return nil
}
