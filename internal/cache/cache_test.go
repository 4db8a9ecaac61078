package cache

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T, limit int64) *Store {
	t.Helper()
	s, err := Open(t.TempDir(), limit)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func keyOf(text string) Key { return sha256.Sum256([]byte(text)) }

func TestWhatIsPutComesBack(t *testing.T) {
	s := open(t, 0)
	for _, text := range []string{"", "a", strings.Repeat("long ", 1<<18)} {
		s.Put(Run, keyOf(text), []byte(text))
		if got, ok := s.Get(Run, keyOf(text)); !ok || string(got) != text {
			t.Errorf("%d bytes came back as %d, %v", len(text), len(got), ok)
		}
		if _, ok := s.Get(Code, keyOf(text)); ok {
			t.Error("an entry of another kind came back")
		}
	}
	s.Put(Run, keyOf("a"), []byte("b"))
	if got, _ := s.Get(Run, keyOf("a")); string(got) != "b" {
		t.Errorf("the older entry came back: %q", got)
	}
	if s.Err() != nil {
		t.Error(s.Err())
	}
}

func TestNoStoreIsAlwaysAMiss(t *testing.T) {
	var s *Store
	s.Put(Run, keyOf("a"), nil)
	if _, ok := s.Get(Run, keyOf("a")); ok || s.Err() != nil || s.Dir() != "" {
		t.Error("a store that is not there did something")
	}
	s.Close()
	if id, err := s.BuildID(); err != nil || id == (Key{}) {
		t.Error(id, err)
	}
}

func TestBrokenEntriesAreMisses(t *testing.T) {
	s := open(t, 0)
	data := []byte("what was found")
	key, name := keyOf("k"), s.path(Run, keyOf("k"))
	s.Put(Run, key, data)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	broken := func(what string, text []byte) {
		t.Helper()
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, ok := s.Get(Run, key); ok {
			t.Errorf("%s: %q came back", what, got)
		}
	}
	for i := range whole {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1 << (i % 8)
		broken(fmt.Sprint("flipped at ", i), flipped)
		broken(fmt.Sprint("cut at ", i), whole[:i])
	}
	broken("longer", append(bytes.Clone(whole), 0))
	broken("zeros", make([]byte, len(whole)))

	s.Put(Run, keyOf("other"), data)
	foreign, err := os.ReadFile(s.path(Run, keyOf("other")))
	if err != nil {
		t.Fatal(err)
	}
	broken("an entry of another key", foreign)

	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Get(Run, key); ok {
		t.Error("a folder came back")
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	s.Put(Run, key, data)
	if got, ok := s.Get(Run, key); !ok || !bytes.Equal(got, data) {
		t.Error("a broken entry was not replaced")
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "cache"), 0); err == nil {
		t.Error("a cache below a file was opened")
	}
}

func TestAFolderThatGoesAway(t *testing.T) {
	s := open(t, 0)
	s.Put(Run, keyOf("a"), []byte("a"))
	if err := os.RemoveAll(s.root); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Get(Run, keyOf("a")); ok {
		t.Error("a removed entry came back")
	}
	s.Put(Run, keyOf("b"), []byte("b"))
	if got, ok := s.Get(Run, keyOf("b")); !ok || string(got) != "b" || s.Err() != nil {
		t.Error("after it was cleared, nothing can be kept:", s.Err())
	}
	if err := os.RemoveAll(s.root); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.root, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.Put(Run, keyOf("c"), []byte("c"))
	if s.Err() == nil {
		t.Error("nothing is said")
	}
	s.Put(Run, keyOf("d"), []byte("d"))
	s.Close()
}

func TestReadOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("permissions do not bind this user")
	}
	s := open(t, 0)
	s.Put(Run, keyOf("a"), []byte("a"))
	for _, dir := range []string{filepath.Join(s.dir, tmpName), s.dir, s.root} {
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(dir, 0o700)
	}
	again, err := Open(s.root, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := again.Get(Run, keyOf("a")); !ok || string(got) != "a" {
		t.Error("what is there is not read")
	}
	again.Put(Run, keyOf("b"), []byte("b"))
	if again.Err() == nil {
		t.Error("nothing is said")
	}
}

func age(t *testing.T, name string, d time.Duration) {
	t.Helper()
	at := time.Now().Add(-d)
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
}

