package lsp_test

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

// placed asks for the action of a title at a place, when there are findings, and applies its one insertion to the text.
func placed(t *testing.T, name, lang, text, title string, line int, rs []*rules.Rule) string {
	t.Helper()
	root := folder(t, map[string]string{name: text})
	c := server(t, rs)
	initialize(c, push(), root)
	u := uri(root, name)
	didOpen(c, u, lang, text)
	// That a suppression is unused shows when the whole folder is analysed, after the first answers.
	await(c, u, func(p published) bool { return len(p.Diagnostics) > 0 })
	var list []struct {
		Title string
		Edit  *struct {
			DocumentChanges []struct {
				Edits []struct {
					NewText string
					Range   struct{ Start, End struct{ Line, Character int } }
				}
			}
		}
	}
	c.Call("textDocument/codeAction", obj{"textDocument": obj{"uri": u}, "range": span(line, 0, line, 200), "context": obj{"diagnostics": []obj{}}}, &list)
	for _, a := range list {
		if a.Title != title {
			continue
		}
		e := a.Edit.DocumentChanges[0].Edits[0]
		lines := strings.SplitAfter(text, "\n")
		cut := e.Range
		return strings.Join(lines[:cut.Start.Line], "") + lines[cut.Start.Line][:cut.Start.Character] + e.NewText + lines[cut.End.Line][cut.End.Character:] + strings.Join(lines[cut.End.Line+1:], "")
	}
	t.Fatalf("no action %q in %+v", title, list)
	return ""
}

// Comments are put where they speak of the finding, and do.
func TestSuppressActions(t *testing.T) {
	rs := append(registry.All(), fixing())
	for name, c := range map[string]struct {
		file, text, title, want string
		line                    int
	}{
		"attribute": {"A.cs", "class A\r\n{\r\n    [System.Obsolete(\r\n        \"x\")]\r\n    static void\r\n        bad1() { }\r\n}\r\n", "Ignore PIN998 on this line",
			"\r\n    // pinvet:ignore PIN998 -- TODO: say why this is right\r\n    [System.Obsolete(\r\n", 5},
		"macro": {"a.c", "#include <windows.h>\n#define OPEN(n) \\\n    do { \\\n        HANDLE h = CreateEventW(NULL, TRUE, FALSE, NULL); \\\n    } while (0)\n", "Ignore PIN401 on this line",
			"windows.h>\n// pinvet:ignore PIN401 -- TODO: say why this is right\n#define", 2},
		"many lines": {"a.c", "#include <windows.h>\nvoid f(int n)\n{\n    HANDLE\n        h = CreateEventW(NULL, TRUE, FALSE, NULL);\n    Sleep(n);\n}\n", "Ignore PIN401 on this line",
			"{\n    // pinvet:ignore PIN401 -- TODO: say why this is right\n    HANDLE\n", 4},
		"file": {"A.cs", "#!/usr/bin/env dotnet\nclass A\n{\n    static void bad1() { }\n}\n", "Ignore PIN998 in this file",
			"dotnet\n// pinvet:ignore-file PIN998 -- TODO: say why this is right\nclass A\n", 3},
		"member": {"A.cs", "class A\r\n{\r\n    /// One.\r\n    [System.Obsolete(\r\n        \"x\")]\r\n    static void\r\n        bad1() { }\r\n}\r\n", "Suppress PIN998 with an attribute",
			"/// One.\r\n    [System.Diagnostics.CodeAnalysis.SuppressMessage(\"pinvet\", \"PIN998:bad-name\", Justification = \"TODO: say why this is right\")]\r\n    [System.Obsolete(\r\n", 6},
		"member on a line with others": {"A.cs", "using System.Diagnostics.CodeAnalysis;\nclass A { int x; static void bad1() { } }\n", "Suppress PIN998 with an attribute",
			"int x; [SuppressMessage(\"pinvet\", \"PIN998:bad-name\", Justification = \"TODO: say why this is right\")] static void bad1()", 1},
		"member round a lambda": {"A.cs", "using System;\nusing System.Runtime.InteropServices;\nclass A\n{\n    int P\n    {\n        get\n        {\n            Action a = () => { GCHandle.Alloc(new byte[1], GCHandleType.Pinned); };\n            a();\n            return 1;\n        }\n    }\n}\n",
			"Suppress PIN301 with an attribute", "{\n    [System.Diagnostics.CodeAnalysis.SuppressMessage(\"pinvet\", \"PIN301:pin-leak\", Justification = \"TODO: say why this is right\")]\n    int P\n", 8},
		"unused": {"A.cs", "class A\r\n{\r\n    // pinvet:ignore PIN301 -- once\r\n    static void F() { }\r\n}\r\n", "Remove it", "{\r\n    static void F() { }\r\n}\r\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			lang := "c"
			if strings.HasSuffix(c.file, ".cs") {
				lang = "csharp"
			}
			got := placed(t, c.file, lang, c.text, c.title, c.line, rs)
			if !strings.Contains(got, c.want) {
				t.Fatalf("%q", got)
			}
			root := folder(t, map[string]string{c.file: got})
			s := server(t, rs)
			initialize(s, push(), root)
			didOpen(s, uri(root, c.file), lang, got)
			if p := await(s, uri(root, c.file), version(1)); len(p.Diagnostics) != 0 {
				t.Errorf("after it: %+v", p.Diagnostics)
			}
		})
	}
}

// A rule can be switched off for a file where a pinvet.yaml counts; what else is in that stays.
func TestExceptAction(t *testing.T) {
	const config = "# ours\ngate: error # as ever\n"
	root := folder(t, map[string]string{".git/HEAD": "", "src/App.cs": app, "pinvet.yaml": config})
	c := open(t, push(), root)
	u := uri(root, "src/App.cs")
	didOpen(c, u, "csharp", app)
	found := await(c, u, func(p published) bool { return severityOf(p, "PIN301") == 1 })
	var list []struct {
		Title string
		Edit  *struct {
			DocumentChanges []struct {
				TextDocument struct{ URI string }
				Edits        []struct {
					NewText string
					Range   struct{ Start struct{ Line int } }
				}
			}
		}
	}
	line := found.Diagnostics[0].Range.Start.Line
	c.Call("textDocument/codeAction", obj{"textDocument": obj{"uri": u}, "range": span(line, 0, line, 200), "context": obj{"diagnostics": []obj{}}}, &list)
	for _, a := range list {
		if a.Title != "Switch PIN301 off for this file in pinvet.yaml" {
			continue
		}
		d := a.Edit.DocumentChanges[0]
		if d.TextDocument.URI != uri(root, "pinvet.yaml") || d.Edits[0].Range.Start.Line != 2 {
			t.Fatalf("%+v", d)
		}
		rewrite(t, c, root, "pinvet.yaml", config+d.Edits[0].NewText)
		await(c, u, func(p published) bool { return severityOf(p, "PIN301") == 0 })
		return
	}
	t.Fatalf("no such action in %+v", list)
}
