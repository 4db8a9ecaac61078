package ir

// Builder builds the body of one Func: blocks, temps, and the structured control flow that both
// languages share (scopes, fixed blocks, try/finally, loops, jumps out of all of them).
//
// A jump that leaves frames ends what they hold on the way: variables of a scope (OpScopeEnd),
// a fixed block (OpUnfix), and finally blocks, which exist once: a hidden selector variable says
// where each pass through it goes on (TermSelect).
type Builder struct {
	F   *Func
	cur BlockID // NoBlock after a jump: dead code gets a block without predecessors

	frames  []*frame
	handler BlockID
	labels  map[string]*label
	room    []Instr // where lists of instructions begin
	rooms   int     // how many lists its array had room for
	shared  *Room   // that of the file, instead of these; or nil
}

type frameKind uint8

const (
	frameScope frameKind = iota
	frameFixed
	frameFinally
	frameTarget // loop or switch: where break and continue go
	frameCleanup
	frameHandler // try with catch clauses: only a depth
)

type frame struct {
	kind         frameKind
	vars         []VarID
	fixed        VarID
	breakTo      BlockID
	continueTo   BlockID // NoBlock in a switch
	finally      BlockID // entry of the finally block
	selector     VarID
	exits        []exit // by selector value
	outerHandler BlockID
	cleanup      func()
	span         Span
}

type exit struct {
	depth  int // number of frames that stay
	target BlockID
	throw  bool
}

type label struct {
	block BlockID
	depth int // -1 until defined
}

// Every body has these blocks.
const (
	exitBlock   BlockID = 1
	unwindBlock BlockID = 2
)

// NewBuilder starts the body of f: block 0 is made current, Exit and Unwind are made.
func NewBuilder(f *Func) *Builder {
	b := &Builder{F: f, handler: NoBlock, labels: map[string]*label{}}
	if f.File != nil {
		b.shared = f.File.room
	}
	switch {
	case b.shared != nil:
		f.Code = b.shared.blocks.take(usualBlocks)
	case cap(f.Code) == 0:
		f.Code = make([]Block, 0, usualBlocks)
	default:
		f.Code = f.Code[:0]
	}
	entry := b.NewBlock()
	f.Exit = b.NewBlock()
	f.Unwind = b.NewBlock()
	f.Code[f.Exit].Term.Kind = TermReturn
	f.Code[f.Unwind].Term.Kind = TermUnwind
	b.cur = entry
	return b
}

// NewVar adds a variable and returns its id.
func (b *Builder) NewVar(v Var) VarID {
	if v.Kind != VarCaptured {
		v.Outer = NoVar
	}
	b.F.Vars = append(b.F.Vars, v)
	return VarID(len(b.F.Vars) - 1)
}

// NewTemp returns a fresh temp.
func (b *Builder) NewTemp() Temp {
	b.F.NumTemps++
	return Temp(b.F.NumTemps)
}

// NewBlock makes an empty block under the handler in force.
func (b *Builder) NewBlock() BlockID {
	id := BlockID(len(b.F.Code))
	block := Block{ID: id, Handler: b.handler}
	if b.shared != nil {
		b.F.Code = b.shared.blocks.push(b.F.Code, block)
	} else {
		b.F.Code = append(b.F.Code, block)
	}
	return id
}

// SetBlock continues in block id. The block takes the handler now in force.
func (b *Builder) SetBlock(id BlockID) {
	b.F.Code[id].Handler = b.handler
	b.cur = id
}

// Reachable tells whether the current position follows from something.
func (b *Builder) Reachable() bool { return b.cur != NoBlock }

// Cur is the current block, made if the position is dead code.
func (b *Builder) Cur() BlockID {
	if b.cur == NoBlock {
		b.SetBlock(b.NewBlock())
	}
	return b.cur
}

// Emit appends an instruction; Var must be set by the caller when the op names one.
func (b *Builder) Emit(in Instr) {
	blk := &b.F.Code[b.Cur()]
	if b.shared != nil {
		blk.Instrs = b.shared.instrs.push(blk.Instrs, in)
		return
	}
	if cap(blk.Instrs) == 0 {
		blk.Instrs = b.firstInstrs()
	}
	blk.Instrs = append(blk.Instrs, in)
}

// How many instructions most blocks have at most, and how many blocks many bodies.
const (
	usualBlock  = 8
	usualBlocks = 8
)

