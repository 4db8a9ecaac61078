package lower

import (
	"reflect"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// look looks at all late bodies whose number something holds for.
func look(res *Result, which func(n int) bool) (looked int) {
	n := 0
	for _, f := range res.Files {
		for _, fn := range f.Funcs {
			if fn.IsLate() {
				if n++; which(n) {
					fn.Blocks()
					looked++
				}
			}
		}
	}
	return looked
}

func all(int) bool { return true }

// TestLateBodiesAreTakenAgain: late bodies come out of a store as lowering gives them, and nothing is lowered then; what a later run
// looks at is added; an entry that is nonsense is none.
func TestLateBodiesAreTakenAgain(t *testing.T) {
	s := snapshotOf(t, "../../testdata")
	want := unpacked(All(s))
	m := &memory{of: map[[32]byte][]byte{}}
	s.Input.Kept = m
	res := All(s)
	files := m.puts
	if look(res, func(n int) bool { return n%2 == 0 }) == 0 {
		t.Fatal("no body is late")
	}
	KeepLate(s.Input, res)
	if m.puts == files {
		t.Fatal("nothing was kept")
	}
	res = All(s)
	look(res, func(n int) bool { return n%2 != 0 })
	KeepLate(s.Input, res)

	res, before := All(s), m.puts
	for _, f := range res.Files {
		f.LowerLate(func(f *ir.Func, _ ir.LateAt, _ *ir.Room) (*ir.Func, []ir.Problem) {
			t.Errorf("%s: %s is lowered again", f.File.Path, f.FullName())
			return f, nil
		})
	}
	look(res, all)
	if KeepLate(s.Input, res); m.puts != before {
		t.Error("what is there was written again")
	}
	if got := unpacked(res); !reflect.DeepEqual(got, want) {
		t.Error("other bodies came back")
	}

	breakSome(m.of, func([]byte) {})
	if res = All(s); len(res.Failed) > 0 || !reflect.DeepEqual(unpacked(res), want) {
		t.Errorf("another result with broken entries: %v", res.Failed)
	}
}

// unpacked makes files comparable whose bodies were packed together or one by one.
func unpacked(res *Result) *Result {
	for _, f := range settled(res).Files {
		for _, fn := range f.Funcs {
			fn.SetBlocks(fn.Blocks())
		}
	}
	return res
}

// TestReadLate survives any cut of what appendLate gives.
func TestReadLate(t *testing.T) {
	s := snapshotOf(t, "../../testdata")
	m := &memory{of: map[[32]byte][]byte{}}
	s.Input.Kept = m
	res := All(s)
	look(res, all)
	for _, f := range res.Files {
		bodies := f.LateBodies()
		if bodies == nil {
			continue
		}
		data := appendLate(nil, bodies)
		if got := readLate(data); len(got) != len(bodies) {
			t.Errorf("%s: %d of %d bodies", f.Path, len(got), len(bodies))
		}
		for n := range data {
			readLate(data[:n])
		}
	}
}
