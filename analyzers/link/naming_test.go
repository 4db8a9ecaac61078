package link

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// TestNaming: functions are found by the words of their bodies, packed or not, and uses of fields with them,
// also after a packed body was replaced by another one.
func TestNaming(t *testing.T) {
	w := build(t,
		"a.cs", "class A { public int Total; void First() { Total = 1; } void Other() { Console.Write(2); } }",
		"b.cs", "class B { void Second(A a) { a.Total = 2; } void None() { } }",
		"c.c", "int unrelated(void) { return 1; }")
	w.file("a.cs").Pack()
	w.file("b.cs").Pack()
	names := func(word string) string {
		var out []string
		for _, f := range w.Naming([]ir.Word{ir.WordOf(word)}) {
			out = append(out, f.Name)
		}
		return strings.Join(out, " ")
	}
	uses := func() string {
		var out []string
		for _, u := range w.FieldUses("A", "Total") {
			out = append(out, u.Func.Name)
		}
		return strings.Join(out, " ")
	}
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	expect("Total", names("Total"), "First Second unrelated") // the words of C are not known
	expect("Write", names("Write"), "Other unrelated")
	expect("Absent", names("Absent"), "unrelated")
	expect("uses of Total", uses(), "First Second")

	b := w.file("b.cs")
	for _, f := range lowerText(t, "b.cs", "class B { void Second(A a) { } void None() { } }").Funcs {
		if f.Name == "Second" {
			for _, g := range b.Funcs {
				if g.Name == "Second" {
					g.SetBlocks(f.Blocks())
					w.Replaced(b, []*ir.Func{g})
				}
			}
		}
	}
	expect("uses of Total after the edit", uses(), "First")
	expect("Write after the edit", names("Write"), "Other Second unrelated")
}

// TestNear: what a function can have a value of is told by its own words, those around it, its type, and imported members.
func TestNear(t *testing.T) {
	w := build(t,
		"a.cs", "class A { void Own() { } class C { void Inside() { } } }",
		"b.cs", "class B { void Takes(A a) { } void None() { } void Around(A a) { Go(() => { Other(); }); } }",
		"c.cs", "using static N.A; class D { void Imports() { } }")
	near := func() (out []string) {
		is := w.Near([]ir.Word{ir.WordOf("A")})
		for _, f := range w.Funcs() {
			if is(f) {
				out = append(out, f.Name)
			}
		}
		return out
	}
	for _, f := range w.Files {
		f.Pack()
	}
	if got, want := strings.Join(near(), " "), "Own Inside Takes Around <lambda> Imports"; got != want {
		t.Errorf("near A are %s, want %s", got, want)
	}
}
