package link

import (
	"slices"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// callbackIndex holds which C# methods reach which places of the C code.
type callbackIndex struct {
	once    sync.Once
	targets map[callbackPlace][]*ir.Func
}

// callbackPlace is where C code keeps a function pointer: a parameter of a function, or a global
// variable or member by name.
type callbackPlace struct {
	fn    *ir.Func // nil for a global or member
	param int
	name  string // "g" or "Struct.member"
}

// CallbackTargets returns the C# methods that a call through a function pointer in C code may reach:
// those that C# passes as a delegate, a function pointer or Marshal.GetFunctionPointerForDelegate to
// an import that binds a C function, as far as the pointer is that function's parameter, was handed on
// as an argument to other C functions, or was kept in a global variable or a struct member of that
// name. At most MaxTargets, in order of file and position; nil when there are more, or none. Target of
// the call stays as it is: other functions of C may be called through the same place. The first call
// resolves all C# calls.
func (p *Program) CallbackTargets(f *ir.Func, in *ir.Instr) []*ir.Func {
	if f == nil || in == nil || in.Call == nil || in.Call.Fn == 0 || f.File.Lang != ir.C {
		return nil
	}
	p.callbacks.once.Do(p.indexCallbacks)
	if len(p.callbacks.targets) == 0 {
		return nil
	}
	place, ok := p.placeOf(f, in.Call.Fn, 0)
	if !ok {
		return nil
	}
	if fns := p.callbacks.targets[place]; len(fns) <= MaxTargets {
		return fns
	}
	return nil
}

// passed is a C# method given to a parameter of a C function.
type passed struct {
	method *ir.Func
	place  callbackPlace
}

func (p *Program) indexCallbacks() {
	p.callbacks.targets = map[callbackPlace][]*ir.Func{}
	if len(p.c.funcs) == 0 {
		return
	}
	per := make([][]passed, len(p.Files))
	parallel(len(p.Files), func(i int) {
		if p.Files[i].Lang != ir.CSharp {
			return
		}
		for _, f := range p.Files[i].Funcs {
			per[i] = append(per[i], p.passedBy(f)...)
		}
	})
	for _, list := range per {
		for _, x := range list {
			p.spread(x.place, x.method)
		}
	}
}

// passedBy lists the methods that a C# function passes to bound imports.
func (p *Program) passedBy(f *ir.Func) (out []passed) {
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			if in.Op != ir.OpCall || len(in.Call.Args) == 0 || in.Call.New {
				continue
			}
			t := p.Callee(f, in)
			if t.Bound == nil {
				continue
			}
			for i := range in.Call.Args {
				m := p.methodOf(f, in.Call.Args[i].Val, 0)
				if m == nil {
					continue
				}
				for _, fn := range t.Bound.Funcs {
					if n := t.Param(i); n < len(fn.Params) {
						out = append(out, passed{m, callbackPlace{fn: fn, param: n}})
					}
				}
			}
		}
	}
	return out
}

// methodOf is the C# method that a delegate or function pointer stands for, nil if that is not seen.
func (p *Program) methodOf(f *ir.Func, t ir.Temp, depth int) *ir.Func {
	d := f.Def(t)
	if d == nil || depth > maxDepth {
		return nil
	}
	switch d.Op {
	case ir.OpLambda:
		return p.closure(f, t, 0)
	case ir.OpCast:
		return p.methodOf(f, d.A, depth+1)
	case ir.OpName: // &Method
		return p.methodNamed(f, d.Name, depth)
	case ir.OpCall:
		if n := len(d.Call.Args); d.Call.New && n == 1 {
			return p.methodOf(f, d.Call.Args[0].Val, depth+1)
		} else if role, i := p.DB.AnyRole(d.Call.Name); role == models.RoleFunctionPointer && i < n {
			return p.methodOf(f, d.Call.Args[i].Val, depth+1)
		}
	case ir.OpLoad:
		if v := addressed(f, d.A); v != ir.NoVar {
			if facts := p.varFacts(f); facts.stores[v] == 1 && len(facts.values[v]) == 1 {
				return p.methodOf(f, facts.values[v][0], depth+1)
			}
			return nil
		}
		if a := f.Def(d.A); a != nil && a.Op == ir.OpName {
			return p.methodNamed(f, a.Name, depth)
		}
	}
	return nil
}

