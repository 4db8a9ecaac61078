package link

import (
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// names are the functions that some uses lie in.
func names(uses []FieldUse) string {
	var out []string
	for _, u := range uses {
		out = append(out, u.Func.Owner+"."+u.Func.Name)
	}
	return strings.Join(out, " ")
}

// Private fields are looked for in all parts of their type and in types nested in it; others are not unpacked. Members
// that derived types can name are looked for everywhere.
func TestUsesOfPrivate(t *testing.T) {
	w := build(t,
		"a.cs", "partial class A { int n; private protected int shared; void One() { n = 1; } class In { void Two(A a) { a.n = 2; System.Action x = () => a.n = 3; } } }",
		"b.cs", "partial class A { void Three() { n = 4; } }",
		"c.cs", "class AB : A { int n; void Four() { n = 5; shared = 6; } }")
	for _, f := range w.Files {
		f.Pack()
	}
	eq(t, "private", names(w.FieldUses("A", "n")), "A.One A.In.Two A.In.<lambda> A.Three")
	for _, f := range w.file("c.cs").Funcs {
		eq(t, "looked at "+f.Name, f.Unpacked(), false)
	}
	eq(t, "private protected", names(w.FieldUses("A", "shared")), "AB.Four")
}

// Uses can be asked for where other words are named as well.
func TestAmong(t *testing.T) {
	w := build(t,
		"a.cs", "class A { public byte[] buf; byte[] own; void One() { buf = Pool.Rent(1); own = Pool.Rent(1); } void Two() { own = buf; } }",
		"b.cs", "class B { byte[] buf; void Three(A a) { a.buf = null; buf = Pool.Rent(2); } void Four(A a) { a.buf = null; } }")
	for _, f := range w.Files {
		f.Pack()
	}
	rent := w.Among([]ir.Word{ir.WordOf("Rent")})
	eq(t, "public", names(rent.FieldUses("A", "buf")), "A.One B.Three")
	eq(t, "private", names(rent.FieldUses("A", "own")), "A.One")
	eq(t, "all", names(w.FieldUses("A", "buf")), "A.One A.Two B.Three B.Four")
}

func TestMayHoldDelegate(t *testing.T) {
	w := build(t, "a.cs", `
namespace N {
delegate void D();
struct Size { public int W; }
class Plain { public static implicit operator Plain(int n) => null; }
class Wrap { public static implicit operator Wrap(D d) => null; }
class C<T> { void M() { } }
struct E { }
}`, "b.cs", "namespace M { class In { delegate void E(); } }")
	var m *ir.Func
	for _, f := range w.Funcs() {
		if f.Name == "M" {
			m = f
		}
	}
	no := []ir.Type{"int", "string", "IntPtr", "void*", "int[]", "N.Size", "N.Plain", "Stream"}
	for _, typ := range append(no, "N.D", "object", "Delegate", "MulticastDelegate", "Action", "Func<int>", "N.Wrap", "N.D[]", "object[]", "N.E", "T", "Unheard", "") {
		if got, want := w.MayHoldDelegate(m, typ), !slices.Contains(no, typ); got != want {
			t.Errorf("%q: %v", typ, got)
		}
	}
}
