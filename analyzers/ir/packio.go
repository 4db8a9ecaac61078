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
// else it tells so.
//
// The form: number of strings, their lengths, their bytes; for each function 0, or one more than the length of
// its packed body, the number of its words, the body, the words with four bytes each.
func (f *File) AppendBodies(dst []byte) (out []byte, ok bool) {
	var strings []string
	for _, fn := range f.Funcs {
		if p := fn.packed; p == nil && len(fn.Code) > 0 || p != nil && p.data == nil {
			return dst, false
		} else if p != nil && strings == nil {
			strings = p.strings
		} else if p != nil && (len(p.strings) != len(strings) || len(strings) > 0 && &p.strings[0] != &strings[0]) {
			return dst, false
		}
	}
	dst = binary.AppendUvarint(dst, uint64(len(strings)))
	for _, s := range strings {
		dst = binary.AppendUvarint(dst, uint64(len(s)))
	}
	for _, s := range strings {
		dst = append(dst, s...)
	}
	for _, fn := range f.Funcs {
		p := fn.packed
		if p == nil {
			dst = append(dst, 0)
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(len(p.data)+1))
		dst = binary.AppendUvarint(dst, uint64(len(p.words)))
		dst = append(dst, p.data...)
		for _, w := range p.words {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(w))
		}
	}
	return dst, true
}

// ReadBodies gives the functions the bodies that AppendBodies wrote; data is kept and must not change. It tells whether
// data is of such a form; what is in a body is not looked at, so keep a checksum beside it.
func (f *File) ReadBodies(data []byte) bool {
	r := bodyReader{data: data}
	strings := r.strings()
	for _, fn := range f.Funcs {
		size := r.uint()
		if size == 0 {
			continue
		}
		words := r.uint()
		p := &packedBody{data: r.bytes(size - 1), strings: strings}
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
