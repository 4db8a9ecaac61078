package clower

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// body is the lowering of one function.
type body struct {
	*lowerer
	b *ir.Builder
	f *ir.Func

	locals   []local
	lists    []openList
	labels   map[string]*labelPos
	loops    []loopCtx
	reached  []bool // by block: something jumps there
	switches []*switchCtx
	leaves   []*leaveCtx
	markers  []*marker
	insteads []instead
}

func newBody(l *lowerer, f *ir.Func) *body {
	return &body{lowerer: l, f: f, b: ir.NewBuilder(f)}
}

// params declares the parameters, of new or old style (then their types are in declarations
// between the head and the body of def).
func (b *body) params(list, def nodeID) {
	if list == none {
		return
	}
	for c := b.t.FirstChild(list); c != none; c = b.t.NextSibling(c) {
		switch b.kind(c) {
		case syntax.CVariadicParameter:
			b.f.Flags |= ir.Params
		case syntax.CIdentifier:
			b.addParam(ir.Param{Name: b.name(c), Type: "int"}, c)
		case syntax.CParameterDeclaration:
			p, name := b.param(c)
			if p.Type == "void" && name == none {
				continue
			}
			if t := b.child(c, syntax.FieldCType); name == none && def != none && b.is(t, syntax.CTypeIdentifier) && b.t.FirstChild(c) == t && b.t.NextSibling(t) == none {
				// f(a) { ... }, of old style: what looks like a type is the name.
				p, name = ir.Param{Name: string(p.Type), Type: "int"}, t
			}
			b.addParam(p, name)
		}
	}
	if def == none {
		return
	}
	for c := b.t.FirstChild(def); c != none; c = b.t.NextSibling(c) {
		if b.is(c, syntax.CDeclaration) {
			b.oldParams(c)
		}
	}
}

// oldParams gives the parameters of an old-style definition their types.
func (b *body) oldParams(n nodeID) {
	base := b.typeSpec(b.child(n, syntax.FieldCType), "")
	for c := range b.t.ChildrenIn(n, syntax.FieldCDeclarator) {
		d := b.declare(c, base)
		if d.name == none {
			continue
		}
		if v := b.lookup(b.name(d.name)); v >= 0 && b.locals[v].v != ir.NoVar {
			b.f.Vars[b.locals[v].v].Type = b.decay(d.typ)
		}
	}
}

func (b *body) addParam(p ir.Param, name nodeID) {
	v := b.b.NewVar(ir.Var{Name: p.Name, Type: p.Type, Kind: ir.VarParam, Flags: p.Flags, Span: b.span(name)})
	b.f.Params = append(b.f.Params, v)
	for _, a := range p.Attrs {
		a.Target = p.Name
		b.f.Attrs = append(b.f.Attrs, a)
	}
	if p.Name != "" {
		b.locals = append(b.locals, local{p.Name, v})
	}
}

// lower lowers the compound statement that is the function's body.
func (b *body) lower(n nodeID) {
	if n == none {
		b.b.Finish(b.f.Span)
		return
	}
	b.findLabels(n)
	b.f.Problems += b.countErrors(n)
	b.compound(n)
	b.b.Finish(b.closing(n))
	prune(b.f)
}

// unknown emits an OpUnknown for n: whatever it mentions may be kept or changed.
func (b *body) unknown(n nodeID, why string) ir.Temp {
	s := b.span(n)
	if why != "" {
		b.f.Problems++
		b.problem(s, why)
	}
	var args []ir.Arg
	if n != none {
		args = b.mentioned(n, s)
	}
	in := ir.Instr{Op: ir.OpUnknown, Var: ir.NoVar, Span: s}
	if len(args) > 0 {
		in.Call = &ir.Call{Args: args}
	}
	return b.b.Value(in)
}

// mentioned are the addresses of the locals that the text of n names.
func (b *body) mentioned(n nodeID, s ir.Span) []ir.Arg {
	const maxArgs = 64
	var args []ir.Arg
	var seen []ir.VarID
	for i := range b.t.Subtree(n) {
		switch b.t.Nodes[i].Kind {
		case syntax.CIdentifier, syntax.CTypeIdentifier, syntax.CFieldIdentifier:
		default:
			continue
		}
		at := b.lookup(b.name(i))
		if at < 0 || b.locals[at].v == ir.NoVar {
			continue
		}
		v := b.locals[at].v
		if containsVar(seen, v) {
			continue
		}
		seen = append(seen, v)
		args = append(args, ir.Arg{Val: b.b.VarAddr(v, s), Span: s})
		if len(args) == maxArgs {
			break
		}
	}
	return args
}

func containsVar(list []ir.VarID, v ir.VarID) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// enter guards against nesting that would run out of stack; it must be paired with leave.
func (b *body) enter() bool {
	b.depth++
	return b.depth <= maxDepth
}

func (b *body) leave() { b.depth-- }
