package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/rules"
)

// tree writes files into a new folder that is the top of a repository.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	for p, text := range files {
		name := filepath.Join(root, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func load(t testing.TB, o Options) *Settings {
	t.Helper()
	s, err := Load(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPrecedence(t *testing.T) {
	root := tree(t, map[string]string{
		"pinvet.yaml": `
rules:
  PIN: advice
  PIN3: warning
  pin-leak: error
  PIN302: off
overrides:
  - paths: [a/]
    rules: {PIN303: off}
  - paths: [a/b]
    rules: {PIN303: advice, PIN3: default}
`,
		".globalconfig":   "is_global = true\ndotnet_diagnostic.PIN101.severity = error\ndotnet_diagnostic.pin901.severity = error\n",
		".editorconfig":   "root = true\n[*]\ndotnet_diagnostic.PIN304.severity = error\ndotnet_diagnostic.PIN305.severity = none\n[*.cs]\ndotnet_diagnostic.PIN304.severity = suggestion\n",
		"e/.editorconfig": "[*.{cs,h}]\ndotnet_diagnostic.pin304.severity = silent\ndotnet_diagnostic.PIN305.severity = unset\ndotnet_analyzer_diagnostic.category-pinvet.severity = error\n",
	})
	s := load(t, Options{Root: root, Asked: []string{"PIN305"}})
	for _, c := range []struct {
		path, code string
		want       Level
		from       string
	}{
		{"x.cs", "PIN101", Advice, "pinvet.yaml:3"},
		{"x.cs", "PIN306", Warning, "pinvet.yaml:4"},
		{"x.cs", "PIN301", Error, "pinvet.yaml:5"},
		{"x.cs", "PIN302", Off, "pinvet.yaml:6"},
		{"x.cs", "PIN303", Warning, "pinvet.yaml:4"},
		{"a/x.cs", "PIN303", Off, "pinvet.yaml:9"},
		{"a/b/x.cs", "PIN303", Advice, "pinvet.yaml:11"},
		{"a/b/x.cs", "PIN302", Default, "pinvet.yaml:11"},
		{"x.cs", "PIN304", Advice, ".editorconfig:6"},
		{"x.c", "PIN304", Error, ".editorconfig:3"},
		{"e/x.cs", "PIN304", Off, "e/.editorconfig:2"},
		{"e/x.c", "PIN304", Error, ".editorconfig:3"},
		{"x.cs", "PIN305", Default, "command line"},     // off, but asked for
		{"e/x.h", "PIN305", Error, "e/.editorconfig:4"}, // unset: what the files above say does not count
		{"e/x.h", "PIN101", Error, "e/.editorconfig:4"},
	} {
		if got, from := s.Level(c.path, c.code); got != c.want || from.String() != c.from {
			t.Errorf("%s in %s is %s by %s, want %s by %s", c.code, c.path, got, from, c.want, c.from)
		}
	}
	if len(s.Problems()) != 1 || !strings.Contains(s.Problems()[0].Text, "pin901") {
		t.Errorf("problems: %v", s.Problems())
	}
	var none *Settings
	if l, _ := none.Level("x.cs", "PIN302"); l != Unset {
		t.Error("no settings say something")
	}
	if got := Default.Apply(rules.Warning); got != rules.Warning {
		t.Errorf("default is %v", got)
	}
}

func TestGlobalConfigComesLast(t *testing.T) {
	root := tree(t, map[string]string{
		".globalconfig":     "is_global = true\ndotnet_diagnostic.PIN101.severity = none\ndotnet_diagnostic.PIN102.severity = none\n[/x.cs]\ndotnet_diagnostic.PIN103.severity = none\n",
		"sub/.globalconfig": "dotnet_diagnostic.PIN102.severity = suggestion\n",
		"pinvet.yaml":       "rules: {PIN101: warning}\n",
	})
	s := load(t, Options{Root: root})
	for code, want := range map[string]Level{"PIN101": Warning, "PIN102": Advice, "PIN103": Unset} {
		if got, from := s.Level("sub/x.cs", code); got != want {
			t.Errorf("%s is %v by %s", code, got, from)
		}
	}
}

func TestEditorConfigMistakes(t *testing.T) {
	root := tree(t, map[string]string{".editorconfig": `dotnet_diagnostic.PIN101.severity = none
[*.{cs,c]
dotnet_diagnostic.PIN102.severity = none
[*.cs
dotnet_diagnostic.PIN103.severity = none
[{1..999999999}.cs]
dotnet_diagnostic.PIN104.severity = none
[*.cs]
dotnet_diagnostic.PIN105.severity = eror # typo
dotnet_diagnostic.PIN999.severity = error
dotnet_diagnostic.CA1416.severity = whatever
this is no line
[[[]
dotnet_diagnostic.PIN106.severity = none
[*.h]
generated_code = true
`})
	s := load(t, Options{Root: root})
	for _, code := range []string{"PIN101", "PIN103", "PIN104", "PIN105", "PIN106"} {
		if l, at := s.Level("x.cs", code); l != Unset {
			t.Errorf("%s is %s by %s", code, l, at)
		}
	}
	want := []string{"1 this stands before the first section", "4 the head of the section", "6 the pattern of the section", "9 \"eror\" is no severity: did you mean error?", "10 no rule is called \"PIN999\": did you mean", "13 "}
	var got []string
	for _, p := range s.Problems() {
		got = append(got, fmt.Sprintf("%d %s", p.Line, p.Text))
	}
	for _, w := range want {
		found := false
		for _, g := range got {
			found = found || strings.HasPrefix(g, w)
		}
		if !found {
			t.Errorf("nothing is said of %q:\n%s", w, strings.Join(got, "\n"))
		}
	}
	if on, at := s.Generated("x.h", false); !on || at.Line != 16 {
		t.Errorf("x.h is generated: %t by %s", on, at)
	}
}

func TestEditorConfigEncodings(t *testing.T) {
	text := "root = true\r\n[*.cs]\r\ndotnet_diagnostic.PIN101.severity = warning\r\n"
	wide := []byte{0xff, 0xfe}
	for _, c := range []byte(text) {
		wide = append(wide, c, 0)
	}
	for name, raw := range map[string]string{"bom": "\ufeff" + text, "crlf": text, "utf-16": string(wide), "latin-1": "# gr\xfcn\r\n" + text, "cr at the end": text + "\r"} {
		s := load(t, Options{Root: tree(t, map[string]string{".editorconfig": raw})})
		if l, _ := s.Level("x.cs", "PIN101"); l != Warning {
			t.Errorf("%s: %v %v", name, l, s.Problems())
		}
	}
	root := tree(t, map[string]string{".editorconfig": "MZ\x00\x01\x02\x00\xff", "sub/.editorconfig/x": ""})
	s := load(t, Options{Root: root})
	if l, _ := s.Level("sub/x.cs", "PIN101"); l != Unset || len(s.Problems()) != 2 {
		t.Errorf("a binary file and a folder: %v", s.Problems())
	}
}

func TestFind(t *testing.T) {
	root := tree(t, map[string]string{
		"pinvet.yaml":             "gate: advice\n",
		"a/pinvet.yaml":           "gate: warning\n",
		"a/b/x.cs":                "",
		"c/x.cs":                  "",
		"inner/.git/HEAD":         "",
		"inner/x.cs":              "",
		"named/.pinvet.yaml":      "",
		"linked/real/pinvet.yaml": "gate: error\n",
	})
	if err := os.Symlink(filepath.Join("real", Name), filepath.Join(root, "linked", Name)); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct {
		at    string
		paths []string
		want  string
	}{
		{"", nil, "pinvet.yaml"},
		{"", []string{"a"}, "a/pinvet.yaml"},
		{"", []string{"a/b/x.cs"}, "a/pinvet.yaml"},
		{"", []string{"a/b", "a"}, "a/pinvet.yaml"},
		{"", []string{"a", "c"}, "pinvet.yaml"},
		{"", []string{"c/x.cs"}, "pinvet.yaml"},
		{"c", []string{"../a"}, "../a/pinvet.yaml"},
		{"", []string{"inner"}, ""}, // another repository
		{"linked", nil, "pinvet.yaml"},
		{"", []string{"missing/deep/x.cs"}, "pinvet.yaml"},
	} {
		s, err := Load(Options{Root: filepath.Join(root, c.at), Paths: c.paths})
		if err != nil || s.File() != c.want {
			t.Errorf("from %q %v: %q, want %q (%v)", c.at, c.paths, s.File(), c.want, err)
		}
	}
	if _, err := Load(Options{Root: filepath.Join(root, "named")}); err == nil || !strings.Contains(err.Error(), ".pinvet.yaml: a file of this name is not read: call it pinvet.yaml") {
		t.Errorf("a file of another name: %v", err)
	}
	if s, err := Load(Options{Root: root, None: true}); err != nil || s.File() != "" {
		t.Errorf("no configuration: %v", err)
	}
	for name, want := range map[string]string{"nowhere.yaml": "no such file", "a": "not a regular file"} {
		if _, err := Load(Options{Root: root, File: name}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("--config %s: %v", name, err)
		}
	}
}

func TestPaths(t *testing.T) {
	root := tree(t, map[string]string{
		"pinvet.yaml": `
paths:
  include: ["src/**", "native", "*.h"]
  exclude: [obj/, "/src/top.cs", "src/**/gen*", "*.test.cs"]
generated:
  show: yes
  paths: [src/auto, "*_i.c"]
`, "sub/x": ""})
	s := load(t, Options{Root: root})
	for p, want := range map[string]bool{
		"src/a.cs": false, "src/deep/a.cs": false, "src/top.cs": true, "src/deep/top.cs": false, "src/obj/a.cs": true,
		"src/gen/a.cs": true, "src/x/y/generated.cs": true, "src/a.test.cs": true, "native/a.c": false, "native/deep/a.c": false,
		"other/native/a.c": false, "other/a.c": true, "other/a.h": false,
	} {
		if got, at := s.Excluded(p, false); got != want {
			t.Errorf("%s: excluded %t by %s", p, got, at)
		}
	}
	if out, _ := s.Excluded("x/obj", true); !out {
		t.Error("the folder obj is entered")
	}
	if out, _ := s.Excluded("other", true); out {
		t.Error("a folder that may hold something is not entered")
	}
	for p, want := range map[string]bool{"src/auto/a.cs": true, "src/automat/a.cs": false, "x/y_i.c": true} {
		if got, _ := s.Generated(p, false); got != want {
			t.Errorf("%s: generated %t", p, got)
		}
	}
	if on, _ := s.ShowGenerated(); !on {
		t.Error("generated code is not shown")
	}
	// The same from a folder below, and for a file elsewhere.
	s = load(t, Options{Root: filepath.Join(root, "sub")})
	for p, want := range map[string]bool{"../src/top.cs": true, "../src/a.cs": false, "a.cs": true, "../../elsewhere.cs": false} {
		if got, at := s.Excluded(p, false); got != want {
			t.Errorf("from below: %s: excluded %t by %s", p, got, at)
		}
	}
}

func TestPatternsThatAreRefused(t *testing.T) {
	for _, p := range []string{"", "  ", "/", "!a", `a\b`, "../a", "a/../b", "[a", "{a,b", strings.Repeat("a", 400), strings.Repeat("**/", 20)} {
		if _, wrong := newPattern(p); wrong == "" {
			t.Errorf("%q is taken", p)
		}
	}
}
