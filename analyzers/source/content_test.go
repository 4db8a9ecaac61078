package source

import (
	"bytes"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// A file says the same after its texts were packed, also while others ask, and after they were collected.
func TestPack(t *testing.T) {
	for name, raw := range map[string][]byte{
		"empty":        {},
		"UTF-8":        []byte("class A {\r\n\tstring s = \"é𝄞\"; // x\r\n}\n"),
		"with a mark":  []byte("\xef\xbb\xbfclass A { }\n"),
		"UTF-16":       []byte("\xff\xfec\x00l\x00a\x00s\x00s\x00\n\x00A\x00"),
		"Windows-1252": []byte("// caf\xe9\nclass A { }\n"),
		"long":         bytes.Repeat([]byte("int x = 1;\n"), 5000),
	} {
		plain, err := FromBytes("a.cs", CSharp, bytes.Clone(raw))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f, _ := FromBytes("a.cs", CSharp, bytes.Clone(raw))
		before := f.Text()
		same := func() {
			if !bytes.Equal(f.Raw(), raw) || !bytes.Equal(f.Text(), plain.Text()) {
				t.Errorf("%s: %q, want %q", name, f.Text(), plain.Text())
			}
			for at := range len(plain.Text()) + 2 {
				if f.Position(at) != plain.Position(at) || f.DiskOffset(at) != plain.DiskOffset(at) {
					t.Fatalf("%s: byte %d is at %v and %d, want %v and %d", name, at, f.Position(at), f.DiskOffset(at), plain.Position(at), plain.DiskOffset(at))
				}
			}
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(same)
		}
		f.Pack()
		wg.Wait()
		f.Pack()
		runtime.GC()
		runtime.GC()
		same()
		if !bytes.Equal(before, plain.Text()) {
			t.Errorf("%s: who held the text has another one now", name)
		}
		if f.held.Load() != nil {
			t.Errorf("%s: the text is held", name)
		}
	}
}

// TestTextsAreReadAgain: a text that is on disk is not kept, and comes back; where something else is there by then, it is told, and
// every place of the old one can be asked for.
func TestTextsAreReadAgain(t *testing.T) {
	for name, raw := range map[string]string{
		"UTF-8":        "class A {\r\n\tstring s = \"é𝄞\";\r\n}\n",
		"UTF-16":       "\xff\xfec\x00l\x00a\x00s\x00s\x00\n\x00A\x00",
		"Windows-1252": "// caf\xe9\nclass A { }\n",
	} {
		dir := t.TempDir()
		write := func(text string) {
			if err := os.WriteFile(filepath.Join(dir, "a.cs"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		load := func() *File {
			write(raw)
			f := Load(&Input{Root: dir, Paths: []string{"a.cs"}, Rereads: true}, token.NewFileSet()).Files[0]
			f.Pack()
			runtime.GC()
			runtime.GC()
			return f
		}
		plain, err := FromBytes("a.cs", CSharp, []byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		f := load()
		if f.packed != nil || !bytes.Equal(f.Text(), plain.Text()) || string(f.Raw()) != raw || f.Changed() {
			t.Errorf("%s: %q, changed: %v", name, f.Text(), f.Changed())
		}
		for _, other := range []string{"", raw + " ", "class B" + raw[min(7, len(raw)):], "x"} {
			f = load()
			write(other)
			for at := range len(plain.Text()) + 2 {
				f.Position(at)
				f.DiskOffset(at)
			}
			if len(f.Text()) != len(plain.Text()) || !f.Changed() {
				t.Errorf("%s: %q for %q, changed: %v", name, f.Text(), other, f.Changed())
			}
		}
		f = load()
		if err := os.Remove(filepath.Join(dir, "a.cs")); err != nil {
			t.Fatal(err)
		}
		if f.Text(); !f.Changed() {
			t.Errorf("%s: nothing is told of a file that is gone", name)
		}
	}
}
