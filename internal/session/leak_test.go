package session

import (
	"bytes"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// TestEditsLeaveNothingBehind edits more files than keep their trees, in both languages, and weighs what
// the session holds: as many things after many edits as after few, and no tree after the end.
func TestEditsLeaveNothingBehind(t *testing.T) {
	files := texts(t, filepath.Join("..", "..", "testdata", "projects", "border"))
	var names []string
	for p := range files {
		if source.LangOf(p) != source.NoLang && len(names) < 2*maxHeld {
			names = append(names, p)
		}
	}
	if len(names) <= maxHeld {
		t.Fatalf("only %d files", len(names))
	}
	held := syntax.HeldTrees()
	weigh := func(rounds int) int {
		s := begin(t, write(t, files))
		now := map[string][]byte{}
		for i := range rounds {
			for _, p := range names {
				text := append(bytes.Clone(files[p]), []string{"", "\n", " ", "// x", "}", "int x"}[i%6]...)
				if i == rounds-1 {
					text = files[p]
				}
				now[p] = text
				s.Edit(p, source.NoLang, text)
			}
			if i%4 == 0 {
				settled(t, s, now)
			} else {
				time.Sleep(5 * time.Millisecond)
			}
			if i%5 == 4 {
				s.Reload(names[i%len(names)]) // as if it was closed
				delete(now, names[i%len(names)])
			}
		}
		settled(t, s, now)
		if n := syntax.HeldTrees() - held; n > 3*maxHeld+3 {
			t.Errorf("%d trees are held", n)
		}
		s.Close()
		if n := syntax.HeldTrees() - held; n != 0 {
			t.Errorf("%d trees are held after the end", n)
		}
		return things(reflect.ValueOf(s), map[any]bool{})
	}
	few, many := weigh(8), weigh(56)
	t.Logf("%d things after few edits, %d after many", few, many)
	if many > few+few/50 {
		t.Errorf("the session holds %d things after few edits and %d after many", few, many)
	}
}

// things counts the elements of all slices and maps that can be reached.
func things(v reflect.Value, seen map[any]bool) (n int) {
	switch v.Kind() {
	case reflect.Pointer:
		key := fmt.Sprint(v.Type(), v.Pointer())
		if v.IsNil() || seen[key] {
			return 0
		}
		seen[key] = true
		return things(v.Elem(), seen)
	case reflect.Interface:
		if !v.IsNil() {
			n = things(v.Elem(), seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			n += things(v.Field(i), seen)
		}
	case reflect.Slice, reflect.Array:
		n = v.Len()
		if k := v.Type().Elem().Kind(); k == reflect.Pointer || k == reflect.Struct || k == reflect.Slice || k == reflect.Map || k == reflect.Interface {
			for i := range v.Len() {
				n += things(v.Index(i), seen)
			}
		}
	case reflect.Map:
		if key := fmt.Sprint(v.Type(), v.Pointer()); seen[key] {
			return 0
		} else {
			seen[key] = true
		}
		n = v.Len()
		for it := v.MapRange(); it.Next(); {
			n += things(it.Key(), seen) + things(it.Value(), seen)
		}
	}
	return n
}
