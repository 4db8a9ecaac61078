package lifetime

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Pointers that C keeps after it returned. A pointer that a function keeps is an operation that
// never completes by itself: it uses the storage for as long as the place that holds the pointer
// holds it. So the ends of storage that matter to overlapped operations matter to it as well.

// kept says how a pointer is kept.
type kept struct {
	by    string // the C function that keeps it
	where string // what holds it, as C names it: "g_buffer", "queue.head"; "" when that is not followed
	until string // "", or what a model says: "thread", "callback", "operation"
	open  bool   // whether it is depends on a number or flag that is not known
	place path   // what holds it, as the caller sees it; root noRoot when that is not followed

	reg regID // the same in the function at hand, 0 if not followed
	val value // what lies in reg while the pointer is kept

	hold  *models.Hold // a function of the system uses it, nil for C of the tree
	owner value        // the handle or value that uses it
}

// keepSite remembers in which instruction a C function puts value v into place r.
func (a *fnRun) keepSite(r regID, v value, in *ir.Instr) {
	if a.f.File.Lang != ir.C || !a.eng.border.funcs[a.f] || a.paramOf(v) < 0 {
		return
	}
	if a.keepSites == nil {
		a.keepSites = map[binding]*ir.Instr{}
	}
	a.keepSites[binding{r, v}] = in
}

// paramOf is the parameter that v is, or points into; -1 if it is none.
func (a *fnRun) paramOf(v value) int {
	sym := v.sym
	switch v.k {
	case vAddr:
		g := a.t.regions[a.t.root(v.reg)]
		if g.kind != rPointee {
			return -1
		}
		sym = g.sym
	case vSym:
	default:
		return -1
	}
	if p, ok := a.symPath(sym); ok && p.root == rootParam && p.sel == "" {
		return p.index
	}
	return -1
}

// keepEffects are the pointers from the caller that are still held somewhere when this path ends.
func (a *fnRun) keepEffects(st *state, out []effect) []effect {
	if a.f.File.Lang == ir.C && a.eng.border.funcs[a.f] {
		for _, b := range st.store {
			if e, ok := a.keptIn(st, b); ok {
				out = append(out, e)
			}
		}
	}
	for _, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind == Operation && o.st == stPending && obj.op.keep == nil {
			out = a.startedByC(st, o, obj, out)
		}
		if obj.Kind != Operation || o.st != stPending || obj.op.keep == nil || !a.alive(st, obj) {
			continue
		}
		k := *obj.op.keep
		p, ok := a.valuePath(obj.op.uses[0].v)
		if i := a.paramOf(obj.op.uses[0].v); !ok && i >= 0 {
			p, ok = path{root: rootParam, index: i}, true
		}
		if !ok || p.root != rootParam && p.root != rootThis {
			continue
		}
		if k.reg != 0 {
			if k.place, ok = a.outerPath(st, k.reg, 0); !ok {
				continue
			}
		}
		k.reg, k.val, k.owner = 0, value{}, value{}
		out = append(out, effect{kind: effKeep, path: p, keep: &k, obj: obj, steps: o.steps})
	}
	return out
}

// keptIn tells whether binding b leaves a pointer of the caller in a place that outlives the call.
func (a *fnRun) keptIn(st *state, b binding) (effect, bool) {
	i := a.paramOf(b.v)
	if i < 0 || !pointerType(a.f.Var(a.f.Params[i]).Type) {
		return effect{}, false
	}
	if null, known := st.isNull(b.v); known && null {
		return effect{}, false
	}
	if id := a.objectOf(b.v); id != 0 {
		if o, ok := st.obj(id); ok && o.st == stReleased {
			return effect{}, false // it was freed: another matter
		}
	}
	place, ok := a.outerPath(st, b.reg, 0)
	if !ok || place.root == rootParam && (place.index == i || place.sel == "") {
		return effect{}, false
	}
	in := a.keepSites[b]
	if in == nil || a.inUnknownElem(b.reg) {
		return effect{}, false
	}
	name := a.regionName(b.reg)
	if last := lastWord(name); last == "" || !a.eng.border.readLater(a.f, last) {
		return effect{}, false
	}
	at := "`" + a.f.Var(a.f.Params[i]).Name + "` is stored in `" + name + "`, which keeps it after the return"
	return effect{kind: effKeep, path: path{root: rootParam, index: i}, keep: &kept{by: a.f.Name, where: name, place: place},
		steps: a.step(nil, in, StepStore, at)}, true
}

