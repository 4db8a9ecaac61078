package abi

import (
	"fmt"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// DiffKind tells two declarations apart.
type DiffKind uint8

// Kinds of differences.
const (
	Count       DiffKind = iota + 1 // number of parameters
	PointerSize                     // 32 bits for something as wide as a pointer
	BoolWidth                       // a bool of another width than the native one
	Width                           // any other width
	Class                           // a floating-point number against an integer
	Indirection                     // by value against by address
	Pointee                         // what is behind the pointer has another width
	Encoding                        // text in another encoding
	Direction                       // in against out
	Return                          // a result where there is none, or PreserveSig
	Convention                      // calling convention (32-bit x86)
)

func (k DiffKind) String() string {
	return [...]string{"", "count", "pointer-size", "bool-width", "width", "class", "indirection", "pointee", "encoding", "direction", "return", "convention"}[k]
}

// Params that are none.
const (
	ReturnValue = -1
	Whole       = -2 // the declaration as a whole
)

// Difference is one place where an import and its prototype disagree.
type Difference struct {
	Kind    DiffKind
	Param   int // 0-based, of the import; ReturnValue or Whole
	Name    string
	Span    ir.Span // in the import's file
	Have    string  // the import's side, spelled for people
	Want    string  // the prototype's
	WantIdx int     // the prototype's parameter, for its place
	// HaveSize and WantSize are the widths in question in bytes, on the first of the targets.
	HaveSize, WantSize int
	Behind             bool // it is what the pointer points to that differs
	Assumed            bool // Convention: neither side writes its own
	Mild               bool // wrong, but harmless on most calls
	// Decl is the struct or enum of the unit whose width is in question, nil if it is none.
	Decl    *link.Type
	Targets TargetSet
}

// comparison compares one import with one prototype on one target.
type comparison struct {
	t     Target
	have  *Func
	want  *Func
	diffs []Difference
	gaps  []string // reasons for which parts were not compared
}

// Compare returns the differences between an import and a prototype on target t, and why parts of
// them could not be compared.
func Compare(have, want *Func, t Target) (diffs []Difference, gaps []string) {
	c := &comparison{t: t, have: have, want: want}
	c.convention()
	if c.count() {
		for i := range min(len(have.Params), len(want.Params)) {
			c.param(i)
		}
	}
	c.result()
	return c.diffs, c.gaps
}

func (c *comparison) add(d Difference) { c.diffs = append(c.diffs, d) }

func (c *comparison) gap(t *Type) { c.gaps = append(c.gaps, t.Why) }

// convention: on 32-bit x86 it says who takes the arguments off the stack.
func (c *comparison) convention() {
	if c.t.Arch != X86 || c.t.OS != Windows || c.have.Conv == ConvUnknown || c.want.Conv == ConvUnknown || c.have.Conv == c.want.Conv {
		return
	}
	if len(c.want.Params) == 0 && len(c.have.Params) == 0 && !c.want.Varargs {
		return // nobody has anything to take off
	}
	c.add(Difference{Kind: Convention, Param: Whole, Have: c.have.Conv.String(), Want: c.want.Conv.String(),
		Assumed: !c.have.Spelled && !c.want.Spelled})
}

// count compares the number of parameters; it tells whether they can be compared one by one.
func (c *comparison) count() bool {
	have, want := len(c.have.Params), len(c.want.Params)
	switch {
	case have == want, c.want.Varargs && have >= want:
		return true
	case c.t.Arch == X86 && c.stack(c.have) == c.stack(c.want) && c.stack(c.have) > 0:
		return false // the same bytes on the stack: one struct taken apart
	}
	for _, f := range []*Func{c.have, c.want} {
		for i := range f.Params {
			if ty := &f.Params[i].Type; ty.Kind == Unknown && f == c.want {
				c.gap(ty)
				return false
			}
		}
	}
	c.add(Difference{Kind: Count, Param: Whole, Have: parameters(have), Want: parameters(want), HaveSize: have, WantSize: want,
		Mild: have > want && c.have.Conv != Stdcall})
	return false
}

func parameters(n int) string {
	if n == 1 {
		return "1 parameter"
	}
	return fmt.Sprintf("%d parameters", n)
}

// stack is the number of bytes that arguments take on the stack of 32-bit x86, 0 if unknown.
func (c *comparison) stack(f *Func) int {
	sum := 0
	for i := range f.Params {
		ty := &f.Params[i].Type
		if ty.Kind == Unknown || ty.Size == 0 {
			return 0
		}
		sum += align(ty.Size, 4)
	}
	return sum
}

// param compares one parameter.
func (c *comparison) param(i int) {
	h, w := &c.have.Params[i], &c.want.Params[i]
	d := Difference{Param: i, WantIdx: i, Name: h.Name, Span: h.Span, Have: h.Type.Name, Want: w.Type.Name, HaveSize: h.Type.Size, WantSize: w.Type.Size, Decl: h.Type.Decl}
	switch {
	case h.Type.Kind == Unknown && h.Type.Name == w.Type.Name:
		// made by a generator, and named after what it stands for
	case h.Type.Kind == Unknown:
		c.gap(&h.Type)
	case w.Type.Kind == Unknown:
		c.gap(&w.Type)
	case w.Freed && addressOfWord(&h.Type) && (w.Type.Kind == Word || w.Type.Kind == Pointer && w.Type.Elem != nil && w.Type.Elem.Kind == Void):
		d.Kind = Indirection // the function would release the variable that the handle is in
		c.add(d)
	default:
		if k := c.byValue(&h.Type, &w.Type); k != 0 {
			d.Kind = k
			d.Mild = k == PointerSize && w.Type.Text != NoText // MAKEINTRESOURCE: the number is small
			c.add(d)
			return
		}
		c.behind(d, h, w)
	}
}

// addressOfWord tells whether a C# parameter passes the address of a handle or pointer.
func addressOfWord(h *Type) bool {
	return h.Kind == Pointer && !h.Array && h.Writes && h.Elem != nil && h.Elem.Kind == Word
}

// byValue compares what lies in the argument's own slot.
func (c *comparison) byValue(h, w *Type) DiffKind {
	if h.Kind == Struct || w.Kind == Struct {
		return c.structValue(h, w)
	}
	if (h.Kind == Float) != (w.Kind == Float) {
		switch {
		case h.Kind == Pointer:
			return Indirection
		case c.t.Arch == X86 && h.Size == w.Size:
			return 0 // both lie on the stack
		}
		return Class
	}
	switch {
	case h.Kind == Float:
		if h.Size != w.Size {
			return Width
		}
		return 0
	case h.Kind == Pointer && w.Kind == Int:
		return Indirection
	case h.Size == w.Size, h.Size <= 4 && w.Size <= 4:
		return 0 // an argument takes a whole slot
	case w.Kind == Pointer && w.Text != NoText && h.Size < 4:
		return 0 // an atom, which the caller extends
	case w.Kind == Pointer || w.Kind == Word:
		if h.Size < w.Size {
			return PointerSize
		}
		return Width // 8 bytes where 4 are taken
	case h.Size > w.Size && c.t.Ptr() == 8:
		return 0 // the callee reads the lower half of the register or slot
	}
	return Width
}

// structValue compares when one side is a struct by value.
func (c *comparison) structValue(h, w *Type) DiffKind {
	switch {
	case h.Kind == Struct && w.Kind == Pointer && h.Size < 4:
		return 0 // an atom or number where a name may stand
	case h.Kind == Struct && w.Kind == Pointer && h.Size == 4 && c.t.Ptr() == 8:
		return PointerSize
	case h.Kind == Struct && w.Kind == Pointer, h.Kind == Struct && w.Kind == Word && h.Size > c.t.Ptr():
		if h.Size <= c.t.Ptr() && h.Size > 4 || h.Size == c.t.Ptr() {
			return 0 // a struct around a handle or pointer
		}
		if c.hidden(h.Size) {
			return 0
		}
		return Indirection
	case w.Kind == Struct && h.Kind == Pointer:
		if w.Size == c.t.Ptr() {
			return 0
		}
		if c.hidden(w.Size) {
			return 0
		}
		return Indirection
	case h.Size == w.Size:
		return 0
	case h.Size <= 4 && w.Size <= 4:
		return 0
	case h.Kind != Struct && w.Kind != Struct:
		return 0
	case h.Size > w.Size && h.Size <= 8 && c.t.Ptr() == 8:
		return 0
	case w.Kind == Word && h.Size < w.Size:
		return PointerSize
	}
	return Width
}

// hidden tells whether a struct of that many bytes is passed by the address of a copy.
func (c *comparison) hidden(size int) bool {
	switch {
	case c.t.OS == Windows && c.t.Arch == X64:
		return size > 8 || size == 3 || size > 4 && size < 8
	case c.t.Arch == ARM64:
		return size > 16
	}
	return false
}

// result compares the results. One that is thrown away is never wrong.
func (c *comparison) result() {
	h, w := &c.have.Ret, &c.want.Ret
	d := Difference{Param: ReturnValue, Name: "the result", Span: c.have.RetSpan, Have: h.Name, Want: w.Name, HaveSize: h.Size, WantSize: w.Size, Decl: h.Decl}
	switch {
	case h.Kind == Void:
		return
	case h.Kind == Unknown:
		c.gap(h)
		return
	case w.Kind == Unknown:
		c.gap(w)
		return
	case w.Kind == Void:
		d.Kind, d.Mild = Return, true // few look at it
	case c.have.HResult:
		if w.Name == "HRESULT" || w.Size != 4 || w.Kind != Int || !w.Bool {
			return
		}
		d.Kind = Return
	default:
		d.Kind = c.resultKind(h, w)
		d.Mild = d.Kind == Width && h.Kind != Float && w.Kind != Float && (h.Size <= 4 && w.Size <= 4 || h.Kind == Word && w.Kind == Int)
	}
	if d.Kind != 0 {
		c.add(d)
	}
}

func (c *comparison) resultKind(h, w *Type) DiffKind {
	switch {
	case h.Kind == Struct && h.Size == w.Size, w.Kind == Struct && w.Size == h.Size:
		return 0
	case (h.Kind == Float) != (w.Kind == Float):
		return Class
	case h.Size == w.Size:
		if h.Kind == Pointer && w.Kind == Pointer && h.Text != NoText && w.Text != NoText && h.Text != w.Text {
			return Encoding
		}
		return 0
	case h.Bool && w.Kind == Int && w.Size <= 4:
		if h.Size < w.Size && !w.Bool {
			return Width
		}
		return BoolWidth
	case (w.Kind == Pointer || w.Kind == Word) && h.Size < w.Size:
		return PointerSize
	case h.Decl != nil && h.Kind == Int && w.Kind == Int && h.Size < w.Size && w.Size <= 4:
		return 0 // an enum of all values that there are
	case h.Size > w.Size && h.Kind != Struct && w.Kind != Struct && w.Kind == Int && w.Size < 4 && h.Size == 4 && !h.Bool:
		return Width
	}
	return Width
}
