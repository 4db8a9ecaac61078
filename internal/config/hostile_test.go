package config

import (
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHostilePatterns(t *testing.T) {
	long := strings.Repeat("a/", 100) + strings.Repeat("a", 100) + ".cs"
	for _, glob := range []string{
		"**/a/**/a/**/a/**/a/**/a/**/b", strings.Repeat("*a", 60) + "b", "{a,aa,aaa}{a,aa,aaa}{a,aa,aaa}{a,aa,aaa}{a,aa,aaa}{a,aa,aaa}b",
		"{a,{b,{c,{d,{e,{f,g}}}}}}", "[a-z][!b]", strings.Repeat("?", 250), "{**,*}/{**,*}/{**,*}/b",
	} {
		p, wrong := newPattern(glob)
		if wrong != "" {
			t.Logf("%.40s: %s", glob, wrong)
			continue
		}
		p.match(long, false) // a matcher that tries all combinations would not come back
	}
}

func TestHostileEditorConfig(t *testing.T) {
	entry := "dotnet_diagnostic.PIN101.severity = none\n"
	var b strings.Builder
	for _, glob := range []string{
		strings.Repeat("{a,", 1000) + strings.Repeat("}", 1000), strings.Repeat("*", 3000), strings.Repeat("**/", 1000), strings.Repeat("[", 4000),
		"{1..1000000000}", "{-5..99999999999999999999}", strings.Repeat("{1..1000}", 300), strings.Repeat("a", 5000), "[z-a]", `\`, "{", "}", "]", "{}", "a[/]b", "*.{cs", "{{{{}}}}",
	} {
		fmt.Fprintf(&b, "[%s]\n%s", glob, entry)
	}
	for range 20000 {
		b.WriteString("[*.{cs,c}]\nindent_size = 4\n" + strings.Repeat("=", 10) + "\n")
	}
	root := tree(t, map[string]string{".editorconfig": b.String()})
	s := load(t, Options{Root: root})
	if l, _ := s.Level("x.cs", "PIN102"); l != Unset {
		t.Errorf("PIN102 is %v", l)
	}
	s.Level(strings.Repeat("a/", 200)+"x.cs", "PIN101")
}

// TestManyFiles: each file is read once, however many files ask.
func TestManyFiles(t *testing.T) {
	files := map[string]string{".editorconfig": "root = true\n[*.cs]\ndotnet_diagnostic.PIN101.severity = none\n[gen/**]\ngenerated_code = true\n"}
	for i := range 100 {
		files[fmt.Sprintf("d%d/.editorconfig", i)] = "[*]\nindent_size = 2\n"
	}
	root := tree(t, files)
	s := load(t, Options{Root: root})
	ask := func() {
		for i := range 20000 {
			p := fmt.Sprintf("d%d/f%d.cs", i%100, i)
			if l, _ := s.Level(p, "PIN101"); l != Off {
				t.Fatalf("%s: %v", p, l)
			}
			if on, _ := s.Generated(p, false); on {
				t.Fatalf("%s is generated", p)
			}
		}
	}
	ask()
	if err := os.RemoveAll(filepath.Join(root, ".editorconfig")); err != nil {
		t.Fatal(err)
	}
	ask() // nothing is read again
}

func FuzzEditorConfig(f *testing.F) {
	f.Add("root = true\n[*.{cs,c}]\ndotnet_diagnostic.PIN301.severity = none ; why\n", "a/b.cs")
	f.Add("[{1..3}x[!a]]\ngenerated_code = true\n", "2xb")
	f.Fuzz(func(t *testing.T, text, name string) {
		e := newEditor(func(s string) string { return s })
		x := parseINI("/.editorconfig", []byte(text), func(int, string) {})
		for i := range x.sections {
			e.check(x, &x.sections[i])
			e.matches(x, &x.sections[i], "/"+name)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("src/**/*.{cs,c}", "src/a/b.cs")
	f.Fuzz(func(t *testing.T, glob, name string) {
		if p, wrong := newPattern(glob); wrong == "" && len(name) < 300 {
			p.match(name, false)
		}
	})
}

// TestRandomPatterns: no pattern ends pinvet, or keeps it busy.
func TestRandomPatterns(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	parts := []string{"*", "**", "/", "{", "}", ",", "[", "]", "!", "a", `\`, "?", "-", "..", "1", "^", "é", "\xff", "{1..3}", "{-3..3}", ".cs", "]]", "[["}
	word := func() (s string) {
		for range r.Intn(14) {
			s += parts[r.Intn(len(parts))]
		}
		return s
	}
	for range 3000 {
		glob, name := word(), word()+strings.Repeat("a/", 9)+"a.cs"
		e := newEditor(func(s string) string { return s })
		x := parseINI("/.editorconfig", []byte("["+glob+"]\ngenerated_code = true\n"), func(int, string) {})
		for i := range x.sections {
			e.check(x, &x.sections[i])
			e.matches(x, &x.sections[i], "/"+name)
		}
		if p, wrong := newPattern(glob); wrong == "" {
			p.match(name, false)
		}
	}
}
