//go:build unix

package session

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/source"
)

// borderTree adds to a tree a C# file of imports and structs, all of them bound to C of the tree, and 20
// methods.
func borderTree(files map[string][]byte, imports, structs int) {
	var cs, h bytes.Buffer
	h.WriteString("#include <stdint.h>\n")
	cs.WriteString("using System.Runtime.InteropServices;\nnamespace Bench {\n")
	for i := range structs {
		fmt.Fprintf(&h, "struct record%d { int32_t kind; double value; uint8_t name[%d]; int64_t when; };\n", i, i+8)
		fmt.Fprintf(&cs, "    public unsafe struct Record%d { public int Kind; public double Value; public fixed byte Name[%d]; public long When; }\n", i, i+8)
	}
	cs.WriteString("    static class Border {\n")
	for i := range imports {
		fmt.Fprintf(&h, "int border%d(struct record%d *r, const char *name, int32_t n);\n", i, i%structs)
		fmt.Fprintf(&cs, "        [DllImport(\"bench\", CallingConvention = CallingConvention.Cdecl)] internal static extern int border%d(ref Record%d r, string name, int n);\n", i, i%structs)
	}
	for i := range 20 {
		fmt.Fprintf(&cs, "        internal static int Use%d(int n)\n        {\n            int total = 0;\n            Record%d r = default;\n            total += border%d(ref r, \"x\", n);\n            return total;\n        }\n", i, i%structs, i)
	}
	cs.WriteString("    }\n}\n")
	files["app/Border.cs"], files["native/border.h"] = cs.Bytes(), h.Bytes()
}

// TestBorderKeystrokes measures edits of bodies in a file of 200 imports and 50 structs, among 2,000
// files:
//
//	PINVET_BENCH=1 go test -v -run TestBorderKeystrokes ./internal/session
func TestBorderKeystrokes(t *testing.T) {
	if os.Getenv("PINVET_BENCH") == "" {
		t.Skip("PINVET_BENCH is not set")
	}
	files := benchTree(2000)
	borderTree(files, 200, 50)
	const path = "app/Border.cs"
	s := begin(t, write(t, files))
	text := files[path]
	s.Edit(path, source.CSharp, text)
	settled(t, s, map[string][]byte{path: text})
	stop := profile(t)
	var took []time.Duration
	before := processTime()
	for n := range 200 {
		at := bytes.Index(text, fmt.Appendf(nil, "Use%d(", n%20))
		at += bytes.Index(text[at:], []byte("int total = 0;"))
		text = slices.Concat(text[:at], []byte([]string{" ", "total++;", "// x\n"}[n%3]), text[at:])
		begun := time.Now()
		s.Edit(path, source.CSharp, text)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		_, err := s.Wait(ctx, func(r *Result) bool { return bytes.Equal(r.File(path).Raw(), text) })
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(begun))
	}
	stop()
	slices.Sort(took)
	t.Logf("200 imports, 50 structs: median %v, p99 %v, most %v; processor time for one edit %v", took[100], took[197], took[199], (processTime()-before)/200)
}
