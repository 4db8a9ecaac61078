package govet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/internal/govet"
)

// TestMain makes this test the tool that go vet runs.
func TestMain(m *testing.M) {
	if !govet.Is(os.Args[1:]) {
		os.Exit(m.Run())
	}
	found, err := govet.Run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	case found:
		os.Exit(1)
	}
	os.Exit(0)
}

const leak = `#include "io.h"
typedef void *HANDLE;
HANDLE CreateEventW(void *a, int b, int c, void *d);
int open_event(void)
{
    /* é 😀 */ HANDLE h = CreateEventW(0, 1, 0, 0);
    return h != 0;
}
`

// module writes a module with a package that uses cgo, and one that does not.
func module(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(`
-- go.mod --
module example.com/m
go 1.22
-- native/native.go --
package native

// #include "io.h"
import "C"

func Open() int { return int(C.open_event()) }
-- native/io.h --
int open_event(void);
-- plain/plain.go --
package plain
`)).Files {
		write(t, dir, f.Name, string(f.Data))
	}
	write(t, dir, "native/io.c", leak)
	write(t, dir, "native/io_plan9.c", leak) // build constraints leave it out
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// vet runs go vet with this test as its tool.
func vet(t *testing.T, dir string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	for _, tool := range []string{"go", "gcc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("go vet on cgo packages is not tried: there is no " + tool)
		}
	}
	if runtime.GOOS == "windows" {
		t.Skip("go vet on cgo packages is not tried on Windows")
	}
	me, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	cmd := exec.Command("go", append([]string{"vet", "-vettool=" + me}, args...)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &o, &e
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOFLAGS=", "GOWORK=off")
	err = cmd.Run()
	return o.String(), e.String(), err
}

func TestGoVet(t *testing.T) {
	dir := module(t)
	_, stderr, err := vet(t, dir, "./...")
	if err == nil || !strings.Contains(stderr, "native/io.c:6:30: PIN401 handle-leak: `h` from `CreateEventW` is never released") {
		t.Errorf("%v: %s", err, stderr)
	}
	if strings.Contains(stderr, "plan9") {
		t.Errorf("a file that is not built: %s", stderr)
	}
	// Rules can be chosen, and suppressions count.
	if _, stderr, err := vet(t, dir, "-rule=PIN2,PIN3", "./..."); err != nil {
		t.Errorf("%v: %s", err, stderr)
	}
	if _, stderr, err := vet(t, dir, "-rule=PIN9", "./native"); err == nil || !strings.Contains(stderr, "PIN9") {
		t.Errorf("%v: %s", err, stderr)
	}
	write(t, dir, "native/io.c", strings.Replace(leak, "0, 0);", "0, 0); // pinvet:ignore PIN401 -- lives as long as the process", 1))
	if _, stderr, err := vet(t, dir, "./..."); err != nil {
		t.Errorf("%v: %s", err, stderr)
	}
}

func TestGoVetJSON(t *testing.T) {
	dir := module(t)
	stdout, stderr, err := vet(t, dir, "-json", "./native")
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	if i := strings.IndexByte(stdout, '{'); i > 0 { // "# example.com/m/native" before it, in some versions
		stdout = stdout[i:]
	}
	var got map[string]map[string][]struct{ Category, Posn, Message string }
	if stdout == "" { // those that write it to standard error
		stdout = stderr[max(0, strings.IndexByte(stderr, '{')):]
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatalf("%v: %s %s", err, stdout, stderr)
	}
	list := got["example.com/m/native"]["handle_leak"]
	if len(list) != 1 || list[0].Category != "PIN401" || !strings.HasSuffix(list[0].Posn, "native/io.c:6:30") {
		t.Errorf("%s", stdout)
	}
}

func TestIs(t *testing.T) {
	for line, want := range map[string]bool{
		"-V=full": true, "-flags": true, "x.cfg": true, "-json -rule=PIN1 x.cfg": true,
		"": false, "check": false, "check x.cfg": false, "--version": false, "--rule PIN1 x.cfg": false,
	} {
		if got := govet.Is(strings.Fields(line)); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}
