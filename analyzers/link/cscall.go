package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// csCallee resolves a call in C# code.
func (q *query) csCallee(f *ir.Func, in *ir.Instr) *Target {
	t := q.csReached(f, in.Call)
	q.bindPointer(t, f, in.Call)
	return t
}

func (q *query) csReached(f *ir.Func, c *ir.Call) *Target {
	switch {
	case c.New:
		return q.construct(f, c)
	case c.Fn != 0:
		return q.callValue(f, c.Fn)
	case c.Recv != 0 || c.RecvAddr != 0:
		t := ir.Type("")
		if c.Recv != 0 {
			t = q.typeOf(f, c.Recv)
		}
		if t == "" && c.RecvAddr != 0 {
			t = q.placeType(f, c.RecvAddr)
		}
		return q.onValue(f, c, t, "")
	}
	if i := strings.LastIndexByte(c.Path, '.'); i > 0 && c.Name != ".ctor" {
		return q.qualified(f, c, strings.TrimPrefix(c.Path[:i], "global::"))
	}
	if c.Name == ".ctor" {
		return q.chained(f, c)
	}
	return q.unqualified(f, c)
}

// take makes the Target of the candidates that were picked.
func (q *query) take(f *ir.Func, cands []candidate, c *ir.Call) *Target {
	t := &Target{Complete: true}
	if len(cands) == 0 {
		return t
	}
	first := &cands[0]
	t.ArgShift = first.shift
	t.Params = paramMap(first, c)
	if first.imp != nil {
		q.p.bindImport(t, first.imp, first.file)
		t.Complete = false
	} else {
		t.Ret = q.p.canon(scope{first.file, first.owner}, first.fn.Ret)
	}
	for _, x := range cands {
		if x.fn != nil {
			t.Funcs = append(t.Funcs, x.fn)
		}
	}
	if len(t.Funcs) > MaxTargets {
		t.Funcs, t.Complete = nil, false
	}
	if len(t.Funcs) > 1 {
		for _, fn := range t.Funcs[1:] {
			if ret := q.p.canon(scopeOf(fn), fn.Ret); ret != t.Ret {
				t.Ret = ""
			}
		}
	}
	t.Ret = bindTypeParam(t.Ret, nil, q.typeArgsOf(f, c))
	return t
}

func (q *query) typeArgsOf(f *ir.Func, c *ir.Call) []ir.Type {
	if len(c.TypeArgs) == 0 {
		return nil
	}
	out := make([]ir.Type, len(c.TypeArgs))
	for i, a := range c.TypeArgs {
		out[i] = q.p.canon(scopeOf(f), a)
	}
	return out
}

// paramMap is Target.Params: nil unless an argument is named.
func paramMap(cand *candidate, c *ir.Call) []int {
	named := false
	for i := range c.Args {
		named = named || c.Args[i].Name != ""
	}
	if !named {
		return nil
	}
	out := make([]int, len(c.Args))
	for i := range c.Args {
		out[i] = i + cand.shift
		if n := c.Args[i].Name; n != "" {
			for j := range cand.params {
				if cand.params[j].Name == n {
					out[i] = j
				}
			}
		}
	}
	return out
}

// construct resolves new T(...).
func (q *query) construct(f *ir.Func, c *ir.Call) *Target {
	typ := q.p.canon(scopeOf(f), c.Type)
	t := &Target{Ret: typ, New: true}
	ut := q.p.unitType(scopeOf(f), typ)
	if ut == nil || isPointer(typ) {
		if ext, _ := q.p.libraryName(typ); ext != "" {
			q.library(t, ext, ".ctor")
		}
		return t
	}
	if ut.Kind == ir.TypeDelegate {
		return t
	}
	q.constructors(t, f, ut, c)
	return t
}

func (q *query) constructors(t *Target, f *ir.Func, ut *Type, c *ir.Call) {
	var cands []candidate
	for _, fn := range ut.Ctors {
		if fn.Flags&ir.Static == 0 {
			cands = append(cands, funcCandidate(fn))
		}
	}
	picked := q.pick(f, cands, c, "")
	t.Complete = len(cands) == 0 || len(picked) > 0
	if len(picked) > 0 {
		got := q.take(f, picked, c)
		t.Funcs, t.Params, t.Complete = got.Funcs, got.Params, got.Complete
	}
	q.self(t, ut, ".ctor")
}

