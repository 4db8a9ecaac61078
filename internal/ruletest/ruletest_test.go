package ruletest

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/internal/finding"
)

func TestExpectations(t *testing.T) {
	list, err := expectations("a.c", "x(); // want PIN401 \"h .* \\(leak\\)\" // step PIN401:1 \"say \\\"a\\\"\"\n\ny(); /* want:-1 PIN404 */\nint want; // nothing\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.String())
	}
	want := []string{
		`a.c:1: want PIN401 "h .* \\(leak\\)"`,
		`a.c:1: step PIN401:1 "say \"a\""`,
		`a.c:2: want PIN404 ""`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestMisspeltExpectationsFail(t *testing.T) {
	for _, line := range []string{`// want 401`, `// step PIN401 "x"`, `// want PIN401:2 "x"`, `// want PIN401 "("`} {
		if _, err := expectations("a.c", line); err == nil {
			t.Errorf("accepted: %s", line)
		}
	}
}

func at(path string, line int) finding.Span {
	return finding.Span{Path: path, Start: finding.Position{Line: line, Column: 1}}
}

func TestCompare(t *testing.T) {
	found := []*finding.Finding{{
		Span: at("a.c", 3), Code: "PIN401", Message: "`h` leaks",
		Steps: []finding.Step{{Span: at("a.c", 1), Text: "opened here"}, {Span: at("a.c", 3), Text: "lost here"}},
	}}
	for _, c := range []struct{ src, wrong string }{
		{"\n\nx // want PIN401 \"leaks$\"", ""},
		{"o // step PIN401:1 \"opened\"\n\nx // want PIN401 \"leaks\" // step PIN401:2 \"lost\"", ""},
		{"", "a.c:3: unexpected; // want PIN401"},
		{"\n\nx // want PIN402 \"leaks\"", "unexpected"},
		{"\nx // want PIN401 \"leaks\"", "nothing like that"},
		{"\n\nx // want PIN401 \"other\"", "unexpected"},
		{"\n\nx // want PIN401 \"leaks\" // want PIN401 \"leaks\"", "nothing like that"},
		{"o // step PIN401:2 \"opened\"\n\nx // want PIN401", "a.c:1: step PIN401:2"},
	} {
		list, err := expectations("a.c", c.src)
		if err != nil {
			t.Fatal(err)
		}
		wrong := strings.Join(compare(list, found), "\n")
		if (wrong == "") != (c.wrong == "") || !strings.Contains(wrong, c.wrong) {
			t.Errorf("%q: got %q, want %q", c.src, wrong, c.wrong)
		}
	}
}

func TestCases(t *testing.T) {
	a := txtar.Parse([]byte("About.\nrules: PIN101 PIN3\n-- Bad_x/a.cs --\na\n-- Bad_x/lib/b.c --\nb\n-- Ok_y/a.cs --\nc\n"))
	cases, err := casesOf(a)
	if err != nil || len(cases) != 2 || len(cases[0].files) != 2 || string(cases[0].files["lib/b.c"]) != "b\n" {
		t.Errorf("%v, %v", cases, err)
	}
	if w := wordsOf(a, "PIN401"); strings.Join(w, " ") != "PIN101 PIN3" {
		t.Errorf("rules: %v", w)
	}
	if w := wordsOf(&txtar.Archive{}, "PIN401"); strings.Join(w, " ") != "PIN4" {
		t.Errorf("rules: %v", w)
	}
	if missingKinds(cases[:1]) != "Ok_" {
		t.Error("a missing Ok_ case is not seen")
	}
	for _, bad := range []string{"-- a.cs --\n", "-- Good_x/a.cs --\n", "-- Ok_x/a.cs --\n-- Ok_x/a.cs --\n"} {
		if _, err := casesOf(txtar.Parse([]byte(bad))); err == nil {
			t.Errorf("accepted: %q", bad)
		}
	}
}

func TestKindsHoldTheirPromise(t *testing.T) {
	want, _ := expectations("a.c", `// want PIN401`)
	step, _ := expectations("a.c", `// step PIN401:1 "x"`)
	for _, c := range []struct {
		name     string
		expected []*expectation
		ok       bool
	}{
		{"Bad_a", want, true}, {"Bad_a", nil, false}, {"Bad_a", step, false},
		{"Ok_a", nil, true}, {"Ok_a", want, false},
		{"FP_a", want, true}, {"FP_a", nil, false},
		{"FN_a", nil, true}, {"FN_a", want, false},
	} {
		if p := kindProblem(c.name, c.expected); (p == "") != c.ok {
			t.Errorf("%s: %q", c.name, p)
		}
	}
}

func TestSnippets(t *testing.T) {
	page := "# X\n```csharp bad\nReadFile(h);\n```\ntext\n```csharp\nnot run\n```\n```c ok\nint f(void)\n{\n}\n```\n```text\nbad\n```\n"
	list := snippets(page)
	if len(list) != 2 || !list[0].bad || list[0].line != 2 || list[1].lang != "c" || list[1].bad {
		t.Fatalf("%+v", list)
	}
	_, cs := complete(list[0])
	if !strings.Contains(cs, "class Snippet\n{\nvoid Run()\n{\nReadFile(h);\n}\n}") {
		t.Errorf("statements: %s", cs)
	}
	if _, c := complete(list[1]); strings.Contains(c, "void snippet") || !strings.Contains(c, "#include <windows.h>") {
		t.Errorf("a function: %s", c)
	}
}

func TestComplete(t *testing.T) {
	for code, wrapped := range map[string]string{
		"x = 1;\nF(y);\n":                              "statements",
		"if (F(x)) {\n}\n":                             "statements",
		"using var h = F();\nG(h);\n":                  "statements",
		"void M()\n{\n}\n":                             "members",
		"[DllImport(\"a\")]\nstatic extern int F();\n": "members",
		"byte* M(byte[] b) {\n}\n":                     "members",
		"public int x;\n":                              "members",
		"class A {\n}\n":                               "type",
		"using Foo.Bar;\nsealed class A : B {\n}\n":    "type",
	} {
		_, text := complete(snippet{lang: "csharp", code: code})
		got := "type"
		if strings.Contains(text, "class Snippet") {
			got = "members"
		}
		if strings.Contains(text, "void Run()") {
			got = "statements"
		}
		if got != wrapped {
			t.Errorf("%q is taken for %s, want %s", code, got, wrapped)
		}
	}
	for code, wrapped := range map[string]bool{
		"CloseHandle(h);\n":               true,
		"if (f(x)) {\n}\n":                true,
		"HANDLE f(int a)\n{\n}\n":         false,
		"static int x;\n":                 false,
		"int *f(void) {\n}\n":             false,
		"HANDLE h = CreateFileW(name);\n": true,
	} {
		_, text := complete(snippet{lang: "c", code: code})
		if strings.Contains(text, "void snippet") != wrapped {
			t.Errorf("%q: wrapped = %v", code, !wrapped)
		}
	}
}
