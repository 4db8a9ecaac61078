package main

import (
	"bytes"
	"fmt"
	"strings"
)

// writer writes one file. What it chooses follows from the seed alone.
type writer struct {
	project, file int
	seed          uint64
	buf           bytes.Buffer
}

var nouns = strings.Fields("Account Batch Channel Device Entry Frame Graph Header Index Journal Kernel Ledger Message Node Order Packet Queue Record Session Table Unit Vector Window Zone")
var verbs = strings.Fields("Add Build Collect Drop Expand Fill Gather Handle Insert Join Keep Load Merge Notify Open Parse Query Reset Send Trim Update Visit Write Yield")

// next is a number below n (splitmix64).
func (w *writer) next(n int) int {
	w.seed += 0x9e3779b97f4a7c15
	z := w.seed
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

func (w *writer) noun(i int) string { return nouns[i%len(nouns)] }

func (w *writer) f(format string, args ...any) { fmt.Fprintf(&w.buf, format, args...) }

// other is a class of another file, of this project or of one near it.
func (w *writer) other() string {
	p := max(0, w.project-w.next(4))
	if p%5 == 4 {
		p--
	}
	i := w.next(perProject)
	return fmt.Sprintf("Unit%04d.%s%02d", p, w.noun(i), i)
}

func (w *writer) csharp() (text []byte, defects int) {
	class := fmt.Sprintf("%s%02d", w.noun(w.file), w.file)
	w.f("using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing System.Runtime.InteropServices;\n\nnamespace Unit%04d\n{\n", w.project)
	w.f("    /// <summary>Holds what belongs to one %s.</summary>\n    public sealed class %s : IDisposable\n    {\n", strings.ToLower(w.noun(w.file)), class)
	w.f("        private readonly List<string> names = new List<string>();\n        private readonly Dictionary<int, %s> others = new Dictionary<int, %s>();\n        private int count;\n\n", w.other(), w.other())
	for i := range 11 {
		w.method(i)
	}
	if w.file%25 == 7 {
		defects = w.border()
	}
	w.f("        public void Dispose()\n        {\n            names.Clear();\n            count = 0;\n        }\n    }\n}\n")
	return w.buf.Bytes(), defects
}

// method writes one that has nothing to do with native code.
func (w *writer) method(i int) {
	name := fmt.Sprintf("%s%s%d", verbs[w.next(len(verbs))], nouns[w.next(len(nouns))], i)
	w.f("        public int %s(%s value, IEnumerable<int> items, string text)\n        {\n", name, w.other())
	w.f("            if (text == null)\n                throw new ArgumentNullException(nameof(text));\n            var total = count + %d;\n", w.next(1000))
	w.f("            foreach (var item in items.Where(x => x > %d).OrderBy(x => x))\n            {\n", w.next(100))
	w.f("                switch (item %% 3)\n                {\n                    case 0: total += item; break;\n                    case 1: total -= text.Length; break;\n                    default: names.Add($\"{text}-{item}\"); break;\n                }\n            }\n")
	w.f("            for (var k = 0; k < names.Count && total < %d; k++)\n                total += names[k].Length * %d;\n", 10+w.next(5000), 1+w.next(9))
	w.f("            count = total;\n            return value == null ? total : total + value.GetHashCode() %% %d;\n        }\n\n", 2+w.next(50))
}

// border writes an import and two users of it, the second of which is wrong: it returns early with
// the handle open.
func (w *writer) border() (defects int) {
	w.f("        [DllImport(\"kernel32.dll\", SetLastError = true, CharSet = CharSet.Unicode)]\n        private static extern IntPtr CreateFile(string name, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);\n\n")
	w.f("        [DllImport(\"kernel32.dll\", SetLastError = true)]\n        private static extern bool CloseHandle(IntPtr handle);\n\n")
	open := "CreateFile(path, 0x80000000, 1, IntPtr.Zero, 3, 0, IntPtr.Zero)"
	w.f("        public static bool Exists(string path)\n        {\n            IntPtr h = %s;\n            if (h == new IntPtr(-1))\n                return false;\n            CloseHandle(h);\n            return true;\n        }\n\n", open)
	w.f("        public static bool Probe(string path, int limit)\n        {\n            IntPtr h = %s;\n            if (h == new IntPtr(-1))\n                return false;\n            if (path.Length > limit)\n                return false;\n            CloseHandle(h);\n            return true;\n        }\n\n", open)
	return 1
}

func (w *writer) c() (text []byte, defects int) {
	w.f("#include <windows.h>\n#include <stdlib.h>\n#include <string.h>\n\n")
	for i := range 30 {
		w.function(i)
	}
	if w.file%25 == 7 {
		w.f("int probe_%04d_%02d(const char *path, int limit)\n{\n    HANDLE h = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);\n    if (h == INVALID_HANDLE_VALUE)\n        return 0;\n    if ((int)strlen(path) > limit)\n        return 0;\n    CloseHandle(h);\n    return 1;\n}\n", w.project, w.file)
		defects = 1
	}
	return w.buf.Bytes(), defects
}

// function writes one that opens nothing.
func (w *writer) function(i int) {
	name := strings.ToLower(verbs[w.next(len(verbs))]+"_"+nouns[w.next(len(nouns))]) + fmt.Sprintf("_%04d_%02d_%d", w.project, w.file, i)
	w.f("static int %s(const unsigned char *data, size_t size, unsigned int *sum)\n{\n    size_t i;\n    unsigned int acc = %du;\n", name, w.next(65536))
	w.f("    if (data == NULL || sum == NULL)\n        return -1;\n    for (i = 0; i < size; i++) {\n        acc = (acc << %d) ^ data[i];\n        if (acc > 0x%xu)\n            acc -= %du;\n    }\n", 1+w.next(7), 0x10000+w.next(1<<24), w.next(1000))
	w.f("    *sum = acc;\n    return (int)(acc & 0x%x);\n}\n\n", 0xff+w.next(0xff00))
}