// firstInstrs is an empty list with room for those of a usual block. It shares its array with those of others, so that
// short blocks do not grow one by one.
func (b *Builder) firstInstrs() []Instr {
	if len(b.room) < usualBlock {
		b.rooms = min(max(2*b.rooms, 2), 16)
		b.room = make([]Instr, b.rooms*usualBlock)
	}
	out := b.room[:0:usualBlock]
	b.room = b.room[usualBlock:]
	return out
}

// Value appends an instruction that defines a fresh temp and returns that.
func (b *Builder) Value(in Instr) Temp {
	in.Dst = b.NewTemp()
	b.Emit(in)
	return in.Dst
}

// VarAddr, Load, Store, Int, Null and Bool emit the instructions of their names.
func (b *Builder) VarAddr(v VarID, s Span) Temp {
	return b.Value(Instr{Op: OpVarAddr, Var: v, Span: s})
}

// Load emits a load from address a.
func (b *Builder) Load(a Temp, s Span) Temp {
	return b.Value(Instr{Op: OpLoad, A: a, Var: NoVar, Span: s})
}

// Store emits a store of v to address a.
func (b *Builder) Store(a, v Temp, fl InstrFlags, s Span) {
	b.Emit(Instr{Op: OpStore, A: a, B: v, Var: NoVar, Flags: fl, Span: s})
}

// LoadVar emits the load of a variable.
func (b *Builder) LoadVar(v VarID, s Span) Temp { return b.Load(b.VarAddr(v, s), s) }

// StoreVar emits the store to a variable.
func (b *Builder) StoreVar(v VarID, x Temp, fl InstrFlags, s Span) {
	b.Store(b.VarAddr(v, s), x, fl, s)
}

// Int emits an integer literal.
func (b *Builder) Int(n int64, s Span) Temp {
	return b.Value(Instr{Op: OpConst, Const: ConstInt, Int: n, Var: NoVar, Span: s})
}

// Null emits a null literal.
func (b *Builder) Null(s Span) Temp {
	return b.Value(Instr{Op: OpConst, Const: ConstNull, Var: NoVar, Span: s})
}

// Bool emits a truth value.
func (b *Builder) Bool(v bool, s Span) Temp {
	n := int64(0)
	if v {
		n = 1
	}
	return b.Value(Instr{Op: OpConst, Const: ConstBool, Int: n, Var: NoVar, Span: s})
}

// Choice emits a truth value that is not known; equal keys are equal within one run of the
// function, "" is always new.
func (b *Builder) Choice(key string, s Span) Temp {
	return b.Value(Instr{Op: OpChoice, Name: key, Var: NoVar, Span: s})
}

func (b *Builder) term(t Term) {
	if b.cur == NoBlock {
		return
	}
	b.F.Code[b.cur].Term = t
	b.cur = NoBlock
}

// Jump ends the current block; nothing is unwound.
func (b *Builder) Jump(to BlockID, s Span) {
	b.term(Term{Kind: TermJump, Var: NoVar, Succs: []BlockID{to}, Span: s})
}

// JumpBack is Jump to a loop head.
func (b *Builder) JumpBack(to BlockID, s Span) {
	b.term(Term{Kind: TermJump, Var: NoVar, Succs: []BlockID{to}, Span: s, Loop: true})
}

// Branch ends the current block.
func (b *Builder) Branch(cond Temp, yes, no BlockID, s Span) {
	b.term(Term{Kind: TermBranch, Cond: cond, Var: NoVar, Succs: []BlockID{yes, no}, Span: s})
}

// Unreachable ends the current block where control cannot go on.
func (b *Builder) Unreachable(s Span) { b.term(Term{Kind: TermUnreachable, Var: NoVar, Span: s}) }

// Throw emits OpThrow and ends the block.
func (b *Builder) Throw(v Temp, s Span) {
	b.Emit(Instr{Op: OpThrow, A: v, Var: NoVar, Span: s})
	b.term(Term{Kind: TermThrow, Var: NoVar, Span: s})
}

// Propagate ends the block: the exception that was caught goes on to the handler outside.
func (b *Builder) Propagate(s Span) { b.term(Term{Kind: TermThrow, Var: NoVar, Span: s}) }

// Return emits OpRet and leaves the function through all open frames.
func (b *Builder) Return(v Temp, s Span) {
	b.Emit(Instr{Op: OpRet, A: v, Var: NoVar, Span: s})
	b.exitTo(0, b.F.Exit, s)
}

