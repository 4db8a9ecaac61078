package link

import (
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Name tells what the dotted name of an OpName (or of a constant expression) means in f. C#: the
// first segment that is a value is resolved and the segments after it are left in Rest.
func (p *Program) Name(f *ir.Func, dotted string) Ref {
	if f == nil || f.File == nil {
		return Ref{}
	}
	if f.File.Lang == ir.C {
		return p.cName(f.File, dotted)
	}
	return p.csName(scopeOf(f), p.ownerType(f), dotted)
}

// Member tells what the member name of an object of static type t is; pointers are followed. C#:
// members of base types, and of library types as far as they are known, are found.
func (p *Program) Member(f *ir.Func, t ir.Type, name string) Ref {
	switch {
	case f == nil || f.File == nil || t == "":
		return Ref{}
	case f.File.Lang == ir.C:
		return p.cMember(f.File, t, name)
	}
	return p.csMemberOf(scopeOf(f), t, name)
}

// IsStruct tells whether values of type t hold their members themselves. C#: a value type of the
// unit or of the library, a primitive, an enum, a tuple or a pointer. C: a struct or union.
func (p *Program) IsStruct(f *ir.Func, t ir.Type) bool {
	if f == nil || f.File == nil || t == "" {
		return false
	}
	if f.File.Lang == ir.C {
		t = p.cUnder(f.File, t)
		_, _, suffix := splitType(t)
		st := p.cType(f.File, t)
		if suffix != "" {
			return false
		}
		if st == nil {
			return p.modelStruct(string(t))
		}
		return st.Kind == ir.TypeStruct || st.Kind == ir.TypeUnion
	}
	return p.csStruct(scopeOf(f), t)
}

func (p *Program) csStruct(sc scope, t ir.Type) bool {
	base, _, _ := splitType(t)
	switch {
	case isPointer(t), base == "":
		return isPointer(t)
	case isArray(t):
		return false
	case base[0] == '(':
		return true
	}
	if ut := p.unitType(sc, ir.Type(base)); ut != nil {
		switch ut.Kind {
		case ir.TypeStruct, ir.TypeEnum, ir.TypeRecordStruct, ir.TypeUnion:
			return true
		}
		return false
	}
	return p.structName(string(p.canon(sc, ir.Type(base))))
}

// modelStruct tells whether the models know a native struct of that name.
func (p *Program) modelStruct(name string) bool { return p.DB.Struct(name) != nil }

// Underlying follows C typedefs (below pointers too: "PFOO" is "FOO*", then "_FOO*") and C#
// aliases, as far as the unit declares them. An enum stays the enum.
func (p *Program) Underlying(f *ir.Func, t ir.Type) ir.Type {
	if f == nil || f.File == nil || t == "" {
		return t
	}
	if f.File.Lang == ir.C {
		return p.cUnder(f.File, t)
	}
	return p.canon(scopeOf(f), t)
}

// TypeDecl returns the declaration of t in the unit, nil if there is none. "?", one level of
// pointer and type arguments are ignored; an array has none.
func (p *Program) TypeDecl(f *ir.Func, t ir.Type) *Type {
	if f == nil || f.File == nil || t == "" {
		return nil
	}
	if f.File.Lang == ir.C {
		return p.cType(f.File, t)
	}
	return p.unitType(scopeOf(f), t)
}

// OwnerType is the type that declares f (for lambdas and local functions: the type around them),
// nil for C functions and top-level code.
func (p *Program) OwnerType(f *ir.Func) *Type {
	if f == nil {
		return nil
	}
	return p.ownerType(f)
}

// Types returns all types of the unit: C# types by first appearance.
func (p *Program) Types() []*Type { return p.cs.all }

// Derived returns the types of the unit whose base lists name t.
func (t *Type) Derived() []*Type { return t.state.derived }

// Attr is the first attribute of that name, without "Attribute", on any part of the type; nil if there is none.
func (t *Type) Attr(name string) *ir.Attr {
	for _, part := range t.Parts {
		if a := ir.Find(part.Attrs, name); a != nil {
			return a
		}
	}
	return nil
}

// IsMacro tells whether f is the body of a function-like C macro.
func (p *Program) IsMacro(f *ir.Func) bool { return p.c.isMacro[f] }

// modules are the system libraries that the models know exports of, and those of the table.
func (p *Program) modules() map[string]bool {
	p.modulesOnce.Do(func() {
		p.moduleSet = map[string]bool{}
		for _, m := range p.lib.modules {
			p.moduleSet[m] = true
		}
		for _, n := range p.DB.NativeNames() {
			if fn := p.DB.Func(n); fn != nil && fn.DLL != "" {
				p.moduleSet[fn.DLL] = true
			}
		}
	})
	return p.moduleSet
}

type lazyState struct {
	bindings    sync.Map // *ir.Import -> *NativeBinding
	importsOnce sync.Once
	importsOf   map[*ir.Func][]ImportRef
	callbacks   callbackIndex
	crowdOnce   sync.Once
	crowds      Crowds
	suppressed  suppressedIndex
	found       foundFields
	libHeaders  sync.Map // *project.Library -> []uint64: the headers its sources include, as bits by file index

	importFilesOnce sync.Once
	importFiles     map[*ir.Import]*ir.File

	modulesOnce sync.Once
	moduleSet   map[string]bool

	memberNames sync.Map // "Type.Member" as called -> memberName

	onlyOnce sync.Once
	only     map[string]string // member name -> the library type that alone has it
}

// IsNumber tells whether t is a primitive number of C#, IntPtr and UIntPtr excepted.
func (p *Program) IsNumber(t ir.Type) bool {
	base, _, suffix := splitType(t)
	k, ok := p.lib.keyword(base)
	return ok && suffix == "" && numericRank[k] > 0 && k != "IntPtr" && k != "UIntPtr"
}