// methodNamed is the method of that name, or the one that the field of that name holds.
func (p *Program) methodNamed(f *ir.Func, name string, depth int) *ir.Func {
	r := p.csName(scopeOf(f), p.ownerType(f), name)
	switch {
	case r.Rest != "":
		return nil
	case r.Kind == Function && r.Func != nil && r.Func.File.Lang == ir.CSharp:
		return r.Func
	case r.Kind != Field || r.Field == nil || !p.holdsCode(f, r.Type):
		return nil
	}
	var only *ir.Func
	for _, u := range p.FieldUses(r.Field.Owner, r.Field.Name) {
		if u.Kind != UseStore || u.At.Op != ir.OpStore {
			continue
		}
		if d := u.Func.Def(u.At.B); d != nil && d.Op == ir.OpConst {
			continue
		}
		m := p.methodOf(u.Func, u.At.B, depth+1)
		if m == nil || only != nil && only != m {
			return nil
		}
		only = m
	}
	return only
}

// holdsCode tells whether values of a type can be delegates or function pointers.
func (p *Program) holdsCode(f *ir.Func, t ir.Type) bool {
	if t == "IntPtr" || t == "nint" || strings.HasPrefix(string(t), "delegate*") || t == "void*" {
		return true
	}
	if ut := p.unitType(scopeOf(f), t); ut != nil {
		return ut.Kind == ir.TypeDelegate
	}
	ext, _ := p.libraryName(t)
	return p.lib.derives(ext, "Delegate")
}

// spread notes that a method reaches a place, and all places that the C code hands it on to.
func (p *Program) spread(at callbackPlace, m *ir.Func) {
	queue := []callbackPlace{at}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if slices.Contains(p.callbacks.targets[at], m) || len(p.callbacks.targets[at]) > MaxTargets {
			continue
		}
		p.callbacks.targets[at] = append(p.callbacks.targets[at], m)
		if at.fn != nil {
			queue = append(queue, p.handedOn(at)...)
		}
	}
}

// handedOn lists where a C function puts its parameter: arguments of calls, globals and members.
func (p *Program) handedOn(at callbackPlace) (out []callbackPlace) {
	f := at.fn
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			switch in.Op {
			case ir.OpStore:
				if src, ok := p.placeOf(f, in.B, 0); ok && src == at {
					if dst, ok := p.cPlace(f, in.A); ok {
						out = append(out, dst)
					}
				}
			case ir.OpCall:
				for i := range in.Call.Args {
					src, ok := p.placeOf(f, in.Call.Args[i].Val, 0)
					if !ok || src != at {
						continue
					}
					for _, fn := range p.Callee(f, in).Funcs {
						if i < len(fn.Params) {
							out = append(out, callbackPlace{fn: fn, param: i})
						}
					}
				}
			}
		}
	}
	return out
}

// placeOf is where a C value was loaded from; local variables that are written once are followed.
func (p *Program) placeOf(f *ir.Func, t ir.Temp, depth int) (callbackPlace, bool) {
	d := f.Def(t)
	if d == nil || depth > maxDepth {
		return callbackPlace{}, false
	}
	switch d.Op {
	case ir.OpCast:
		return p.placeOf(f, d.A, depth+1)
	case ir.OpLoad:
		v := addressed(f, d.A)
		if v == ir.NoVar {
			return p.cPlace(f, d.A)
		}
		if i := slices.Index(f.Params, v); i >= 0 {
			return callbackPlace{fn: f, param: i}, true
		}
		if facts := p.varFacts(f); facts.stores[v] == 1 && len(facts.values[v]) == 1 {
			return p.placeOf(f, facts.values[v][0], depth+1)
		}
	}
	return callbackPlace{}, false
}

// cPlace is the global variable or struct member at an address.
func (p *Program) cPlace(f *ir.Func, addr ir.Temp) (callbackPlace, bool) {
	d := f.Def(addr)
	if d == nil {
		return callbackPlace{}, false
	}
	switch d.Op {
	case ir.OpName:
		if r := p.cName(f.File, d.Name); r.Kind == Global {
			return callbackPlace{name: r.Path}, true
		}
	case ir.OpField, ir.OpMember:
		r := p.cMember(f.File, p.TypeOfPlace(f, d.A), d.Name)
		if r.Kind == Field && r.Owner != "" {
			return callbackPlace{name: r.Owner + "." + d.Name}, true
		}
	}
	return callbackPlace{}, false
}
