package irenc

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// TestCodecFollowsTheTypes fails where a type of package ir has changed and go generate has not run.
func TestCodecFollowsTheTypes(t *testing.T) {
	want, err := exec.Command("go", "run", "./gen").Output()
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("codec.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("codec.go is not of these types: run go generate ./analyzers/ir/irenc")
	}
}

// filler makes values in which every field can be anything.
type filler struct {
	*rand.Rand
	depth int
}

func (r *filler) fill(v reflect.Value) {
	if r.IntN(4) == 0 && v.Kind() != reflect.Struct {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Type != reflect.TypeFor[*ir.File]() {
				r.fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		if r.depth++; r.depth < 6 {
			v.Set(reflect.New(v.Type().Elem()))
			r.fill(v.Elem())
		}
		r.depth--
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(3), 3))
		for i := range v.Len() {
			if e := v.Index(i); e.Kind() == reflect.Pointer {
				e.Set(reflect.New(e.Type().Elem()))
				r.fill(e.Elem())
			} else {
				r.fill(e)
			}
		}
	case reflect.String:
		v.SetString([]string{"", "a", "kernel32.dll", "\x00", "ß"}[r.IntN(5)])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> r.IntN(64) << (64 - v.Type().Bits()) >> (64 - v.Type().Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(r.Uint64() >> (64 - r.IntN(v.Type().Bits()+1)))
	}
}

// random makes a file of nonsense in which the definitions can be indexed.
func random(seed uint64) *ir.File {
	r := &filler{Rand: rand.New(rand.NewPCG(seed, 1))}
	f := &ir.File{}
	r.fill(reflect.ValueOf(f).Elem())
	for _, fn := range f.Funcs {
		fn.File, fn.NumTemps = f, 0
		for i := range fn.Code {
			fn.NumTemps += len(fn.Code[i].Instrs)
		}
		if len(fn.Code) > 0 {
			fn.IndexDefs()
		}
	}
	return f
}

func TestWhatIsReadIsWhatWasWritten(t *testing.T) {
	for seed := range uint64(500) {
		f := random(seed)
		data := Append(nil, f)
		got, err := Decode(data)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !reflect.DeepEqual(got, f) {
			t.Fatalf("seed %d: another file came back", seed)
		}
		if again := Append(nil, got); !bytes.Equal(again, data) {
			t.Fatalf("seed %d: other bytes for the same file", seed)
		}
	}
}

func TestBrokenBytes(t *testing.T) {
	for seed := range uint64(200) {
		data := Append(nil, random(seed))
		for n := range data {
			if _, err := Decode(data[:n]); err == nil {
				t.Fatalf("seed %d: the first %d of %d bytes pass", seed, n, len(data))
			}
		}
		r := rand.New(rand.NewPCG(seed, 2))
		for range 200 {
			broken := bytes.Clone(data)
			for range 1 + r.IntN(3) {
				broken[r.IntN(len(broken))] ^= byte(1 + r.IntN(255))
			}
			_, _ = Decode(broken) // it must come back
		}
	}
}

func FuzzDecode(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(Append(nil, random(seed)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Decode(data)
		if err != nil {
			return
		}
		again, err := Decode(Append(nil, file))
		if err != nil || !reflect.DeepEqual(again, file) {
			t.Error("what was read cannot be written and read again")
		}
	})
}