// bitsOf tells which bits of a parameter symbol s is, for functions at the border and those that end by their arguments; mask is 0 when it
// is none of that.
func (a *fnRun) bitsOf(s symID) (p path, mask int64) {
	y := a.t.symbols[s]
	if y.kind != sMasked || !a.keepsBits {
		return path{}, 0
	}
	p, ok := a.symPath(y.of)
	if !ok || p.root != rootParam || p.sel != "" {
		return path{}, 0
	}
	mask, err := strconv.ParseInt(y.key, 16, 64)
	if err != nil {
		return path{}, 0 // bits that a macro takes out: see models.RoleBits
	}
	return p, mask
}

// pointerType tells whether a C parameter of the type can be a pointer into memory of the caller.
func pointerType(t ir.Type) bool {
	s := string(t)
	return strings.HasSuffix(s, "*") || strings.HasSuffix(s, "]") || s == "" ||
		!strings.HasPrefix(s, "H") && (strings.HasPrefix(s, "LP") || strings.HasPrefix(s, "P"))
}

func lastWord(name string) string {
	name = strings.TrimSuffix(name, "[i]")
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return name
}

// outerPath names a place as the caller sees it, also where it lies in a block that this function
// allocated and then stored outside, or returns.
func (a *fnRun) outerPath(st *state, r regID, depth int) (path, bool) {
	if p, ok := a.regionPath(r); ok {
		return p, p.root == rootGlobal || p.root == rootParam && p.sel != "" || p.root == rootThis
	}
	root := a.t.regions[a.t.root(r)]
	if root.kind != rPointee || depth > 2 {
		return path{}, false
	}
	sel, ok := a.selectors(r)
	if !ok {
		return path{}, false
	}
	holder, found := path{}, false
	if st.hasRet && st.ret.k == vSym && st.ret.sym == root.sym {
		holder, found = path{root: rootResult}, true
	}
	for _, b := range st.store {
		if !found && b.v.k == vSym && b.v.sym == root.sym && b.reg != r {
			holder, found = a.outerPath(st, b.reg, depth+1)
		}
	}
	for _, o := range st.objs {
		if op := a.objects[o.id]; !found && op.Kind == Operation && op.op.keep != nil && o.st == stPending && op.op.uses[0].v == symVal(root.sym) {
			if holder, found = op.op.keep.place, op.op.keep.reg == 0; !found {
				holder, found = a.outerPath(st, op.op.keep.reg, depth+1)
			}
		}
	}
	if !found {
		return path{}, false
	}
	if holder.root == noRoot {
		return holder, true
	}
	holder.sel += "*" + sel
	return holder, holder.depth() <= maxSel
}

// selectors is the way from the outermost region down to r: ".a.b".
func (a *fnRun) selectors(r regID) (string, bool) {
	g := a.t.regions[r]
	switch g.kind {
	case rPointee:
		return "", true
	case rField:
		s, ok := a.selectors(g.parent)
		return s + "." + g.name, ok
	}
	return "", false
}

// alive tells whether the place that keeps the pointer still holds it on this path.
func (a *fnRun) alive(st *state, obj *Object) bool {
	k := obj.op.keep
	if k == nil || k.reg == 0 {
		return true
	}
	if v, ok := st.binding(k.reg); !ok || v != k.val {
		return false
	}
	for r := a.t.root(k.reg); r != 0; {
		g := a.t.regions[r]
		if g.kind != rPointee {
			break
		}
		if id := a.symObj.of(g.sym); id != 0 {
			if o, ok := st.obj(id); ok && o.st == stReleased {
				return false // the structure that kept it is gone
			}
		}
		if y := a.t.symbols[g.sym]; y.kind == sInit {
			r = a.t.root(y.reg)
			continue
		}
		break
	}
	return true
}

