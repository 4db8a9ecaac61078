package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// TypeOf returns the static type of a value, "" when it is not known. Types are canonical: types
// of the unit have their full name, others their short name without namespace ("IntPtr",
// "List<byte>"), primitives their C# keyword (nint is "IntPtr"); pointer stars, brackets and "?"
// stay. In C the written type is the canonical one. A temp that holds the address of a place has
// the type of the place with a star; in C the address of an array is a pointer to its elements.
func (p *Program) TypeOf(f *ir.Func, t ir.Temp) ir.Type {
	if f == nil {
		return ""
	}
	return p.ask().typeOf(f, t)
}

// TypeOfPlace returns the type of the storage that addr addresses: of the variable, field or
// element, or the pointee if addr is a pointer value.
func (p *Program) TypeOfPlace(f *ir.Func, addr ir.Temp) ir.Type {
	if f == nil {
		return ""
	}
	return p.ask().placeType(f, addr)
}

// TypeOfOwner returns the type of what the operand of in, an OpMember or OpField, is or addresses: in names a member of it.
func (p *Program) TypeOfOwner(f *ir.Func, in *ir.Instr) ir.Type {
	if f == nil {
		return ""
	}
	return p.ask().ownerType(f, in)
}

func (q *query) ownerType(f *ir.Func, in *ir.Instr) ir.Type {
	if in.Op == ir.OpMember && in.Flags&ir.AddrOperand == 0 {
		return q.typeOf(f, in.A)
	}
	return q.placeType(f, in.A)
}

func (q *query) typeOf(f *ir.Func, t ir.Temp) ir.Type {
	d := f.Def(t)
	if d == nil {
		return ""
	}
	m := q.p.memo(f)
	m.mu.Lock()
	if int(t) < len(m.have) && m.have[t] {
		typ := m.types[t]
		m.mu.Unlock()
		return typ
	}
	m.mu.Unlock()
	if q.cyclic {
		if typ, ok := q.types[tempKey{f, t}]; ok {
			return typ
		}
	}
	typ := q.valueType(f, d)
	if q.cyclic {
		if q.types == nil {
			q.types = map[tempKey]ir.Type{}
		}
		q.types[tempKey{f, t}] = typ
		return typ
	}
	m.mu.Lock()
	if m.have == nil {
		m.have, m.types = make([]bool, f.Temps()+1), make([]ir.Type, f.Temps()+1)
	}
	m.have[t], m.types[t] = true, typ
	m.mu.Unlock()
	return typ
}

// isAddress tells whether d computes the address of a place.
func isAddress(d *ir.Instr) bool {
	switch d.Op {
	case ir.OpName, ir.OpVarAddr, ir.OpField, ir.OpMember, ir.OpElem:
		return true
	}
	return false
}

// valueType is the type of the value that d defines.
func (q *query) valueType(f *ir.Func, d *ir.Instr) ir.Type {
	if isAddress(d) {
		return q.addressType(f, d)
	}
	switch d.Op {
	case ir.OpConst:
		return q.constType(f, d)
	case ir.OpLoad:
		t := q.placeType(f, d.A)
		if f.File.Lang == ir.C && isArray(t) {
			return deref(t) + "*"
		}
		return t
	case ir.OpCast:
		return q.canon(f, d.Type)
	case ir.OpIs:
		return "bool"
	case ir.OpUnary:
		switch d.Sub {
		case ir.Not:
			return boolOf(f)
		case ir.Text:
			return "string"
		}
		return q.typeOf(f, d.A)
	case ir.OpBin:
		return q.binType(f, d)
	case ir.OpCall:
		return q.callee(f, d).Ret
	case ir.OpNewArray:
		return q.canon(f, d.Type) + "[]"
	case ir.OpStackAlloc:
		return q.canon(f, d.Type) + "*"
	case ir.OpFixed:
		if d.Var >= 0 && int(d.Var) < f.NumVars() {
			return q.varType(f, d.Var)
		}
	case ir.OpAwait:
		return awaited(q.typeOf(f, d.A))
	case ir.OpCatch:
		if d.Type == "" && f.File.Lang == ir.CSharp {
			return "Exception"
		}
		return q.canon(f, d.Type)
	}
	return ""
}