// Finish ends the body: a position that falls off the end returns. All frames must be closed.
func (b *Builder) Finish(end Span) {
	if b.cur != NoBlock {
		b.Emit(Instr{Op: OpRet, Var: NoVar, Span: end})
		b.Jump(b.F.Exit, end)
	}
	for i := range b.F.Code {
		if b.F.Code[i].Term.Kind == TermNone {
			b.F.Code[i].Term = Term{Kind: TermUnreachable, Var: NoVar, Span: end}
		}
	}
	if b.shared != nil {
		b.F.defs = indexDefs(b.shared.refs.take(b.F.NumTemps + 1)[:b.F.NumTemps+1], b.F.Code)
	} else {
		b.F.IndexDefs()
	}
}

func (b *Builder) push(f *frame) { b.frames = append(b.frames, f) }

func (b *Builder) pop() *frame {
	f := b.frames[len(b.frames)-1]
	b.frames = b.frames[:len(b.frames)-1]
	return f
}

// PushScope opens a block scope; Declare adds variables to it; PopScope ends their storage.
func (b *Builder) PushScope(s Span) { b.push(&frame{kind: frameScope, span: s}) }

// Declare makes v a variable of the innermost scope.
func (b *Builder) Declare(v VarID) {
	for i := len(b.frames) - 1; i >= 0; i-- {
		if b.frames[i].kind == frameScope {
			b.frames[i].vars = append(b.frames[i].vars, v)
			return
		}
	}
}

// PopScope closes the innermost frame, which must be a scope.
func (b *Builder) PopScope(end Span) {
	f := b.pop()
	if b.cur != NoBlock {
		b.endScope(f, end)
	}
}

func (b *Builder) endScope(f *frame, s Span) {
	if len(f.vars) > 0 {
		b.Emit(Instr{Op: OpScopeEnd, Var: NoVar, Vars: f.vars, Span: s})
	}
}

// PushFixed opens the extent of a fixed variable, after its OpFixed; PopFixed emits OpUnfix.
func (b *Builder) PushFixed(v VarID) { b.push(&frame{kind: frameFixed, fixed: v}) }

// PopFixed closes the innermost frame, which must be a fixed block.
func (b *Builder) PopFixed(end Span) {
	f := b.pop()
	if b.cur != NoBlock {
		b.Emit(Instr{Op: OpUnfix, Var: f.fixed, Span: end})
	}
}

// PushLoop opens a loop (or, with continueTo NoBlock, a switch).
func (b *Builder) PushLoop(breakTo, continueTo BlockID) {
	b.push(&frame{kind: frameTarget, breakTo: breakTo, continueTo: continueTo})
}

// PopLoop closes the innermost frame, which must be a loop or switch.
func (b *Builder) PopLoop() { b.pop() }

// Break and Continue leave to the innermost loop (Break: or switch); they tell whether there is one.
func (b *Builder) Break(s Span) bool {
	for i := len(b.frames) - 1; i >= 0; i-- {
		if f := b.frames[i]; f.kind == frameTarget {
			b.exitTo(i, f.breakTo, s)
			return true
		}
	}
	return false
}

// Continue leaves to the continue target of the innermost loop.
func (b *Builder) Continue(s Span) bool {
	for i := len(b.frames) - 1; i >= 0; i-- {
		if f := b.frames[i]; f.kind == frameTarget && f.continueTo != NoBlock {
			b.exitTo(i, f.continueTo, s)
			return true
		}
	}
	return false
}

// Depth is the number of open frames, for ExitTo.
func (b *Builder) Depth() int { return len(b.frames) }

// ExitTo leaves all frames above depth and jumps to target (for __leave and goto case).
func (b *Builder) ExitTo(depth int, target BlockID, s Span) { b.exitTo(depth, target, s) }

// exitTo unwinds the frames above depth and jumps to target.
func (b *Builder) exitTo(depth int, target BlockID, s Span) {
	if b.cur == NoBlock {
		return
	}
	for i := len(b.frames) - 1; i >= depth; i-- {
		switch f := b.frames[i]; f.kind {
		case frameScope:
			b.endScope(f, s)
		case frameFixed:
			b.Emit(Instr{Op: OpUnfix, Var: f.fixed, Span: s})
		case frameCleanup:
			// The cleanup's own jumps must not see the frames it cleans up.
			saved := b.frames
			b.frames = b.frames[:i:i]
			f.cleanup()
			b.frames = saved
			if b.cur == NoBlock {
				return
			}
		case frameFinally:
			b.enterFinally(f, exit{depth: depth, target: target}, s)
			return
		}
	}
	b.Jump(target, s)
}

