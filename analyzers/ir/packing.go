package ir

import "encoding/binary"

// The form of a packed body: counts, then block by block its handler, terminator and instructions. All
// numbers are varints. An instruction is its op, the bits that say which fields it has, and those; its
// place is relative to that of the one before, and its result is by default the next temp.

const (
	hasSub = 1 << iota
	hasConst
	hasFlags
	hasDst    // one more than the last one
	hasOwnDst // any other
	hasA
	hasB
	hasVar
	hasInt
	hasName
	hasType
	hasCall
	hasVars
	hasSpan
)

const (
	callPath = 1 << iota // differs from the name
	callRecv
	callRecvAddr
	callFn
	callNew
	callType
	callTypeArgs
)

const (
	argAddr = 1 << iota
	argRef
	argName
)

func (p *packer) uint(n uint64) { p.buf = binary.AppendUvarint(p.buf, n) }
func (p *packer) int(n int64)   { p.buf = binary.AppendVarint(p.buf, n) }

type instrWriter struct {
	*packer
	last Span
	dst  Temp
}

func (w *instrWriter) span(s Span) {
	w.int(int64(s.Start) - int64(w.last.Start))
	w.int(int64(s.End) - int64(s.Start))
	w.last = s
}

func (w *instrWriter) block(b *Block) {
	w.int(int64(b.Handler))
	t := &b.Term
	w.uint(uint64(t.Kind)<<1 | bit(t.Loop))
	w.int(int64(t.Cond))
	w.int(int64(t.Var))
	w.span(t.Span)
	w.uint(uint64(len(t.Succs)))
	for _, s := range t.Succs {
		w.int(int64(s))
	}
	w.uint(uint64(len(b.Instrs)))
	for i := range b.Instrs {
		w.instr(&b.Instrs[i])
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func flag(on bool, f uint64) uint64 {
	if on {
		return f
	}
	return 0
}

func (w *instrWriter) instr(in *Instr) {
	next := in.Dst == w.dst+1
	has := flag(in.Sub != 0, hasSub) | flag(in.Const != 0, hasConst) | flag(in.Flags != 0, hasFlags) |
		flag(next, hasDst) | flag(!next && in.Dst != 0, hasOwnDst) | flag(in.A != 0, hasA) | flag(in.B != 0, hasB) |
		flag(in.Var != NoVar, hasVar) | flag(in.Int != 0, hasInt) | flag(in.Name != "", hasName) | flag(in.Type != "", hasType) |
		flag(in.Call != nil, hasCall) | flag(len(in.Vars) > 0, hasVars) | flag(in.Span != Span{}, hasSpan)
	if w.ops[in.Op] != w.body {
		w.ops[in.Op] = w.body
		if opNamed[in.Op] {
			w.named = append(w.named, OpWord(in.Op))
		}
	}
	w.buf = append(w.buf, byte(in.Op))
	w.uint(has)
	if has&hasSub != 0 {
		w.buf = append(w.buf, byte(in.Sub))
	}
	if has&hasConst != 0 {
		w.buf = append(w.buf, byte(in.Const))
	}
	if has&hasFlags != 0 {
		w.buf = append(w.buf, byte(in.Flags))
	}
	if has&hasOwnDst != 0 {
		w.int(int64(in.Dst))
	}
	if in.Dst != 0 {
		w.dst = in.Dst
	}
	if has&hasA != 0 {
		w.int(int64(w.dst) - int64(in.A))
	}
	if has&hasB != 0 {
		w.int(int64(w.dst) - int64(in.B))
	}
	if has&hasVar != 0 {
		w.int(int64(in.Var))
	}
	if has&hasInt != 0 {
		w.int(in.Int)
	}
	if has&hasName != 0 {
		w.text(in.Name, in.Op != OpConst || in.Const != ConstString)
	}
	if has&hasType != 0 {
		w.text(string(in.Type), true)
	}
	if has&hasSpan != 0 {
		w.span(in.Span)
	}
	if has&hasVars != 0 {
		w.uint(uint64(len(in.Vars)))
		for _, v := range in.Vars {
			w.int(int64(v))
		}
	}
	if has&hasCall != 0 {
		w.call(in.Call, in.Flags&Implicit != 0 && in.Call.Name == "Add")
	}
}

// call writes a call. What it calls is a word of the body, unless it is an element that is added by an initialiser.
func (w *instrWriter) call(c *Call, added bool) {
	has := flag(c.Path != c.Name, callPath) | flag(c.Recv != 0, callRecv) | flag(c.RecvAddr != 0, callRecvAddr) |
		flag(c.Fn != 0, callFn) | flag(c.New, callNew) | flag(c.Type != "", callType) | flag(len(c.TypeArgs) > 0, callTypeArgs)
	w.uint(has)
	w.text(c.Name, !added)
	if added {
		w.named = append(w.named, AddWord)
	}
	if c.New {
		EachWord(string(c.Type), func(name string) { w.named = append(w.named, WordOf(name).Made()) })
	}
	if c.Name == ".ctor" && !c.New {
		w.named = append(w.named, ChainWord)
	}
	if has&callPath != 0 {
		w.text(c.Path, true)
	}
	for _, x := range []struct {
		bit uint64
		t   Temp
	}{{callRecv, c.Recv}, {callRecvAddr, c.RecvAddr}, {callFn, c.Fn}} {
		if has&x.bit != 0 {
			w.int(int64(x.t))
		}
	}
	if has&callType != 0 {
		w.text(string(c.Type), true)
	}
	if has&callTypeArgs != 0 {
		w.uint(uint64(len(c.TypeArgs)))
		for _, t := range c.TypeArgs {
			w.text(string(t), true)
		}
	}
	w.span(c.NameSpan)
	w.uint(uint64(len(c.Args)))
	for i := range c.Args {
		w.arg(&c.Args[i])
	}
}

func (w *instrWriter) arg(a *Arg) {
	has := flag(a.Addr != 0, argAddr) | flag(a.Ref != 0, argRef) | flag(a.Name != "", argName)
	w.uint(has)
	w.int(int64(a.Val))
	if has&argAddr != 0 {
		w.int(int64(a.Addr))
	}
	if has&argRef != 0 {
		w.buf = append(w.buf, byte(a.Ref))
	}
	if has&argName != 0 {
		w.text(a.Name, false)
	}
	w.span(a.Span)
}

// opNamed holds NamedOps.
var opNamed = func() (is [256]bool) {
	for _, op := range NamedOps {
		is[op] = true
	}
	return is
}()
