package difftest

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/check"
)

// TestUntouched edits trees at random, mostly so that nothing of interest changes: where a run takes the result of an earlier one
// because the edit does not touch it, that is what a run without a cache finds. PINVET_EDITS says how many edits each tree gets.
func TestUntouched(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("PINVET_EDITS"))
	if err != nil {
		n = 4
	}
	taken, of := 0, 0
	for _, tree := range Trees(t) {
		s, err := cache.Open(t.TempDir(), 0)
		if err != nil {
			t.Fatal(err)
		}
		e := quietEdits{r: rand.New(rand.NewPCG(11, uint64(of))), texts: textsOf(t, tree)}
		o := tree.Of(check.Options{})
		o.Root, o.Paths = cmpRoot(o.Root), []string{"."}
		if tree.Files != nil {
			o.Paths = nil
		}
		now := maps.Clone(o.Overlay)
		if now == nil {
			now = map[string][]byte{}
		}
		before := taken
		for range n {
			o.Cache, o.Overlay = s, maps.Clone(now)
			Run(t, o)
			said := e.next(now)
			o.Overlay = maps.Clone(now)
			got := Run(t, o)
			o.Cache = nil
			want := Run(t, o)
			if of++; got.Untouched {
				taken++
			}
			if Equal(t, Lines(want), Lines(got)); t.Failed() {
				t.Fatalf("%s: after %s (untouched: %v)", tree.Name, said, got.Untouched)
			}
		}
		if filepath.IsAbs(tree.Root) {
			t.Logf("%s: %d of %d edits touched nothing", tree.Name, taken-before, n)
		}
	}
	t.Logf("%d of %d edits touched nothing", taken, of)
	if taken*10 < of {
		t.Errorf("only %d of %d edits touched nothing", taken, of)
	}
}

func cmpRoot(root string) string {
	if root == "" {
		return "."
	}
	return root
}

// textsOf are the sources of a tree.
func textsOf(t *testing.T, tree Tree) map[string][]byte {
	out := map[string][]byte{}
	for p, text := range tree.Files {
		if source.LangOf(p) != source.NoLang {
			out[p] = text
		}
	}
	if tree.Files == nil {
		err := fs.WalkDir(os.DirFS(tree.Root), ".", func(p string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && source.LangOf(p) != source.NoLang {
				out[p], err = os.ReadFile(filepath.Join(tree.Root, filepath.FromSlash(p)))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// quietEdits changes texts.
type quietEdits struct {
	r     *rand.Rand
	texts map[string][]byte
}

var (
	aWord   = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
	aNumber = regexp.MustCompile(`\b[0-9]+\b`)
)

// next does one edit and says which.
func (e *quietEdits) next(overlay map[string][]byte) string {
	paths := slices.Sorted(maps.Keys(e.texts))
	path := paths[e.r.IntN(len(paths))]
	lines := bytes.SplitAfter(e.texts[path], []byte("\n"))
	i := e.r.IntN(len(lines))
	put := func(text string) { lines = slices.Insert(lines, i, []byte(text+"\n")) }
	word := func() string {
		from := e.texts[paths[e.r.IntN(len(paths))]]
		if all := aWord.FindAll(from, -1); len(all) > 0 {
			return string(all[e.r.IntN(len(all))])
		}
		return "x"
	}
	// Most lines begin or end a statement; where this one does not, there is an error, which is an edit as well.
	for k := range lines {
		if j := (i + k) % len(lines); bytes.HasSuffix(bytes.TrimSpace(lines[j]), []byte(";")) {
			i = j
			break
		}
	}
	what := e.r.IntN(7)
	switch what {
	case 0:
		put("// changed")
	case 1:
		lines = append(lines, []byte("\n// changed\n"))
	case 2:
		put("if (1 > 2) { int changed = 1; changed++; }")
	case 3:
		put(word() + "();")
	case 4:
		put("{ int changed = 1; " + word() + "." + word() + "(changed); }")
	case 5:
		put("{ var changed = new " + word() + "(); }")
	default:
		lines[i] = aNumber.ReplaceAll(lines[i], []byte("7"))
	}
	e.texts[path] = bytes.Join(lines, nil)
	overlay[path] = e.texts[path]
	return fmt.Sprintf("edit %d at line %d of %s", what, i+1, path)
}

// What an edit touches, and what it does not.
func TestUntouchedByWhat(t *testing.T) {
	const text = `using System; using System.Runtime.InteropServices;
class N { [DllImport("kernel32.dll")] public static extern bool CloseHandle(IntPtr h); }
class A {
	// a comment
	static int Plain(int n) { int twice = n + n; if (twice > 10) { twice = twice - 1; } return twice; }
	static string Last(string name) { string all = name + name; if (all == "x") { all = all + "y"; } return all; }
	public static void Helper(IntPtr h) { if (h != IntPtr.Zero) { N.CloseHandle(h); } }
}
`
	const caller = `using System;
class U { static void Calls(IntPtr h) { A.Helper(h); A.Helper(h); } }
`
	const other = "int twice(int n) { return n + n; }\n"
	for _, c := range []struct {
		path, from, to string
		untouched      bool
	}{
		{"a.cs", "// a comment", "// a comment\n\t// and another one", true},
		{"a.cs", "// a comment\n", "", true},
		{"a.cs", "n + n;", "n + n + 1;", true},
		{"a.cs", "string all = name + name;", "string all = name\n\t\t+ name + name;", true},
		{"a.cs", "(twice > 10)", "(Unheard.Of(twice))", true},
		{"b.c", "int twice", "/* doubles */\nint twice", true},
		{"b.c", "n + n", "n + n + n", false},
		{"c.cs", "class U", "// who calls it\nclass U", false},                      // a rule has looked at the text
		{"a.cs", "{ N.CloseHandle(h);", "{ /* the end */ N.CloseHandle(h);", false}, // on the line of a step
		{"a.cs", "{ N.CloseHandle(h);", "{ h = h;", false},
		{"a.cs", "if (h != IntPtr.Zero)", "if (h == IntPtr.Zero)", false},
		{"a.cs", "(twice > 10)", "(N.CloseHandle(IntPtr.Zero))", false},
		{"a.cs", "static int Plain(int n)", "static int Plain(long n)", false},
		{"a.cs", "// a comment", "// pinvet:ignore-file PIN404 -- they may", false},
		{"a.cs", "// a comment", "[DllImport(\"x.dll\")] static extern void F();", false},
		{"a.cs", "class A {", "#if X\nclass B { }\n#endif\nclass A {", false},
	} {
		s, err := cache.Open(t.TempDir(), 0)
		if err != nil {
			t.Fatal(err)
		}
		o := check.Options{Root: t.TempDir(), Overlay: map[string][]byte{"a.cs": []byte(text), "b.c": []byte(other), "c.cs": []byte(caller)}, Cache: s}
		if first := Run(t, o); len(first.Findings) == 0 {
			t.Fatal(Lines(first))
		}
		now := bytes.Replace(o.Overlay[c.path], []byte(c.from), []byte(c.to), 1)
		if bytes.Equal(now, o.Overlay[c.path]) {
			t.Fatalf("%q is not there", c.from)
		}
		o.Overlay = maps.Clone(o.Overlay)
		o.Overlay[c.path] = now
		got := Run(t, o)
		o.Cache = nil
		if Equal(t, Lines(Run(t, o)), Lines(got)); got.Untouched != c.untouched {
			t.Errorf("%q for %q: untouched %v", c.to, c.from, got.Untouched)
		}
	}
}
