package link

import (
	"sort"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// candidate is a method, constructor or import that a call may mean.
type candidate struct {
	fn     *ir.Func
	imp    *ir.Import
	file   *ir.File
	owner  string
	params []ir.Param
	shift  int // 1: the receiver is parameter 0
}

func funcCandidate(fn *ir.Func) candidate {
	c := candidate{fn: fn, file: fn.File, owner: fn.Owner, params: make([]ir.Param, len(fn.Params))}
	for i, id := range fn.Params {
		v := fn.Var(id)
		c.params[i] = ir.Param{Name: v.Name, Type: v.Type, Ref: v.Ref, Flags: v.Flags}
	}
	return c
}

func importCandidate(x in[*ir.Import]) candidate {
	return candidate{imp: x.decl, file: x.file, owner: x.decl.Owner, params: x.decl.Params}
}

// group is all that name means as a method of t and its base types in the unit: a member of a base
// type is left out when a nearer one has the same parameters. When t has no such method, the other
// declarations of its full name are looked at: which program a shared file belongs to is not known.
func (p *Program) group(t *Type, name string) []candidate {
	if g, ok := t.state.groups.Load(name); ok {
		return g.([]candidate)
	}
	g := collectGroup(t, name)
	if len(g) == 0 {
		for _, o := range p.siblings(t) {
			if g = collectGroup(o, name); len(g) > 0 {
				break
			}
		}
	}
	t.state.groups.Store(name, g)
	return g
}

// maxSiblings bounds the search among types of one name; more are "Program" and the like.
const maxSiblings = 32

// siblings are the other C# types with the full name of t, those closest to t first.
func (p *Program) siblings(t *Type) []*Type {
	all := p.cs.types[t.Name]
	if len(all) < 2 || len(all) > maxSiblings || len(t.Files) == 0 {
		return nil
	}
	var out []*Type
	for _, o := range all {
		if o != t && o.Kind == t.Kind && len(o.Files) > 0 {
			out = append(out, o)
		}
	}
	path := t.Files[0].Path
	sort.SliceStable(out, func(i, j int) bool {
		return closeness(path, out[i].Files[0].Path) > closeness(path, out[j].Files[0].Path)
	})
	return out
}

func collectGroup(t *Type, name string) []candidate {
	var out []candidate
	seen := map[string]*Type{}
	eachBase(t, 0, func(b *Type) bool {
		m := b.member(name)
		if m == nil {
			return false
		}
		take := func(c candidate) {
			key := paramKey(c.params)
			if by := seen[key]; by == nil || by == b {
				seen[key] = b
				out = append(out, c)
			}
		}
		for _, fn := range m.methods {
			take(funcCandidate(fn))
		}
		for _, x := range m.imports {
			take(importCandidate(x))
		}
		return false
	}, nil)
	return out
}

func paramKey(params []ir.Param) string {
	var sb strings.Builder
	for _, x := range params {
		sb.WriteString(x.Ref.String())
		sb.WriteByte(' ')
		sb.WriteString(string(x.Type))
		sb.WriteByte(',')
	}
	return sb.String()
}

// pick chooses among the overloads: those that can take the arguments, exact argument counts before
// optional parameters, then those whose parameter types fit the static types best, then those
// closest to the call.
func (q *query) pick(f *ir.Func, cands []candidate, c *ir.Call, recv ir.Type) []candidate {
	if p := q.p; len(cands) > maxNamesakes && p.tooMany(f.File, cands[0].owner+"."+c.Name, len(cands)) {
		return nil
	}
	var best []candidate
	rank := minRank
	for _, cand := range cands {
		n := q.fits(f, &cand, c)
		if n < 0 {
			continue
		}
		score := n*1000 + q.typeScore(f, &cand, c, recv)
		if score > rank {
			best, rank = best[:0], score
		}
		if score == rank && score > minRank {
			best = append(best, cand)
		}
	}
	best = nearest(f.File.Path, best, func(c candidate) *ir.File { return c.file })
	return sameView(f, best)
}

const minRank = -1 << 30

// sameView drops the arms of an #if that exclude the caller's.
func sameView(f *ir.Func, cands []candidate) []candidate {
	if len(cands) < 2 {
		return cands
	}
	view := func(c candidate) uint8 {
		if c.fn != nil {
			return c.fn.View
		}
		return c.imp.View
	}
	var out []candidate
	for _, c := range cands {
		if c.file != f.File {
			return cands
		}
		if view(c) == f.View {
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		return out
	}
	return cands
}

// fits tells whether the arguments can bind the parameters: 2 exactly, 1 with optional parameters or
// a params array, -1 not at all.
func (q *query) fits(f *ir.Func, cand *candidate, c *ir.Call) int {
	params := cand.params[min(cand.shift, len(cand.params)):]
	n, varargs := len(params), false
	if n > 0 && params[n-1].Flags&ir.Params != 0 {
		varargs = true
	}
	if len(c.Args) > n && !varargs {
		return -1
	}
	for i := range c.Args {
		a := &c.Args[i]
		x := bound(params, a, i)
		if x == nil {
			if a.Name != "" || !varargs {
				return -1
			}
			continue
		}
		if !refFits(a.Ref, x.Ref) {
			return -1
		}
	}
	if len(c.Args) == n && !varargs {
		return 2
	}
	if len(c.Args) == n && isArray(q.typeOf(f, c.Args[n-1].Val)) {
		return 2
	}
	return 1
}

// bound is the parameter of argument i, nil if it has none (an element of a params array).
func bound(params []ir.Param, a *ir.Arg, i int) *ir.Param {
	if a.Name != "" {
		for j := range params {
			if params[j].Name == a.Name {
				return &params[j]
			}
		}
		return nil
	}
	if i < len(params) {
		return &params[i]
	}
	return nil
}

func refFits(arg, param ir.RefKind) bool {
	return arg == param || param == ir.ByIn || arg == ir.ByIn && param == ir.ByRef
}

// typeScore compares the static types of the arguments with the parameters, a few points each.
func (q *query) typeScore(f *ir.Func, cand *candidate, c *ir.Call, recv ir.Type) int {
	score := 0
	sc := scope{cand.file, cand.owner}
	if cand.shift == 1 && recv != "" {
		score += q.p.fit(scopeOf(f), recv, q.p.canon(sc, cand.params[0].Type))
	}
	params := cand.params[min(cand.shift, len(cand.params)):]
	for i := range c.Args {
		a := &c.Args[i]
		x := bound(params, a, i)
		if x == nil {
			continue
		}
		t := q.argType(f, a)
		want := q.p.canon(sc, x.Type)
		if t == "" {
			score += q.p.fitLiteral(f.Def(a.Val), want)
			continue
		}
		score += q.p.fit(scopeOf(f), t, want)
	}
	return score
}

// argType is the type of what is passed: of the place for ref and out.
func (q *query) argType(f *ir.Func, a *ir.Arg) ir.Type {
	if a.Ref != ir.ByValue {
		return q.placeType(f, a.Val)
	}
	return q.typeOf(f, a.Val)
}

// Points of typeScore.
const (
	exact     = 12
	subtype   = 6
	unknown   = 3
	converted = 2
	mismatch  = -40
)

// fit scores passing a value of canonical type t to a parameter of canonical type want.
func (p *Program) fit(sc scope, t, want ir.Type) int {
	t, want = ir.Type(strings.TrimSuffix(string(t), "?")), ir.Type(strings.TrimSuffix(string(want), "?"))
	switch {
	case t == want:
		return exact
	case want == "" || t == "" || want == "object" || want == "dynamic":
		return unknown
	case isPointer(t) != isPointer(want), isArray(t) && !isArray(want) && p.arrayCannotBe(want):
		return mismatch
	case isPointer(t):
		if want == "void*" || t == "void*" {
			return converted
		}
		return mismatch
	}
	tb, targs, ts := splitType(t)
	wb, wargs, ws := splitType(want)
	if typeParamName(wb) && wargs == "" {
		return unknown - 1
	}
	tk, tprim := p.lib.keyword(tb)
	wk, wprim := p.lib.keyword(wb)
	switch {
	case ts != ws && !isArray(t) && !isArray(want):
		return mismatch
	case isArray(t) && isArray(want):
		return p.fitElems(sc, deref(t), deref(want))
	case tprim && wprim:
		return fitPrimitive(tk, wk)
	case tb == wb:
		if targs == wargs || targs == "" || wargs == "" {
			return exact
		}
		return unknown
	case p.subtypeOf(sc, t, want):
		return subtype
	case tprim || wprim:
		// An enum or a type with conversions of its own on the other side.
		if tk == "string" || wk == "string" {
			return mismatch
		}
		return -2
	}
	return unknown - 2
}

func (p *Program) fitElems(sc scope, t, want ir.Type) int {
	if n := p.fit(sc, t, want); n == exact || n == subtype || typeParamName(string(want)) {
		return n
	}
	return mismatch
}

// arrayCannotBe tells types that an array does not convert to.
func (p *Program) arrayCannotBe(want ir.Type) bool {
	b, _, suffix := splitType(want)
	_, prim := p.lib.keyword(b)
	return prim && suffix == ""
}

var numericRank = map[string]int{"sbyte": 1, "byte": 1, "short": 2, "ushort": 2, "char": 2, "int": 3, "uint": 3, "IntPtr": 4, "UIntPtr": 4, "long": 5, "ulong": 5, "float": 6, "double": 7, "decimal": 7}

// fitPrimitive scores implicit conversions between primitive types.
func fitPrimitive(t, want string) int {
	a, b := numericRank[t], numericRank[want]
	if a == 0 || b == 0 || t == "IntPtr" || t == "UIntPtr" || want == "IntPtr" || want == "UIntPtr" {
		return mismatch
	}
	if a < b {
		return converted + 2
	}
	return -2 // a constant may still convert
}

// fitLiteral scores an argument without a type: null and default fit references and pointers.
func (p *Program) fitLiteral(def *ir.Instr, want ir.Type) int {
	if def == nil || def.Op != ir.OpConst || def.Const != ir.ConstNull {
		return unknown
	}
	if strings.HasSuffix(string(want), "?") || isPointer(want) || isArray(want) {
		return unknown + 1
	}
	b, _, _ := splitType(want)
	if p.structName(b) {
		return mismatch
	}
	return unknown
}

// subtypeOf tells whether canonical type t is want or derives from it.
func (p *Program) subtypeOf(sc scope, t, want ir.Type) bool {
	wt := p.unitType(sc, want)
	wb, _, _ := splitType(want)
	wext := lastDot(wb)
	if ut := p.unitType(sc, t); ut != nil {
		return eachBase(ut, 0, func(b *Type) bool { return wt != nil && b.Name == wt.Name }, func(b base) bool {
			return wt == nil && p.lib.derives(b.ext, wext)
		})
	}
	name, _ := p.libraryName(t)
	return wt == nil && name != "" && p.lib.derives(name, wext)
}
