package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// What a callee does to operations: those that it starts, completes and cancels.

func (a *fnRun) applyCompletion(st *state, x *callCtx, e *effect, enter *Step) {
	v, _, ok := a.contentOrAddr(st, x, e.path)
	if !ok {
		return
	}
	found := false
	for _, o := range slices.Clone(st.objs) {
		obj := a.objects[o.id]
		if obj.Kind != Operation || o.st != stPending || !sameStorage(obj.op.ov, v) {
			continue
		}
		found = true
		if e.kind == effComplete {
			o.st = stDone
		} else {
			o.cancelled = true
		}
		st.setObj(o)
	}
	if p, ok := a.valuePath(v); ok && !found {
		if e.kind == effComplete {
			st.ovDone = append(slices.Clip(st.ovDone), p)
		} else {
			st.ovCancelled = append(slices.Clip(st.ovCancelled), p)
		}
	}
}

// contentOrAddr resolves the path of an OVERLAPPED: operations name it by its address.
func (a *fnRun) contentOrAddr(st *state, x *callCtx, p path) (value, regID, bool) {
	if p.sel == "" {
		return a.content(st, x, p)
	}
	if r := a.place(st, x, p); r != 0 {
		if c := p.sel[len(p.sel)-1]; c == '*' || c == '&' || p.lastField() != "" {
			return addrVal(r), r, true
		}
		return a.load(st, r), r, true
	}
	return value{}, 0, false
}

// applyStart: the callee left an operation pending on storage of ours.
func (a *fnRun) applyStart(st *state, x *callCtx, e *effect, enter *Step, n int16) {
	if x.tgt.Import != nil && e.op.ov.root == rootGlobal {
		return // an OVERLAPPED of the C side: the buffers count as kept
	}
	v, _, ok := a.contentOrAddr(st, x, e.op.ov)
	if !ok {
		return
	}
	op := &opInfo{ov: v, uses: []opUse{{UseOverlapped, v, ""}}}
	for _, p := range e.op.bufs {
		if b, _, ok := a.contentOrAddr(st, x, p); ok {
			op.uses = append(op.uses, opUse{UseBuffer, b, ""})
		}
	}
	op.handle, _, _ = a.content(st, x, e.op.handle)
	if op.handle.k == vSym && a.f.File.Lang == ir.C {
		st.assume(op.handle.sym, ir.Ne, -1) // nothing starts without a handle
	}
	op.errorRead, op.tested = true, true
	if e.op.obj.op != nil {
		op.asyncSeen, op.pendingTested = e.op.obj.op.asyncSeen, true
		op.routine = e.op.obj.op.routine
	}
	id := a.newObject(st, x.in, roleOp+100+n, 0, Object{Kind: Operation, API: e.op.api, Native: e.op.obj.Native, op: op, InLoop: a.flow.inLoop[x.b.ID]},
		appendSteps(enter, e.steps))
	a.objects[id].op.uses = op.uses
	st.change(id, func(o *ostate) { o.st, o.cancelled = stPending, e.value != 0 })
	a.marshalledStart(st, x, e, id)
}