// PushCleanup opens an extent whose normal exits all run emit (for example OpUnlock): the code
// is emitted anew at each exit, so it must be short. Exceptions do not run it.
func (b *Builder) PushCleanup(emit func()) { b.push(&frame{kind: frameCleanup, cleanup: emit}) }

// PopCleanup closes the innermost frame, which must be a cleanup.
func (b *Builder) PopCleanup() {
	f := b.pop()
	if b.cur != NoBlock {
		f.cleanup()
	}
}

func (b *Builder) enterFinally(f *frame, e exit, s Span) {
	n := -1
	for i, x := range f.exits {
		if x == e {
			n = i
		}
	}
	if n < 0 {
		n = len(f.exits)
		f.exits = append(f.exits, e)
	}
	b.StoreVar(f.selector, b.Int(int64(n), s), 0, s)
	b.Jump(f.finally, s)
}

// Handler is the handler now in force.
func (b *Builder) Handler() BlockID { return b.handler }

// Try opens a try statement whose exceptions go to handler; Untry restores the handler before it.
// The body must start in a new block, so Try starts one.
func (b *Builder) Try(handler BlockID, s Span) (outer BlockID) {
	outer = b.handler
	b.handler = handler
	next := b.NewBlock()
	b.Jump(next, s)
	b.SetBlock(next)
	return outer
}

// Untry ends the extent that Try opened; code that follows is under outer.
func (b *Builder) Untry(outer BlockID, s Span) {
	b.handler = outer
	if b.cur != NoBlock {
		next := b.NewBlock()
		b.Jump(next, s)
		b.SetBlock(next)
	}
}

// TryFinally emits body and finally with all ways through them: normal completion, jumps out of
// the body, and exceptions of the body. Either part may open and close frames of its own.
func (b *Builder) TryFinally(s, finallySpan Span, body, finally func()) {
	sel := b.NewVar(Var{Name: "$finally", Kind: VarSelector, Span: s})
	fin := b.NewBlock()
	pad := b.NewBlock() // exceptions arrive here
	f := &frame{kind: frameFinally, finally: fin, selector: sel, span: s}
	after := b.NewBlock()
	depth := len(b.frames)
	b.push(f)
	outer := b.Try(pad, s)
	body()
	if b.cur != NoBlock {
		b.enterFinally(f, exit{depth: depth, target: after}, finallySpan)
	}
	b.handler = outer
	b.pop()

	b.SetBlock(pad)
	b.Emit(Instr{Op: OpCatch, Dst: b.NewTemp(), Flags: Implicit, Var: NoVar, Span: finallySpan})
	b.enterFinally(f, exit{throw: true}, finallySpan)

	b.SetBlock(fin)
	finally()
	if b.cur == NoBlock {
		b.SetBlock(after)
		return
	}
	succs := make([]BlockID, len(f.exits))
	end := b.cur
	b.cur = NoBlock
	for i, e := range f.exits {
		succs[i] = b.NewBlock()
		b.SetBlock(succs[i])
		if e.throw {
			b.term(Term{Kind: TermThrow, Var: NoVar, Span: finallySpan})
			continue
		}
		b.exitTo(e.depth, e.target, finallySpan)
	}
	b.F.Code[end].Term = Term{Kind: TermSelect, Var: sel, Succs: succs, Span: finallySpan}
	b.SetBlock(after)
}

// Label returns the block of a goto label, which may not be defined yet.
func (b *Builder) Label(name string) BlockID { return b.label(name).block }

func (b *Builder) label(name string) *label {
	l := b.labels[name]
	if l == nil {
		l = &label{block: b.NewBlock(), depth: -1}
		b.labels[name] = l
	}
	return l
}

// DefineLabel continues in the label's block.
func (b *Builder) DefineLabel(name string, s Span) {
	l := b.label(name)
	b.Jump(l.block, s)
	b.SetBlock(l.block)
	l.depth = len(b.frames)
}

// Goto jumps to a label. Backward, or to a label of which depth was announced by KnownDepth, it
// unwinds the frames in between; else only fixed blocks and finally blocks that are certainly
// left cannot be told, and it is a plain jump.
func (b *Builder) Goto(name string, s Span) {
	l := b.label(name)
	if l.depth >= 0 && l.depth <= len(b.frames) {
		b.exitTo(l.depth, l.block, s)
		return
	}
	b.Jump(l.block, s)
}

// KnownDepth announces that label name, not yet seen, lies at the present depth (in the statement
// list that is being lowered), so that jumps to it from deeper frames unwind them.
func (b *Builder) KnownDepth(name string) {
	if l := b.label(name); l.depth < 0 {
		l.depth = len(b.frames)
	}
}