// applyKeep: the callee keeps a pointer of ours.
func (a *fnRun) applyKeep(st *state, x *callCtx, f *ir.Func, e *effect, enter *Step, n int16) {
	v, _, ok := a.contentOrAddr(st, x, e.path)
	if null, known := st.isNull(v); !ok || known && null {
		return
	}
	k := *e.keep
	if k.hold != nil && a.mayBeWaitedFor(k.hold) {
		return
	}
	k.open = k.open || x.open
	if f.File.Lang == ir.C && a.f.File.Lang == ir.CSharp {
		if k.hold != nil && k.until != "" {
			return // see keptByModel
		}
		k.by, k.hold = f.Name, nil // as C# knows it
	}
	if k.place.root != noRoot {
		k.reg = a.keptPlace(st, x, k.place)
		if k.reg == 0 && k.place.root != rootResult {
			return
		}
		if k.reg != 0 {
			if k.val, ok = st.binding(k.reg); !ok {
				k.val = symVal(a.fresh(st, x.in, 900+n))
				st.bind(k.reg, k.val)
			}
		}
	}
	steps := appendSteps(enter, e.steps)
	if i := e.path.index; x.tgt.Import != nil && e.path.root == rootParam && i < len(x.tgt.Import.Params) && a.f.File.Lang == ir.CSharp {
		done := a.keptArgument(st, x, i, v, &k, steps)
		if done {
			return
		}
	}
	a.newKeep(st, x.in, v, a.argName(x, e.path.index), k, 200+n+int16(e.path.index)*16, steps)
}

// keptPlace resolves the place that keeps the pointer; what the callee returned counts too.
func (a *fnRun) keptPlace(st *state, x *callCtx, p path) regID {
	if p.root != rootResult {
		return a.place(st, x, p)
	}
	r := a.pointeeOf(st.temp(x.in.Dst))
	if r == 0 || !strings.HasPrefix(p.sel, "*") {
		return 0
	}
	return a.walk(st, r, p.sel[1:])
}

// newKeep makes the operation that stands for a kept pointer.
func (a *fnRun) newKeep(st *state, in *ir.Instr, v value, name string, k kept, role int16, steps *Step) objID {
	op := &opInfo{keep: &k, errorRead: true, tested: true, pendingTested: true, asyncSeen: true, uses: []opUse{{UseBuffer, a.behindFixed(v), name}}}
	op.uses[0].v = a.behindFixed(v)
	steps = appendSteps(a.pinSteps(st, op), steps)
	id := a.newObject(st, in, roleOp+role, 0, Object{Kind: Operation, API: k.by, op: op}, steps)
	a.objects[id].op = op
	st.change(id, func(o *ostate) { o.st = stPending })
	return id
}

// keptArgument: C keeps what the import passes for parameter i. True when nothing more is to be
// followed: the argument is a managed object that only the marshaller pins, or something that is
// no memory.
func (a *fnRun) keptArgument(st *state, x *callCtx, i int, v value, k *kept, steps *Step) bool {
	p := &x.tgt.Import.Params[i]
	switch a.passing(p) {
	case passPointer:
		return false
	case passOther:
		return true
	}
	if p.Ref != ir.ByValue && v.k == vAddr {
		if root := a.t.regions[a.t.root(v.reg)]; root.kind == rVar || root.kind == rStack {
			return a.onHeap(root.v) // a local stays where it is until the function returns
		}
	}
	if a.pinnedElsewhere(st, v) || a.staysInPlace(st, v) || a.pinnedField(v) {
		return true
	}
	span := x.in.Span
	steps = &Step{Prev: steps, File: a.f.File, Span: span, Kind: StepEnd, Text: "back in C#: the marshaller pinned it for this call only"}
	if a.passing(p) == passCopy {
		steps.Text = "back in C#: the marshaller frees the copy that it made for this call"
	}
	a.emit(Event{Kind: NativeKeeps, How: AtCall, Use: UseBuffer, Span: span, API: k.by, Field: a.argName(x, i), Where: k.where, Until: k.until, Unsure: k.open,
		Import: x.tgt.Import, Steps: a.withBranches(steps, st.path, span.Start)})
	return true
}

// How an import passes an argument.
type passKind uint8

const (
	passPointer passKind = iota // the pointer or number itself
	passPinned                  // the address of managed memory, pinned for the call
	passCopy                    // the address of a copy that lives for the call
	passOther                   // a handle, a delegate, something else
)