// chained resolves base(...) and this(...) of a constructor.
func (q *query) chained(f *ir.Func, c *ir.Call) *Target {
	own := q.p.ownerType(f)
	if own == nil {
		return &Target{}
	}
	if strings.HasPrefix(c.Path, "this") {
		t := &Target{RecvPath: "this", New: true}
		q.constructors(t, f, own, c)
		return t
	}
	t := &Target{RecvPath: "base", New: true}
	for _, b := range own.state.bases {
		if b.t != nil && b.t.Kind != ir.TypeInterface {
			q.constructors(t, f, b.t, c)
			return t
		}
		if b.t == nil {
			q.library(t, b.ext, ".ctor")
			return t
		}
	}
	return t
}

// unqualified resolves F(...): the types around from the inside out, each with its bases, then the
// types of "using static".
func (q *query) unqualified(f *ir.Func, c *ir.Call) *Target {
	own := q.p.ownerType(f)
	sc := scopeOf(f)
	for t := own; t != nil; t = q.p.outer(f.File, t) {
		if got := q.inOwn(f, c, t, c.Name); got != nil {
			return got
		}
	}
	if us := q.p.cs.usings[f.File]; us != nil {
		for _, s := range q.declaringFirst(us.statics, sc, c.Name) {
			if got := q.onType(f, c, s, sc); got != nil {
				return got
			}
		}
	}
	t := &Target{}
	for o := own; o != nil; o = q.p.outer(f.File, o) {
		if o.Flags&ir.Abstract != 0 {
			if q.dispatch(t, f, o, c.Name, nil, c); len(t.Funcs) > 0 {
				t.Recv, t.RecvPath = ir.Type(o.Name), "this"
				return t
			}
		}
	}
	// An inherited member of a library type that nothing is known of.
	eachBase(own, 0, nil, func(b base) bool {
		if b.ext != "Object" && t.MemberName == "" {
			t.MemberName = b.ext + "." + c.Name
		}
		return false
	})
	return t
}

// declaringFirst puts those of the types named that declare a method of the name in front: others
// only bind to an export of that name when no source is seen.
func (q *query) declaringFirst(types []string, sc scope, name string) []string {
	var first, rest []string
	for _, s := range types {
		if ut, _ := q.p.csType(sc, stripGenerics(s), 0); ut != nil && len(q.p.group(ut, name)) > 0 {
			first = append(first, s)
		} else {
			rest = append(rest, s)
		}
	}
	return append(first, rest...)
}

// inOwn resolves F in type t, which is the type around the call or one outside of that.
func (q *query) inOwn(f *ir.Func, c *ir.Call, t *Type, name string) *Target {
	all := q.p.group(t, name)
	cands := q.pick(f, all, c, "")
	if len(all) > maxNamesakes {
		return &Target{}
	}
	if len(cands) > 0 {
		got := q.take(f, cands, c)
		if fn := cands[0].fn; fn != nil && fn.Flags&ir.Static == 0 {
			got.Recv, got.RecvPath = ir.Type(t.Name), "this"
			q.dispatch(got, f, t, name, cands, c)
		}
		q.self(got, t, name)
		return got
	}
	r, ok := q.p.csMember(f.File, t, name)
	if !ok {
		return nil
	}
	switch r.Kind {
	case Field, Prop:
		if r.Kind == Prop && r.Prop == nil && r.Members == nil {
			return nil
		}
		return q.delegate(f, r.Type)
	case Function:
		if r.Func == nil && r.Owner != "" && len(all) == 0 && r.Owner != "Object" {
			got := &Target{RecvPath: "this", Recv: ir.Type(t.Name), Ret: r.Type}
			q.library(got, q.libraryBase(t, name), name)
			return got
		}
		if len(all) > 0 {
			// No overload takes the arguments as far as they are understood: all may be meant.
			return q.all(f, all, c)
		}
	}
	return nil
}

