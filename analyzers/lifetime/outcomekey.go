package lifetime

import (
	"bytes"
	"slices"
	"strconv"
)

// key renders what tells outcomes apart: everything but the conditions.
func (o *outcome) key() string {
	var buf [256]byte
	return string(o.appendKey(buf[:0]))
}

// appendKey is key, behind out. The order of the effects does not matter.
func (o *outcome) appendKey(out []byte) []byte {
	var inText [256]byte
	var inParts [8][2]int
	text, parts := inText[:0], inParts[:0]
	for i := range o.effects {
		at := len(text)
		text = o.effects[i].appendKey(text)
		parts = append(parts, [2]int{at, len(text)})
	}
	slices.SortFunc(parts, func(x, y [2]int) int { return bytes.Compare(text[x[0]:x[1]], text[y[0]:y[1]]) })
	out = o.appendResult(out)
	for _, p := range parts {
		out = append(append(out, ';'), text[p[0]:p[1]]...)
	}
	return out
}

func (e *effect) appendKey(out []byte) []byte {
	out = appendNumbers(out, int64(e.kind), e.value)
	out = append(e.path.appendKey(out), e.api...)
	if e.keep != nil {
		out = append(e.keep.place.appendKey(append(out, " in "...)), e.keep.until...)
	}
	if e.obj != nil && e.kind != effRelease { // of two ways of opening, neither stands for both
		out = appendNumbers(append(out, ' '), int64(e.obj.Kind))
		out = appendFlags(append(out, e.obj.API...), e.obj.asyncKnown, e.obj.async)
	}
	return out
}

func (p *path) appendKey(out []byte) []byte {
	out = appendNumbers(out, int64(p.root), int64(p.index))
	out = append(append(out, p.name...), p.sel...)
	return append(out, ' ')
}

// appendResult renders how the function is left, and with what.
func (o *outcome) appendResult(out []byte) []byte {
	r := &o.ret
	out = appendFlags(out, o.throws, r.owner != nil, r.known, r.obj != nil, r.addr, r.made != nil, r.constant, o.err.known)
	out = append(out, o.exc...)
	for _, c := range [...]*cons{&r.c, &o.err.c} {
		out = appendNumbers(out, c.lo, c.hi, int64(c.nne))
		out = appendNumbers(out, c.ne[:]...)
	}
	out = r.alias.appendKey(out)
	if r.obj != nil {
		out = appendFlags(out, r.obj.asyncKnown, r.obj.async)
	}
	return out
}

func appendNumbers(out []byte, ns ...int64) []byte {
	for _, n := range ns {
		out = append(strconv.AppendInt(out, n, 10), '.')
	}
	return out
}

func appendFlags(out []byte, flags ...bool) []byte {
	for _, f := range flags {
		out = append(out, '0'+byte(boolVal(f).n))
	}
	return out
}
