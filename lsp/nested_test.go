package lsp_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/lsp/lsptest"
)

// last is what a client shows for a file: the diagnostics that were published last.
func last(c *lsptest.Client, uri string) (out published) {
	c.All("textDocument/publishDiagnostics", func(raw json.RawMessage) {
		var p published
		if json.Unmarshal(raw, &p) == nil && p.URI == uri {
			out = p
		}
	})
	return out
}

// becomes waits until a client shows a finding for a file, or none, and sees that it stays so.
func becomes(t *testing.T, c *lsptest.Client, what, uri string, shown bool) {
	t.Helper()
	for range 600 {
		if last(c, uri).has("PIN301") == shown {
			time.Sleep(300 * time.Millisecond)
			if last(c, uri).has("PIN301") == shown {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s: %s: shown: %t", what, uri, !shown)
}

// TestRootInRoot opens a folder of the workspace that lies in another one: the inner one speaks for its files, as long as it is there.
func TestRootInRoot(t *testing.T) {
	fixed := strings.Replace(app, "return data.Length;", "pin.Free(); return 0;", 1)
	outer := folder(t, map[string]string{"App.cs": app, "in/B.cs": app, "in/C.cs": app})
	inner := filepath.Join(outer, "in")
	a, b, d := uri(outer, "App.cs"), uri(inner, "B.cs"), uri(inner, "C.cs")
	c := open(t, push(), outer, inner)
	change := func(added, removed []obj) {
		c.Notify("workspace/didChangeWorkspaceFolders", obj{"event": obj{"added": added, "removed": removed}})
	}
	for _, u := range []string{a, b, d} {
		becomes(t, c, "at first", u, true)
	}
	didOpen(c, b, "csharp", app)
	didChange(c, b, 2, obj{"text": fixed})
	becomes(t, c, "fixed, not saved", b, false)
	didOpen(c, a, "csharp", app)
	didChange(c, a, 2, obj{"text": fixed}) // the outer root has a new result
	becomes(t, c, "an edit of the outer root", a, false)
	becomes(t, c, "an edit of the outer root", b, false)
	change([]obj{}, []obj{{"uri": uri(inner, ""), "name": "in"}})
	becomes(t, c, "the inner root goes", b, false)
	becomes(t, c, "the inner root goes", d, true)
	change([]obj{{"uri": uri(inner, ""), "name": "in"}}, []obj{})
	becomes(t, c, "the inner root comes back", b, false)
	becomes(t, c, "the inner root comes back", d, true)
	if err := os.WriteFile(filepath.Join(inner, "C.cs"), []byte(fixed), 0o644); err != nil {
		t.Fatal(err)
	}
	c.Notify("workspace/didChangeWatchedFiles", obj{"changes": []obj{{"uri": d, "type": 2}}})
	becomes(t, c, "fixed on the disk", d, false)
	change([]obj{}, []obj{{"uri": uri(inner, ""), "name": "in"}})
	becomes(t, c, "the outer root knows it", d, false)
	change([]obj{{"uri": uri(inner, ""), "name": "in"}}, []obj{{"uri": uri(outer, ""), "name": "out"}})
	becomes(t, c, "the outer root goes", a, false)
	becomes(t, c, "the outer root goes", b, false)
}

// TestFolderOnDisk tells of a folder that got another name as watchers do that know no more.
func TestFolderOnDisk(t *testing.T) {
	root := folder(t, map[string]string{"old/App.cs": app})
	c := open(t, push(), root)
	becomes(t, c, "at first", uri(root, "old/App.cs"), true)
	if err := os.Rename(filepath.Join(root, "old"), filepath.Join(root, "new")); err != nil {
		t.Fatal(err)
	}
	c.Notify("workspace/didChangeWatchedFiles", obj{"changes": []obj{{"uri": uri(root, "old"), "type": 3}, {"uri": uri(root, "new"), "type": 1}}})
	becomes(t, c, "the new name", uri(root, "new/App.cs"), true)
	becomes(t, c, "the old name", uri(root, "old/App.cs"), false)
}

// TestWorkspacePullSeesWhatCameBefore pulls right behind a change of one file that concerns another.
func TestWorkspacePullSeesWhatCameBefore(t *testing.T) {
	cs := strings.Replace(app, "Native.CloseHandle(file);", "Native.dev_close(Native.dev_open(2)); var p = Native.dev_open(1); Marshal.FreeHGlobal(p);", 1)
	root := folder(t, map[string]string{"App.cs": cs, "dev.c": dev})
	caps := push()
	caps["textDocument"].(obj)["diagnostic"] = obj{}
	c := open(t, caps, root)
	pull := func() (codes string) {
		var all struct {
			Items []struct{ Items []diagnostic }
		}
		c.Call("workspace/diagnostic", obj{"previousResultIds": []obj{}}, &all)
		for _, r := range all.Items {
			for _, d := range r.Items {
				codes += d.Code + " "
			}
		}
		return codes
	}
	if got := pull(); !strings.Contains(got, "PIN705") {
		t.Fatalf("before the change: %s", got)
	}
	u := uri(root, "dev.c")
	didOpen(c, u, "c", dev)
	didChange(c, u, 2, obj{"text": strings.ReplaceAll(dev, "malloc(n)", "(void *)0")})
	if got := pull(); strings.Contains(got, "PIN705") {
		t.Errorf("after the change: %s", got)
	}
}