func boolOf(f *ir.Func) ir.Type {
	if f.File.Lang == ir.C {
		return "int"
	}
	return "bool"
}

func (q *query) canon(f *ir.Func, t ir.Type) ir.Type {
	if f.File.Lang == ir.C {
		return t
	}
	return q.p.canon(scopeOf(f), t)
}

// addressType is the type of a temp that holds an address.
func (q *query) addressType(f *ir.Func, d *ir.Instr) ir.Type {
	t := q.instrPlace(f, d)
	switch {
	case t == "":
		return ""
	case f.File.Lang == ir.C && isArray(t):
		return deref(t) + "*"
	}
	return t + "*"
}

func (q *query) constType(f *ir.Func, d *ir.Instr) ir.Type {
	c := f.File.Lang == ir.C
	switch d.Const {
	case ir.ConstInt:
		if d.Type != "" {
			return q.canon(f, d.Type)
		}
		return "int"
	case ir.ConstBool:
		return boolOf(f)
	case ir.ConstString:
		if c {
			return "char*"
		}
		return "string"
	case ir.ConstFloat:
		return "double"
	case ir.ConstDefault:
		return q.canon(f, d.Type)
	case ir.ConstSizeof:
		if c {
			return "size_t"
		}
		return "int"
	}
	return ""
}

func (q *query) binType(f *ir.Func, d *ir.Instr) ir.Type {
	switch d.Sub {
	case ir.Eq, ir.Ne, ir.Lt, ir.Le, ir.Gt, ir.Ge:
		return boolOf(f)
	}
	a, b := q.typeOf(f, d.A), q.typeOf(f, d.B)
	switch {
	case isPointer(a) && isPointer(b):
		if f.File.Lang == ir.C {
			return "ptrdiff_t"
		}
		return "long"
	case isPointer(a), b == "":
		return a
	case isPointer(b), a == "":
		return b
	case a == "string" || b == "string":
		return "string"
	case d.Sub == ir.Shl || d.Sub == ir.Shr:
		return a
	}
	if f.File.Lang == ir.CSharp && numericRank[string(b)] > numericRank[string(a)] {
		return b
	}
	if f.File.Lang == ir.CSharp && numericRank[string(a)] > 0 && numericRank[string(a)] < 3 {
		return "int"
	}
	return a
}

// awaited is T of Task<T>, ValueTask<T> and alike; void of those without argument.
func awaited(t ir.Type) ir.Type {
	_, args, _ := splitType(t)
	if list := typeArgs(args); len(list) == 1 {
		return list[0]
	}
	return ""
}

// placeType is the type of the storage at the address that t holds.
func (q *query) placeType(f *ir.Func, t ir.Temp) ir.Type {
	d := f.Def(t)
	if d == nil {
		return ""
	}
	if isAddress(d) {
		return q.instrPlace(f, d)
	}
	if d.Op == ir.OpLoad {
		// The load of a ref parameter or ref local gives an address too.
		if v := addressed(f, d.A); v != ir.NoVar && (f.Var(v).Ref != ir.ByValue || f.Var(v).Flags&ir.RefLocal != 0) {
			return q.varType(f, v)
		}
	}
	typ := q.typeOf(f, t)
	if f.File.Lang == ir.C {
		return q.p.cPointee(f.File, typ)
	}
	return deref(typ)
}

// instrPlace is the type of the place whose address d computes.
func (q *query) instrPlace(f *ir.Func, d *ir.Instr) ir.Type {
	switch d.Op {
	case ir.OpVarAddr:
		if d.Var >= 0 && int(d.Var) < f.NumVars() {
			return q.varType(f, d.Var)
		}
	case ir.OpName:
		r := q.p.Name(f, d.Name)
		if f.File.Lang == ir.C {
			return r.Type
		}
		if r.Kind == TypeName || r.Kind == Namespace || r.Kind == Function {
			return ""
		}
		return q.p.follow(scopeOf(f), r.Type, r.Rest)
	case ir.OpField, ir.OpMember:
		return q.p.Member(f, q.ownerType(f, d), d.Name).Type
	case ir.OpElem:
		return q.elemType(f, d)
	}
	return ""
}

