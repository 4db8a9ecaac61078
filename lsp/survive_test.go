package lsp_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/lsp/lsptest"
)

// TestRandomMessages sends what no editor sends: random methods with random parameters, edits out of
// range, malformed frames. After that the server must answer as if nothing had happened.
func TestRandomMessages(t *testing.T) {
	n := 10_000
	if testing.Short() {
		n = 1000
	}
	root := folder(t, map[string]string{"App.cs": app, "dev.c": dev, "Gone.cs": app})
	c := open(t, push(), root)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	babble(t, c, r, root, n)
	// Settings may be any by now, and documents open.
	c.Notify("workspace/didChangeConfiguration", obj{"settings": obj{"pinvet": obj{"run": "onType"}}})
	last := uri(root, "Last.cs")
	didOpen(c, last, "csharp", app)
	if got := await(c, last, version(1)); !got.has("PIN301") {
		t.Errorf("seed %d: %+v", seed, got)
	}
	c.Call("shutdown", nil, nil)
	c.Notify("exit", nil)
	if code := c.Exit(); code != 0 {
		t.Errorf("seed %d: exit code %d", seed, code)
	}
}

// babble sends n messages; Gone.cs goes away in their midst.
func babble(t testing.TB, c *lsptest.Client, r *rand.Rand, root string, n int) {
	uris := []string{uri(root, "App.cs"), uri(root, "dev.c"), uri(root, "Gone.cs"), uri(root, "new/é 😀.cs"), "untitled:x", "file:///", "%", ""}
	for i := range n {
		if i == n/2 {
			if err := os.Remove(filepath.Join(root, "Gone.cs")); err != nil {
				t.Error(err)
			}
		}
		switch r.IntN(20) {
		case 0:
			c.Bytes([]byte(pick(r, "{", "[]", "7", `{"jsonrpc":"1.0"}`, `{"jsonrpc":"2.0"}`, `{"jsonrpc":"2.0","id":{},"method":"x"}`, "\xff\xfe", "",
				`{"jsonrpc":"2.0","id":99,"result":null}`, `[{"jsonrpc":"2.0","method":"initialized"}]`)))
		case 1, 2, 3, 4, 5, 6:
			didChange(c, uris[r.IntN(len(uris))], r.IntN(100), randomChange(r), randomChange(r))
		case 7:
			didOpen(c, uris[r.IntN(len(uris))], pick(r, "csharp", "cs", "c", "cpp", "x"), pick(r, app, dev, "", "\x00\x01", "class {"))
		case 8:
			c.Notify("textDocument/didClose", obj{"textDocument": obj{"uri": uris[r.IntN(len(uris))]}})
		case 9, 10:
			c.Notify(pick(r, "textDocument/didOpen", "textDocument/didChange", "workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration",
				"workspace/didChangeWorkspaceFolders", "initialized", "$/cancelRequest", "$/setTrace", "textDocument/didSave"), randomValue(r, uris, 0))
		case 11:
			c.Notify("$/cancelRequest", obj{"id": r.IntN(i + 1)})
		default:
			params := obj{"textDocument": obj{"uri": uris[r.IntN(len(uris))]}, "position": randomPosition(r), "range": obj{"start": randomPosition(r), "end": randomPosition(r)}, "context": obj{"diagnostics": []obj{}}}
			method := pick(r, "textDocument/hover", "textDocument/definition", "textDocument/references", "textDocument/codeAction", "textDocument/diagnostic", "shutdownx", "initialize")
			if r.IntN(3) == 0 {
				c.Send(method, randomValue(r, uris, 0))
			} else {
				c.Send(method, params)
			}
		}
	}
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

func randomPosition(r *rand.Rand) obj {
	n := func() any {
		switch r.IntN(12) {
		case 0:
			return -1
		case 1:
			return 1 << 40
		case 2:
			return 1.5
		}
		return r.IntN(40)
	}
	return obj{"line": n(), "character": n()}
}

func randomChange(r *rand.Rand) obj {
	if r.IntN(6) == 0 {
		return obj{"text": pick(r, app, dev, "")}
	}
	return obj{"range": obj{"start": randomPosition(r), "end": randomPosition(r)}, "text": pick(r, "", "x", "}", "{ ", "é😀", "\r", "\n", "/*", "\"", "int")}
}

// randomValue is any JSON.
func randomValue(r *rand.Rand, uris []string, depth int) any {
	switch r.IntN(8) {
	case 0:
		return nil
	case 1:
		return r.IntN(5) - 2
	case 2:
		return uris[r.IntN(len(uris))]
	case 3:
		if depth < 3 {
			return []any{randomValue(r, uris, depth+1), randomValue(r, uris, depth+1)}
		}
	case 4:
		return json.RawMessage(fmt.Sprint(r.IntN(2) == 0))
	}
	out := obj{}
	if depth < 3 {
		for _, k := range []string{"textDocument", "uri", "position", "range", "text", "contentChanges", "settings", "changes", "event", "added", "id", "version"} {
			if r.IntN(3) == 0 {
				out[k] = randomValue(r, uris, depth+1)
			}
		}
	}
	return out
}
