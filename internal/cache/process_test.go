package cache

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	envChild = "PINVET_TEST_CHILD" // what a child process of a test does
	envSeed  = "PINVET_TEST_SEED"
)

func TestMain(m *testing.M) {
	switch os.Getenv(envChild) {
	case "":
		os.Exit(m.Run())
	case "busy":
		busy()
	case "full":
		full()
	}
}

// child starts this test program as another process on a cache.
func child(t *testing.T, what, dir string, seed int) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envChild+"="+what, EnvDir+"="+dir, fmt.Sprintf("%s=%d", envSeed, seed))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, &out
}

const keys = 40

// textOf is the one content that belongs to a key in these tests: so each answer can be checked.
func textOf(i int) []byte {
	return bytes.Repeat(fmt.Appendf(nil, "entry %d\n", i), 1+i*i*40)
}

// busy puts and gets at random, with a limit that makes it sweep, and says what is wrong.
func busy() {
	s, err := Open(os.Getenv(EnvDir), 2<<20)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var seed uint64
	fmt.Sscan(os.Getenv(envSeed), &seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 300 {
		i := r.IntN(keys)
		data, ok := s.Get(Code, keyOf(fmt.Sprint(i)))
		if ok && !bytes.Equal(data, textOf(i)) {
			fmt.Println("a wrong entry for", i)
			os.Exit(1)
		}
		if !ok || r.IntN(4) == 0 {
			s.Put(Code, keyOf(fmt.Sprint(i)), textOf(i))
		}
		if r.IntN(50) == 0 {
			s.Close()
		}
	}
	s.Close()
	if err := s.Err(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

func TestProcessesShareAFolder(t *testing.T) {
	dir := t.TempDir()
	type started struct {
		cmd *exec.Cmd
		out *bytes.Buffer
	}
	var all []started
	for i := range 6 {
		cmd, out := child(t, "busy", dir, i)
		all = append(all, started{cmd, out})
	}
	for _, c := range all {
		if err := c.cmd.Wait(); err != nil {
			t.Errorf("%v: %s", err, c.out)
		}
	}
	checkAll(t, dir)
}

// TestKilledAtAnyTime kills processes that write: what they leave is whole entries, or misses.
func TestKilledAtAnyTime(t *testing.T) {
	dir := t.TempDir()
	rounds := 40
	if testing.Short() {
		rounds = 8
	}
	torn := 0
	for i := range rounds {
		cmd, out := child(t, "busy", dir, i)
		time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if strings.Contains(out.String(), "wrong") {
			t.Fatal(out)
		}
		left, _ := os.ReadDir(filepath.Join(dir, version, tmpName))
		torn += len(left)
	}
	t.Logf("files left in the middle of a write, summed up over rounds: %d", torn)
	s := checkAll(t, dir)
	for _, f := range s.files() {
		if f.kind == 0 {
			age(t, f.path, 2*tmpAge)
		}
	}
	s.sweep()
	for _, f := range s.files() {
		if f.kind == 0 {
			t.Errorf("%s is still there", f.path)
		}
	}
}

// checkAll looks at all keys.
func checkAll(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir, 2<<20)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i := range keys {
		if data, ok := s.Get(Code, keyOf(fmt.Sprint(i))); ok {
			found++
			if !bytes.Equal(data, textOf(i)) {
				t.Errorf("a wrong entry for %d", i)
			}
		}
	}
	if found == 0 {
		t.Error("nothing was written")
	}
	return s
}