// passing tells how the marshaller passes an argument for the parameter.
func (a *fnRun) passing(p *ir.Param) passKind {
	t := string(p.Type)
	d := a.prog.TypeDecl(a.f, p.Type)
	switch short := shortName(p.Type); {
	case d != nil && (d.Kind == ir.TypeDelegate || d.IsSafeHandle || d.Kind == ir.TypeInterface):
		return passOther
	case a.ownerTypeOf(p.Type) && !strings.HasSuffix(t, "[]") && short != "string" && short != "String" && d == nil:
		return passOther
	case p.Ref != ir.ByValue:
		return passPinned
	case short == "string" || short == "String" || short == "StringBuilder":
		return passCopy
	case strings.HasSuffix(t, "[]"):
		elem := a.prog.TypeDecl(a.f, ir.Type(strings.TrimSuffix(t, "[]")))
		if s := shortName(ir.Type(strings.TrimSuffix(t, "[]"))); s == "string" || s == "bool" || elem != nil && elem.Kind == ir.TypeClass {
			return passCopy
		}
		return passPinned
	case hasPrefix(t, "Span<"), hasPrefix(t, "ReadOnlySpan<"), hasPrefix(t, "Memory<"):
		return passPinned
	case d != nil && d.Kind == ir.TypeClass:
		return passPinned
	}
	return passPointer
}

// keptByModel: the model of a native function says that it keeps parameter i of this call, until
// something other than its return.
func (a *fnRun) keptByModel(states []*state, x *callCtx, fn *models.Func) {
	if len(fn.Retained) == 0 || a.f.File.Lang != ir.C || !a.eng.border.funcs[a.f] {
		return
	}
	site := a.site(x.in)
	for _, st := range states {
		failed := slices.ContainsFunc(st.objs, func(o ostate) bool { return o.st == stFailed && a.objects[o.id].site == site })
		if !failed {
			a.keptArgs(st, x, fn)
		}
	}
}

func (a *fnRun) keptArgs(st *state, x *callCtx, fn *models.Func) {
	for n, r := range fn.Retained {
		v, ok := x.arg(st, r.Param)
		if !ok || !pointerKept(r.Until) {
			continue
		}
		k := kept{by: a.f.Name, until: r.Until}
		step := a.step(nil, x.in, StepStart, "goes to "+fn.Name+", which keeps it until its "+r.Until+" is done")
		if a.paramOf(v) >= 0 {
			a.newKeep(st, x.in, v, a.argName(x, r.Param), k, 300+int16(n), step)
		}
		if reg := a.pointeeOf(v); reg != 0 {
			for m, b := range st.bindings() {
				if a.t.within(b.reg, reg) && a.paramOf(b.v) >= 0 {
					a.newKeep(st, x.in, b.v, a.regionName(b.reg), k, 320+int16(n*32+m%32), step)
				}
			}
		}
	}
}

// keptDone: after a wait, or a call that may be the one that ends it, nothing is known to be kept.
func (a *fnRun) keptDone(st *state) {
	for i, o := range st.objs {
		if obj := a.objects[o.id]; obj.Kind == Operation && obj.op.keep != nil {
			st.objs[i].st = stDone
		}
	}
}

// keptBehind: the structure that s points to goes; what it kept is kept no longer.
func (a *fnRun) keptBehind(st *state, s symID) {
	for i, o := range st.objs {
		obj := a.objects[o.id]
		if obj.Kind != Operation || obj.op.keep == nil || obj.op.keep.reg == 0 {
			continue
		}
		if g := a.t.regions[a.t.root(obj.op.keep.reg)]; g.kind == rPointee && g.sym == s {
			st.objs[i].st = stDone
		}
	}
}

// keepEvent reports that storage whose address C keeps ends. In C itself that is not looked at.
func (a *fnRun) keepEvent(st *state, o ostate, u opUse, how How, end ir.Span, local bool) {
	obj := a.objects[o.id]
	if a.f.File.Lang == ir.C {
		return
	}
	k := obj.op.keep
	what := map[How]string{
		AtReturn: "the method returns, which ends the storage", AtThrow: "an exception leaves the method, which ends the storage",
		AtScope: "the storage ends here", AtUnfix: "the fixed block ends here", AtUnpin: "the pin is released here",
		AtDispose: "the pin is disposed here", AtFree: "freed here", AtPool: "goes back to the pool here",
	}[how]
	steps := a.withBranches(&Step{Prev: o.steps, File: a.f.File, Span: end, Kind: StepEnd, Text: "back in C#: " + what}, st.path, obj.Span.Start)
	a.emit(Event{Kind: NativeKeeps, How: how, Use: UseBuffer, Span: obj.Span, End: end, Obj: a.useObject(u), Op: obj, API: k.by, Field: u.name,
		Where: k.where, Until: k.until, Local: local, Unsure: k.open, Steps: steps})
}
