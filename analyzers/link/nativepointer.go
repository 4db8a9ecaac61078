package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// bindPointer sets the C side of a call through a delegate or function pointer that C# took from a
// library: its value was looked up by a name (NativeLibrary.GetExport, GetProcAddress), or the
// delegate type bears the name of a C function of the unit.
func (q *query) bindPointer(t *Target, f *ir.Func, c *ir.Call) {
	if !t.Delegate || len(t.Funcs) > 0 || t.Bound != nil || len(q.p.c.funcs) == 0 {
		return
	}
	typ := ir.Type("")
	name := ""
	switch {
	case c.Fn != 0:
		typ = q.typeOf(f, c.Fn)
		name = q.p.lookedUp(f, c.Fn, 0)
	case c.Recv != 0:
		typ = q.typeOf(f, c.Recv)
		name = q.p.lookedUp(f, c.Recv, 0)
	case c.Path != "":
		path := c.Path
		if c.Name == "Invoke" {
			path = strings.TrimSuffix(path, ".Invoke")
		}
		if r := q.p.csName(scopeOf(f), q.p.ownerType(f), path); r.Field != nil && r.Rest == "" {
			typ, name = r.Type, q.p.lookedUpFor(r.Field, 0)
		}
	}
	why := "the export that the code looks up by that name"
	if name == "" {
		name, why = q.p.delegateNamed(f, typ), "the C function that the delegate type is named after"
	}
	if name == "" || q.p.isExport(name) {
		return
	}
	b := q.p.byName(name, nil, f.File)
	if b == nil || b.Confidence == Low || b.Func != nil && len(b.Func.Params) != len(c.Args) {
		return
	}
	b.Why = why
	t.Bound, t.CFunc, t.NativeName = b, b.Func, name
}

// delegateNamed is the short name of a delegate type of the unit, if a C function bears it and has as
// many parameters; "" otherwise.
func (p *Program) delegateNamed(f *ir.Func, typ ir.Type) string {
	ut := p.unitType(scopeOf(f), typ)
	if ut == nil || ut.Kind != ir.TypeDelegate || len(ut.Parts) == 0 {
		return ""
	}
	short := lastDot(ut.Name)
	for _, name := range []string{short, strings.TrimSuffix(short, "Delegate"), strings.TrimSuffix(short, "_t")} {
		if fns := p.exported(name); len(name) >= 6 && len(fns) > 0 && len(fns[0].Params) == len(ut.Parts[0].Params) {
			return name
		}
	}
	return ""
}

// lookedUp is the name by which the native function that t points to was looked up, "" if that is not
// seen. Variables and fields that are written once, casts, delegates made of pointers, and helpers
// that are given the name are followed.
func (p *Program) lookedUp(f *ir.Func, t ir.Temp, depth int) string {
	d := f.Def(t)
	if d == nil || depth > maxDepth {
		return ""
	}
	switch d.Op {
	case ir.OpCast:
		return p.lookedUp(f, d.A, depth+1)
	case ir.OpCall:
		return p.lookedUpBy(f, d.Call, depth)
	case ir.OpLoad:
		if v := addressed(f, d.A); v != ir.NoVar {
			return p.lookedUpIn(f, v, depth)
		}
		if a := f.Def(d.A); a != nil && a.Op == ir.OpName {
			if r := p.csName(scopeOf(f), p.ownerType(f), a.Name); r.Field != nil && r.Rest == "" {
				return p.lookedUpFor(r.Field, depth+1)
			}
		}
	}
	return ""
}

func (p *Program) lookedUpIn(f *ir.Func, v ir.VarID, depth int) string {
	facts := p.varFacts(f)
	if facts.stores[v] != 1 {
		return ""
	}
	if out := facts.out[v]; out.call != nil { // TryGetExport(lib, "name", out p)
		return p.lookedUpBy(f, out.call.Call, depth)
	}
	if len(facts.values[v]) == 1 {
		return p.lookedUp(f, facts.values[v][0], depth+1)
	}
	return ""
}

// lookedUpFor follows the only value that a field is given, constants apart.
func (p *Program) lookedUpFor(field *ir.Field, depth int) string {
	if !p.mayBeLookedUp(field.Name) {
		return ""
	}
	name := ""
	for _, u := range p.FieldUses(field.Owner, field.Name) {
		switch u.Kind {
		case UseAddr:
			return ""
		case UseStore:
			if u.At.Op != ir.OpStore {
				return ""
			}
			if d := u.Func.Def(u.At.B); d != nil && d.Op == ir.OpConst {
				continue
			}
			got := p.lookedUp(u.Func, u.At.B, depth+1)
			if got == "" || name != "" && name != got {
				return ""
			}
			name = got
		}
	}
	return name
}

func (p *Program) lookedUpBy(f *ir.Func, c *ir.Call, depth int) string {
	if c == nil || depth > maxDepth {
		return ""
	}
	if role, i := p.DB.AnyRole(c.Name); i >= 0 && i < len(c.Args) {
		switch role {
		case models.RoleExport:
			return stringOf(f, c.Args[i].Val)
		case models.RoleDelegate:
			return p.lookedUp(f, c.Args[i].Val, depth+1)
		}
	}
	// A helper of the same type, which hands the name on: Load<T>("name").
	body := p.helper(f, c)
	if body == nil {
		return ""
	}
	for i := range c.Args {
		if s := stringOf(f, c.Args[i].Val); s != "" && i < len(body.Params) && p.looksUp(body, body.Params[i], depth) {
			return s
		}
	}
	return ""
}

// helper is the method of the types around f that c calls, if there is one of that name.
func (p *Program) helper(f *ir.Func, c *ir.Call) *ir.Func {
	if c.Fn != 0 || c.Recv != 0 || c.New {
		return nil
	}
	r := p.csName(scopeOf(f), p.ownerType(f), c.Path)
	if r.Kind != Function || r.Func == nil || r.Func.File.Lang != ir.CSharp {
		return nil
	}
	return r.Func
}

// looksUp tells whether a function passes its parameter v on as the name of an export.
func (p *Program) looksUp(f *ir.Func, v ir.VarID, depth int) bool {
	if depth > maxDepth {
		return false
	}
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			if in.Op != ir.OpCall {
				continue
			}
			for i := range in.Call.Args {
				d := f.Def(in.Call.Args[i].Val)
				if d == nil || d.Op != ir.OpLoad || addressed(f, d.A) != v {
					continue
				}
				if role, at := p.DB.AnyRole(in.Call.Name); role == models.RoleExport && at == i {
					return true
				}
				if body := p.helper(f, in.Call); body != nil && body != f && i < len(body.Params) && p.looksUp(body, body.Params[i], depth+4) {
					return true
				}
			}
		}
	}
	return false
}

// stringOf is the string that t is a literal of, or nameof of; "" otherwise.
func stringOf(f *ir.Func, t ir.Temp) string {
	if d := f.Def(t); d != nil && d.Op == ir.OpConst && d.Const == ir.ConstString {
		return d.Name
	}
	return ""
}
