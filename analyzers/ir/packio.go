package ir

import (
	"encoding/binary"
	"slices"
	"unique"
)

// Packed bodies can be kept as they are: whoever reads them back unpacks those that somebody looks at, and
// knows the words of the others.

// WithoutBodies is the file without the bodies of its functions, for whoever keeps these as AppendBodies gives them. It
// shares all else with f.
func (f *File) WithoutBodies() *File {
	out := *f
	out.Funcs = slices.Clone(f.Funcs)
	all := make([]Func, len(f.Funcs))
	for i, fn := range f.Funcs {
		all[i] = *fn
		all[i].Code, all[i].defs, all[i].packed = nil, nil, nil
		out.Funcs[i] = &all[i]
	}
	return &out
}

// AppendBodies appends the bodies of a file that was packed as a whole, and of which none was looked at since;
// else it tells so. Of late ones it appends their words and where they are.
//
// The form: length of the names of late bodies, these; number of strings, their lengths, their bytes; for each function 0 if it has no body, 1 for a late
// one or 2 for a plain one, its first byte, its length and the fields before it, or three more than the length of its packed body; the number of its words, the
// body if it is packed, the words with four bytes each.
func (f *File) AppendBodies(dst []byte) (out []byte, ok bool) {
	var strings []string
	for _, fn := range f.Funcs {
		if fn.IsLate() {
			continue
		}
		if fn.packed == nil {
			if len(fn.Code) > 0 {
				return dst, false
			}
			continue
		}
		switch c := fn.packed.code.Load(); {
		case c.data == nil:
			return dst, false
		case strings == nil:
			strings = c.strings
		case len(c.strings) != len(strings) || len(strings) > 0 && &c.strings[0] != &strings[0]:
			return dst, false
		}
	}
	dst = append(binary.AppendUvarint(dst, uint64(len(f.names))), f.names...)
	dst = appendStrings(dst, strings)
	for _, fn := range f.Funcs {
		p := fn.packed
		if p == nil {
			dst = append(dst, 0)
			continue
		}
		var data []byte
		if p.late.isLate() {
			tag := uint64(1)
			if p.late.Plain {
				tag = 2
			}
			dst = binary.AppendUvarint(dst, tag)
			dst = binary.AppendUvarint(dst, uint64(p.late.Start))
			dst = binary.AppendUvarint(dst, uint64(p.late.End-p.late.Start))
			dst = binary.AppendUvarint(dst, uint64(p.late.Fields))
		} else {
			data = p.code.Load().data
			dst = binary.AppendUvarint(dst, uint64(len(data)+3))
		}
		dst = binary.AppendUvarint(dst, uint64(len(p.words)))
		dst = append(dst, data...)
		for _, w := range p.words {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(w))
		}
	}
	return dst, true
}

func appendStrings(dst []byte, list []string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for _, s := range list {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
	}
	for _, s := range list {
		dst = append(dst, s...)
	}
	return dst
}

// ReadBodies gives the functions the bodies that AppendBodies wrote; those that are late need a Lowerer (LowerLate). data is kept and must not change. It tells whether
// data is of such a form; what is in a body is not looked at, so keep a checksum beside it.
func (f *File) ReadBodies(data []byte) bool {
	r := bodyReader{data: data}
	f.names = string(r.bytes(r.uint()))
	strings := r.strings()
	for _, fn := range f.Funcs {
		size := r.uint()
		if size == 0 {
			continue
		}
		p := &packedBody{}
		if size <= 2 {
			start := r.uint()
			p.late = LateAt{Span{uint32(start), uint32(start + r.uint())}, size == 2, int32(r.uint())}
			r.bad = r.bad || !p.late.isLate() || p.late.Fields < 0 || int(p.late.Fields) > len(f.Fields)
		}
		words := r.uint()
		if size > 2 {
			p.code.Store(&packedCode{data: r.bytes(size - 3), strings: strings})
		}
		raw := r.bytes(4 * min(words, uint64(len(data))))
		if r.bad {
			return false
		}
		p.words = make([]Word, words)
		for i := range p.words {
			p.words[i] = Word(binary.LittleEndian.Uint32(raw[4*i:]))
		}
		fn.Code, fn.defs, fn.packed = nil, nil, p
	}
	return !r.bad && len(r.data) == 0
}

type bodyReader struct {
	data []byte
	bad  bool
}

func (r *bodyReader) uint() uint64 {
	v, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return v
}

func (r *bodyReader) bytes(n uint64) []byte {
	if n > uint64(len(r.data)) {
		r.bad, r.data = true, nil
		return nil
	}
	out := r.data[:n:n]
	r.data = r.data[n:]
	return out
}

func (r *bodyReader) strings() []string {
	n := r.uint()
	if n > uint64(len(r.data)) {
		r.bad = true
		return nil
	}
	sizes := make([]uint64, n)
	for i := range sizes {
		sizes[i] = r.uint()
	}
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i, size := range sizes {
		out[i] = unique.Make(string(r.bytes(size))).Value() // equal strings of other files are the same
	}
	return out
}
