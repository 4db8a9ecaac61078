package ir

// Access is what a body does with an address: of a property, which accessor it runs.
type Access uint8

// Reads are loads, and whatever else takes the address.
const (
	Reads Access = 1 << iota
	Writes
)

// Accesses tells, by temp, what f does with each address.
func (f *Func) Accesses() []Access {
	blocks := f.Blocks()
	out := make([]Access, f.NumTemps+1)
	for i := range blocks {
		b := &blocks[i]
		out[b.Term.Cond] |= Reads
		for j := range b.Instrs {
			b.Instrs[j].accesses(out)
		}
	}
	return out
}

func (in *Instr) accesses(out []Access) {
	switch out[in.B] |= Reads; in.Op {
	case OpStore:
		out[in.A] |= Writes
	case OpLoad, OpField, OpMember, OpElem:
		out[in.A] |= Reads
	default:
		out[in.A] |= Reads | Writes
	}
	c := in.Call
	if c == nil {
		return
	}
	out[c.Fn] |= Reads
	out[c.Recv] |= Reads
	out[c.RecvAddr] |= Reads
	for i := range c.Args {
		out[c.Args[i].Addr] |= Reads
		out[c.Args[i].Val] |= Reads | Writes // an address that is passed
	}
}
