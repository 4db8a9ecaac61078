package link

import (
	"slices"
	"sort"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/project"
)

// csIndex holds the C# side of the unit.
type csIndex struct {
	types     map[string][]*Type // by full name
	all       []*Type            // by name of first appearance
	tails     map[string][]string
	globals   []globalUsing              // of all files, in their order
	globalsIn map[*project.CS][]ir.Using // those that hold in files of such projects; nil: of none that is known
	ext       map[string][]*ir.Func
	usings    map[*ir.File]*usingSet
	spaces    map[string]bool // namespaces: prefixes of types, and what usings name
}

// usingSet is what the using directives of a file bring into scope, global ones included.
type usingSet struct {
	namespaces []string
	statics    []string
	aliases    map[string]ir.Type
}

// scope is a place in C# code: a file and the full name of the type around it.
type scope struct {
	file  *ir.File
	owner string
}

func scopeOf(f *ir.Func) scope { return scope{f.File, f.Owner} }

// typeKey asks what a written type name means; typeAnswer is the memo of it.
type typeKey struct {
	owner, name string
	arity       int
}

type typeAnswer struct {
	t   *Type
	ext string
}

// buildCS indexes names and computes the inheritance graph.
func (p *Program) buildCS() {
	c := &p.cs
	c.tails, c.spaces = map[string][]string{}, map[string]bool{}
	for _, t := range c.all {
		for ns := parentName(t.Name); ns != "" && !c.spaces[ns]; ns = parentName(ns) {
			c.spaces[ns] = true
		}
		tail := lastDot(t.Name)
		if names := c.tails[tail]; len(names) == 0 || names[len(names)-1] != t.Name {
			c.tails[tail] = append(names, t.Name)
		}
	}
	for _, names := range c.tails {
		sort.Strings(names)
	}
	p.findGlobals()
	p.tellGlobals()
	c.usings = make(map[*ir.File]*usingSet, len(p.Files))
	sets := make([]*usingSet, len(p.Files))
	parallel(len(sets), func(i int) {
		if f := p.Files[i]; f.Lang == ir.CSharp {
			sets[i] = newUsingSet(f, p.globalsOf(f))
		}
	})
	for i, f := range p.Files {
		if f.Lang == ir.CSharp {
			c.usings[f] = sets[i]
			for _, ns := range c.usings[f].namespaces {
				for ; ns != "" && !c.spaces[ns]; ns = parentName(ns) {
					c.spaces[ns] = true
				}
			}
		}
	}
	for _, ns := range p.Unread.Spaces() {
		for ; ns != "" && !c.spaces[ns]; ns = parentName(ns) {
			c.spaces[ns] = true
		}
	}
	parallel(len(c.all), func(i int) { p.resolveBases(c.all[i]) })
	for _, t := range c.all {
		for _, b := range t.state.bases {
			if b.t != nil && b.t != t {
				b.t.state.derived = append(b.t.state.derived, t)
			}
		}
	}
	parallel(len(c.all), func(i int) { p.classify(c.all[i]) })
	c.ext = map[string][]*ir.Func{}
	for _, t := range c.all {
		if t.Flags&ir.Static == 0 || t.Kind != ir.TypeClass {
			continue
		}
		for _, fn := range t.Methods {
			if fn.Kind == ir.FuncPlain && fn.Flags&ir.Extension != 0 && len(fn.Params) > 0 {
				c.ext[fn.Name] = append(c.ext[fn.Name], fn)
			}
		}
	}
}

func newUsingSet(f *ir.File, globals []ir.Using) *usingSet {
	s := &usingSet{}
	alias := func(name string, t ir.Type) {
		if s.aliases == nil {
			s.aliases = map[string]ir.Type{}
		}
		if _, ok := s.aliases[name]; !ok {
			s.aliases[name] = t
		}
	}
	add := func(u ir.Using) {
		switch {
		case u.Alias != "":
			alias(u.Alias, ir.Type(u.Name))
		case u.Static:
			s.statics = append(s.statics, stripGenerics(u.Name))
		default:
			s.namespaces = append(s.namespaces, u.Name)
		}
	}
	for _, u := range f.Usings {
		add(u)
	}
	for _, t := range f.Typedefs {
		alias(t.Name, t.Type)
	}
	for _, u := range globals {
		add(u)
	}
	s.namespaces, s.statics = slices.Clip(slices.Clone(s.namespaces)), slices.Clip(slices.Clone(s.statics))
	return s
}

// resolveBases finds what the base lists of t name. Inherited nested types are not searched here:
// that would need the answer.
func (p *Program) resolveBases(t *Type) {
	seen := map[string]bool{}
	for i, d := range t.Parts {
		sc := scope{t.Files[i], parentName(t.Name)}
		for _, w := range d.Bases {
			name, args, _ := splitType(w)
			arity := len(typeArgs(args))
			bt := p.findType(sc, stripGenerics(name), arity, false)
			b := base{t: bt, full: w}
			key := ""
			if bt != nil {
				key = bt.Name
				b.full = ir.Type(bt.Name + args)
			} else {
				b.ext = lastDot(stripGenerics(name))
				key = b.ext
				b.full = ir.Type(b.ext + args)
			}
			if bt == t || seen[key] {
				continue
			}
			seen[key] = true
			t.state.bases = append(t.state.bases, b)
			t.Bases = append(t.Bases, key)
		}
	}
}

