package link

import (
	"strconv"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// part is one declaration of a type with the members that it declares.
type part struct {
	name    string
	decl    *ir.TypeDecl // nil when members name a type that the file does not declare
	file    *ir.File
	funcs   []*ir.Func
	fields  []*ir.Field
	props   []*ir.Prop
	imports []*ir.Import
	consts  []*ir.Constant
}

// fileParts sorts the members of a file to the types that declare them. Types of one name in one
// file (generic and not, both arms of an #if) are told apart by the position of the member.
func fileParts(f *ir.File) []*part {
	var parts []*part
	byName := map[string][]*part{}
	for _, d := range f.Types {
		pt := &part{name: d.Name, decl: d, file: f}
		parts = append(parts, pt)
		byName[d.Name] = append(byName[d.Name], pt)
	}
	of := func(owner string, at ir.Span) *part {
		ps := byName[owner]
		switch {
		case len(ps) == 1:
			return ps[0]
		case len(ps) == 0:
			pt := &part{name: owner, file: f}
			parts = append(parts, pt)
			byName[owner] = []*part{pt}
			return pt
		}
		for _, pt := range ps {
			if pt.decl != nil && pt.decl.Span.Contains(at) {
				return pt
			}
		}
		return ps[0]
	}
	for _, fn := range f.Funcs {
		if fn.Owner != "" {
			pt := of(fn.Owner, fn.Span)
			pt.funcs = append(pt.funcs, fn)
		}
	}
	for _, x := range f.Fields {
		if x.Owner != "" {
			pt := of(x.Owner, x.Span)
			pt.fields = append(pt.fields, x)
		}
	}
	for _, x := range f.Props {
		if x.Owner != "" {
			pt := of(x.Owner, x.Span)
			pt.props = append(pt.props, x)
		}
	}
	for _, x := range f.Imports {
		if x.Owner != "" {
			pt := of(x.Owner, x.Span)
			pt.imports = append(pt.imports, x)
		}
	}
	for _, x := range f.Consts {
		if x.Owner != "" {
			pt := of(x.Owner, x.Span)
			pt.consts = append(pt.consts, x)
		}
	}
	return parts
}

func (pt *part) partial() bool { return pt.decl == nil || pt.decl.Flags&ir.Partial != 0 }

func (pt *part) arity() int {
	if pt.decl == nil {
		return 0
	}
	return pt.decl.TypeParams
}

// keys are the members that two parts of one partial type cannot both declare.
func (pt *part) keys() []string {
	var out []string
	for _, x := range pt.fields {
		out = append(out, x.Name)
	}
	for _, x := range pt.props {
		out = append(out, x.Name)
	}
	for _, fn := range pt.funcs {
		switch fn.Kind {
		case ir.FuncPlain, ir.FuncCtor, ir.FuncStaticCtor, ir.FuncFinalizer, ir.FuncOperator:
			if fn.Flags&(ir.Partial|ir.Generated) == 0 {
				out = append(out, signature(fn))
			}
		}
	}
	return out
}

func signature(fn *ir.Func) string {
	var sb strings.Builder
	sb.WriteString(fn.Name)
	sb.WriteByte('(')
	for _, v := range fn.Params {
		sb.WriteString(string(fn.Var(v).Type))
		sb.WriteString(strconv.Itoa(int(fn.Var(v).Ref)))
		sb.WriteByte(',')
	}
	return sb.String()
}

// cluster is a type under construction.
type cluster struct {
	parts   []*part
	partial bool
	keys    map[string]bool // nil until two folders meet
}

func (c *cluster) has(pt *part) bool {
	if c.keys == nil {
		c.keys = map[string]bool{}
		for _, q := range c.parts {
			for _, k := range q.keys() {
				c.keys[k] = true
			}
		}
	}
	for _, k := range pt.keys() {
		if c.keys[k] {
			return true
		}
	}
	return false
}

func (c *cluster) add(pt *part) {
	c.parts = append(c.parts, pt)
	if c.keys != nil {
		for _, k := range pt.keys() {
			c.keys[k] = true
		}
	}
}

// clusters groups the parts of one full name into types: partial parts belong together unless they
// lie in different folders and declare the same member (two programs of one repository).
func clusters(parts []*part) []*cluster {
	var out []*cluster
	for _, pt := range parts {
		var best *cluster
		rank := -1
		if pt.partial() && pt.file.Lang == ir.CSharp {
			for _, c := range out {
				if !c.partial || c.parts[0].arity() != pt.arity() {
					continue
				}
				near := 0
				for _, q := range c.parts {
					near = max(near, closeness(pt.file.Path, q.file.Path))
				}
				sameFolder := near >= closeness(pt.file.Path, folder(pt.file.Path)+"\x00")
				if near > rank && (sameFolder || !c.has(pt)) {
					best, rank = c, near
				}
			}
		}
		if best == nil {
			best = &cluster{partial: pt.partial()}
			out = append(out, best)
		}
		best.add(pt)
	}
	return out
}

// typeState is the private half of a Type.
type typeState struct {
	parts   []*part
	arity   int
	bases   []base
	derived []*Type

	once    sync.Once
	members []memberAt // sorted
	setsMu  sync.Mutex
	sets    map[string]*memberSet // of names that were asked for

	groups sync.Map // name -> []candidate: methods of that name, base types included

	readonlyOnce sync.Once
	readonly     map[string]initStore // static fields by name
	written      sync.Map             // name -> bool, see neverWritten
}

// base is one entry of a base list: a type of the unit or a library type.
type base struct {
	t    *Type
	ext  string  // short name when t is nil
	full ir.Type // canonical, with type arguments
}

// buildTypes makes the types of both languages.
func (p *Program) buildTypes(infos []*fileInfo) {
	type group struct {
		name  string
		parts []*part
	}
	for _, lang := range []ir.Lang{ir.CSharp, ir.C} {
		var groups []*group
		at := map[string]*group{}
		for i, f := range p.Files {
			if f.Lang != lang {
				continue
			}
			for _, pt := range infos[i].parts {
				if lang == ir.CSharp && pt.partial() {
					p.Unread.Types(lastDot(pt.name), parentName(pt.name))
				}
				g := at[pt.name]
				if g == nil {
					g = &group{name: pt.name}
					at[pt.name] = g
					groups = append(groups, g)
				}
				g.parts = append(g.parts, pt)
			}
		}
		made := make([][]*Type, len(groups))
		parallel(len(groups), func(i int) {
			for _, c := range clusters(groups[i].parts) {
				made[i] = append(made[i], p.newType(lang, groups[i].name, c.parts))
			}
		})
		index := make(map[string][]*Type, len(groups))
		var all []*Type
		for i, g := range groups {
			index[g.name] = made[i]
			all = append(all, made[i]...)
		}
		if lang == ir.CSharp {
			p.cs.types, p.cs.all = index, all
		} else {
			p.c.types = index
		}
	}
}

func (p *Program) newType(lang ir.Lang, name string, parts []*part) *Type {
	t := &Type{Name: name, Lang: lang}
	t.state.parts, t.state.arity = parts, parts[0].arity()
	for i, pt := range parts {
		if pt.decl != nil {
			if len(t.Parts) == 0 {
				t.Kind = pt.decl.Kind
			}
			t.Parts = append(t.Parts, pt.decl)
			t.Files = append(t.Files, pt.file)
			t.Flags |= pt.decl.Flags
		} else if i == 0 && len(parts) == 1 {
			t.Files = append(t.Files, pt.file)
		}
		t.Fields = append(t.Fields, pt.fields...)
		t.Props = append(t.Props, pt.props...)
		t.Imports = append(t.Imports, pt.imports...)
		t.Consts = append(t.Consts, pt.consts...)
		for _, fn := range pt.funcs {
			if owner := p.info[pt.file].owner; fn.Index >= 0 && fn.Index < len(owner) {
				owner[fn.Index] = t
			}
			if fn.Kind != ir.FuncLambda && fn.Kind != ir.FuncLocal {
				t.addMethod(fn)
			}
		}
	}
	return t
}

func (t *Type) addMethod(fn *ir.Func) {
	t.Methods = append(t.Methods, fn)
	switch {
	case fn.Kind == ir.FuncInit:
		t.Inits = append(t.Inits, fn)
	case fn.Kind == ir.FuncCtor:
		t.Ctors = append(t.Ctors, fn)
	case fn.Kind == ir.FuncFinalizer:
		if t.Finalizer == nil {
			t.Finalizer = fn
		}
	case fn.Kind == ir.FuncPlain && isDisposeName(fn):
		t.Dispose = append(t.Dispose, fn)
	}
}

// isDisposeName tells whether the function has the shape of the dispose pattern of the language.
func isDisposeName(fn *ir.Func) bool {
	if fn.Flags&ir.Static != 0 {
		return false
	}
	name := lastDot(fn.Name) // explicit implementations are named "IDisposable.Dispose"
	switch len(fn.Params) {
	case 0:
		return name == "Dispose" || name == "Close" || name == "DisposeAsync" || name == "DisposeAsyncCore"
	case 1:
		return name == "Dispose" && fn.Var(fn.Params[0]).Type == "bool"
	}
	return false
}

// nearestType picks the declaration closest to path; those with the wanted number of type
// parameters (-1: any) come first, and those that declare something before empty ones.
func nearestType(path string, ts []*Type, arity int) *Type {
	if len(ts) == 0 {
		return nil
	}
	if len(ts) == 1 {
		return ts[0]
	}
	var best *Type
	rank := -1
	for _, t := range ts {
		n := 0
		for _, f := range t.Files {
			n = max(n, closeness(path, f.Path))
		}
		n *= 2
		if len(t.Fields)+len(t.Methods)+len(t.Consts)+len(t.Imports) > 0 {
			n++
			if t.Lang == ir.C {
				n += 1 << 22
			}
		}
		if arity >= 0 && t.state.arity == arity {
			n += 1 << 23
		}
		if n > rank {
			best, rank = t, n
		}
	}
	return best
}
