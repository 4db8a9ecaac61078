package lifetime

import (
	"hash/fnv"
	"math"

	"github.com/pinvet/pinvet/analyzers/ir"
)

type valueKind uint8

const (
	vUnknown valueKind = iota // nothing is known and nothing can be learnt
	vInt                      // the number n; null and false are 0
	vUninit                   // content of a local that was never written
	vSym                      // symbol sym; n holds bits that are known to be set
	vAddr                     // address of reg
	vCmp                      // truth of "sym sub n"
	vName                     // what an OpName means that is no storage: a type, a function
)

// firstLambda is the n of a vName that stands for the closure of function 0 of the file; smaller
// numbers are other names.
const firstLambda = 2

// literal is the n of a vName that stands for a string literal.
const literal = -1

// value is an abstract value. Integers from 0x80000000 to 0xFFFFFFFF are kept as the int32 they
// equal, so that -1, 0xFFFFFFFF and INVALID_HANDLE_VALUE are one number.
type value struct {
	k   valueKind
	sub ir.Sub
	raw bool // vSym, vAddr: the raw handle of the owner that the rest names
	sym symID
	reg regID
	n   int64
}

func intVal(n int64) value {
	if n >= 0x80000000 && n <= 0xFFFFFFFF {
		n = int64(int32(uint32(n)))
	}
	return value{k: vInt, n: n}
}

// textVal is the number that stands for a type object: equal for equal texts, and no number of its
// own that code compares with.
func textVal(s string) value {
	h := fnv.New32a()
	h.Write([]byte(s))
	return value{k: vInt, n: 1<<40 | int64(h.Sum32())}
}

func boolVal(b bool) value {
	if b {
		return value{k: vInt, n: 1}
	}
	return value{k: vInt}
}

func symVal(s symID) value  { return value{k: vSym, sym: s} }
func addrVal(r regID) value { return value{k: vAddr, reg: r} }

// cons is what is known of a symbol: an interval without some points.
type cons struct {
	sym    symID
	lo, hi int64
	ne     [6]int64
	nne    uint8
}

func anyCons(s symID) cons { return cons{sym: s, lo: math.MinInt64, hi: math.MaxInt64} }

func (c *cons) excluded(n int64) bool {
	if n < c.lo || n > c.hi {
		return true
	}
	for i := uint8(0); i < c.nne; i++ {
		if c.ne[i] == n {
			return true
		}
	}
	return false
}

func (c *cons) isConst() (int64, bool) { return c.lo, c.lo == c.hi }

// assume narrows c by "x sub n" and tells whether anything is left.
func (c *cons) assume(sub ir.Sub, n int64) bool {
	switch sub {
	case ir.Eq:
		if c.excluded(n) {
			return false
		}
		c.lo, c.hi, c.nne = n, n, 0
	case ir.Ne:
		c.exclude(n)
	case ir.Lt:
		if n == math.MinInt64 {
			return false
		}
		c.hi = min(c.hi, n-1)
	case ir.Le:
		c.hi = min(c.hi, n)
	case ir.Gt:
		if n == math.MaxInt64 {
			return false
		}
		c.lo = max(c.lo, n+1)
	case ir.Ge:
		c.lo = max(c.lo, n)
	}
	c.tighten()
	return c.lo <= c.hi
}

func (c *cons) exclude(n int64) {
	if c.excluded(n) {
		return
	}
	switch {
	case n == c.lo && n == c.hi:
		c.lo, c.hi = 1, 0
	case n == c.lo:
		c.lo++
	case n == c.hi:
		c.hi--
	case int(c.nne) < len(c.ne):
		c.ne[c.nne] = n
		c.nne++
	}
}

// tighten moves the ends inwards over excluded points.
func (c *cons) tighten() {
	for again := true; again && c.lo <= c.hi; {
		again = false
		for i := uint8(0); i < c.nne; i++ {
			if c.ne[i] == c.lo {
				c.lo++
				again = true
			} else if c.ne[i] == c.hi {
				c.hi--
				again = true
			}
		}
	}
}

// decide evaluates "x sub n" when c decides it.
func (c *cons) decide(sub ir.Sub, n int64) (truth, known bool) {
	yes, no := *c, *c
	neg, _ := sub.Negate()
	canYes, canNo := yes.assume(sub, n), no.assume(neg, n)
	switch {
	case canYes && canNo:
		return false, false
	case canYes:
		return true, true
	}
	return false, true
}

// sign is the coarsest set that keeps zero, positive and negative numbers apart.
func (c cons) sign() cons {
	out := anyCons(c.sym)
	switch {
	case c.lo == 0 && c.hi == 0:
		out.lo, out.hi = 0, 0
	case c.lo > 0:
		out.lo = 1
	case c.hi < 0:
		out.hi = -1
	case c.excluded(0):
		out.exclude(0)
	}
	return out
}

// hull is a set that contains both.
func (c *cons) hull(d *cons) cons {
	out := cons{sym: c.sym, lo: min(c.lo, d.lo), hi: max(c.hi, d.hi)}
	for _, x := range [...]*cons{c, d} {
		for i := uint8(0); i < x.nne; i++ {
			if n := x.ne[i]; c.excluded(n) && d.excluded(n) {
				out.exclude(n)
			}
		}
	}
	if c.excluded(0) && d.excluded(0) {
		out.exclude(0)
	}
	return out
}

func compare(sub ir.Sub, a, b int64) bool {
	switch sub {
	case ir.Eq:
		return a == b
	case ir.Ne:
		return a != b
	case ir.Lt:
		return a < b
	case ir.Le:
		return a <= b
	case ir.Gt:
		return a > b
	}
	return a >= b
}

func isComparison(s ir.Sub) bool { return s >= ir.Eq && s <= ir.Ge }