// all is the answer when overloads exist but none fits.
func (q *query) all(f *ir.Func, cands []candidate, c *ir.Call) *Target {
	if len(cands) > maxNamesakes {
		return &Target{}
	}
	cands = nearest(f.File.Path, cands, func(c candidate) *ir.File { return c.file })
	if len(cands) > MaxTargets {
		return &Target{}
	}
	t := q.take(f, cands, c)
	t.Complete = false
	return t
}

// libraryBase is the library type among the bases of t that has the member.
func (q *query) libraryBase(t *Type, name string) string {
	ext := ""
	eachBase(t, 0, nil, func(b base) bool {
		if _, ok := q.p.libraryMember(b.full, name); ok && ext == "" {
			ext = b.ext
		}
		return ext != ""
	})
	return ext
}

// qualified resolves A.B.F(...): A.B is a value reached by name, or a type.
func (q *query) qualified(f *ir.Func, c *ir.Call, path string) *Target {
	sc, own := scopeOf(f), q.p.ownerType(f)
	switch path {
	case "this":
		t := q.onValue(f, c, q.ownType(own), "this")
		return t
	case "base":
		return q.onBase(f, c, own)
	}
	r := q.p.csName(sc, own, path)
	switch r.Kind {
	case Field, Prop, Const, EnumMember, Global:
		return q.onValue(f, c, q.p.follow(sc, r.Type, r.Rest), path)
	case TypeName, Unknown, Namespace:
		name := path
		if r.Kind == TypeName && r.Type != "" {
			name = string(r.Type)
		} else if r.Kind == Unknown && r.Rest != "" {
			return q.unknownPath(f, c, path)
		}
		if got := q.onType(f, c, name, sc); got != nil {
			return got
		}
		return &Target{}
	case Function:
		// Members of a method group do not exist; the path was misread.
		return &Target{}
	}
	return &Target{}
}

// unknownPath is a path that goes through an unknown static member of a known type (A.B in A.B.F).
func (q *query) unknownPath(f *ir.Func, c *ir.Call, path string) *Target {
	t := &Target{RecvPath: path}
	if q.p.wrapper(t, path, c.Name, len(c.Args)) {
		t.RecvPath = ""
		return t
	}
	t = q.instance(f, c, "")
	t.RecvPath = path
	return t
}

func (q *query) ownType(t *Type) ir.Type {
	if t == nil {
		return ""
	}
	return ir.Type(t.Name)
}

// onType resolves a static call on the type named; nil when nothing is known of that type.
func (q *query) onType(f *ir.Func, c *ir.Call, name string, sc scope) *Target {
	ut, ext := q.p.csType(sc, stripGenerics(name), 0)
	if k, ok := q.p.lib.keyword(name); ok {
		ut, ext = nil, ""
		ext, _ = q.p.lib.typeOfKeyword(k)
	}
	if ut == nil {
		t := &Target{}
		if q.p.wrapper(t, name, c.Name, len(c.Args)) {
			return t
		}
		q.library(t, ext, c.Name)
		if m, _, ok := q.p.lib.member(ext, c.Name); ok {
			t.Ret = instantiate(m.typ, nil, q.typeArgsOf(f, c))
		}
		if t.MemberName != "" && (len(t.Members) > 0 || t.Ret != "" || c.Path != c.Name) {
			return t
		}
		return nil
	}
	cands := q.p.group(ut, c.Name)
	if picked := q.pick(f, cands, c, ""); len(picked) > 0 {
		t := q.take(f, picked, c)
		q.self(t, ut, c.Name)
		return t
	}
	if len(cands) > 0 {
		return q.all(f, cands, c)
	}
	if r, ok := q.p.csMember(f.File, ut, c.Name); ok {
		if r.Kind == Field || r.Kind == Prop {
			return q.delegate(f, r.Type)
		}
		if r.Kind == Function {
			t := &Target{Ret: r.Type}
			q.library(t, q.libraryBase(ut, c.Name), c.Name)
			return t
		}
	}
	t := &Target{}
	if q.p.wrapper(t, ut.Name, c.Name, len(c.Args)) {
		return t
	}
	if c.Path == c.Name {
		return nil
	}
	return t
}