// maxDepth bounds walks up the base types, which broken code can make cyclic.
const maxDepth = 24

// eachBase calls do for t and its base types in the unit, nearest first, until it returns true.
// ext is called for the library types among the bases.
func eachBase(t *Type, depth int, do func(*Type) bool, ext func(b base) bool) bool {
	if t == nil || depth > maxDepth {
		return false
	}
	if do != nil && do(t) {
		return true
	}
	for i := range t.state.bases {
		b := t.state.bases[i]
		if b.t != nil {
			if eachBase(b.t, depth+1, do, ext) {
				return true
			}
		} else if ext != nil && ext(b) {
			return true
		}
	}
	return false
}

// EachBase calls do for t and its base types in the unit, nearest first.
func EachBase(t *Type, do func(*Type)) {
	eachBase(t, 0, func(b *Type) bool {
		do(b)
		return false
	}, nil)
}

// classify sets IsSafeHandle and Disposable.
func (p *Program) classify(t *Type) {
	eachBase(t, 0, func(b *Type) bool {
		if info := p.DB.DotNetType(b.Name); info != nil && strings.Contains(info.FullName, ".") && info.FullName == b.Name {
			t.IsSafeHandle = t.IsSafeHandle || info.SafeHandle
			t.Disposable = t.Disposable || info.Disposable
		}
		return false
	}, func(b base) bool {
		if p.lib.derives(b.ext, "SafeHandle") || p.lib.derives(b.ext, "CriticalHandle") {
			t.IsSafeHandle = true
		}
		if p.lib.derives(b.ext, "IDisposable") || p.lib.derives(b.ext, "IAsyncDisposable") {
			t.Disposable = true
		}
		if info := p.DB.DotNetType(b.ext); info != nil {
			t.IsSafeHandle = t.IsSafeHandle || info.SafeHandle
			t.Disposable = t.Disposable || info.Disposable
		}
		return false
	})
	t.Disposable = t.Disposable || t.IsSafeHandle
}

// csType resolves a written type name without type arguments: the type of the unit, or nil and the
// short name under which the library would know it.
func (p *Program) csType(sc scope, name string, arity int) (*Type, string) {
	fi := p.info[sc.file]
	key := typeKey{sc.owner, name, arity}
	if fi != nil {
		fi.mu.Lock()
		a, ok := fi.types[key]
		fi.mu.Unlock()
		if ok {
			return a.t, a.ext
		}
	}
	a := typeAnswer{t: p.findType(sc, name, arity, true)}
	if a.t == nil {
		a.ext = lastDot(p.expandAlias(sc.file, name))
	}
	if fi != nil {
		fi.mu.Lock()
		fi.types[key] = a
		fi.mu.Unlock()
	}
	return a.t, a.ext
}

// expandAlias replaces the first segment of name if it is an alias in file.
func (p *Program) expandAlias(file *ir.File, name string) string {
	name = strings.TrimPrefix(name, "global::")
	us := p.cs.usings[file]
	if us == nil || len(us.aliases) == 0 {
		return name
	}
	first, rest, _ := strings.Cut(name, ".")
	if to, ok := us.aliases[first]; ok {
		b, _, _ := splitType(to)
		return join(stripGenerics(b), rest)
	}
	return name
}

// findType looks a type name up the way C# does: outwards through types and namespaces, then the
// usings, then as a full name, and at last by a suffix that only one full name has.
func (p *Program) findType(sc scope, name string, arity int, inherited bool) *Type {
	if name == "" || sc.file == nil {
		return nil
	}
	path := sc.file.Path
	long := p.expandAlias(sc.file, name)
	asked := p.askTypes(sc, long, inherited)
	if long != name {
		if t := nearestType(path, p.cs.types[long], arity); t != nil {
			return t
		}
		name = long
	}
	if len(p.cs.tails[lastDot(name)]) == 0 && !p.Unread.Declares(lastDot(name)) {
		return nil // no type of the unit is called so
	}
	for pre := sc.owner; ; pre = parentName(pre) {
		if t := nearestType(path, p.cs.types[join(pre, name)], arity); t != nil {
			return t
		}
		if pre == "" {
			break
		}
		if inherited {
			if t := p.nestedInBases(path, pre, name, arity); t != nil {
				return t
			}
		}
	}
	// Two usings may both have the name when the unit holds several programs: the closest is meant.
	var found []*Type
	if us := p.cs.usings[sc.file]; us != nil {
		for _, list := range [2][]string{us.namespaces, us.statics} {
			for _, ns := range list {
				found = append(found, p.cs.types[join(ns, name)]...)
			}
		}
	}
	if t := nearestType(path, found, arity); t != nil {
		return t
	}
	if asked {
		return nil // it will be found there
	}
	p.Unread.TypesAnywhere(lastDot(name))
	return p.bySuffix(path, name, arity)
}

