package lsp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/lsp"
	"github.com/pinvet/pinvet/lsp/lsptest"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

type obj = map[string]any

const app = `using System;
using System.Runtime.InteropServices;

static class Native
{
    [DllImport("dev")] public static extern IntPtr dev_open(int n);
    [DllImport("dev")] public static extern void dev_close(IntPtr p);
    [DllImport("kernel32", SetLastError = true)] public static extern bool CloseHandle(IntPtr h);
}

static class App
{
    static int Run(byte[] data)
    {
        GCHandle pin = GCHandle.Alloc(data, GCHandleType.Pinned);
        return data.Length;
    }

    static void Keep(IntPtr file, string é)
    {
        Native.CloseHandle(file);
    }
}
`

const dev = "#include <stdlib.h>\nvoid *dev_open(int n)\n{\n    return malloc(n);\n}\nvoid dev_close(void *p)\n{\n    free(p);\n}\n"

// folder writes files into a new folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
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

func uri(root, path string) string { return "file://" + filepath.ToSlash(filepath.Join(root, path)) }

// push are the capabilities of a client that is pushed to.
func push() obj {
	return obj{
		"textDocument": obj{
			"publishDiagnostics": obj{"relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true},
			"hover":              obj{"contentFormat": []string{"markdown"}},
		},
		"workspace": obj{"workspaceEdit": obj{"documentChanges": true}},
	}
}

func server(t testing.TB, rs []*rules.Rule) *lsptest.Client {
	return lsptest.Start(t, func(rwc io.ReadWriteCloser) int {
		return lsp.Serve(context.Background(), rwc, lsp.Options{Rules: rs, Workers: 2})
	})
}

// open starts a server on folders.
func open(t testing.TB, caps obj, roots ...string) *lsptest.Client {
	t.Helper()
	c := server(t, registry.All())
	initialize(c, caps, roots...)
	return c
}

func initialize(c *lsptest.Client, caps obj, roots ...string) (capabilities obj) {
	var folders []obj
	for _, r := range roots {
		folders = append(folders, obj{"uri": uri(r, ""), "name": filepath.Base(r)})
	}
	var out struct{ Capabilities obj }
	c.Call("initialize", obj{"processId": nil, "rootUri": nil, "capabilities": caps, "workspaceFolders": folders}, &out)
	c.Notify("initialized", obj{})
	return out.Capabilities
}

func didOpen(c *lsptest.Client, uri, lang, text string) {
	c.Notify("textDocument/didOpen", obj{"textDocument": obj{"uri": uri, "languageId": lang, "version": 1, "text": text}})
}

func didChange(c *lsptest.Client, uri string, version int, changes ...obj) {
	c.Notify("textDocument/didChange", obj{"textDocument": obj{"uri": uri, "version": version}, "contentChanges": changes})
}

func span(l1, c1, l2, c2 int) obj {
	return obj{"start": obj{"line": l1, "character": c1}, "end": obj{"line": l2, "character": c2}}
}

type diagnostic struct {
	Range              struct{ Start, End struct{ Line, Character int } }
	Code               string
	RelatedInformation []struct {
		Message  string
		Location struct{ URI string }
	}
	Severity int
	Message  string
}

type published struct {
	URI         string
	Version     *int
	Diagnostics []diagnostic
}

func (p published) has(code string) bool {
	for _, d := range p.Diagnostics {
		if d.Code == code {
			return true
		}
	}
	return false
}

// await waits for diagnostics of a document that are good.
func await(c *lsptest.Client, uri string, good func(published) bool) (out published) {
	c.Await("textDocument/publishDiagnostics", func(raw json.RawMessage) bool {
		var p published
		if json.Unmarshal(raw, &p) == nil && p.URI == uri && good(p) {
			out = p
			return true
		}
		return false
	})
	return out
}

func version(n int) func(published) bool {
	return func(p published) bool { return p.Version != nil && *p.Version == n }
}

func TestOpenEditClose(t *testing.T) {
	root := folder(t, map[string]string{"App.cs": app, "dev.c": dev})
	c := open(t, push(), root)
	u := uri(root, "App.cs")
	didOpen(c, u, "csharp", app)
	got := await(c, u, version(1))
	if len(got.Diagnostics) != 1 || got.Diagnostics[0].Code != "PIN301" || got.Diagnostics[0].Range.Start.Line != 14 || len(got.Diagnostics[0].RelatedInformation) == 0 {
		t.Fatalf("%+v", got)
	}
	didChange(c, u, 2, obj{"range": span(15, 0, 15, 0), "text": "        pin.Free();\n"})
	if got := await(c, u, version(2)); len(got.Diagnostics) != 0 {
		t.Errorf("after the fix: %+v", got)
	}
	c.Notify("textDocument/didClose", obj{"textDocument": obj{"uri": u}})
	await(c, u, func(p published) bool { return p.Version == nil && p.has("PIN301") }) // the disk counts again
	c.Call("shutdown", nil, nil)
	c.Notify("exit", nil)
	if code := c.Exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// A document that is not analysed says so, as long as it is not.
func TestNotAnalysed(t *testing.T) {
	root := folder(t, map[string]string{"App.cs": app})
	c := open(t, push(), root)
	u := uri(root, "App.cs")
	didOpen(c, u, "csharp", app+strings.Repeat(" ", 10<<20))
	got := await(c, u, func(p published) bool { return len(p.Diagnostics) > 0 && !p.has("PIN301") })
	if d := got.Diagnostics[0]; len(got.Diagnostics) != 1 || d.Message != "not analysed: larger than 10 MB" || d.Severity != 3 || d.Range.End.Line != 0 {
		t.Errorf("%+v", got)
	}
	didChange(c, u, 2, obj{"text": app})
	if got := await(c, u, func(p published) bool { return p.has("PIN301") }); len(got.Diagnostics) != 1 {
		t.Errorf("%+v", got)
	}
}

// An edit of the C file changes what is shown for the C# file.
func TestEditsInCReachCSharp(t *testing.T) {
	cs := `using System;
using System.Runtime.InteropServices;
static unsafe class App
{
    [DllImport("dev")] static extern void dev_use(byte* p);
    static void Run(byte[] data)
    {
        fixed (byte* p = data)
            dev_use(p);
    }
}
`
	plain := "static unsigned char *kept;\nvoid dev_use(unsigned char *p)\n{\n    p[0] = 1;\n}\nint dev_read(void)\n{\n    return kept[0];\n}\n"
	root := folder(t, map[string]string{"App.cs": cs, "dev.c": plain})
	c := open(t, push(), root)
	u := uri(root, "App.cs")
	didOpen(c, u, "csharp", cs)
	didOpen(c, uri(root, "dev.c"), "c", plain)
	if got := await(c, u, version(1)); len(got.Diagnostics) != 0 {
		t.Fatalf("before: %+v", got)
	}
	await(c, uri(root, "dev.c"), version(1))
	didChange(c, uri(root, "dev.c"), 2, obj{"range": span(3, 4, 3, 13), "text": "kept = p;"})
	got := await(c, u, func(p published) bool { return len(p.Diagnostics) > 0 })
	if !got.has("PIN705") && !got.has("PIN703") {
		t.Errorf("%+v", got)
	}
	inC := false
	for _, r := range got.Diagnostics[0].RelatedInformation {
		inC = inC || strings.HasSuffix(r.Location.URI, "dev.c")
	}
	if !inC {
		t.Errorf("no step lies in the C file: %+v", got.Diagnostics[0])
	}
	didChange(c, uri(root, "dev.c"), 3, obj{"range": span(3, 4, 3, 13), "text": "p[0] = 2;"})
	await(c, u, func(p published) bool { return len(p.Diagnostics) == 0 && *p.Version == 1 })
}

// Incremental edits among é and 😀 count in the units that were agreed on.
func TestPositionEncodings(t *testing.T) {
	for enc, cols := range map[string][2]int{"utf-16": {7, 17}, "utf-8": {10, 20}, "utf-32": {6, 16}} {
		t.Run(enc, func(t *testing.T) {
			text := strings.Replace(app, "        GCHandle pin =", "/*é😀*/ GCHandle pin =", 1)
			root := folder(t, map[string]string{"App.cs": text})
			c := server(t, registry.All())
			caps := push()
			caps["general"] = obj{"positionEncodings": []string{enc}}
			if got := initialize(c, caps, root)["positionEncoding"]; got != enc {
				t.Fatalf("the server counts in %v", got)
			}
			u := uri(root, "App.cs")
			didOpen(c, u, "csharp", text)
			at := func(p published) int { return p.Diagnostics[0].Range.Start.Character }
			first := await(c, u, func(p published) bool { return version(1)(p) && p.has("PIN301") })
			from := map[string]int{"utf-16": 23, "utf-8": 26, "utf-32": 22}[enc]
			if got := at(first); got != from {
				t.Errorf("starts at %d, want %d", got, from)
			}
			// The comment goes, and what follows it moves.
			didChange(c, u, 2, obj{"range": span(14, 0, 14, cols[0]), "text": ""})
			second := await(c, u, func(p published) bool { return version(2)(p) && p.has("PIN301") })
			if got := at(second); got != 16 {
				t.Errorf("starts at %d after the edit, want 16", got)
			}
		})
	}
}

func TestPullIsNoPush(t *testing.T) {
	root := folder(t, map[string]string{"App.cs": app, "sub/B.cs": strings.ReplaceAll(app, "class App", "class B")})
	caps := push()
	caps["textDocument"].(obj)["diagnostic"] = obj{}
	c := open(t, caps, root)
	u := uri(root, "App.cs")
	didOpen(c, u, "csharp", app)
	type report struct {
		Kind, ResultID, URI string
		Items               []diagnostic
	}
	var one report
	c.Call("textDocument/diagnostic", obj{"textDocument": obj{"uri": u}}, &one)
	if one.Kind != "full" || len(one.Items) != 1 || one.ResultID == "" {
		t.Fatalf("%+v", one)
	}
	var again report
	c.Call("textDocument/diagnostic", obj{"textDocument": obj{"uri": u}, "previousResultId": one.ResultID}, &again)
	if again.Kind != "unchanged" || again.Items != nil {
		t.Errorf("%+v", again)
	}
	didChange(c, u, 2, obj{"range": span(15, 0, 15, 0), "text": "        pin.Free();\n"})
	c.Call("textDocument/diagnostic", obj{"textDocument": obj{"uri": u}, "previousResultId": one.ResultID}, &again)
	if again.Kind != "full" || len(again.Items) != 0 {
		t.Errorf("after the fix: %+v", again)
	}
	var all struct{ Items []report }
	c.Call("workspace/diagnostic", obj{"previousResultIds": []obj{{"uri": u, "value": one.ResultID}}}, &all)
	if len(all.Items) != 2 || all.Items[0].URI != u || len(all.Items[0].Items) != 0 || len(all.Items[1].Items) != 1 {
		t.Errorf("workspace: %+v", all)
	}
	if n := c.Count("textDocument/publishDiagnostics"); n != 0 {
		t.Errorf("%d pushes to a client that pulls", n)
	}
}

func TestCancel(t *testing.T) {
	c := open(t, push(), folder(t, map[string]string{"App.cs": app}))
	// A command that waits for an answer that this client never gives.
	c.Answer = func(string, json.RawMessage) any { select {} }
	slow := folder(t, nil)
	_ = slow
	id := c.Send("workspace/executeCommand", obj{"command": "pinvet.checkWorkspace"})
	c.Notify("$/cancelRequest", obj{"id": id})
	if m := c.Reply(id); m.Error == nil || m.Error.Code != -32800 {
		// It may have been faster than the cancellation.
		if m.Result == nil {
			t.Errorf("%+v", m)
		}
	}
	c.Notify("$/cancelRequest", obj{"id": 4711})
	c.Call("workspace/executeCommand", obj{"command": "pinvet.debugInfo"}, nil)
}

func TestLifeCycle(t *testing.T) {
	c := server(t, nil)
	if m := c.Reply(c.Send("textDocument/hover", obj{})); m.Error == nil || m.Error.Code != -32002 {
		t.Errorf("before initialize: %+v", m)
	}
	initialize(c, obj{})
	if m := c.Reply(c.Send("initialize", obj{"capabilities": obj{}})); m.Error == nil || m.Error.Code != -32600 {
		t.Errorf("initialize twice: %+v", m)
	}
	if m := c.Reply(c.Send("textDocument/moniker", obj{})); m.Error == nil || m.Error.Code != -32601 {
		t.Errorf("an unknown method: %+v", m)
	}
	c.Call("shutdown", nil, nil)
	if m := c.Reply(c.Send("textDocument/hover", obj{})); m.Error == nil || m.Error.Code != -32600 {
		t.Errorf("after shutdown: %+v", m)
	}
	c.Notify("exit", nil)
	if code := c.Exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for name, end := range map[string]func(*lsptest.Client){
		"exit without shutdown": func(c *lsptest.Client) { c.Notify("exit", nil) },
		"the client is gone":    func(c *lsptest.Client) { c.Close() },
	} {
		c := server(t, nil)
		initialize(c, obj{})
		end(c)
		if code := c.Exit(); code != 1 {
			t.Errorf("%s: exit code %d", name, code)
		}
	}
}

// TestAnswerAfterExit: what the client still sends after exit meets a connection that is about to end.
func TestAnswerAfterExit(t *testing.T) {
	const exit, answer = `{"jsonrpc":"2.0","method":"exit"}`, `{"jsonrpc":"2.0","id":0,"result":null}`
	for range 200 {
		c := server(t, nil)
		asked, done := make(chan struct{}), make(chan struct{})
		c.Answer = func(string, json.RawMessage) any {
			close(asked)
			<-done
			return nil
		}
		initialize(c, obj{"workspace": obj{"configuration": true}})
		<-asked
		c.Frames([]byte(exit), []byte(answer))
		if code := c.Exit(); code != 1 {
			t.Fatalf("exit code %d", code)
		}
		close(done)
	}
}

func TestTwoRoots(t *testing.T) {
	a, b := folder(t, map[string]string{"App.cs": app}), folder(t, map[string]string{"App.cs": app})
	c := open(t, push(), a)
	await(c, uri(a, "App.cs"), func(p published) bool { return p.has("PIN301") })
	c.Notify("workspace/didChangeWorkspaceFolders", obj{"event": obj{"added": []obj{{"uri": uri(b, ""), "name": "b"}}, "removed": []obj{}}})
	await(c, uri(b, "App.cs"), func(p published) bool { return p.has("PIN301") })
	c.Notify("workspace/didChangeWorkspaceFolders", obj{"event": obj{"added": []obj{}, "removed": []obj{{"uri": uri(a, ""), "name": "a"}}}})
	await(c, uri(a, "App.cs"), func(p published) bool { return len(p.Diagnostics) == 0 })
}

func TestFilesOnDisk(t *testing.T) {
	root := folder(t, map[string]string{"App.cs": app})
	c := open(t, push(), root)
	u := uri(root, "App.cs")
	await(c, u, func(p published) bool { return p.has("PIN301") })
	if err := os.Remove(filepath.Join(root, "App.cs")); err != nil {
		t.Fatal(err)
	}
	c.Notify("workspace/didChangeWatchedFiles", obj{"changes": []obj{{"uri": u, "type": 3}}})
	await(c, u, func(p published) bool { return len(p.Diagnostics) == 0 })
	if err := os.WriteFile(filepath.Join(root, "New.cs"), []byte(app), 0o644); err != nil {
		t.Fatal(err)
	}
	c.Notify("workspace/didChangeWatchedFiles", obj{"changes": []obj{{"uri": uri(root, "New.cs"), "type": 1}}})
	await(c, uri(root, "New.cs"), func(p published) bool { return p.has("PIN301") })
}

func TestHoverDefinitionReferences(t *testing.T) {
	cs := strings.Replace(app, "Native.CloseHandle(file);", "Native.CloseHandle(file); Native.dev_close(file); Native.dev_close(Native.dev_open(2));", 1)
	root := folder(t, map[string]string{"App.cs": cs, "dev.c": dev})
	c := open(t, push(), root)
	u := uri(root, "App.cs")
	didOpen(c, u, "csharp", cs)
	didOpen(c, uri(root, "dev.c"), "c", dev)
	c.Call("workspace/executeCommand", obj{"command": "pinvet.checkWorkspace"}, nil)
	at := func(uri string, line, char int) obj {
		return obj{"textDocument": obj{"uri": uri}, "position": obj{"line": line, "character": char}}
	}
	for _, x := range []struct {
		line, char int
		want       []string
	}{
		{14, 30, []string{"**PIN301** pin-leak\n", "1. ", "PIN301.md"} /* no message: editors show it */},
		{6, 55, []string{"void dev_close(void* p);", "dev.c", "- `p`: released"}},
		{20, 20, []string{"BOOL CloseHandle(", "kernel32", ": released"}},
		{5, 55, []string{"dev_open(int n);", "result: acquired"}},
	} {
		var h struct {
			Contents struct{ Kind, Value string }
		}
		c.Call("textDocument/hover", at(u, x.line, x.char), &h)
		for _, w := range x.want {
			if h.Contents.Kind != "markdown" || !strings.Contains(h.Contents.Value, w) {
				t.Errorf("hover at %d:%d lacks %q: %s", x.line, x.char, w, h.Contents.Value)
			}
		}
	}
	type location struct {
		URI   string
		Range struct{ Start struct{ Line int } }
	}
	var def []location
	c.Call("textDocument/definition", at(u, 20, 44), &def)
	if len(def) != 1 || def[0].URI != uri(root, "dev.c") || def[0].Range.Start.Line != 5 {
		t.Errorf("definition: %+v", def)
	}
	var refs []location
	p := at(uri(root, "dev.c"), 5, 7)
	p["context"] = obj{"includeDeclaration": true}
	c.Call("textDocument/references", p, &refs)
	if len(refs) != 3 || refs[0].URI != u || refs[0].Range.Start.Line != 6 || refs[1].Range.Start.Line != 20 {
		t.Errorf("references: %+v", refs)
	}
}

// fixing is a rule with a safe fix.
func fixing() *rules.Rule {
	return rules.Define(func(p *rules.Pass) {
		for _, f := range p.Program.Funcs() {
			if strings.HasPrefix(f.Name, "bad") {
				r := p.ReportAt(f.File, f.NameSpan, "bad name %s", f.Name)
				r.Fixes = []rules.Fix{{Text: "call it good", Safety: rules.SafeFix, Edits: []rules.Edit{{Loc: rules.Loc{File: f.File, Span: f.NameSpan}, NewText: "good"}}}}
			}
		}
	}, rules.Rule{Code: "PIN998", Name: "bad-name", Title: "Bad name", Langs: registry.All()[0].Langs, Severity: rules.Warning})[0]
}

func TestCodeActions(t *testing.T) {
	text := "class A\r\n{\r\n    static void bad1() { }\r\n    static void bad2() { }\r\n}\r\n"
	root := folder(t, map[string]string{"A.cs": text})
	c := server(t, []*rules.Rule{fixing()})
	var applied json.RawMessage
	c.Answer = func(method string, params json.RawMessage) any {
		if method == "workspace/applyEdit" {
			applied = params
			return obj{"applied": true}
		}
		return nil
	}
	initialize(c, push(), root)
	u := uri(root, "A.cs")
	didOpen(c, u, "csharp", text)
	type action struct {
		Title, Kind string
		IsPreferred bool
		Command     *struct{ Command string }
		Edit        *struct {
			DocumentChanges []struct {
				TextDocument struct{ Version *int }
				Edits        []struct {
					NewText string
					Range   struct{ Start struct{ Line int } }
				}
			}
		}
	}
	ask := func(line int, only ...string) (out []action) {
		c.Call("textDocument/codeAction", obj{"textDocument": obj{"uri": u}, "range": span(line, 17, line, 17), "context": obj{"diagnostics": []obj{{"range": span(0, 0, 0, 1), "message": "x", "code": 7}}, "only": only}}, &out)
		return out
	}
	list := ask(2)
	var titles []string
	for _, a := range list {
		titles = append(titles, a.Title)
	}
	want := []string{"Call it good", "Fix all PIN998 (bad-name) in this file", "Ignore PIN998 on this line", "Suppress PIN998 with an attribute", "Ignore PIN998 in this file", "Explain PIN998 (bad-name)"}
	if !reflect.DeepEqual(titles, want) {
		t.Fatalf("%q", titles)
	}
	if e := list[0].Edit.DocumentChanges[0]; !list[0].IsPreferred || *e.TextDocument.Version != 1 || e.Edits[0].NewText != "good" {
		t.Errorf("%+v", e)
	}
	if e := list[1].Edit.DocumentChanges[0]; len(e.Edits) != 2 {
		t.Errorf("fix all has %d edits", len(e.Edits))
	}
	if e := list[2].Edit.DocumentChanges[0].Edits[0]; !strings.HasPrefix(e.NewText, "    // pinvet:ignore PIN998 -- ") || !strings.HasSuffix(e.NewText, "\r\n") {
		t.Errorf("%+v", e)
	}
	if start := list[2].Edit.DocumentChanges[0].Edits[0].Range.Start; start.Line != 2 {
		t.Errorf("placed at %+v", start)
	}
	if a := ask(0); len(a) != 0 {
		t.Errorf("actions where nothing is: %+v", a)
	}
	if a := ask(2, "source.fixAll"); len(a) != 1 || a[0].Kind != "source.fixAll.pinvet" || len(a[0].Edit.DocumentChanges[0].Edits) != 2 {
		t.Errorf("source.fixAll: %+v", a)
	}
	if a := ask(2, "refactor"); len(a) != 0 {
		t.Errorf("refactor: %+v", a)
	}
	var n int
	c.Call("workspace/executeCommand", obj{"command": "pinvet.fixAll", "arguments": []any{u}}, &n)
	if n != 2 || !strings.Contains(string(applied), `"good"`) {
		t.Errorf("fixed %d by %s", n, applied)
	}
	// The comment that an action writes silences the finding.
	didChange(c, u, 2, obj{"range": span(2, 0, 2, 0), "text": "    // pinvet:ignore PIN998 -- historical\r\n"})
	if got := await(c, u, version(2)); len(got.Diagnostics) != 1 || got.Diagnostics[0].Range.Start.Line != 4 {
		t.Errorf("after the comment: %+v", got)
	}
}

func TestCommands(t *testing.T) {
	root := folder(t, map[string]string{"App.cs": app})
	c := open(t, push(), root)
	run := func(out any, command string, args ...any) {
		c.Call("workspace/executeCommand", obj{"command": command, "arguments": args}, out)
	}
	var page struct{ Title, Markdown string }
	run(&page, "pinvet.explain", "PIN301")
	if !strings.HasPrefix(page.Title, "PIN301 ") || !strings.Contains(page.Markdown, "## What it does") {
		t.Errorf("%+v", page)
	}
	var n int
	if run(&n, "pinvet.checkWorkspace"); n != 1 {
		t.Errorf("%d findings", n)
	}
	var html, text string
	if run(&html, "pinvet.showPins"); !strings.Contains(html, "<html") || !strings.Contains(html, "App.cs") {
		t.Errorf("pins: %.200s", html)
	}
	if run(&text, "pinvet.debugInfo"); !strings.Contains(text, "1 findings") {
		t.Errorf("debug: %s", text)
	}
	for _, bad := range []obj{{"command": "pinvet.explain", "arguments": []any{"PIN000"}}, {"command": "rm"}} {
		if m := c.Reply(c.Send("workspace/executeCommand", bad)); m.Error == nil || m.Error.Code != -32602 {
			t.Errorf("%v: %+v", bad, m)
		}
	}
}

func TestSettings(t *testing.T) {
	root := folder(t, map[string]string{"App.cs": app})
	c := server(t, registry.All())
	c.Call("initialize", obj{"capabilities": push(), "rootUri": uri(root, ""), "initializationOptions": obj{"run": "onSave", "severity": obj{"PIN301": "hint", "PIN1": 3}, "generated": "yes"}}, nil)
	c.Notify("initialized", obj{})
	u := uri(root, "App.cs")
	didOpen(c, u, "csharp", app)
	if got := await(c, u, version(1)); got.Diagnostics[0].Severity != 4 {
		t.Errorf("%+v", got)
	}
	before := c.Count("textDocument/publishDiagnostics") // the text on disk may have had one of its own
	didChange(c, u, 2, obj{"range": span(15, 0, 15, 0), "text": "        pin.Free();\n"})
	c.Call("workspace/executeCommand", obj{"command": "pinvet.checkWorkspace"}, nil)
	if n := c.Count("textDocument/publishDiagnostics") - before; n != 0 {
		t.Errorf("%d pushes before the text is saved", n)
	}
	c.Notify("textDocument/didSave", obj{"textDocument": obj{"uri": u}})
	await(c, u, func(p published) bool { return version(2)(p) && len(p.Diagnostics) == 0 })
	c.Notify("workspace/didChangeConfiguration", obj{"settings": obj{"pinvet": obj{"severity": obj{"pin-leak": "error"}}}})
	didChange(c, u, 3, obj{"text": app})
	await(c, u, func(p published) bool { return version(3)(p) && p.Diagnostics[0].Severity != 4 })
}

// A panic in a rule costs that rule's findings.
func TestPanicInARule(t *testing.T) {
	bad := &rules.Rule{Code: "PIN997", Name: "panics", Analyzer: &analysis.Analyzer{
		Name: "panics", Doc: "panics", ResultType: reflect.TypeFor[[]*rules.Raw](), Run: func(*analysis.Pass) (any, error) { panic("boom") },
	}}
	root := folder(t, map[string]string{"App.cs": app})
	c := server(t, append(registry.All(), bad))
	initialize(c, push(), root)
	u := uri(root, "App.cs")
	didOpen(c, u, "csharp", app)
	await(c, u, func(p published) bool { return version(1)(p) && p.has("PIN301") })
	didChange(c, u, 2, obj{"range": span(0, 0, 0, 0), "text": "\n"})
	await(c, u, func(p published) bool { return version(2)(p) && p.has("PIN301") })
}

// A client that says nothing of itself, and a file in no folder.
func TestBareClient(t *testing.T) {
	c := server(t, registry.All())
	c.Call("initialize", obj{"capabilities": obj{}}, nil)
	c.Notify("initialized", obj{})
	for i, u := range []string{"file:///nowhere/App.cs", "untitled:Untitled-1"} {
		didOpen(c, u, "csharp", strings.Replace(app, "class App", fmt.Sprintf("class App%d", i), 1))
		if got := await(c, u, func(p published) bool { return p.has("PIN301") }); got.Version != nil {
			t.Errorf("a version for a client that knows none")
		}
	}
	didOpen(c, "file:///nowhere/readme.md", "markdown", "# x")
	var h any
	c.Call("textDocument/hover", obj{"textDocument": obj{"uri": "file:///nowhere/readme.md"}, "position": obj{"line": 0, "character": 0}}, &h)
	if h != nil {
		t.Errorf("%v", h)
	}
	c.Notify("textDocument/didClose", obj{"textDocument": obj{"uri": "untitled:Untitled-1"}})
	await(c, "untitled:Untitled-1", func(p published) bool { return len(p.Diagnostics) == 0 })
}
