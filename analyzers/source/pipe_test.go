//go:build unix

package source

import (
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// TestAPipeInPlaceOfAFile: nobody waits for who writes to it.
func TestAPipeInPlaceOfAFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.cs")
	if err := os.WriteFile(name, []byte("class A { }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	in := &Input{Root: dir, Paths: []string{"a.cs"}, Rereads: true}
	f := Load(in, token.NewFileSet()).Files[0]
	f.Pack()
	runtime.GC()
	runtime.GC()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(name, 0o644); err != nil {
		t.Skip(err)
	}
	if f.Text(); !f.Changed() {
		t.Error("the text of a pipe is that of the file")
	}
	if s := Load(in, token.NewFileSet()); len(s.Failed) != 1 {
		t.Errorf("a pipe was read: %v", s.Files)
	}
}
