package facts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir/irenc"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/outcome"
)

// unit makes a unit of texts by path.
func unit(t *testing.T, texts map[string]string) *Unit {
	t.Helper()
	in := &source.Input{Context: context.Background(), Overlay: map[string][]byte{}}
	for p, text := range texts {
		in.Overlay[p] = []byte(text)
		if source.IsBuild(p) {
			in.Build = append(in.Build, p)
		} else {
			in.Paths = append(in.Paths, p)
		}
	}
	s := source.Load(in, token.NewFileSet())
	u, err := Of(s, lower.All(s))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func sample(t *testing.T) *Unit {
	u := unit(t, map[string]string{
		"a/x.cs":      "using System;\nclass A { int F(int n) { return n > 0 ? F(n - 1) : 0; } }\n",
		"a/y.c":       "#define N 3\nint f(int a) { return a + N; }\n",
		"a/z.c":       "\x00\x01\x02\x03",
		"a/a.vcxproj": "<Project/>",
		"gone.c":      strings.Repeat("int a;\n", 10),
	})
	u.Failed = append(u.Failed, source.Failure{Path: "shut.c", Err: &fs.PathError{Op: "open", Path: "/machine/shut.c", Err: fs.ErrPermission}})
	u.Skipped = []outcome.Skip{{Path: "w.cpp", Reason: outcome.CPlusPlus}}
	u.Problems = []outcome.Problem{{Kind: outcome.NotAnalysed, Level: outcome.Warning, Path: "w.cpp", Line: 3, Text: "no"}}
	return u
}

func encode(t *testing.T, u *Unit, choice string) []byte {
	t.Helper()
	data, err := Encode(u, choice)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWhatIsReadIsWhatWasWritten(t *testing.T) {
	u := sample(t)
	data := encode(t, u, "x")
	got, err := Decode(data, "x", source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range u.Files {
		a, b := u.Files[i], got.Files[i]
		same := a.Lowered != nil && b.Lowered != nil && bytes.Equal(irenc.Append(nil, a.Lowered), irenc.Append(nil, b.Lowered))
		if a.Source.Path != b.Source.Path || a.Source.Hash != b.Source.Hash || !same {
			t.Errorf("%s came back as another", a.Source.Path)
		}
	}
	if len(u.Files) != 3 || len(got.Files) != 3 || len(got.Build) != 1 || got.Build[0].Path != "a/a.vcxproj" {
		t.Errorf("%d files, %d build files", len(got.Files), len(got.Build))
	}
	if len(got.Failed) != 2 || !errors.Is(got.Failed[0].Err, source.ErrBinary) {
		t.Errorf("failed: %v", got.Failed)
	}
	if onDisk := new(fs.PathError); !errors.As(got.Failed[1].Err, &onDisk) || onDisk.Err.Error() != fs.ErrPermission.Error() {
		t.Errorf("failed: %v", got.Failed)
	}
	if !reflect.DeepEqual(got.Skipped, u.Skipped) || !reflect.DeepEqual(got.Problems, u.Problems) {
		t.Errorf("%v %v", got.Skipped, got.Problems)
	}
	if !bytes.Equal(data, encode(t, got, "x")) {
		t.Error("written again, it has other bytes")
	}
	if bytes.Contains(data, []byte("/machine")) {
		t.Error("the facts name a folder of the machine")
	}
}

// resealed is data with another body under a checksum that is right.
func resealed(data, body []byte) []byte {
	head, _, _ := bytes.Cut(data, []byte("\n"))
	return fmt.Appendf(nil, "%s\n%x\n%s", head, sha256.Sum256(body), body)
}

func TestBrokenFacts(t *testing.T) {
	data := encode(t, sample(t), "")
	_, rest, _ := bytes.Cut(data, []byte("\n"))
	_, body, _ := bytes.Cut(rest, []byte("\n"))
	for n := range data {
		if _, err := Decode(data[:n], "", source.Limits{}); err == nil {
			t.Fatalf("the first %d of %d bytes pass", n, len(data))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		broken := bytes.Clone(data)
		broken[r.IntN(len(broken))] ^= byte(1 + r.IntN(255))
		if _, err := Decode(broken, "", source.Limits{}); err == nil {
			t.Fatal("a byte that is another one passes")
		}
		other := bytes.Clone(body)
		other[r.IntN(len(other))] ^= byte(1 + r.IntN(255))
		_, _ = Decode(resealed(data, other), "", source.Limits{}) // it must come back
		_, _ = Decode(resealed(data, body[:r.IntN(len(body))]), "", source.Limits{})
	}
}

func TestOtherFacts(t *testing.T) {
	data := encode(t, sample(t), "")
	for want, change := range map[string][]byte{
		"no file of facts":         []byte("hello"),
		"written by another pin":   bytes.Replace(data, []byte("pinvet facts 1"), []byte("pinvet facts 2"), 1),
		"another pinvet (9.9.9 b;": ofBuild(data, "9.9.9 b"),
	} {
		if _, err := Decode(change, "", source.Limits{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := Decode(data, "-vendor/", source.Limits{}); err == nil || !strings.Contains(err.Error(), "configuration") {
		t.Error(err)
	}
}

// ofBuild is data with another build in its head.
func ofBuild(data []byte, build string) []byte {
	parts := bytes.SplitN(data, []byte("; "), 3)
	return bytes.Join([][]byte{parts[0], []byte(build), parts[2]}, []byte("; "))
}

func TestJoin(t *testing.T) {
	own := unit(t, map[string]string{"a.c": "int a;", "b.c": "int b;"})
	s := &source.Snapshot{Input: &source.Input{}}
	l := &lower.Result{}
	for _, f := range own.Files {
		s.Files, l.Files = append(s.Files, f.Source), append(l.Files, f.Lowered)
	}
	other := unit(t, map[string]string{"b.c": "int b;", "0.c": "int o;"})
	other.Name = "other.facts"
	set, err := Join(s, l, []*Unit{other, other})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, f := range set.Snapshot.Files {
		paths = append(paths, f.Path)
	}
	if strings.Join(paths, " ") != "0.c a.c b.c" || len(set.Lowered.Files) != 3 || set.Lowered.Files[2] != l.Files[1] {
		t.Errorf("%v", paths)
	}
	changed := unit(t, map[string]string{"b.c": "int c;"})
	changed.Name = "changed.facts"
	none := func(name, path string) *Unit {
		return &Unit{Name: name, Failed: []source.Failure{{Path: path, Err: source.ErrBinary}}}
	}
	if _, err := Join(s, l, []*Unit{none("x.facts", "x.c"), none("y.facts", "x.c")}); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		units []*Unit
		want  string
	}{
		{[]*Unit{none("none.facts", "b.c")}, "none.facts: its b.c is not the one that is here"},
		{[]*Unit{other, none("none.facts", "0.c")}, "other.facts and none.facts know two versions of 0.c"},
		{[]*Unit{none("none.facts", "0.c"), other}, "none.facts and other.facts know two versions of 0.c"},
		{[]*Unit{changed}, "changed.facts: its b.c is not the one that is here"},
		{[]*Unit{unit(t, nil), changed}, "changed.facts: its b.c"},
	} {
		if _, err := Join(s, l, c.units); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	if _, err := Join(&source.Snapshot{}, &lower.Result{}, []*Unit{other, changed}); err == nil || !strings.Contains(err.Error(), "other.facts and changed.facts know two versions of b.c") {
		t.Error(err)
	}
}

// FuzzDecode reads any bytes below a head and a checksum that are right.
func FuzzDecode(f *testing.F) {
	data, err := Encode(&Unit{}, "")
	if err != nil {
		f.Fatal(err)
	}
	_, rest, _ := bytes.Cut(data, []byte("\n"))
	_, body, _ := bytes.Cut(rest, []byte("\n"))
	f.Add(body)
	f.Fuzz(func(t *testing.T, body []byte) {
		u, err := Decode(resealed(data, body), "", source.Limits{MaxSize: 1 << 20})
		if err != nil {
			return
		}
		if _, err := Join(&source.Snapshot{}, &lower.Result{}, []*Unit{u}); err == nil {
			_, err = Encode(u, "")
			if err != nil {
				t.Error(err)
			}
		}
	})
}
