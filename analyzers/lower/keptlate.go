package lower

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/ir/irenc"
	"github.com/pinvet/pinvet/analyzers/source"
)

// Bodies that are late are not in the entry of their file, as that is written before anybody looks at one. Those that a run looked
// at have an entry of their own, which is read when the next run first looks at one of them, and written again when
// it looked at more.

// KeepLate puts late bodies that were looked at where the next run finds them. Nobody may look at the files meanwhile.
func KeepLate(in *source.Input, res *Result) {
	if in.Kept == nil || in.Ctx().Err() != nil || in.Hasty.Noted() {
		return
	}
	parallel.Do(in.Ctx(), in.Workers, len(res.Files), func(i int) {
		f := res.Files[i]
		if key, ok := f.LateKey(); ok {
			if bodies := f.LateBodies(); bodies != nil {
				in.Kept.Put(key, packer().EncodeAll(appendLate(nil, bodies), nil))
			}
		}
	})
}

// lateFrom gives f its late bodies of earlier runs.
func lateFrom(in *source.Input, f *source.File, out *ir.File) {
	if in.Kept == nil {
		return
	}
	file := keptKey(f)
	key := sha256.Sum256(append([]byte("late bodies"), file[:]...))
	out.LateFrom(key, sync.OnceValue(func() map[int]*ir.LateBody {
		data, ok := in.Kept.Get(key)
		if !ok {
			return nil
		}
		plain, err := unpacker().DecodeAll(data, nil)
		if err != nil {
			return nil
		}
		return readLate(plain)
	}))
}

// appendLate writes bodies: the length of a file of their functions as irenc writes it, that, the length of their packed bodies, these,
// and for each the number of what was not understood in it.
func appendLate(dst []byte, bodies []ir.LateBody) []byte {
	f := &ir.File{}
	for _, b := range bodies {
		f.Funcs = append(f.Funcs, b.Func)
		f.Problems = append(f.Problems, b.Problems...)
	}
	f.Pack()
	f.WithoutWords()
	packed, _ := f.AppendBodies(nil)
	heads := irenc.Append(nil, f.WithoutBodies())
	dst = append(binary.AppendUvarint(dst, uint64(len(heads))), heads...)
	dst = append(binary.AppendUvarint(dst, uint64(len(packed))), packed...)
	for _, b := range bodies {
		dst = binary.AppendUvarint(dst, uint64(len(b.Problems)))
	}
	return dst
}

// readLate is the reverse; nil if data is not what appendLate gives.
func readLate(data []byte) map[int]*ir.LateBody {
	next := func() (part []byte, ok bool) {
		n, size := binary.Uvarint(data)
		if size <= 0 || n > uint64(len(data)-size) {
			return nil, false
		}
		part, data = data[size:size+int(n):size+int(n)], data[size+int(n):]
		return part, true
	}
	heads, ok := next()
	if !ok {
		return nil
	}
	f, err := irenc.Decode(heads)
	packed, ok := next()
	if err != nil || !ok || !f.ReadBodies(packed) {
		return nil
	}
	out := make(map[int]*ir.LateBody, len(f.Funcs))
	for _, fn := range f.Funcs {
		n, size := binary.Uvarint(data)
		if size <= 0 || n > uint64(len(f.Problems)) {
			return nil
		}
		out[fn.Index] = &ir.LateBody{Func: fn, Problems: f.Problems[:n:n]}
		data, f.Problems = data[size:], f.Problems[n:]
	}
	return out
}
