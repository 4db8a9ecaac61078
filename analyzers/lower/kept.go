package lower

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/ir/irenc"
	"github.com/pinvet/pinvet/analyzers/source"
)

// keptKey names what lowering gives for a file: it reads the text, the path and the language.
func keptKey(f *source.File) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "lower late %s %x %d %q", irenc.Schema, f.Hash, f.Lang, f.Path))
}

// packer and unpacker may be used by many goroutines at once.
var (
	packer = sync.OnceValue(func() *zstd.Encoder {
		z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithZeroFrames(true))
		if err != nil {
			panic(err) // only for options that do not exist
		}
		return z
	})
	unpacker = sync.OnceValue(func() *zstd.Decoder {
		z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxUnpacked))
		if err != nil {
			panic(err)
		}
		return z
	})
)

// maxUnpacked is the largest encoded file, in bytes, that is read.
const maxUnpacked = 1 << 30

// kept looks for what an earlier run made of a file; nil if there is nothing. Its bodies are packed as those of One.
func kept(in *source.Input, f *source.File) *ir.File {
	out := Earlier(in, f)
	if out != nil {
		out.LowerLate(lowerer(f))
	}
	return out
}

// Earlier is what an earlier run made of a file, of which the path, the language and the hash are known; nil if there is nothing. Of
// bodies that are late only those can be asked for that an earlier run looked at.
func Earlier(in *source.Input, f *source.File) *ir.File {
	if in.Kept == nil {
		return nil
	}
	data, ok := in.Kept.Get(keptKey(f))
	if !ok {
		return nil
	}
	plain, err := unpacker().DecodeAll(data, nil)
	if err != nil {
		return nil
	}
	n, size := binary.Uvarint(plain)
	if size <= 0 || n > uint64(len(plain)-size) {
		return nil
	}
	heads, bodies := plain[size:size+int(n)], plain[size+int(n):]
	out, err := irenc.Decode(heads)
	if err != nil || out.Path != f.Path || len(bodies) > 0 && !out.ReadBodies(slices.Clone(bodies)) {
		return nil
	}
	lateFrom(in, f, out)
	return out
}

// keep puts a lowered file where kept finds it: the length of the file as irenc writes it, that, and the packed bodies.
func keep(in *source.Input, f *source.File, out *ir.File) {
	if in.Kept == nil || in.Ctx().Err() != nil {
		return
	}
	bodies, ok := out.AppendBodies(nil)
	if !ok {
		return
	}
	out = out.WithoutBodies()
	heads := irenc.Append(nil, out)
	plain := binary.AppendUvarint(make([]byte, 0, len(heads)+len(bodies)+binary.MaxVarintLen64), uint64(len(heads)))
	plain = append(append(plain, heads...), bodies...)
	in.Kept.Put(keptKey(f), packer().EncodeAll(plain, nil))
}