// elemType is the type of an element of array, pointer or collection A.
func (q *query) elemType(f *ir.Func, d *ir.Instr) ir.Type {
	def := f.Def(d.A)
	if def == nil {
		return ""
	}
	var t ir.Type
	if f.File.Lang == ir.C && isAddress(def) {
		t = q.instrPlace(f, def) // an array in place, or the address of one object
		if !isArray(t) {
			return t
		}
		return deref(t)
	}
	t = q.typeOf(f, d.A)
	if f.File.Lang == ir.C {
		return q.p.cPointee(f.File, t)
	}
	if isPointer(t) || isArray(t) {
		return deref(t)
	}
	if d.B == 0 { // foreach
		if each := q.p.Member(f, t, eachMember).Type; each != "" {
			return each
		}
	}
	return q.p.Member(f, t, "Item").Type
}

// eachMember stands in the library's table for what foreach yields.
const eachMember = "$each"

// varType is the type of a variable; "var" is inferred.
func (q *query) varType(f *ir.Func, v ir.VarID) ir.Type {
	x := f.Var(v)
	if x.Type != "" && x.Type != "var" {
		return q.canon(f, x.Type)
	}
	if x.Kind == ir.VarThis {
		return q.ownType(q.p.ownerType(f))
	}
	for _, o := range q.open {
		if o.f == f && o.v == v {
			q.cyclic = true
			return ""
		}
	}
	q.open = append(q.open, openVar{f, v})
	t := q.inferVar(f, v)
	q.open = q.open[:len(q.open)-1]
	if len(q.open) == 0 && q.cyclic {
		q.cyclic, q.types, q.calls = false, nil, nil
	}
	return t
}

func (q *query) inferVar(f *ir.Func, v ir.VarID) ir.Type {
	x := f.Var(v)
	if x.Kind == ir.VarCaptured {
		if f.Parent >= 0 && f.Parent < len(f.File.Funcs) {
			if pf := f.File.Funcs[f.Parent]; x.Outer >= 0 && int(x.Outer) < pf.NumVars() {
				return q.varType(pf, x.Outer)
			}
		}
		return ""
	}
	facts := q.p.varFacts(f)
	for _, val := range facts.values[v] {
		t := q.typeOf(f, val)
		if x.Flags&ir.RefLocal != 0 {
			t = q.placeType(f, val)
		}
		if t != "" {
			return t
		}
	}
	if b := facts.out[v]; b.call != nil {
		return q.outType(f, b)
	}
	return ""
}

// outType is the type of the parameter that an "out var" binds.
func (q *query) outType(f *ir.Func, b outBind) ir.Type {
	t := q.callee(f, b.call)
	i := t.Param(b.arg)
	switch {
	case len(t.Funcs) > 0 && i < len(t.Funcs[0].Params):
		fn := t.Funcs[0]
		return q.p.canon(scopeOf(fn), fn.Var(fn.Params[i]).Type)
	case t.Import != nil && i < len(t.Import.Params):
		return q.p.canon(scope{f.File, t.Import.Owner}, t.Import.Params[i].Type)
	}
	if len(t.Members) > 0 {
		if m := models.Overload(t.Members, q.modelArgs(f, b.call.Call)); m != nil && i < len(m.Params) {
			return ir.Type(strings.TrimPrefix(m.Params[i].Type, "out "))
		}
	}
	return ""
}

// modelArgs describes the arguments of a call to the models.
func (q *query) modelArgs(f *ir.Func, c *ir.Call) []models.Arg {
	out := make([]models.Arg, len(c.Args))
	for i := range c.Args {
		out[i] = models.Arg{Name: c.Args[i].Name, Type: string(q.argType(f, &c.Args[i]))}
	}
	return out
}
