package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// looksAsync tells whether the start itself shows that it is meant to stay pending. An OVERLAPPED
// that is a plain local shows nothing: on a synchronous handle it only carries the file offset.
func (a *fnRun) looksAsync(st *state, x *callCtx, fn *models.Func, op *opInfo) bool {
	if op.routine && fn.Overlapped.RoutineParam >= 0 || op.event.k == vSym {
		return true
	}
	switch fn.Overlapped.Pending {
	case models.PendingSocketError, models.PendingNonZero:
		return true // sockets are asynchronous unless made otherwise
	case models.PendingReturn:
		return false // the status block is there for synchronous handles too
	}
	switch op.ov.k {
	case vAddr:
		k := a.t.regions[a.t.root(op.ov.reg)].kind
		return k == rPointee || k == rGlobal
	case vSym:
		if id := a.symObj.of(op.ov.sym); id != 0 && (a.objects[id].Kind == NativeOverlapped || a.objects[id].Kind == Memory) {
			return true
		}
		p, known := a.symPath(op.ov.sym)
		return known && p.sel != "" // a member of something: no local that carries an offset
	}
	return false
}

// capturedInput tells whether an input buffer is known to be read before the call returns, or is
// not documented to be needed later.
func capturedInput(fn *models.Func, b *models.Buffer) bool {
	return b.Dir == models.DirIn && b.Until == models.UntilCompletionConservative
}

// ofNoBytes tells whether the call says that its buffer has no bytes: it only asks to be told when there is something to read.
func (a *fnRun) ofNoBytes(st *state, x *callCtx, fn *models.Func, p int) bool {
	if fn.Sig == nil || p >= len(fn.Sig.Params) || fn.Sig.Params[p].BytesParam < 0 {
		return false
	}
	v, given := x.arg(st, fn.Sig.Params[p].BytesParam)
	n, known := st.number(v)
	return given && known && n == 0
}

// behindFixed is the stack storage that a fixed pointer leads to: fixing it changes nothing.
func (a *fnRun) behindFixed(v value) value {
	if v.k != vSym {
		return v
	}
	id := a.addrOf.of(v.sym)
	if id == 0 || a.objects[id].Kind != FixedPin || a.objects[id].movableTarget {
		return v
	}
	for _, t := range a.objects[id].targets {
		if t.k == vAddr {
			if k := a.t.regions[a.t.root(t.reg)].kind; k == rStack || k == rVar {
				return t
			}
		}
	}
	return v
}

// onHeap tells whether a local lives on the heap all the same: those of async methods and
// iterators do, and those that lambdas use.
func (a *fnRun) onHeap(v ir.VarID) bool {
	return a.f.File.Lang == ir.CSharp && (a.f.Flags&(ir.Async|ir.Iterator) != 0 || a.f.Var(v).Kind == ir.VarCaptured)
}

// noteStartTest remembers that the result or the last error of a start is compared with n.
func (a *fnRun) noteStartTest(sym symID, n int64) {
	if id := a.retSym[sym]; id != 0 {
		op := a.objects[id].op
		op.tested = true
		if w := a.objects[id].Native.Overlapped; w.Pending == models.PendingReturn && n == intVal(w.PendingError).n {
			op.pendingTested, op.asyncSeen = true, true
		}
	}
	if id := a.errSym[sym]; id != 0 {
		if n == intVal(a.objects[id].Native.Overlapped.PendingError).n {
			a.objects[id].op.pendingTested, a.objects[id].op.asyncSeen = true, true
		}
	}
}

