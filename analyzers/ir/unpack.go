package ir

import "encoding/binary"

// unpack turns the bytes back into the blocks of a body. They were made in this process, so that nothing in them is
// checked.
func (c *packedCode) unpack(to *unpackedBody, temps int, hold *Hold) {
	r := instrReader{data: c.data, strings: c.strings}
	number := r.count()
	r.bodyLists = hold.take(number, temps, counts{r.count(), r.count(), r.count(), r.count(), r.count(), r.count()})
	blocks := r.blocks[:number]
	for i := range blocks {
		blocks[i].ID = BlockID(i)
		r.block(&blocks[i])
	}
	to.defs = indexDefs(r.refs[:temps+1], blocks)
	to.blocks = blocks
}

// instrReader fills arrays that are as large as the counts say, so that they never move.
type instrReader struct {
	data    []byte
	strings []string
	last    Span
	dst     Temp

	bodyLists
}

func (r *instrReader) uint() uint64 {
	n, size := binary.Uvarint(r.data)
	r.data = r.data[size:]
	return n
}

func (r *instrReader) int() int64 {
	n, size := binary.Varint(r.data)
	r.data = r.data[size:]
	return n
}

func (r *instrReader) count() int { return int(r.uint()) }

func (r *instrReader) byte() byte {
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

func (r *instrReader) text() string { return r.strings[r.uint()] }

func (r *instrReader) span() Span {
	start := int64(r.last.Start) + r.int()
	r.last = Span{uint32(start), uint32(start + r.int())}
	return r.last
}

func (r *instrReader) block(b *Block) {
	b.Handler = BlockID(r.int())
	t := &b.Term
	kind := r.uint()
	t.Kind, t.Loop = TermKind(kind>>1), kind&1 != 0
	t.Cond, t.Var, t.Span = Temp(r.int()), VarID(r.int()), r.span()
	if n := r.count(); n > 0 {
		at := len(r.ids)
		for range n {
			r.ids = append(r.ids, BlockID(r.int()))
		}
		t.Succs = r.ids[at:len(r.ids):len(r.ids)]
	}
	n, at := r.count(), len(r.instrs)
	r.instrs = r.instrs[:at+n]
	b.Instrs = r.instrs[at : at+n : at+n]
	for i := range b.Instrs {
		r.instr(&b.Instrs[i])
	}
}

func (r *instrReader) instr(in *Instr) {
	in.Op, in.Var = Op(r.byte()), NoVar
	has := r.uint()
	if has&hasSub != 0 {
		in.Sub = Sub(r.byte())
	}
	if has&hasConst != 0 {
		in.Const = ConstKind(r.byte())
	}
	if has&hasFlags != 0 {
		in.Flags = InstrFlags(r.byte())
	}
	switch {
	case has&hasDst != 0:
		in.Dst = r.dst + 1
	case has&hasOwnDst != 0:
		in.Dst = Temp(r.int())
	}
	if in.Dst != 0 {
		r.dst = in.Dst
	}
	if has&hasA != 0 {
		in.A = Temp(int64(r.dst) - r.int())
	}
	if has&hasB != 0 {
		in.B = Temp(int64(r.dst) - r.int())
	}
	if has&hasVar != 0 {
		in.Var = VarID(r.int())
	}
	if has&hasInt != 0 {
		in.Int = r.int()
	}
	if has&hasName != 0 {
		in.Name = r.text()
	}
	if has&hasType != 0 {
		in.Type = Type(r.text())
	}
	if has&hasSpan != 0 {
		in.Span = r.span()
	}
	if has&hasVars != 0 {
		n, at := r.count(), len(r.vars)
		for range n {
			r.vars = append(r.vars, VarID(r.int()))
		}
		in.Vars = r.vars[at:len(r.vars):len(r.vars)]
	}
	if has&hasCall != 0 {
		in.Call = r.call()
	}
}

func (r *instrReader) call() *Call {
	r.calls = r.calls[:len(r.calls)+1]
	c := &r.calls[len(r.calls)-1]
	has := r.uint()
	c.Name, c.New = r.text(), has&callNew != 0
	c.Path = c.Name
	if has&callPath != 0 {
		c.Path = r.text()
	}
	if has&callRecv != 0 {
		c.Recv = Temp(r.int())
	}
	if has&callRecvAddr != 0 {
		c.RecvAddr = Temp(r.int())
	}
	if has&callFn != 0 {
		c.Fn = Temp(r.int())
	}
	if has&callType != 0 {
		c.Type = Type(r.text())
	}
	if has&callTypeArgs != 0 {
		n, at := r.count(), len(r.types)
		for range n {
			r.types = append(r.types, Type(r.text()))
		}
		c.TypeArgs = r.types[at:len(r.types):len(r.types)]
	}
	c.NameSpan = r.span()
	n, at := r.count(), len(r.args)
	for range n {
		r.args = append(r.args, r.arg())
	}
	if n > 0 {
		c.Args = r.args[at:len(r.args):len(r.args)]
	}
	return c
}

func (r *instrReader) arg() (a Arg) {
	has := r.uint()
	a.Val = Temp(r.int())
	if has&argAddr != 0 {
		a.Addr = Temp(r.int())
	}
	if has&argRef != 0 {
		a.Ref = RefKind(r.byte())
	}
	if has&argName != 0 {
		a.Name = r.text()
	}
	a.Span = r.span()
	return a
}