func TestTheLimitHolds(t *testing.T) {
	const kb, limit = 1000, 100_000
	s := open(t, limit)
	name := func(i int) string { return fmt.Sprint("entry ", i) }
	for i := range 150 {
		s.Put(Code, keyOf(name(i)), make([]byte, kb))
		age(t, s.path(Code, keyOf(name(i))), time.Duration(48*60-i)*time.Minute)
		if i == 0 {
			age(t, s.path(Code, keyOf(name(i))), 0) // used all the time
		}
		if u := s.Usage(); u.Bytes > limit+limit/4+2*kb {
			t.Fatalf("%d bytes after %d entries", u.Bytes, i+1)
		}
	}
	s.Close()
	if u := s.Usage(); u.Bytes > limit || u.Bytes < limit/2 {
		t.Errorf("%d bytes at the end", u.Bytes)
	}
	if _, ok := s.Get(Code, keyOf(name(0))); !ok {
		t.Error("what was used is gone")
	}
	if _, ok := s.Get(Code, keyOf(name(149))); !ok {
		t.Error("what was put last is gone")
	}
	if _, ok := s.Get(Code, keyOf(name(1))); ok {
		t.Error("what was not used is still there")
	}
	s.Put(Code, keyOf("huge"), make([]byte, limit))
	if _, ok := s.Get(Code, keyOf("huge")); ok {
		t.Error("one entry takes all the room")
	}
}

func TestUseMakesYoung(t *testing.T) {
	s := open(t, 0)
	s.Put(Run, keyOf("a"), nil)
	age(t, s.path(Run, keyOf("a")), 10*24*time.Hour)
	s.Get(Run, keyOf("a"))
	if info, err := os.Stat(s.path(Run, keyOf("a"))); err != nil || time.Since(info.ModTime()) > time.Hour {
		t.Error("it looks as if nobody had used it", err)
	}
}

func TestSweepKeepsToItsOwn(t *testing.T) {
	s := open(t, 0)
	s.Put(Run, keyOf("old"), nil)
	s.Put(Run, keyOf("new"), nil)
	age(t, s.path(Run, keyOf("old")), 40*24*time.Hour)
	left := filepath.Join(s.dir, tmpName, "123")
	young := filepath.Join(s.dir, tmpName, "124")
	foreign := []string{filepath.Join(s.root, "notes.txt"), filepath.Join(filepath.Dir(s.path(Run, keyOf("new"))), "notes.txt")}
	for _, name := range append([]string{left, young}, foreign...) {
		if err := os.WriteFile(name, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range append([]string{left}, foreign...) {
		age(t, name, 60*24*time.Hour)
	}
	s.Close()
	for name, want := range map[string]bool{
		left: false, young: true, foreign[0]: true, foreign[1]: true,
		s.path(Run, keyOf("old")): false, s.path(Run, keyOf("new")): true,
	} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s: there is %v, want %v", name, err == nil, want)
		}
	}
	if _, err := s.Clear(); err != nil {
		t.Error(err)
	}
	if u := s.Usage(); u != (Usage{}) {
		t.Errorf("after clear: %+v", u)
	}
	for _, name := range foreign {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}

func TestClearLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	s, err := Open(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Put(Run, keyOf("a"), []byte("a"))
	s.Close()
	if u, err := s.Clear(); err != nil || u.Entries != 1 {
		t.Error(u, err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error("the folder is still there:", err)
	}
}

func TestCountsAreShared(t *testing.T) {
	s := open(t, 0)
	s.Get(Run, keyOf("a"))
	s.Put(Run, keyOf("a"), []byte("text"))
	s.Get(Run, keyOf("a"))
	s.Get(Run, keyOf("a"))
	s.Close()
	again, err := Open(s.root, 0)
	if err != nil {
		t.Fatal(err)
	}
	if u := again.Usage(); u.Hits != 2 || u.Misses != 1 || u.Entries != 1 || u.Runs != 1 || u.Bytes != again.before {
		t.Errorf("%+v, log says %d", u, again.before)
	}
}

func TestTheLogStaysShort(t *testing.T) {
	s := open(t, 0)
	s.Close()
	log := filepath.Join(s.dir, logName)
	if err := os.WriteFile(log, bytes.Repeat([]byte("1 2 3\nnonsense\n"), logMost/10), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Get(Run, keyOf("a"))
	s.Close()
	text, err := os.ReadFile(log)
	if want := fmt.Sprintf("%d %d %d\n", logMost/10, logMost/10*2, logMost/10*3+1); err != nil || string(text) != want {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestPlace(t *testing.T) {
	t.Setenv(EnvDir, "somewhere")
	if dir, err := Place(); err != nil || !filepath.IsAbs(dir) || filepath.Base(dir) != "somewhere" {
		t.Error(dir, err)
	}
	t.Setenv(EnvDir, "off")
	if dir, err := Place(); err != nil || dir != "" {
		t.Error(dir, err)
	}
	t.Setenv(EnvDir, "")
	if dir, err := Place(); err == nil && filepath.Base(dir) != "pinvet" {
		t.Error(dir)
	}
	for text, want := range map[string]int64{"": DefaultLimit, "5": 5 << 20, "0": 0, "x": 0} {
		t.Setenv(EnvSize, text)
		if got, err := Limit(); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}