// onBase resolves base.F(...), which is not dispatched.
func (q *query) onBase(f *ir.Func, c *ir.Call, own *Type) *Target {
	if own == nil {
		return &Target{}
	}
	for _, b := range own.state.bases {
		if b.t != nil {
			if picked := q.pick(f, q.p.group(b.t, c.Name), c, ""); len(picked) > 0 {
				t := q.take(f, picked, c)
				t.RecvPath, t.Recv = "base", ir.Type(b.t.Name)
				return t
			}
		}
	}
	t := &Target{RecvPath: "base"}
	eachBase(own, 0, nil, func(b base) bool {
		if _, ok := q.p.libraryMember(b.full, c.Name); ok || t.MemberName == "" {
			q.library(t, b.ext, c.Name)
			t.Recv = b.full
			return ok
		}
		return false
	})
	return t
}

// onValue resolves a call on a value of canonical type typ.
func (q *query) onValue(f *ir.Func, c *ir.Call, typ ir.Type, recvPath string) *Target {
	t := q.instance(f, c, typ)
	if len(t.Funcs) > 0 && t.Funcs[0].Flags&ir.Static != 0 && t.ArgShift == 0 {
		t.Recv = ""
		return t // the value bears the name of its type
	}
	t.RecvPath = recvPath
	if t.Recv == "" {
		t.Recv = typ
	}
	return t
}

func (q *query) instance(f *ir.Func, c *ir.Call, typ ir.Type) *Target {
	sc := scopeOf(f)
	if typ == "" {
		if t := q.extension(f, c, typ); t != nil {
			t.Complete = false
			return t
		}
		t := &Target{}
		if typ, ms := q.p.onlyMember(c.Name); len(ms) > 0 {
			t.MemberName, t.Members = typ+"."+c.Name, ms
			t.Ret = q.p.lib.members[t.MemberName].typ
		}
		return t
	}
	ut := q.p.unitType(sc, typ)
	if ut == nil {
		return q.onLibrary(f, c, typ)
	}
	if ut.Kind == ir.TypeDelegate {
		return q.delegate(f, typ)
	}
	cands := q.p.group(ut, c.Name)
	if picked := q.pick(f, cands, c, ""); len(picked) > 0 {
		t := q.take(f, picked, c)
		_, args, _ := splitType(typ)
		t.Ret = bindTypeParam(t.Ret, typeArgs(args), nil)
		q.dispatch(t, f, ut, c.Name, picked, c)
		q.self(t, ut, c.Name)
		return t
	}
	if r, ok := q.p.csMember(f.File, ut, c.Name); ok {
		switch {
		case r.Kind == Field || r.Kind == Prop:
			return q.delegate(f, r.Type)
		case r.Func == nil && len(cands) == 0:
			t := &Target{Ret: r.Type}
			q.library(t, q.libraryBase(ut, c.Name), c.Name)
			q.dispatch(t, f, ut, c.Name, nil, c)
			return t
		}
	}
	if t := q.extension(f, c, typ); t != nil {
		return t
	}
	if len(cands) > 0 {
		return q.all(f, cands, c)
	}
	t := &Target{}
	q.dispatch(t, f, ut, c.Name, nil, c)
	if len(t.Funcs) > 0 {
		return t
	}
	if m, ok := q.p.lib.members["Object."+c.Name]; ok {
		t.Ret = m.typ
		q.library(t, "Object", c.Name)
	} else if ext := q.firstLibraryBase(ut); ext != "" {
		q.library(t, ext, c.Name)
	}
	return t
}

func (q *query) firstLibraryBase(t *Type) string {
	ext := ""
	eachBase(t, 0, nil, func(b base) bool {
		ext = b.ext
		return true
	})
	return ext
}

