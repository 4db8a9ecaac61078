package lower

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/pinvet/pinvet/analyzers/ir/irenc"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// TestLoweredFilesCanBeKept: what irenc reads back is what lowering gave, of each file of the sample
// projects and of the tree in PINVET_CORPUS. Run it with -v for sizes and times.
func TestLoweredFilesCanBeKept(t *testing.T) {
	roots := []string{"../../testdata/projects"}
	if dir := os.Getenv("PINVET_CORPUS"); dir != "" {
		roots = append(roots, dir)
	}
	var text, plain, packed int
	var lowering, encoding, decoding time.Duration
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || source.LangOf(p) == source.NoLang {
				return nil
			}
			f, err := source.Read("", p)
			if err != nil {
				return nil
			}
			start := time.Now()
			low := Parsed(f, syntax.Parse(context.Background(), f))
			lowered := time.Now()
			data := irenc.Append(nil, low)
			encoded := time.Now()
			got, err := irenc.Decode(data)
			decoding += time.Since(encoded)
			if err != nil || !reflect.DeepEqual(got, low) {
				t.Errorf("%s: another file comes back (%v)", p, err)
			}
			lowering, encoding = lowering+lowered.Sub(start), encoding+encoded.Sub(lowered)
			text, plain, packed = text+len(f.Raw()), plain+len(data), packed+len(z.EncodeAll(data, nil))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if text == 0 {
		t.Fatal("there are no files")
	}
	t.Logf("%d bytes of text: encoded %d, packed %d; lowered in %v, encoded in %v, decoded in %v", text, plain, packed, lowering, encoding, decoding)
}
