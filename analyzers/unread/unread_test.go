package unread_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
)

// index is that of some C# files, none of which is read yet.
func index(files map[string]string) *unread.Index {
	in := &source.Input{Overlay: map[string][]byte{}}
	for p, text := range files {
		in.Paths = append(in.Paths, p)
		in.Overlay[p] = []byte(text)
	}
	return unread.New(in, nil, nil)
}

func TestQuestions(t *testing.T) {
	files := map[string]string{
		"base.cs":   "namespace N { class Base { public virtual void Run() { } } }",
		"mid.cs":    "namespace N { class Mid : Base { } }",
		"leaf.cs":   "namespace O { class Leaf : N.Mid { public override void Run() { } } }",
		"ext.cs":    "static class E { public static void Twice(this int x) { } }",
		"twin.cs":   "namespace P { class Base { } }",
		"held.cs":   "namespace N { class Held { internal Base inner; } }",
		"caller.cs": "namespace N { class Caller { void M(Held h) { h.inner.Run(); } } }",
		"other.cs":  "namespace N { class Other { void M(Thread t) { t.Run(); } } }",
	}
	run := ir.WordOf("Run")
	for name, c := range map[string]struct {
		ask  func(*unread.Index)
		want []string
	}{
		"a type in a namespace":       {func(x *unread.Index) { x.Types("Base", "N", "") }, []string{"base.cs"}},
		"of a nested scope":           {func(x *unread.Index) { x.Types("Base", "N.Caller") }, []string{"base.cs"}},
		"anywhere":                    {func(x *unread.Index) { x.TypesAnywhere("Base") }, []string{"base.cs", "twin.cs"}},
		"no such type":                {func(x *unread.Index) { x.Types("Nothing", "N") }, nil},
		"bases come along":            {func(x *unread.Index) { x.Types("Leaf", "O") }, []string{"base.cs", "leaf.cs", "mid.cs", "twin.cs"}},
		"overrides of indirect heirs": {func(x *unread.Index) { x.Overrides("Base", "Run") }, []string{"base.cs", "leaf.cs", "mid.cs", "twin.cs"}},
		"an extension method":         {func(x *unread.Index) { x.Extensions("Twice") }, []string{"ext.cs"}},
		"a word":                      {func(x *unread.Index) { x.Naming(run) }, []string{"base.cs", "caller.cs", "leaf.cs", "mid.cs", "other.cs", "twin.cs"}},
		"a word with a value at hand": {func(x *unread.Index) { x.Uses([]ir.Word{run}, "Base") }, []string{"base.cs", "caller.cs", "leaf.cs", "mid.cs", "twin.cs"}},
		"of another type":             {func(x *unread.Index) { x.Uses([]ir.Word{run}, "Thread") }, []string{"other.cs"}},
		"all":                         {func(x *unread.Index) { x.All() }, []string{"base.cs", "caller.cs", "ext.cs", "held.cs", "leaf.cs", "mid.cs", "other.cs", "twin.cs"}},
	} {
		x := index(files)
		if first := x.Next(); len(first) != 0 {
			t.Fatalf("%q are read without being asked for", first)
		}
		c.ask(x)
		if x.More() != (len(c.want) > 0) {
			t.Errorf("%s: more %v", name, x.More())
		}
		if got := x.Next(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if n := len(x.Rest()) + len(c.want); n != len(files) || x.More() {
			t.Errorf("%s: %d files are left", name, n-len(c.want))
		}
		if c.ask(x); x.More() {
			t.Errorf("%s: the same question asks for more", name)
		}
	}
}

// What is in scope everywhere stays known when all files are read.
func TestInAny(t *testing.T) {
	x := index(map[string]string{"a.cs": "class A { }"})
	x.All()
	x.Next()
	types := []ir.Word{ir.WordOf("A"), ir.WordOf("Leaf")}
	if x.InAny(types) {
		t.Error("nothing is")
	}
	if x.Everywhere("N.Leaf"); !x.InAny(types) {
		t.Error("members of Leaf are")
	}
}

// What is in another language, cannot be skimmed, or speaks of other files is read first.
func TestFirst(t *testing.T) {
	x := index(map[string]string{"a.c": "int x;", "b.cs": "class B { }", "c.cs": "\x00\x01\x02\x00", "d.cs": "[assembly: X]"})
	if got := fmt.Sprint(x.Next()); got != "[a.c c.cs d.cs]" {
		t.Error(got)
	}
}

func TestNil(t *testing.T) {
	var x *unread.Index
	x.TypesAnywhere("A")
	x.Extensions("A")
	x.Overrides("A", "B")
	x.Naming(1)
	x.Uses([]ir.Word{1}, "A")
	if x.Types("A", "N") || x.More() || x.Spaces() != nil {
		t.Error("it has files")
	}
}