// onLibrary resolves a call on a value of a library type.
func (q *query) onLibrary(f *ir.Func, c *ir.Call, typ ir.Type) *Target {
	ext, args := q.p.libraryName(typ)
	t := &Target{}
	if m, owner, ok := q.p.lib.member(ext, c.Name); ok {
		t.Ret = instantiate(m.typ, argsFor(ext, owner, args), q.typeArgsOf(f, c))
		q.library(t, ext, c.Name)
		t.Delegate = c.Name == "Invoke" && q.p.lib.derives(ext, "Delegate")
		return t
	}
	if ret, ok := q.p.delegateRet(typ); ok && (c.Name == "Invoke" || c.Name == "DynamicInvoke") {
		return &Target{Delegate: true, Ret: ret}
	}
	q.library(t, ext, c.Name)
	if len(t.Members) == 0 {
		if x := q.extension(f, c, typ); x != nil {
			return x
		}
	}
	return t
}

// library notes that a member of a library type is called.
func (q *query) library(t *Target, ext, name string) {
	if ext == "" {
		return
	}
	m := q.p.named(ext, name)
	t.MemberName, t.Members = m.typ+"."+name, m.members
}

// self sets Members when the type of the unit is the library type itself.
func (q *query) self(t *Target, ut *Type, name string) {
	short := lastDot(ut.Name)
	if ms := q.p.DB.DotNet(short + "." + name); len(ms) > 0 && ms[0].FullType == ut.Name {
		t.Members, t.MemberName = ms, short+"."+name
	}
}

// dispatch adds the overrides that a virtual call may reach.
func (q *query) dispatch(t *Target, f *ir.Func, ut *Type, name string, picked []candidate, c *ir.Call) {
	var fn *ir.Func
	var want *candidate
	if len(picked) > 0 {
		if fn = picked[0].fn; fn == nil || fn.Flags&ir.Static != 0 {
			return
		}
		want = &picked[0]
	} else if ut.Kind != ir.TypeInterface && ut.Flags&ir.Abstract == 0 {
		return
	}
	if !dispatched(ut, fn) {
		return
	}
	if ofCOM(ut) {
		t.Complete = false
		return
	}
	more, all := q.overrides(f, ut, name, want, c)
	if len(more) == 0 {
		t.Complete = t.Complete && all && len(t.Funcs) > 0
		return
	}
	t.Virtual = true
	funcs := t.Funcs
	if fn != nil && fn.Flags&ir.Abstract != 0 {
		funcs = nil
	}
	for _, x := range more {
		funcs = append(funcs, x.fn)
	}
	t.Complete = all && (fn == nil || t.Complete)
	if len(funcs) > MaxTargets || !all {
		funcs, t.Complete = nil, false
	}
	t.Funcs = funcs
	if t.Ret == "" && len(more) > 0 {
		t.Ret = q.p.canon(scopeOf(more[0].fn), more[0].fn.Ret)
	}
}

// ofCOM tells whether the type is an interface of COM. What it is called on is native code then, as far as is known; who
// implements it in the tree does so for native callers, or to test.
func ofCOM(t *Type) bool {
	return t.Kind == ir.TypeInterface && (t.Attr("ComImport") != nil || t.Attr("GeneratedComInterface") != nil)
}

// extension resolves an extension method of the unit that is in scope: its first parameter takes the receiver. With an unknown receiver the only method of that name is taken.
func (q *query) extension(f *ir.Func, c *ir.Call, recv ir.Type) *Target {
	q.p.Unread.Extensions(c.Name)
	list := q.p.cs.ext[c.Name]
	if len(list) == 0 || len(list) > 256 {
		return nil
	}
	var cands []candidate
	for _, fn := range list {
		if !q.p.Extends(fn, f.File, f.Owner) {
			continue
		}
		cand := funcCandidate(fn)
		cand.shift = 1
		if recv != "" && q.p.fit(scopeOf(f), recv, q.p.canon(scopeOf(fn), cand.params[0].Type)) < 0 {
			continue
		}
		cands = append(cands, cand)
	}
	picked := q.pick(f, cands, c, recv)
	if len(picked) == 0 || recv == "" && len(picked) > 1 {
		return nil
	}
	return q.take(f, picked, c)
}
