package source

import (
	"bytes"
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
