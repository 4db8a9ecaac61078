package lower

import (
	"bytes"
	"context"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// memory keeps in memory.
type memory struct {
	sync.Mutex
	of         map[[32]byte][]byte
	hits, puts int
}

func (m *memory) Get(key [32]byte) ([]byte, bool) {
	m.Lock()
	defer m.Unlock()
	data, ok := m.of[key]
	if ok {
		m.hits++
	}
	return data, ok
}

func (m *memory) Put(key [32]byte, data []byte) {
	m.Lock()
	defer m.Unlock()
	m.of[key] = data
	m.puts++
}

func snapshotOf(t *testing.T, root string) *source.Snapshot {
	t.Helper()
	s := &source.Snapshot{Input: &source.Input{Context: context.Background(), Hasty: &source.Hasty{}}}
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || source.LangOf(p) == source.NoLang {
			return err
		}
		f, err := source.Read("", p)
		if err == nil {
			s.Files = append(s.Files, f)
		}
		return nil
	})
	if err != nil || len(s.Files) == 0 {
		t.Fatal(err, len(s.Files))
	}
	return s
}

// settled makes files comparable.
func settled(res *Result) *Result {
	for _, f := range res.Files {
		f.Settle()
		f.LowerLate(nil)
		f.LateFrom([32]byte{}, nil)
	}
	return res
}

// TestKeptFilesAreTakenAgain: what comes out of a store is what lowering gives, also where the store holds nonsense.
func TestKeptFilesAreTakenAgain(t *testing.T) {
	s := snapshotOf(t, "../../testdata/projects")
	words := func(res *Result) (all [][]ir.Word) {
		for _, f := range res.Files {
			for _, fn := range f.Funcs {
				ws, _ := fn.Words()
				all = append(all, slices.Clone(ws))
			}
		}
		return all
	}
	want := All(s)
	named := words(want)
	unpacked(want)
	m := &memory{of: map[[32]byte][]byte{}}
	s.Input.Kept = m
	for i := range 2 {
		got := All(s)
		if !reflect.DeepEqual(words(got), named) {
			t.Errorf("round %d: other words", i)
		}
		if !reflect.DeepEqual(unpacked(got), want) {
			t.Errorf("round %d: another result", i)
		}
	}
	if n := len(s.Files); m.puts != n || m.hits != n {
		t.Errorf("%d files: %d put, %d hits", n, m.puts, m.hits)
	}
	breakSome(m.of, func(data []byte) { data[len(data)/2] ^= 0x10 })
	if got := All(s); len(got.Failed) > 0 || len(got.Files) != len(want.Files) {
		t.Errorf("broken entries: %d files, %v", len(got.Files), got.Failed)
	}
	if s.Input.Hasty.Noted() {
		t.Error("something was cut off")
	}
}

// TestKeysTellFilesApart: text, path and language count.
func TestKeysTellFilesApart(t *testing.T) {
	keys := map[[32]byte]bool{}
	for _, f := range []struct {
		path string
		lang source.Lang
		text string
	}{{"a.c", source.C, "int a;"}, {"a.c", source.C, "int b;"}, {"b.c", source.C, "int a;"}, {"a.c", source.CSharp, "int a;"}} {
		x, err := source.FromBytes(f.path, f.lang, []byte(f.text))
		if err != nil {
			t.Fatal(err)
		}
		keys[keptKey(x)] = true
	}
	if len(keys) != 4 {
		t.Errorf("%d keys", len(keys))
	}
}

func TestWhatWasInterruptedIsNotKept(t *testing.T) {
	ctx, end := context.WithCancel(context.Background())
	end()
	m := &memory{of: map[[32]byte][]byte{}}
	s := &source.Snapshot{Input: &source.Input{Context: ctx, Kept: m}}
	f, err := source.FromBytes("a.c", source.C, []byte("int f(void) { return 1; }"))
	if err != nil {
		t.Fatal(err)
	}
	One(s, f)
	if m.puts != 0 {
		t.Error("it was kept")
	}
}

// TestPackedBodiesAreKept: bodies come back packed, nothing that is cut passes, and what is in them is what was.
func TestPackedBodiesAreKept(t *testing.T) {
	bodies := 0
	for _, f := range snapshotOf(t, "../../testdata").Files {
		low := Parsed(f, syntax.Parse(context.Background(), f))
		if _, ok := low.AppendBodies(nil); ok && slices.ContainsFunc(low.Funcs, (*ir.Func).HasBody) {
			t.Error("bodies that are not packed were written")
		}
		low.Pack()
		data, ok := low.AppendBodies(nil)
		if !ok {
			t.Fatal("packed bodies were not written")
		}
		read := func(data []byte) (*ir.File, bool) {
			out := low.WithoutBodies()
			return out, out.ReadBodies(data)
		}
		got, ok := read(data)
		if !ok {
			t.Fatal("packed bodies were not read")
		}
		if again, ok := got.AppendBodies(nil); !ok || !bytes.Equal(again, data) {
			t.Error("other bodies came back")
		}
		for _, n := range []int{0, 1, len(data) / 2, len(data) - 1} {
			if _, ok := read(data[:n]); ok && n < len(data) {
				t.Errorf("%s: %d of %d bytes passed", f.Path, n, len(data))
			}
		}
		for i, fn := range low.Funcs {
			if bodies++; ir.Print(fn) != ir.Print(got.Funcs[i]) {
				t.Errorf("%s: %s is another function", f.Path, fn.FullName())
			}
		}
	}
	if bodies == 0 {
		t.Error("there are no bodies")
	}
}

// breakSome empties a third of some entries and cuts another in half; others gets the rest.
func breakSome[K comparable](of map[K][]byte, others func(data []byte)) {
	i := 0
	for key, data := range of {
		switch i++; i % 3 {
		case 0:
			of[key] = nil
		case 1:
			of[key] = data[:len(data)/2]
		default:
			others(data)
		}
	}
}
