package lsp_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

type textEdit struct {
	Range   struct{ Start, End struct{ Line, Character int } }
	NewText string
}

type fixAction struct {
	Title, Kind string
	IsPreferred bool
	Edit        *struct {
		DocumentChanges []struct {
			TextDocument struct {
				URI     string
				Version *int
			}
			Edits []textEdit
		}
	}
}

// applied is a text after edits, whose places are in lines and UTF-16 columns.
func applied(text string, edits []textEdit) string {
	at := func(line, col int) int {
		o := 0
		for range line {
			o += strings.IndexByte(text[o:], '\n') + 1
		}
		units := 0
		for i, r := range text[o:] {
			if units >= col {
				return o + i
			}
			units += utf16.RuneLen(r)
		}
		return len(text)
	}
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b textEdit) int {
		return at(b.Range.Start.Line, b.Range.Start.Character) - at(a.Range.Start.Line, a.Range.Start.Character)
	})
	for _, e := range edits {
		from, to := at(e.Range.Start.Line, e.Range.Start.Character), at(e.Range.End.Line, e.Range.End.Character)
		text = text[:from] + e.NewText + text[to:]
	}
	return text
}

const fixable = "using System; using System.IO; using System.ComponentModel; using System.Runtime.InteropServices;\r\n" +
	"static class A\r\n{\r\n" +
	"    [DllImport(\"kernel32.dll\", CharSet = CharSet.Unicode)] static extern bool DeleteFileW(string name);\r\n" +
	"    [DllImport(\"hid.dll\", SetLastError = true)] static extern bool HidD_SetNumInputBuffers(IntPtr device, uint number);\r\n" +
	"    [DllImport(\"device\")] static extern int Fill(byte[] buffer, int size);\r\n" +
	"    static void One(string name)\r\n    {\r\n" +
	"        if (/* é😀 */ !DeleteFileW(name)) throw new Win32Exception(Marshal.GetLastWin32Error());\r\n    }\r\n" +
	"    static void Two(byte[] data)\r\n    {\r\n" +
	"        GCHandle pin = GCHandle.Alloc(data, GCHandleType.Pinned);\r\n        Fill(data, data.Length);\r\n        pin.Free();\r\n    }\r\n}\r\n"

// TestRealFixes: what rules offer goes through the server, for the text in the editor and not the one
// on the disk, and the findings are gone when it is applied.
func TestRealFixes(t *testing.T) {
	root := folder(t, map[string]string{"A.cs": "// another text\n"})
	c := open(t, push(), root)
	u := uri(root, "A.cs")
	didOpen(c, u, "csharp", "\r\n"+fixable)
	await(c, u, version(1))
	didChange(c, u, 2, obj{"range": span(0, 0, 0, 0), "text": "// é😀 a comment"})
	text := "// é😀 a comment\r\n" + fixable
	got := await(c, u, version(2))
	if !got.has("PIN501") || !got.has("PIN504") || !got.has("PIN308") {
		t.Fatalf("%+v", got)
	}
	ask := func(line int, only ...string) (out []fixAction) {
		c.Call("textDocument/codeAction", obj{"textDocument": obj{"uri": u}, "range": span(line, 0, line, 200), "context": obj{"diagnostics": []obj{}, "only": only}}, &out)
		return out
	}
	find := func(list []fixAction, title string) *fixAction {
		i := slices.IndexFunc(list, func(a fixAction) bool { return strings.Contains(a.Title, title) })
		if i < 0 {
			t.Fatalf("no action %q in %+v", title, list)
		}
		return &list[i]
	}
	if safe := find(ask(5), "Marshal the bool"); safe.Kind != "quickfix" || !safe.IsPreferred || *safe.Edit.DocumentChanges[0].TextDocument.Version != 2 {
		t.Errorf("%+v", safe)
	}
	if risky := find(ask(13), "does not pin"); risky.IsPreferred || !strings.Contains(risky.Title, "may change") {
		t.Errorf("%+v", risky)
	}
	// All safe fixes at once, in the text of the editor.
	all := ask(0, "source.fixAll.pinvet")
	if len(all) != 1 || len(all[0].Edit.DocumentChanges) != 1 || all[0].Edit.DocumentChanges[0].TextDocument.URI != u {
		t.Fatalf("%+v", all)
	}
	after := applied(text, all[0].Edit.DocumentChanges[0].Edits)
	for _, want := range []string{"CharSet = CharSet.Unicode, SetLastError = true)]", "[return: MarshalAs(UnmanagedType.U1)] static extern bool HidD", "GCHandleType.Pinned"} {
		if !strings.Contains(after, want) {
			t.Errorf("no %s in\n%s", want, after)
		}
	}
	didChange(c, u, 3, obj{"text": after})
	if got := await(c, u, version(3)); got.has("PIN501") || got.has("PIN504") || !got.has("PIN308") {
		t.Errorf("%+v", got)
	}
	if left := ask(0, "source.fixAll"); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	// The unsafe one alone.
	after = applied(after, find(ask(13), "does not pin").Edit.DocumentChanges[0].Edits)
	didChange(c, u, 4, obj{"text": after})
	if got := await(c, u, version(4)); len(got.Diagnostics) != 0 {
		t.Errorf("%+v\n%s", got, after)
	}
}