// askTypes asks for the files that are not read and may declare what name means in sc. It tells whether there are any.
func (p *Program) askTypes(sc scope, name string, inherited bool) bool {
	if !p.Unread.Declares(lastDot(name)) {
		return false
	}
	var in []string
	qualifier := parentName(name)
	add := func(space string) { in = append(in, join(space, qualifier)) }
	for pre := sc.owner; ; pre = parentName(pre) {
		add(pre)
		if pre == "" {
			break
		}
		if inherited {
			eachBase(nearestType(sc.file.Path, p.cs.types[pre], -1), 0, func(b *Type) bool {
				add(b.Name)
				return false
			}, nil)
		}
	}
	if us := p.cs.usings[sc.file]; us != nil {
		for _, list := range [2][]string{us.namespaces, us.statics} {
			for _, ns := range list {
				add(ns)
			}
		}
	}
	return p.Unread.Types(lastDot(name), in...)
}

// nestedInBases looks for a nested type that the type named owner inherits.
func (p *Program) nestedInBases(path, owner, name string, arity int) (found *Type) {
	ot := nearestType(path, p.cs.types[owner], -1)
	eachBase(ot, 0, func(b *Type) bool {
		found = nearestType(path, p.cs.types[join(b.Name, name)], arity)
		return found != nil
	}, nil)
	return found
}

// bySuffix finds the only type of the unit whose full name ends in name. A name that the library
// has too is not taken: the using directive that decides would have been seen. Nor is that of a namespace, as in System.IO.Path.
func (p *Program) bySuffix(path, name string, arity int) *Type {
	names := p.cs.tails[lastDot(name)]
	if len(names) == 0 || len(names) > 64 {
		return nil
	}
	if !strings.Contains(name, ".") && (p.DB.DotNetType(name) != nil || p.lib.hasType(name) || p.isNamespace(name)) {
		return nil
	}
	hit := ""
	for _, n := range names {
		if strings.HasSuffix(n, "."+name) {
			if hit != "" {
				return nil
			}
			hit = n
		}
	}
	return nearestType(path, p.cs.types[hit], arity)
}

// canon gives a written C# type its canonical form; see Program.TypeOf.
func (p *Program) canon(sc scope, t ir.Type) ir.Type {
	if t == "" || t == "var" {
		return ""
	}
	name, args, suffix := splitType(t)
	if name == "" || name[0] == '(' || strings.HasPrefix(name, "delegate*") {
		return t
	}
	if k, ok := p.lib.keyword(name); ok {
		return ir.Type(k + suffix)
	}
	if args != "" {
		list := typeArgs(args)
		for i := range list {
			list[i] = p.canon(sc, list[i])
		}
		args = joinArgs(list)
	} else if us := p.cs.usings[sc.file]; us != nil {
		if to, ok := us.aliases[name]; ok && string(to) != name {
			if _, targs, _ := splitType(to); targs != "" || isPointer(to) || isArray(to) {
				return p.canon(scope{sc.file, ""}, to) + ir.Type(suffix)
			}
		}
	}
	ut, ext := p.csType(sc, stripGenerics(name), len(typeArgs(args)))
	if ut != nil {
		return ir.Type(ut.Name + args + suffix)
	}
	if k, ok := p.lib.keyword(ext); ok && args == "" {
		ext = k
	} else if full := p.expandAlias(sc.file, stripGenerics(name)); full != ext {
		if other, _ := p.csType(sc, ext, len(typeArgs(args))); other != nil {
			ext = full // the short name means a type of the unit here
		}
	}
	return ir.Type(ext + args + suffix)
}

func joinArgs(list []ir.Type) string {
	var sb strings.Builder
	for i, a := range list {
		sb.WriteByte("<,"[min(i, 1)])
		sb.WriteString(string(a))
	}
	sb.WriteByte('>')
	return sb.String()
}

// unitType returns the type of the unit that a type in canonical or written form names: "?", one
// level of pointer and type arguments are ignored.
func (p *Program) unitType(sc scope, t ir.Type) *Type {
	name, args, suffix := splitType(t)
	if name == "" || name[0] == '(' || strings.ContainsAny(suffix, "[") || strings.Count(suffix, "*") > 1 {
		return nil
	}
	ut, _ := p.csType(sc, stripGenerics(name), len(typeArgs(args)))
	return ut
}

// extName is the short name of a library type given in canonical or written form.
func (p *Program) extName(sc scope, t ir.Type) string {
	name, _, suffix := splitType(t)
	switch {
	case strings.Contains(suffix, "["):
		return "Array"
	case name == "":
		return ""
	}
	if k, ok := p.lib.keyword(name); ok {
		n, _ := p.lib.typeOfKeyword(k)
		return n
	}
	return lastDot(stripGenerics(p.expandAlias(sc.file, name)))
}
