//go:build linux

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func command(args ...string) row { return row{name: strings.Join(args, " "), command: always(args...)} }

func TestMeasure(t *testing.T) {
	ctx := context.Background()
	got := measure(ctx, time.Minute, command("sh", "-c", "exit 3"))
	if got.missing != nil || got.ended || got.clock <= 0 || got.peak <= 0 {
		t.Errorf("an exit code: %+v", got)
	}
	if got := measure(ctx, time.Minute, command("/nowhere/tool")); got.missing == nil {
		t.Errorf("a tool that is not there: %+v", got)
	}
	if got := measure(ctx, 50*time.Millisecond, command("sh", "-c", "sleep 60 & wait")); !got.ended || got.clock > 30*time.Second {
		t.Errorf("at the cap: %+v", got)
	}
}

func TestTheChangedFileIsPutBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.cs")
	text := []byte("class A { }\r\n")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	during := filepath.Join(t.TempDir(), "copy")
	r := command("cp", path, during)
	r.before = func() (func(), error) { return edit(path) }
	measure(context.Background(), time.Minute, r)
	if changed, err := os.ReadFile(during); err != nil || bytes.Equal(changed, text) {
		t.Errorf("not changed while the tool ran: %q, %v", changed, err)
	}
	if back, err := os.ReadFile(path); err != nil || !bytes.Equal(back, text) {
		t.Errorf("after it: %q, %v", back, err)
	}
}

func TestTable(t *testing.T) {
	var out strings.Builder
	print(&out, []figures{
		{name: "other", clock: 6 * time.Second, processor: 8 * time.Second, peak: 10e6, ended: true},
		{name: "**pinvet check**", clock: 2 * time.Second, processor: 3 * time.Second, peak: 20e6},
		{name: "gone", missing: os.ErrNotExist},
	})
	for _, want := range []string{
		"| other | > 6.00 | > 8.00 | 10 | > 3.00 |\n", "| **pinvet check** | 2.00 | 3.00 | 20 | 1.00 |\n", "| gone | not measured: file does not exist | | | |\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestInputs(t *testing.T) {
	in, err := list([]string{"../../../testdata/projects/tour"})
	if err != nil {
		t.Fatal(err)
	}
	if in.files < 5 || in.bytes == 0 || len(in.c) == 0 || in.one == "" {
		t.Errorf("%+v", in)
	}
	words, err := wordsFile(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(words)
	for _, want := range []string{"ReadFile", "DllImport", "AddrOfPinnedObject"} {
		if err != nil || !strings.Contains(string(text), "\n"+want+"\n") {
			t.Errorf("%s is no word (%v)", want, err)
		}
	}
}