// finishOperations completes the events on operations once all paths are known, and keeps of the
// ends of storage of each operation the one that tells most: one operation, one finding.
func (a *fnRun) finishOperations() {
	best, marshalled := map[int32]int{}, map[int32]bool{}
	for i := range a.events {
		e := &a.events[i]
		if e.Op == nil || e.Op.op == nil {
			continue
		}
		a.qualify(e)
		marshalled[e.Op.site] = marshalled[e.Op.site] || e.Kind == MarshallerPin
		if !endsOperation(e.Kind) {
			continue
		}
		if j, ok := best[e.Op.site]; !ok || endRank(e) < endRank(&a.events[j]) {
			best[e.Op.site] = i
		}
	}
	keep := a.events[:0]
	counted := map[int32]bool{}
	for i, e := range a.events {
		if e.Op != nil && e.Kind == CountReadPending {
			if _, ends := best[e.Op.site]; ends || counted[e.Op.site] {
				continue
			}
			counted[e.Op.site] = true
		}
		if e.Op != nil && endsOperation(e.Kind) {
			if best[e.Op.site] != i || marshalled[e.Op.site] && !e.Cancelled && !e.TimedOut {
				continue // a buffer that the call alone pins is wrong whatever follows
			}
		}
		keep = append(keep, e)
	}
	a.events = keep
}

// qualify copies what all paths told of the start at one site, in whatever round of a loop.
func (a *fnRun) qualify(e *Event) {
	for s, id := range a.retSym {
		e.ResultTested = e.ResultTested || a.tested[s] && a.objects[id].site == e.Op.site
	}
	for _, o := range a.objects {
		if o != nil && o.op != nil && o.site == e.Op.site {
			e.ErrorRead = e.ErrorRead || o.op.errorRead
			e.ResultTested = e.ResultTested || o.op.tested
			e.AsyncSeen = e.AsyncSeen || o.op.asyncSeen
			e.PendingTested = e.PendingTested || o.op.pendingTested
			e.KnownAsync = e.KnownAsync || o.op.knownAsync
		}
	}
}

// endsOperation tells whether an event is one of those of which one operation shows only one.
func endsOperation(k EventKind) bool {
	return k == StorageEnds || k == PinDataMismatch || k == NativeKeeps
}

// endRank orders the ends of the storage of one operation, the most telling first.
func endRank(e *Event) int {
	order := []How{AtPool, AtFree, AtUnpin, AtDispose, AtUnfix, AtReturn, AtThrow, AtScope, AtClose, AtCall}
	r := 4 * (1 + slices.Index(order, e.How))
	switch {
	case e.Kind == PinDataMismatch:
		r = 0
	case e.Cancelled:
		r += 100
	case e.TimedOut:
		r += 200
	default:
		r += 300
	}
	first := UseOverlapped
	if e.How == AtUnfix {
		first = UseBuffer // the block is about the buffer
	}
	if e.Use != first {
		r++
	}
	if e.Use == UseEvent {
		r++
	}
	return r
}

// errorAccepted tells whether the last error of a start that failed is known to be one certain
// number on this path: whoever lets it through knows what it means (more data, no data, ...).
func (a *fnRun) errorAccepted(st *state, id objID) bool {
	for s, op := range a.errSym {
		c := st.consOf(s)
		if _, one := c.isConst(); one && a.objects[op].site == a.objects[id].site {
			return true
		}
	}
	return false
}

// setByMacro: in C, a variable that was never given a value and goes by value to something unknown
// goes to a macro, which sets it.
func (a *fnRun) setByMacro(st *state, x *callCtx, arg *ir.Arg) {
	if a.f.File.Lang != ir.C || st.temp(arg.Val).k != vUninit || arg.Addr == 0 {
		return
	}
	if p := st.temp(arg.Addr); p.k == vAddr {
		st.bind(p.reg, symVal(a.fresh(st, x.in, roleOutBase+900)))
	}
}

// alertable tells whether a wait may be ended by a completion routine, as far as its argument says.
func (a *fnRun) alertable(st *state, x *callCtx, w *models.Wait) bool {
	v, ok := x.arg(st, w.AlertableParam)
	if !ok {
		return w.AlertableParam < 0
	}
	n, known := st.number(v)
	return !known || n != 0
}
