package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// cFuncs returns the definitions of a function that a call in file from reaches: of the same file,
// else one that other files can see (not static, or in a header), the closest ones.
func (p *Program) cFuncs(from *ir.File, name string, in *ir.Func) []*ir.Func {
	all := p.c.funcs[name]
	if len(all) == 0 {
		return nil
	}
	var own, other []*ir.Func
	for _, fn := range all {
		switch {
		case fn.File == from:
			own = append(own, fn)
		case fn.Flags&ir.Static == 0 || isHeader(fn.File) || p.visible(from, fn.File):
			other = append(other, fn)
		}
	}
	if len(own) > 0 {
		return ofView(own, in)
	}
	if len(other) == 0 {
		return nil
	}
	return nearest(from.Path, other, fileOfFunc)
}

// ofView keeps the definitions of the caller's view of the file, all if there is none.
func ofView(fns []*ir.Func, caller *ir.Func) []*ir.Func {
	if caller == nil || len(fns) < 2 {
		return fns
	}
	var out []*ir.Func
	for _, fn := range fns {
		if fn.View == caller.View {
			out = append(out, fn)
		}
	}
	if len(out) > 0 {
		return out
	}
	return fns
}

// cCallee resolves a call in C code.
func (q *query) cCallee(f *ir.Func, in *ir.Instr) *Target {
	c := in.Call
	if c.Fn != 0 {
		return q.cPointer(f, c)
	}
	name := c.Path
	if name == "" {
		name = c.Name
	}
	return q.p.cCall(f, c, name, 0)
}

// cCall resolves a call by name: a macro that is visible, a definition, a macro that is another
// name, and at last the models.
func (p *Program) cCall(f *ir.Func, c *ir.Call, name string, depth int) *Target {
	from := f.File
	insideMacro := p.c.isMacro[f] && f.Name == name
	if !insideMacro {
		if t := p.macroCall(f, c, name); t != nil {
			return t
		}
		if to := p.nameMacro(from, name); to != "" && depth < maxDepth {
			return p.cCall(f, c, to, depth+1)
		}
	}
	if fns := p.fitArgs(p.cFuncs(from, name, f), c); len(fns) > 0 {
		t := &Target{Funcs: fns, Complete: true, Ret: fns[0].Ret}
		if len(fns) > MaxTargets {
			t.Funcs, t.Complete = nil, false
		}
		p.forwards(t, name)
		return t
	}
	t := &Target{NativeName: name, Native: p.DB.Func(name)}
	if protos := prefer(p, from, p.c.protos[name], fileIn); len(protos) > 0 {
		t.Ret = protos[0].decl.Ret
		return t
	}
	if t.Native == nil {
		t.Opaque = true
		return t
	}
	if s := t.Native.Sig; s != nil && s.Return.Name != "" {
		t.Ret = ir.Type(s.Return.Name + strings.Repeat("*", s.Return.PtrDepth))
	}
	return t
}

// macroCall resolves the call of a function-like macro that the file can see (or the only one of
// that name when nothing else is called so).
func (p *Program) macroCall(f *ir.Func, c *ir.Call, name string) *Target {
	ms := prefer(p, f.File, p.c.macros[name], fileIn)
	if len(ms) == 0 {
		return nil
	}
	if !p.visible(f.File, ms[0].file) && (len(p.c.funcs[name]) > 0 || p.DB.Func(name) != nil) {
		return nil
	}
	t := &Target{Complete: true}
	for _, m := range ms {
		fn := macroFunc(m.file, m.decl)
		if fn == nil || len(fn.Params) != len(c.Args) && fn.Flags&ir.Params == 0 {
			t.Complete = false
			continue
		}
		t.Funcs = append(t.Funcs, fn)
	}
	if len(t.Funcs) == 0 || len(t.Funcs) > MaxTargets {
		return &Target{Opaque: true}
	}
	t.Ret = t.Funcs[0].Ret
	p.forwards(t, name)
	return t
}

// nameMacro follows "#define F G": the name that name stands for in from, "" if none. A macro of a
// file that from does not include counts only when nothing else bears the name.
func (p *Program) nameMacro(from *ir.File, name string) string {
	cs := prefer(p, from, p.c.consts[name], fileIn)
	if len(cs) == 0 {
		return ""
	}
	if !p.visible(from, cs[0].file) && (len(p.c.funcs[name]) > 0 || p.DB.Func(name) != nil) {
		return ""
	}
	for _, c := range cs {
		if to := aliasOf(c.decl); to != "" && to != name {
			return to
		}
	}
	return ""
}

// fitArgs drops definitions with another number of parameters, unless that would drop all.
func (p *Program) fitArgs(fns []*ir.Func, c *ir.Call) []*ir.Func {
	if len(fns) < 2 || c == nil {
		return fns
	}
	var out []*ir.Func
	for _, fn := range fns {
		n := len(fn.Params)
		if n == len(c.Args) || n > 0 && fn.Vars[fn.Params[n-1]].Flags&ir.Params != 0 || fn.Flags&ir.Params != 0 && len(c.Args) >= n {
			out = append(out, fn)
		}
	}
	if len(out) > 0 {
		return out
	}
	return fns
}

// forwards sets Native for a macro or inline definition that bears the name of an API function and
// does nothing but call that: the definition adds nothing that the model does not say.
func (p *Program) forwards(t *Target, name string) {
	if len(t.Funcs) != 1 {
		return
	}
	fn := t.Funcs[0]
	if !p.c.isMacro[fn] && fn.Flags&ir.Static == 0 {
		return
	}
	model := p.DB.Func(name)
	if model == nil {
		return
	}
	var only *ir.Call
	for bi := range fn.Blocks {
		for ii := range fn.Blocks[bi].Instrs {
			if in := &fn.Blocks[bi].Instrs[ii]; in.Op == ir.OpCall {
				if only != nil {
					return
				}
				only = in.Call
			}
		}
	}
	if only == nil || only.Fn != 0 || len(only.Args) != len(fn.Params) {
		return
	}
	if callee := p.DB.Func(only.Name); callee != nil && callee.Family == model.Family {
		t.NativeName, t.Native = name, model
	}
}

// cPointer resolves a call through a function pointer: its type may name an API function (LPFN_X),
// and the static type of the pointer tells the result.
func (q *query) cPointer(f *ir.Func, c *ir.Call) *Target {
	t := &Target{Delegate: true}
	if d := f.Def(c.Fn); d != nil && d.Op == ir.OpConst && d.Const == ir.ConstFunc {
		got := q.p.cCall(f, c, d.Name, 0)
		return got
	}
	typ := q.typeOf(f, c.Fn)
	base, _, _ := splitType(typ)
	if base == "" {
		return t
	}
	if m := q.p.DB.Func(base); m != nil {
		t.NativeName, t.Native = m.Family, m
	}
	if tds := prefer(q.p, f.File, q.p.c.typedefs[base], fileIn); len(tds) > 0 && tds[0].decl.Func {
		t.Ret = tds[0].decl.Ret
	}
	return t
}
