package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// What a C function puts into a member of a struct that it is given a pointer to belongs to whom the struct belongs. Where
// that is the caller, a variable of it or a block that it made, the caller owns what lies there, as long as nobody else
// was given the address of the struct.

// memberEffects are the objects that the function leaves in members of such structs. They come after the stores to the structs
// as a whole.
func (a *fnRun) memberEffects(st *state, out []effect) []effect {
	for _, o := range st.objs {
		if p, ok := a.leftIn(st, o); ok {
			out = append(out, effect{kind: effAcquire, path: p, obj: a.objects[o.id], steps: o.steps})
		}
	}
	return out
}

// leftIn is the member of such a struct that the function leaves o in, if it does.
func (a *fnRun) leftIn(st *state, o ostate) (path, bool) {
	p, ok := a.placed(st, o)
	return p, ok && !a.linksAlike(o.stored)
}

// placed is the member of such a struct that holds o, if one does.
func (a *fnRun) placed(st *state, o ostate) (path, bool) {
	if a.f.File.Lang != ir.C || o.st != stOwned || o.stored == 0 {
		return path{}, false
	}
	obj := a.objects[o.id]
	if b, ok := st.binding(o.stored); !ok || b != symVal(obj.sym) || obj.Kind != Handle && obj.Kind != Memory {
		return path{}, false
	}
	p, ok := a.regionPath(o.stored)
	return p, ok && p.inStruct()
}

// linksAlike tells whether the member r points to a struct like the one it lies in: which element of a list it is in the end, the
// member does not tell.
func (a *fnRun) linksAlike(r regID) bool {
	field, owner, _ := a.fieldOf(r)
	ref := a.prog.Member(a.f, ir.Type(owner), field)
	if ref.Field == nil {
		return false
	}
	d := a.prog.TypeDecl(a.f, ir.Type(strings.TrimRight(string(ref.Field.Type), "*")))
	return d != nil && d == a.prog.TypeDecl(a.f, ir.Type(owner))
}

// inStruct tells whether p is a member of the struct that a parameter points to.
func (p path) inStruct() bool {
	return p.root == rootParam && strings.HasPrefix(p.sel, "*.") && !strings.Contains(p.sel[1:], "*")
}

// ownsStruct tells whether the struct in which r lies is this function's own after the outcome o of a call.
func (a *fnRun) ownsStruct(st *state, r regID, p path, o *outcome) bool {
	if a.f.File.Lang != ir.C || a.t.regions[r].kind != rField || slices.Contains(st.exposed, a.t.root(r)) || !a.isLocal(st, r) && !a.inPrivate(st, r) {
		return false
	}
	return !slices.ContainsFunc(o.effects, func(e effect) bool {
		return (e.kind == effEscape || e.kind == effKeep || e.kind == effExpose) && e.path.root == rootParam && e.path.index == p.index && (e.path.sel == "" || e.path.covers(p))
	})
}

// exposedEffects are the structs of the caller that somebody else has the address of.
func (a *fnRun) exposedEffects(st *state, out []effect) []effect {
	for _, r := range st.exposed {
		if g := a.t.regions[r]; g.kind == rPointee {
			if i := a.paramOf(symVal(g.sym)); i >= 0 {
				out = append(out, effect{kind: effExpose, path: path{root: rootParam, index: i}})
			}
		}
	}
	return out
}

// exposes: somebody else has the address of what lies at root, from now on.
func (a *fnRun) exposes(st *state, root regID) {
	if a.f.File.Lang == ir.C && root != 0 && !slices.Contains(st.exposed, root) {
		st.exposed = append(slices.Clip(st.exposed), root)
	}
}
