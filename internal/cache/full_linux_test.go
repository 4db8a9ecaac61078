package cache

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// full writes to a disk that takes no more than a kilobyte a file.
func full() {
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1000, Max: 1000}); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	s, err := Open(os.Getenv(EnvDir), 0)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	s.Put(Run, keyOf("small"), []byte("small"))
	fmt.Println("small:", s.Err())
	s.Put(Run, keyOf("large"), make([]byte, 5000))
	fmt.Println("large:", s.Err() != nil)
	_, ok := s.Get(Run, keyOf("large"))
	fmt.Println("there:", ok)
	s.Close()
	os.Exit(0)
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	cmd, out := child(t, "full", dir, 0)
	if err := cmd.Wait(); err != nil || out.String() != "small: <nil>\nlarge: true\nthere: false\n" {
		t.Errorf("%v: %s", err, out)
	}
	s, err := Open(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := s.Get(Run, keyOf("small")); !ok || string(got) != "small" {
		t.Error("what was written before is gone")
	}
	for _, f := range s.files() {
		if f.kind == 0 {
			t.Error("a piece of an entry is left: ", f.path)
		}
	}
}
