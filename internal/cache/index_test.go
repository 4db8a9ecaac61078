package cache

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// sums asks for the contents of files, some time from now.
func sums(t *testing.T, s *Store, root string, later time.Duration, paths ...string) []Sum {
	t.Helper()
	now = func() time.Time { return time.Now().Add(later) }
	defer func() { now = time.Now }()
	slices.Sort(paths)
	out, err := s.Sums(context.Background(), root, paths, 100, 2)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func entries(t *testing.T, s *Store, root string) []seen {
	t.Helper()
	data, _ := s.Get(Index, sha256.Sum256([]byte("index\x00"+root)))
	return decodeIndex(data)
}

func TestSums(t *testing.T) {
	s, root := open(t, 0), t.TempDir()
	a, b := filepath.Join(root, "a.c"), filepath.Join(root, "b.c")
	write(t, a, "one")
	write(t, b, string(make([]byte, 101)))
	if err := os.Mkdir(filepath.Join(root, "d.c"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Store{nil, s, s} {
		got := sums(t, s, root, time.Hour, "a.c", "b.c", "d.c", "e.c")
		if got[0] != (Sum{Hash: sha256.Sum256([]byte("one"))}) {
			t.Errorf("a.c: %v", got[0])
		}
		if !errors.Is(got[1].Err, ErrTooLarge) || !errors.Is(got[2].Err, ErrNotRegular) || !errors.Is(got[3].Err, fs.ErrNotExist) {
			t.Errorf("%v", got[1:])
		}
	}
	if list := entries(t, s, root); len(list) != 1 || list[0].path != "a.c" {
		t.Errorf("%+v", list)
	}
}

func TestWhatDidNotChangeIsNotRead(t *testing.T) {
	s, root := open(t, 0), t.TempDir()
	name := filepath.Join(root, "a.c")
	write(t, name, "one")
	sums(t, s, root, time.Hour, "a.c")
	list := entries(t, s, root)
	list[0].hash[0] ^= 1 // if this comes back, the file was not read
	s.Put(Index, sha256.Sum256([]byte("index\x00"+root)), encodeIndex(list))
	if got := sums(t, s, root, time.Hour, "a.c"); got[0].Hash != list[0].hash {
		t.Error("the file was read")
	}
	write(t, name, "two")
	if got := sums(t, s, root, time.Hour, "a.c"); got[0].Hash != sha256.Sum256([]byte("two")) {
		t.Error("the file was not read")
	}
}

// TestAChangeThatDoesNotShow: same size, same time, as after an edit and touch -r.
func TestAChangeThatDoesNotShow(t *testing.T) {
	s, root := open(t, 0), t.TempDir()
	name := filepath.Join(root, "a.c")
	write(t, name, "one")
	at := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if ctime, _ := system(info); ctime == 0 {
		t.Skip("this system has no such time")
	}
	sums(t, s, root, time.Hour, "a.c")
	if len(entries(t, s, root)) != 1 {
		t.Fatal("not in the index")
	}
	write(t, name, "two")
	if err := os.Chtimes(name, at, at); err != nil {
		t.Fatal(err)
	}
	if got := sums(t, s, root, time.Hour, "a.c"); got[0].Hash != sha256.Sum256([]byte("two")) {
		t.Error("the change was not seen")
	}
}

func TestYoungFilesAreNotBelieved(t *testing.T) {
	s, root := open(t, 0), t.TempDir()
	write(t, filepath.Join(root, "a.c"), "one")
	sums(t, s, root, 0, "a.c")
	if list := entries(t, s, root); len(list) != 0 {
		t.Errorf("a file that was written just now is in the index: %+v", list)
	}
	sums(t, s, root, time.Hour, "a.c")
	if list := entries(t, s, root); len(list) != 1 {
		t.Errorf("a file that is settled is not in the index: %+v", list)
	}
	if got := sums(t, s, root, -time.Hour, "a.c"); got[0].Hash != sha256.Sum256([]byte("one")) {
		t.Error(got)
	}
	if list := entries(t, s, root); len(list) != 0 {
		t.Errorf("a file of the future is in the index: %+v", list)
	}
}

func TestTheIndexKeepsWhatWasNotAskedFor(t *testing.T) {
	s, root := open(t, 0), t.TempDir()
	for _, name := range []string{"a.c", "b.c", "c.c"} {
		write(t, filepath.Join(root, name), name)
	}
	sums(t, s, root, time.Hour, "a.c", "b.c")
	sums(t, s, root, time.Hour, "c.c")
	var paths []string
	for _, e := range entries(t, s, root) {
		paths = append(paths, e.path)
	}
	if !slices.Equal(paths, []string{"a.c", "b.c", "c.c"}) {
		t.Error(paths)
	}
	if err := os.Remove(filepath.Join(root, "b.c")); err != nil {
		t.Fatal(err)
	}
	sums(t, s, root, time.Hour, "a.c", "b.c")
	if n := len(entries(t, s, root)); n != 2 {
		t.Errorf("%d entries, one file is gone", n)
	}
}

func TestABrokenIndexIsNone(t *testing.T) {
	list := []seen{{path: "a.c", stamp: stamp{size: 1, regular: true}}, {path: "b.c", stamp: stamp{mtime: -5, number: 1 << 60, regular: true}}}
	data := encodeIndex(list)
	if got := decodeIndex(data); !slices.Equal(got, list) {
		t.Errorf("%+v", got)
	}
	for i := range data {
		if got := decodeIndex(data[:i]); len(got) != 0 {
			t.Errorf("cut at %d: %+v", i, got)
		}
	}
	decodeIndex([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
}

func TestBuildID(t *testing.T) {
	s := open(t, 0)
	one, err := s.buildID()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if one != sha256.Sum256(raw) {
		t.Error("it is not the hash of the program")
	}
	now = func() time.Time { return time.Now().Add(time.Hour) }
	defer func() { now = time.Now }()
	for range 2 {
		if two, err := s.buildID(); err != nil || two != one {
			t.Error(two, err)
		}
	}
	if u := s.Usage(); u.Entries != 1 {
		t.Errorf("%d entries", u.Entries)
	}
}

// FuzzIndex: whatever the bytes, what is read of an index can be written and read again.
func FuzzIndex(f *testing.F) {
	f.Add(encodeIndex([]seen{{path: "a.c", stamp: stamp{size: 1, regular: true}}, {path: "b/c.cs", stamp: stamp{mtime: -5, number: 1 << 60, regular: true}}}))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list := decodeIndex(data)
		if got := decodeIndex(encodeIndex(list)); !slices.Equal(got, list) {
			t.Errorf("%+v comes back as %+v", list, got)
		}
	})
}
