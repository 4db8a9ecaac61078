//go:build unix

package session

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// benchFile makes a C# file with n methods of interop code, of which one in ten has a defect; 20 lines
// each.
func benchFile(class string, n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "using System;\nusing System.Runtime.InteropServices;\n\nnamespace Bench\n{\n    internal static unsafe class %s\n    {\n", class)
	for i := range n {
		free := "Marshal.FreeHGlobal(memory);"
		if i%10 == 9 {
			free = "// kept"
		}
		fmt.Fprintf(&b, `        public static int Work%[1]d(string name, byte[] data)
        {
            int total = 0;
            for (int i = 0; i < data.Length; i++)
            {
                total += data[i] * %[1]d; // é 😀
            }
            IntPtr memory = Marshal.AllocHGlobal(data.Length + %[1]d);
            Marshal.Copy(data, 0, memory, data.Length);
            fixed (byte* p = data)
            {
                total += Native.bench_sum(p, data.Length);
            }
            if (total < 0)
            {
                Console.WriteLine("{0}: {1}", name, total);
            }
            %[2]s
            return total + Helpers.Twice(total);
        }
`, i, free)
	}
	b.WriteString("    }\n}\n")
	return b.Bytes()
}

// benchTree is a workspace of n files: one large, the others of 30 to 300 lines, one in ten in C.
func benchTree(n int) map[string][]byte {
	files := map[string][]byte{
		"app/Large.cs":   benchFile("Large", 250),
		"app/Helpers.cs": []byte("namespace Bench { static class Helpers { public static int Twice(int x) { return 2 * x; } } }\n"),
		"app/Native.cs": []byte("using System.Runtime.InteropServices;\nnamespace Bench { static unsafe class Native {\n" +
			"    [DllImport(\"bench\")] public static extern int bench_sum(byte* p, int n);\n} }\n"),
		"native/bench.c": []byte("int bench_sum(unsigned char *p, int n)\n{\n    int s = 0;\n    for (int i = 0; i < n; i++)\n        s += p[i];\n    return s;\n}\n"),
	}
	for i := len(files); i < n; i++ {
		if i%10 == 0 {
			files[fmt.Sprintf("native/part%d.c", i)] = []byte(fmt.Sprintf("#include <stdlib.h>\n"+
				"int part%d(int n)\n{\n    char *p = malloc(n);\n    if (!p)\n        return -1;\n    p[0] = 1;\n    free(p);\n    return n;\n}\n", i))
			continue
		}
		files[fmt.Sprintf("app/%d/Part%d.cs", i%40, i)] = benchFile(fmt.Sprintf("Part%d", i), 1+i%15)
	}
	return files
}

// processTime is the time that the processors have spent on this process.
func processTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// profile writes where the time goes to the file that PINVET_PROFILE names, until the function that
// it returns is called.
func profile(t *testing.T) func() {
	name := os.Getenv("PINVET_PROFILE")
	if name == "" {
		return func() {}
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		t.Fatal(err)
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}
}

// residentMemory is what the process holds in memory, that of C included, in MB; 0 where that cannot be
// told.
func residentMemory(t *testing.T) float64 {
	text, err := os.ReadFile("/proc/self/statm")
	var size, resident float64
	if err == nil {
		_, err = fmt.Sscan(string(text), &size, &resident)
	}
	if err != nil {
		t.Log(err)
	}
	return resident * float64(os.Getpagesize()) / (1 << 20)
}

// TestKeystrokes measures from an edit to the result that has it, of a file of 5,000 lines among 2,000
// files; 200 edits, then memory after 100 and 1,000. It takes a minute, so it runs on demand:
//
//	PINVET_BENCH=1 go test -v -run TestKeystrokes ./internal/session
func TestKeystrokes(t *testing.T) {
	if os.Getenv("PINVET_BENCH") == "" {
		t.Skip("PINVET_BENCH is not set")
	}
	files := benchTree(2000)
	root := write(t, files)
	begun := time.Now()
	s := begin(t, root)
	text := files["app/Large.cs"]
	s.Edit("app/Large.cs", source.CSharp, text)
	settled(t, s, map[string][]byte{"app/Large.cs": text})
	t.Logf("%d files, the large one has %d lines; settled after %v", len(files), bytes.Count(text, []byte("\n")), time.Since(begun).Round(time.Millisecond))

	kinds := 5 // of the ways to type below; the ones after that leave the body half typed
	typed := func(text []byte, n int) []byte {
		// A person types in the middle of a method: a letter of a comment, a digit, a whole statement.
		at := bytes.Index(text, []byte(fmt.Sprintf("Work%d(", (n*37)%250)))
		at += bytes.Index(text[at:], []byte("int total = 0;"))
		what := []string{" ", "total++;", "1", "// x\n", "total = 1;\n", "if (total", "var s = \"", "{"}[n%kinds]
		if what == "1" {
			at += len("int total = ")
		}
		return slices.Concat(text[:at], []byte(what), text[at:])
	}
	edit := func(n int) time.Duration {
		text = typed(text, n)
		begun := time.Now()
		s.Edit("app/Large.cs", source.CSharp, text)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := s.Wait(ctx, func(r *Result) bool { return bytes.Equal(r.File("app/Large.cs").Raw(), text) }); err != nil {
			t.Fatal(err)
		}
		return time.Since(begun)
	}
	memory := func() (heap, resident float64) {
		settled(t, s, map[string][]byte{"app/Large.cs": text})
		debug.FreeOSMemory()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapInuse) / (1 << 20), residentMemory(t)
	}
	measure := func(what string, text0 []byte) {
		var took []time.Duration
		before := processTime()
		for n := range 200 {
			if text0 != nil {
				text = text0 // what is half typed gets finished, one day
			}
			took = append(took, edit(n))
		}
		slices.Sort(took)
		t.Logf("%s: median %v, p99 %v, most %v; processor time for one edit %v", what, took[100], took[197], took[199], (processTime()-before)/200)
	}
	stop := profile(t)
	measure("edit to findings", nil)
	stop()
	kinds = 8
	measure("some of them half typed", files["app/Large.cs"])
	kinds = 5
	if os.Getenv("PINVET_BENCH") == "short" {
		return
	}
	text = files["app/Large.cs"]
	for n := range 100 {
		edit(n)
	}
	heap, resident := memory()
	text = files["app/Large.cs"]
	for n := range 900 {
		if n%100 == 0 {
			text = files["app/Large.cs"]
		}
		edit(n)
	}
	heap2, resident2 := memory()
	t.Logf("after 100 more edits, and after 1,000: heap %.1f and %.1f MB, resident %.1f and %.1f MB, %d trees held", heap, heap2, resident, resident2, syntax.HeldTrees())
	if heap2 > heap*1.1 || resident2 > resident*1.1 {
		t.Errorf("memory grew by %.0f and %.0f %%", (heap2/heap-1)*100, (resident2/resident-1)*100)
	}
	if n := strings.Count(string(text), "\n"); n < 5000 {
		t.Errorf("the file has %d lines only", n)
	}
}
