package ir

import (
	"reflect"
	"testing"
)

func TestMoveOf(t *testing.T) {
	for _, c := range []struct {
		old, now string
		want     Move
	}{
		{"abc", "abXc", Move{2, 2, 3}},
		{"abXc", "abc", Move{2, 3, 2}},
		{"aaa", "aaaa", Move{3, 3, 4}},
		{"abc", "abc", Move{3, 3, 3}},
		{"", "x", Move{0, 0, 1}},
	} {
		if got := MoveOf([]byte(c.old), []byte(c.now)); got != c.want {
			t.Errorf("%q to %q: %+v, want %+v", c.old, c.now, got, c.want)
		}
	}
	m := Move{10, 12, 15}
	if got := m.Span(Span{12, 14}); got != (Span{15, 17}) {
		t.Error(got)
	}
	if got := m.Span(Span{3, 9}); got != (Span{3, 9}) {
		t.Error(got)
	}
	if m.Touches(Span{3, 9}) || !m.Touches(Span{3, 10}) || !m.Touches(Span{12, 13}) || m.Touches(Span{13, 14}) {
		t.Error("what adjoins an edit is touched by it, nothing else")
	}
}

// TestMovedLooksAtEverything changes each field of a function, one by one: whatever is not compared is
// in the shape of the file, or lies outside of bodies.
func TestMovedLooksAtEverything(t *testing.T) {
	inShape := map[string]bool{"Name": true, "Owner": true, "Kind": true, "Flags": true, "File": true, "Index": true, "Parent": true, "Ret": true, "Attrs": true, "View": true, "defs": true, "packed": true}
	make := func() *Func {
		return &Func{
			Params: []VarID{0}, Vars: []Var{{Name: "v", Span: Span{1, 2}}}, Span: Span{1, 9}, NameSpan: Span{2, 3},
			Code: []Block{{Term: Term{Succs: []BlockID{1}, Span: Span{4, 5}}, Instrs: []Instr{{
				Vars: []VarID{1}, Span: Span{5, 6},
				Call: &Call{TypeArgs: []Type{"T"}, NameSpan: Span{6, 7}, Args: []Arg{{Name: "a", Span: Span{7, 8}}}},
			}}}},
		}
	}
	if !make().Moved(make(), 0) {
		t.Fatal("a function is not itself")
	}
	n := 0
	var walk func(path string, at func(f *Func) reflect.Value)
	walk = func(path string, at func(f *Func) reflect.Value) {
		v := at(make())
		switch v.Kind() {
		case reflect.Pointer:
			walk(path, func(f *Func) reflect.Value { return at(f).Elem() })
		case reflect.Slice:
			walk(path+"[0]", func(f *Func) reflect.Value { return at(f).Index(0) })
		case reflect.Struct:
			for i := range v.NumField() {
				name := v.Type().Field(i).Name
				if path == "" && inShape[name] {
					continue
				}
				walk(path+"."+name, func(f *Func) reflect.Value { return at(f).Field(i) })
			}
		default:
			f := make()
			switch v := at(f); {
			case v.CanInt():
				v.SetInt(v.Int() + 1)
			case v.CanUint():
				v.SetUint(v.Uint() + 1)
			case v.Kind() == reflect.Bool:
				v.SetBool(!v.Bool())
			case v.Kind() == reflect.String:
				v.SetString(v.String() + "x")
			default:
				t.Fatalf("%s is a %v", path, v.Kind())
			}
			n++
			if make().Moved(f, 0) {
				t.Errorf("%s is not compared", path)
			}
		}
	}
	walk("", func(f *Func) reflect.Value { return reflect.ValueOf(f).Elem() })
	if n < 40 {
		t.Errorf("only %d fields", n)
	}
}
