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
	return append(dst, e.buf...)
}

// Decode reads what Append wrote; data is not kept. Its error is ErrMalformed.
func Decode(data []byte) (*ir.File, error) {
	d := &decoder{buf: data}
	d.readStrings()
	f := &ir.File{}
	d.theFile(f)
	if d.bad || len(d.buf) > 0 {
		return nil, ErrMalformed
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

// encoder writes one file.
type encoder struct {
	buf     []byte
	strings []string
	index   map[string]uint64
	at      uint32  // start of the last span
	temp    ir.Temp // the last temp
}

func (e *encoder) uint(v uint64) { e.buf = binary.AppendUvarint(e.buf, v) }
func (e *encoder) int(v int64)   { e.buf = binary.AppendVarint(e.buf, v) }

func (e *encoder) string(s string) {
	i, ok := e.index[s]
	if !ok {
		i = uint64(len(e.strings))
		e.index[s] = i
		e.strings = append(e.strings, s)
	}
	e.uint(i)
}

func (e *encoder) span(s ir.Span) {
	e.int(int64(int32(s.Start - e.at)))
	e.int(int64(int32(s.End - s.Start)))
	e.at = s.Start
}

func (e *encoder) tempOf(t ir.Temp) {
	e.int(int64(t) - int64(e.temp))
	e.temp = t
}

// decoder reads one file. Past the first thing that is wrong, it reads zeros.
type decoder struct {
	buf     []byte
	strings []string
	at      uint32
	temp    ir.Temp
	depth   int
	bad     bool
}

func (d *decoder) fail() {
	d.bad, d.buf = true, nil
}

func (d *decoder) readStrings() {
	n := d.count()
	sizes := make([]int, n)
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
	d.strings = make([]string, n)
	for i, size := range sizes {
		d.strings[i], all = all[:size], all[size:]
	}
}

func (d *decoder) uint() uint64 {
	if len(d.buf) > 0 && d.buf[0] < 0x80 {
		v := d.buf[0]
		d.buf = d.buf[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(d.buf)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.buf = d.buf[n:]
	return v
}

func (d *decoder) int() int64 {
	u := d.uint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *decoder) string() string {
	i := d.uint()
	if i >= uint64(len(d.strings)) {
		d.fail()
		return ""
	}
	return d.strings[i]
}

// count is the length of a slice of which each element takes a byte or more.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.buf)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) span() ir.Span {
	start := d.at + uint32(d.int())
	end := start + uint32(d.int())
	d.at = start
	return ir.Span{Start: start, End: end}
}

func (d *decoder) tempOf() ir.Temp {
	d.temp += ir.Temp(d.int())
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
