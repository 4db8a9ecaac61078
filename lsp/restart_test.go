package lsp_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/pinvet/pinvet/lsp"
	"github.com/pinvet/pinvet/lsp/lsptest"
	"github.com/pinvet/pinvet/rules/registry"
)

// asServer makes a process of this test a server on its standard input and output.
const asServer = "PINVET_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		os.Exit(lsp.Serve(context.Background(), stdio{}, lsp.Options{Rules: registry.All(), Workers: 2}))
	}
	os.Exit(m.Run())
}

type stdio struct{}

func (stdio) Read(p []byte) (int, error)  { return os.Stdin.Read(p) }
func (stdio) Write(p []byte) (int, error) { return os.Stdout.Write(p) }
func (stdio) Close() error                { return os.Stdin.Close() }

// process starts a server of its own process; kill ends it at once.
func process(t *testing.T) (c *lsptest.Client, kill func()) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asServer+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(end)
	return lsptest.Start(t, func(rwc io.ReadWriteCloser) int {
		go func() {
			_, _ = io.Copy(in, rwc)
			_ = in.Close()
		}()
		_, _ = io.Copy(rwc, out)
		end()
		return 1
	}), end
}

// TestKilledAndStartedAgain: a client that starts the server again and opens its documents with the
// texts that they have by then sees what it saw before, of buffers that were never saved too.
func TestKilledAndStartedAgain(t *testing.T) {
	root := folder(t, map[string]string{"App.cs": app, "dev.c": dev})
	u, v := uri(root, "App.cs"), uri(root, "New.cs")
	unsaved := strings.Replace(app, "class App", "/* é 😀 */ class Other", 1)
	work := func(c *lsptest.Client, text string, version int) (a, b published) {
		initialize(c, push(), root)
		c.Notify("textDocument/didOpen", obj{"textDocument": obj{"uri": u, "languageId": "csharp", "version": version, "text": text}})
		didOpen(c, v, "csharp", unsaved)
		a = await(c, u, func(p published) bool { return p.Version != nil && *p.Version == version && p.has("PIN301") })
		return a, await(c, v, func(p published) bool { return p.has("PIN301") })
	}
	c, kill := process(t)
	work(c, app, 1)
	didChange(c, u, 2, obj{"range": span(0, 0, 0, 0), "text": "// typed, not saved\n\n"})
	before := await(c, u, func(p published) bool { return p.Version != nil && *p.Version == 2 && p.has("PIN301") })
	c.Send("textDocument/hover", obj{"textDocument": obj{"uri": u}, "position": obj{"line": 3, "character": 1}})
	kill()
	again, _ := process(t)
	after, _ := work(again, "// typed, not saved\n\n"+app, 2)
	if len(before.Diagnostics) == 0 || len(before.Diagnostics) != len(after.Diagnostics) {
		t.Fatalf("%d and %d diagnostics", len(before.Diagnostics), len(after.Diagnostics))
	}
	for i := range after.Diagnostics {
		if before.Diagnostics[i].Range != after.Diagnostics[i].Range {
			t.Errorf("%+v is %+v now", before.Diagnostics[i], after.Diagnostics[i])
		}
	}
}
