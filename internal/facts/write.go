package facts

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/zstd"

	"github.com/pinvet/pinvet/analyzers/ir/irenc"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/version"
)

// Encode writes a unit as bytes. choice says which files were left out: whoever reads the facts must
// have made the same one. Its error says why the build of pinvet is not known.
func Encode(u *Unit, choice string) ([]byte, error) {
	head, err := headOf(choice)
	if err != nil {
		return nil, err
	}
	lowered := make([][]byte, len(u.Files))
	each(len(u.Files), func(i int) {
		if f := u.Files[i].Lowered; f != nil {
			f.Settle() // who reads it does not have its text at hand
			lowered[i] = irenc.Append(nil, f)
		}
	})
	var table, texts, code writer
	table.uint(len(u.Files))
	for i, f := range u.Files {
		table.file(f.Source)
		table.uint(len(lowered[i]))
		table.string(f.Panic)
		texts = append(texts, f.Source.Raw()...)
		code = append(code, lowered[i]...)
	}
	table.uint(len(u.Build))
	for _, f := range u.Build {
		table.file(f)
		texts = append(texts, f.Raw()...)
	}
	table.failures(u.Failed)
	table.failures(u.BuildFailed)
	table.walk(u)

	var body writer
	packer, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithWindowSize(windowSize))
	if err != nil {
		return nil, err
	}
	for _, part := range [][]byte{table, texts, code} {
		body.string(string(packer.EncodeAll(part, nil)))
	}
	sum := sha256.Sum256(body)
	return fmt.Appendf(nil, "%s\n%x\n%s", head, sum, body), nil
}

// windowSize is how far back equal pieces are looked for, in bytes: over many files.
const windowSize = 8 << 20

const magic = "pinvet facts 1"

// headOf is the first line: magic, build, form of the code, choice of files.
func headOf(choice string) (string, error) {
	build, err := version.Build()
	if err != nil {
		return "", fmt.Errorf("which build of pinvet this is: %w", err)
	}
	sum := sha256.Sum256([]byte(choice))
	return fmt.Sprintf("%s; %s; code %s; files %x", magic, build, irenc.Schema, sum[:6]), nil
}

// writer writes the table.
type writer []byte

func (w *writer) uint(n int) { *w = binary.AppendUvarint(*w, uint64(n)) }

func (w *writer) string(s string) {
	w.uint(len(s))
	*w = append(*w, s...)
}

func (w *writer) file(f *source.File) {
	w.string(f.Path)
	w.uint(len(f.Raw()))
}

func (w *writer) failures(list []source.Failure) {
	w.uint(len(list))
	for _, f := range list {
		kind, text := kindOf(f.Err)
		w.string(f.Path)
		w.uint(kind)
		w.string(text)
	}
}

func (w *writer) walk(u *Unit) {
	w.uint(len(u.Skipped))
	for _, s := range u.Skipped {
		w.string(s.Path)
		w.string(string(s.Reason))
	}
	w.uint(len(u.Problems))
	for _, p := range u.Problems {
		w.string(string(p.Kind))
		w.uint(int(p.Level))
		w.string(p.Path)
		w.uint(p.Line)
		w.string(p.Text)
	}
}

// each calls do(0..n-1) on all processors.
func each(n int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// Is tells whether bytes begin as facts do.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte(magic[:len(magic)-1])) }
