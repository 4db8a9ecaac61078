package check

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/pinvet/pinvet/analyzers/lower"
)

// declarations are the functions of a run by path and qualified name: sorted hashes of these, because there are many and
// few are asked for.
type declarations []uint64

func declarationsOf(l *lower.Result) (d declarations) {
	for _, f := range l.Files {
		for _, fn := range f.Funcs {
			d = append(d, declaration(f.Path, fn.FullName()))
		}
	}
	slices.Sort(d)
	return slices.Compact(d)
}

func declaration(path, function string) uint64 {
	sum := sha256.Sum256([]byte(path + "\x00" + function))
	return binary.LittleEndian.Uint64(sum[:])
}

func (d declarations) has(path, function string) bool {
	_, found := slices.BinarySearch(d, declaration(path, function))
	return found
}

func (d declarations) encode() []byte {
	out := make([]byte, 0, 8*len(d))
	for _, h := range d {
		out = binary.LittleEndian.AppendUint64(out, h)
	}
	return out
}

func decodeDeclarations(data []byte) declarations {
	d := make(declarations, 0, len(data)/8)
	for ; len(data) >= 8; data = data[8:] {
		d = append(d, binary.LittleEndian.Uint64(data))
	}
	return d
}
