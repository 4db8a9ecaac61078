package session

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules/registry"
)

// texts reads the sources and build files of a sample project.
func texts(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, p)
		rel = filepath.ToSlash(rel)
		if source.LangOf(rel) != source.NoLang || source.IsBuild(rel) {
			out[rel], err = os.ReadFile(p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// write lays files out in a new folder.
func write(t testing.TB, files map[string][]byte) string {
	t.Helper()
	root := t.TempDir()
	for p, text := range files {
		name := filepath.Join(root, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func begin(t testing.TB, root string) *Session {
	t.Helper()
	return beginWith(t, root, 0)
}

func beginWith(t testing.TB, root string, pause time.Duration) *Session {
	t.Helper()
	s := New(Options{Root: root, Rules: registry.All(), Workers: 2, Pause: pause, Log: func(text string) { t.Log(text) }})
	t.Cleanup(s.Close)
	return s
}

// settled waits for a settled result in which the files have these texts; nil for a file that is gone.
func settled(t testing.TB, s *Session, want map[string][]byte) *Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	r, err := s.Wait(ctx, func(r *Result) bool {
		if !r.Settled {
			return false
		}
		for p, text := range want {
			f := r.File(p)
			if text == nil && f != nil || text != nil && (f == nil || string(f.Raw()) != string(text)) {
				return false
			}
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lines renders findings with all that a client sees of them.
func lines(fs map[string][]*finding.Finding) (out []string) {
	for _, list := range fs {
		for _, f := range list {
			line := fmt.Sprintf("%s:%d:%d-%d:%d %s %s %s", f.Path, f.Start.Line, f.Start.Column, f.End.Line, f.End.Column, f.Severity, f.Code, f.Message)
			for _, st := range f.Steps {
				line += fmt.Sprintf(" | %s:%d:%d %s", st.Path, st.Start.Line, st.Start.Column, st.Text)
			}
			out = append(out, line+" "+f.Fingerprint)
		}
	}
	slices.Sort(out)
	return out
}

// scratch is what a run from scratch over the folder finds, build files included.
func scratch(t testing.TB, root string, files map[string][]byte) []string {
	t.Helper()
	res, err := check.Run(context.Background(), check.Options{Root: root, Paths: []string{"."}, Overlay: files, Rules: registry.All(), Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return lines(byPath(res.Findings))
}

// long says whether the tests of edits run for long.
var long = os.Getenv("PINVET_LONG") != ""

// TestEditsGiveWhatARunFromScratchGives edits a project at random and compares the settled results.
func TestEditsGiveWhatARunFromScratchGives(t *testing.T) {
	for _, project := range []string{"tour", "border"} {
		t.Run(project, func(t *testing.T) {
			files := texts(t, filepath.Join("..", "..", "testdata", "projects", project))
			root := write(t, files)
			s := begin(t, root)
			var names []string
			for p := range files {
				if source.LangOf(p) != source.NoLang {
					names = append(names, p)
				} else {
					delete(files, p)
				}
			}
			slices.Sort(names)
			now := map[string][]byte{}
			for p, text := range files {
				now[p] = text
			}
			settled(t, s, now)
			rounds := 15
			if long {
				rounds = 400
			}
			seed := rand.Uint64()
			if v, err := strconv.ParseUint(os.Getenv("PINVET_SEED"), 10, 64); err == nil {
				seed = v
			}
			r := rand.New(rand.NewPCG(seed, 1))
			for i := range rounds {
				var what []string
				for range 1 + r.IntN(3) {
					p := names[r.IntN(len(names))]
					text, how := mutate(r, files, now[p])
					now[p] = text
					what = append(what, p+": "+how)
					s.Edit(p, source.NoLang, text)
					if r.IntN(3) == 0 {
						time.Sleep(time.Duration(r.IntN(20)) * time.Millisecond)
					}
				}
				got, want := lines(settled(t, s, now).Findings), scratch(t, root, now)
				if !slices.Equal(got, want) {
					t.Fatalf("seed %d, round %d, after %q:\n%s", seed, i, what, diff(got, want))
				}
			}
		})
	}
}

// TestCrowdOfALibrary edits a C function away, so that too few of the imports of a library are found for the others to bind
// what they did: who calls those is looked at again.
func TestCrowdOfALibrary(t *testing.T) {
	var imports, others strings.Builder
	for i := range 6 {
		fmt.Fprintf(&imports, "    [DllImport(\"other\")] internal static extern int other_%d(int n);\n", i)
		if i < 5 {
			fmt.Fprintf(&others, "int other_%d(int n) { return n; }\n", i)
		}
	}
	files := map[string][]byte{
		"App.cs": []byte("using System.Runtime.InteropServices;\nstatic unsafe class N\n{\n    [DllImport(\"other\")] internal static extern void keep(byte* p);\n" + imports.String() +
			"    static void Keep(byte[] data)\n    {\n        fixed (byte* p = data)\n            keep(p);\n    }\n}\n"),
		"CMakeLists.txt": []byte("add_library(core SHARED keep.c others.c)\n"),
		"keep.c":         []byte("static unsigned char *kept;\nvoid keep(unsigned char *p) { kept = p; }\nunsigned char first(void) { return kept[0]; }\n"),
		"others.c":       []byte(others.String()),
	}
	root := write(t, files)
	s := begin(t, root)
	delete(files, "CMakeLists.txt")
	for _, want := range []int{1, 0, 1} {
		got := lines(settled(t, s, files).Findings)
		if from := scratch(t, root, files); !slices.Equal(got, from) || len(got) != want {
			t.Errorf("%d findings are wanted:\n%s", want, diff(got, from))
		}
		text := strings.Replace(others.String(), "int other_0(int n) { return n; }\n", "", want) // away, and back
		files["others.c"] = []byte(text)
		s.Edit("others.c", source.NoLang, files["others.c"])
	}
}

// TestTargetsOfProjects edits the C side of a struct whose width depends on what the project is built
// for: the session says what a run over the folder says, for 64 bits alone, and follows the project.
func TestTargetsOfProjects(t *testing.T) {
	const project = `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net8.0</TargetFramework><RuntimeIdentifiers>win-%s</RuntimeIdentifiers></PropertyGroup></Project>`
	files := map[string][]byte{
		"app/App.csproj": fmt.Appendf(nil, project, "x64"),
		"app/App.cs": []byte("using System.Runtime.InteropServices;\nstruct Frame { public byte First; public double Second; }\n" +
			"static class N { [DllImport(\"native\")] static extern void take(ref Frame frame); }\n"),
		"native/frame.h": []byte("struct frame { unsigned char first; double second; };\nvoid take(struct frame *frame);\n"),
	}
	root := write(t, files)
	s := begin(t, root)
	sources := map[string][]byte{"app/App.cs": files["app/App.cs"], "native/frame.h": files["native/frame.h"]}
	settled(t, s, sources)
	sources["native/frame.h"] = []byte("struct frame { unsigned char *first; double second; };\nvoid take(struct frame *frame);\n")
	s.Edit("native/frame.h", source.NoLang, sources["native/frame.h"])
	want := func(width string) {
		t.Helper()
		got := lines(settled(t, s, sources).Findings)
		if from := scratch(t, root, sources); !slices.Equal(got, from) {
			t.Errorf("%s", diff(got, from))
		}
		if len(got) == 0 || !strings.Contains(got[0], "`first` of `frame` has "+width+" as") {
			t.Errorf("not %s bytes: %q", width, got)
		}
	}
	want("8")
	name := filepath.Join(root, "app", "App.csproj")
	if err := os.WriteFile(name, fmt.Appendf(nil, project, "x86"), 0o644); err != nil {
		t.Fatal(err)
	}
	last := s.Result().Seq
	s.Reload("app/App.csproj")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err := s.Wait(ctx, func(r *Result) bool { return r.Settled && r.Seq > last }); err != nil {
		t.Fatal(err)
	}
	want("4")
}

func diff(got, want []string) string {
	var b strings.Builder
	for _, l := range got {
		if !slices.Contains(want, l) {
			fmt.Fprintln(&b, "session only:", l)
		}
	}
	for _, l := range want {
		if !slices.Contains(got, l) {
			fmt.Fprintln(&b, "scratch only:", l)
		}
	}
	return b.String()
}

// mutate changes a text as people do, and worse: lines go, come twice, are swapped or come from
// another file; a word takes the place of another; a letter goes; the whole original comes back.
func mutate(r *rand.Rand, originals map[string][]byte, text []byte) ([]byte, string) {
	ls := strings.SplitAfter(string(text), "\n")
	at := r.IntN(len(ls))
	switch r.IntN(9) {
	case 0:
		return []byte(strings.Join(slices.Delete(ls, at, at+1), "")), fmt.Sprintf("line %d goes: %q", at+1, strings.Split(string(text), "\n")[at])
	case 1:
		return []byte(strings.Join(slices.Insert(ls, at, ls[at]), "")), fmt.Sprintf("line %d twice: %q", at+1, ls[at])
	case 2:
		to := r.IntN(len(ls))
		ls[at], ls[to] = ls[to], ls[at]
		return []byte(strings.Join(ls, "")), fmt.Sprintf("lines %d and %d are swapped", at+1, to+1)
	case 3:
		return []byte(strings.Join(slices.Insert(ls, at, "    \n"), "")), fmt.Sprintf("a blank line at %d", at+1)
	case 4:
		return []byte(strings.Join(slices.Insert(ls, at, "// é 😀\n"), "")), fmt.Sprintf("a comment at %d", at+1)
	case 5, 6:
		words := strings.FieldsFunc(string(text), func(c rune) bool { return !(c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') })
		if len(words) < 2 {
			return text, "nothing"
		}
		a, b := words[r.IntN(len(words))], words[r.IntN(len(words))]
		return []byte(strings.Replace(string(text), a, b, 1)), fmt.Sprintf("%s becomes %s", a, b)
	case 7:
		if len(text) == 0 {
			return text, "nothing"
		}
		i := r.IntN(len(text))
		return slices.Delete(slices.Clone(text), i, i+1), fmt.Sprintf("byte %d goes", i)
	}
	for _, o := range originals {
		if len(o) > 20 && len(text) > 20 && string(o[:20]) == string(text[:20]) {
			return o, "as it was"
		}
	}
	return text, "nothing"
}
