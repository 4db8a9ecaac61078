package irenc

import (
	"encoding/binary"
	"errors"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// ErrMalformed says that bytes are no encoded file.
var ErrMalformed = errors.New("not an encoded file")

// Append appends the encoded file to dst.
func Append(dst []byte, f *ir.File) []byte {
	e := &encoder{index: map[string]uint64{}}
	e.theFile(f)
	dst = binary.AppendUvarint(dst, uint64(len(e.strings)))
	for _, s := range e.strings {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
	}
	for _, s := range e.strings {
		dst = append(dst, s...)
	}
	for _, c := range []column{e.spans, e.temps, e.names} {
		dst = binary.AppendUvarint(dst, uint64(len(c.buf)))
		dst = append(dst, c.buf...)
	}
	return append(dst, e.buf...)
}

// Decode reads what Append wrote; data is not kept. Its error is ErrMalformed.
func Decode(data []byte) (*ir.File, error) {
	d := &decoder{source: source{buf: data}, left: uint64(len(data))}
	d.readStrings()
	d.spans.buf, d.temps.buf, d.names.buf = d.take(), d.take(), d.take()
	f := &ir.File{}
	d.theFile(f)
	for _, c := range []*source{&d.source, &d.spans, &d.temps, &d.names} {
		if c.bad || len(c.buf) > 0 {
			return nil, ErrMalformed
		}
	}
	room := maxTemps * len(data)
	for _, fn := range f.Funcs {
		if len(fn.Code) > 0 {
			room -= fn.NumTemps
		}
		if fn.NumTemps < 0 || room < 0 {
			return nil, ErrMalformed
		}
		fn.File = f
		if len(fn.Code) > 0 {
			fn.IndexDefs()
		}
	}
	return f, nil
}

// maxTemps is the most temps for each byte of an encoded file. A body can have many more than
// instructions, because code that cannot be reached is dropped.
const maxTemps = 16

// encoder writes one file. What is alike stands together, which packs better.
type encoder struct {
	column
	spans, temps, names column

	strings []string
	index   map[string]uint64
	at      uint32  // start of the last span
	temp    ir.Temp // the last temp
}

// column is a sequence of numbers.
type column struct{ buf []byte }

func (c *column) uint(v uint64) { c.buf = binary.AppendUvarint(c.buf, v) }
func (c *column) int(v int64)   { c.buf = binary.AppendVarint(c.buf, v) }

func (e *encoder) string(s string) {
	i, ok := e.index[s]
	if !ok {
		i = uint64(len(e.strings))
		e.index[s] = i
		e.strings = append(e.strings, s)
	}
	e.names.uint(i)
}

func (e *encoder) span(s ir.Span) {
	e.spans.int(int64(int32(s.Start - e.at)))
	e.spans.int(int64(int32(s.End - s.Start)))
	e.at = s.Start
}

func (e *encoder) tempOf(t ir.Temp) {
	e.temps.int(int64(t) - int64(e.temp))
	e.temp = t
}

// decoder reads one file. Past the first thing that is wrong in a column, that gives zeros.
type decoder struct {
	source
	spans, temps, names source

	strings []string
	at      uint32
	temp    ir.Temp
	left    uint64 // elements that slices may still have
	depth   int
}

// source is a column that is read.
type source struct {
	buf []byte
	bad bool
}

func (c *source) fail() {
	c.bad, c.buf = true, nil
}

func (c *source) uint() uint64 {
	if len(c.buf) > 0 && c.buf[0] < 0x80 {
		v := c.buf[0]
		c.buf = c.buf[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(c.buf)
	if n <= 0 {
		c.fail()
		return 0
	}
	c.buf = c.buf[n:]
	return v
}

func (c *source) int() int64 {
	u := c.uint()
	return int64(u>>1) ^ -int64(u&1)
}

// take cuts off what the next number counts in bytes.
func (c *source) take() []byte {
	n := c.uint()
	if n > uint64(len(c.buf)) {
		c.fail()
		return nil
	}
	out := c.buf[:n]
	c.buf = c.buf[n:]
	return out
}

func (d *decoder) readStrings() {
	sizes := make([]int, d.count())
	total := 0
	for i := range sizes {
		v := d.uint()
		if v > uint64(len(d.buf)) {
			d.fail()
			return
		}
		sizes[i] = int(v)
		total += sizes[i]
	}
	if total > len(d.buf) {
		d.fail()
		return
	}
	all := string(d.buf[:total]) // one for all, of which each is a part
	d.buf = d.buf[total:]
	d.strings = make([]string, len(sizes))
	for i, size := range sizes {
		d.strings[i], all = all[:size], all[size:]
	}
}

func (d *decoder) string() string {
	i := d.names.uint()
	if i >= uint64(len(d.strings)) {
		d.fail()
		return ""
	}
	return d.strings[i]
}

// count is the length of a slice. Each element of each slice takes a byte or more in some column.
func (d *decoder) count() int {
	n := d.uint()
	if n > d.left {
		d.fail()
		return 0
	}
	d.left -= n
	return int(n)
}

func (d *decoder) span() ir.Span {
	start := d.at + uint32(d.spans.int())
	end := start + uint32(d.spans.int())
	d.at = start
	return ir.Span{Start: start, End: end}
}

func (d *decoder) tempOf() ir.Temp {
	d.temp += ir.Temp(d.temps.int())
	return d.temp
}

// maxDepth is how deep expressions nest.
const maxDepth = 10_000

// enter tells whether one level more may be read; leave follows.
func (d *decoder) enter() bool {
	if d.depth++; d.depth > maxDepth {
		d.fail()
	}
	return !d.bad
}

func (d *decoder) leave() { d.depth-- }
