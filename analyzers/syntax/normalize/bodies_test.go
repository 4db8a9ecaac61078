package normalize_test

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

const calls = "Alpha(); Beta(); Gamma(); Delta(); Epsilon(); Zeta(); Eta(); Theta();"

// TestOutline: which blocks are left out.
func TestOutline(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"a method":                      {"class C { void M() { " + calls + " } }", 1},
		"of one line":                   {"class C { void M() { A(); } }", 0},
		"an accessor":                   {"class C { int P { get { " + calls + " return 1; } set { } } }", 1},
		"the accessor of an event":      {"class C { event E X { add { " + calls + " } remove { " + calls + " } } }", 2},
		"an indexer":                    {"class C { int this[int i] { get { " + calls + " } } }", 1},
		"an operator":                   {"class C { public static C operator +(C a, C b) { " + calls + " } }", 1},
		"a finalizer":                   {"class C { ~C() { " + calls + " } }", 1},
		"a constructor":                 {"class C { C() { " + calls + " } }", 1},
		"one with an initializer":       {"class C { C() : base(1) { " + calls + " } }", 0},
		"attributes and generics":       {"class C<T> where T : class { [A(1)] List<T[]> M<U>(U u) { " + calls + " } }", 1},
		"constraints":                   {"class C { void M<T>() where T : struct { " + calls + " } }", 0},
		"nested types":                  {"namespace N { struct S { record R { void M() { " + calls + " } } } }", 1},
		"an enum":                       {"enum E { A = 1, B }  class C { void M() { " + calls + " } }", 1},
		"top-level code":                {"void M() { " + calls + " }", 0},
		"a lambda":                      {"class C { void M() { " + calls + " F(x => x); } }", 0},
		"a lambda in a string":          {"class C { void M() { " + calls + " F($\"{G(x => x)}\"); } }", 0},
		"an anonymous method":           {"class C { void M() { " + calls + " F(delegate { }); } }", 0},
		"a local function":              {"class C { void M() { " + calls + " int F(int x) { return 1; } } }", 0},
		"one named when":                {"class C { void M() { " + calls + " int when(int x) { return 1; } } }", 0},
		"filters":                       {"class C { void M() { try { " + calls + " } catch (E) when (A()) { } catch when (B()) { } } }", 1},
		"a generic one":                 {"class C { void M() { " + calls + " void F<T>() where T : class { } } }", 0},
		"a query":                       {"class C { void M() { " + calls + " F(from x in y select x); } }", 0},
		"an iterator":                   {"class C { void M() { " + calls + " yield return 1; } }", 0},
		"unsafe code":                   {"class C { void M() { " + calls + " unsafe { } } }", 0},
		"new without a type":            {"class C { void M() { " + calls + " F(new()); } }", 0},
		"a collection":                  {"class C { void M() { " + calls + " x = [1]; } }", 0},
		"the backing field":             {"class C { int P { set { " + calls + " field = 1; } } }", 0},
		"blocks and initializers in it": {"class C { void M() { if (a) { } foreach (var x in y) { } using (z) { } x = new S(1) { B = 2 }; " + calls + " } }", 1},
		"an initializer":                {"class C { int[] x = { 1, 2 }; C y = new C { Z = { 1 } }; void M() { " + calls + " } }", 1},
		"a closing bracket too many":    {"class C { void M() { " + calls + " ) } }", 0},
		"an escape":                     {"class C { void M() { " + calls + ` \u0041(); } }`, 0},
		"a long statement":              {"class C { void M() { x = 1" + strings.Repeat(" + 1", 1000) + "; } }", 0},
		"many statements":               {"class C { void M() { " + strings.Repeat(calls, 1000) + " } }", 1},
	} {
		view := normalize.Outline(source.CSharp, []byte(c.text)).Views[0]
		if len(view.Bodies) != c.want {
			t.Errorf("%s: %d bodies, want %d", name, len(view.Bodies), c.want)
		}
		for _, b := range view.Bodies {
			if got := c.text[b.Start:b.End]; got[0] != '{' || !strings.Contains(got, "Theta") || strings.Contains(kept(view), "Theta") {
				t.Errorf("%s: %q is left out of %q", name, got, kept(view))
			}
		}
	}
}

func kept(v normalize.View) string {
	var b strings.Builder
	for _, k := range v.Kept {
		b.Write(v.Text[k[0]:k[1]])
	}
	return b.String()
}

// TestOutlineKeeps: what else is left out, and what is not.
func TestOutlineKeeps(t *testing.T) {
	text := `// a comment that is long enough
class C {
	[SuppressMessage("Design", "CA1000", Justification = "none")] void A() { } /* another comment, before the next */
	[SuppressMessage("pinvet", "PIN301", Justification = "none")] void B() { }
#if DEBUG
	void D() { ` + calls + ` }
#else
	void E() { ` + calls + ` }
#endif
	int F;
}`
	views := normalize.Outline(source.CSharp, []byte(text)).Views
	if len(views) != 2 {
		t.Fatal(len(views), "views")
	}
	first, second := kept(views[0]), kept(views[1])
	for _, s := range []string{"comment", "CA1000", "Theta"} {
		if strings.Contains(first+second, s) {
			t.Errorf("%s is kept", s)
		}
	}
	for _, s := range []string{"SuppressMessage(", "PIN301", "void A", "int F", "void D"} {
		if !strings.Contains(first, s) {
			t.Errorf("the first view lacks %s", s)
		}
	}
	if !strings.Contains(second, "void E") || strings.Contains(second, "int F") || strings.Contains(second, "void B") {
		t.Errorf("the second view keeps %q", second)
	}
}

func TestMayNamePinvet(t *testing.T) {
	for args, want := range map[string]bool{
		`("x", "PIN301:pin leak")`: true, `("PinVet", Id)`: true, `("x", "pin301")`: true, `("x", "\u0050IN301")`: true,
		`("x", "CA1001", Justification = "mapping of pins")`: false, `()`: false, `(pin`: false,
	} {
		if got := normalize.MayNamePinvet([]byte(args)); got != want {
			t.Errorf("%s: %v", args, got)
		}
	}
}
