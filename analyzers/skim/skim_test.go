package skim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/skim"
)

func TestWords(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		has     []string
		lacks   []string
		isFixed bool
	}{
		"code":                          {text: "class A { void M() { b.Close(); } }", has: []string{"A", "M", "b", "Close"}},
		"comments":                      {text: "// Close\n/* Open\n*/ class A { }", has: []string{"A"}, lacks: []string{"Close", "Open"}},
		"strings":                       {text: `class A { string s = "dev_open and x"; }`, has: []string{"dev_open", "and"}},
		"a verbatim string":             {text: `class A { string s = @"c:\x""y"; int Z; }`, has: []string{"Z", "y"}},
		"a raw string":                  {text: "class A { string s = \"\"\"a \"quoted\" b\"\"\"; int Z; }", has: []string{"quoted", "Z"}},
		"holes":                         {text: `class A { string s = $"{Foo.Bar(1):0.#} {{no}}"; int Z; }`, has: []string{"Foo", "Bar", "Z"}},
		"a character":                   {text: `class A { char c = '"'; int Z; char d = '\''; int Y; }`, has: []string{"Z", "Y"}},
		"both arms":                     {text: "class A {\n#if X\nint Y;\n#else\nint Z;\n#endif\n}", has: []string{"Y", "Z"}, lacks: []string{"X"}},
		"a using directive":             {text: "using System.IO;\nclass A { }", lacks: []string{"IO", "Dispose"}},
		"a static one":                  {text: "using static A.Native;\nclass B { }", has: []string{"Native"}},
		"an alias":                      {text: "using F = A.Native;\nclass B { }", has: []string{"F", "Native"}, lacks: []string{"Dispose"}},
		"a using statement":             {text: "class B { void M() { using (x) { } } }", has: []string{"Dispose"}},
		"a using declaration":           {text: "class B { void M() { using var x = N(); } }", has: []string{"Dispose", "x"}},
		"a using declaration of a type": {text: "class B { void M() { using Foo<int> x = N(); } }", has: []string{"Dispose", "Foo"}},
		"fixed":                         {text: "class B { void M() { fixed (byte* p = b) { } } }", isFixed: true},
		"an open string":                {text: "class A { string s = \"abc\n; int Z; }", has: []string{"Z"}},
		"an open hole":                  {text: `class A { string s = $"{ Foo `, has: []string{"Foo"}},
	} {
		got := skim.CSharp([]byte(c.text), nil)
		for _, w := range c.has {
			if !got.Has(ir.WordOf(w)) {
				t.Errorf("%s: no word %q", name, w)
			}
		}
		for _, w := range c.lacks {
			if got.Has(ir.WordOf(w)) {
				t.Errorf("%s: word %q", name, w)
			}
		}
		if got.Has(ir.OpWord(ir.OpFixed)) != c.isFixed {
			t.Errorf("%s: fixed %v", name, !c.isFixed)
		}
	}
}

func TestDeclarations(t *testing.T) {
	for name, c := range map[string]struct {
		text                                 string
		types, delegates, extensions, spaces []string
		bases                                []string
		wide                                 bool
	}{
		"types":             {text: "namespace N.O { class A : B, I<C> { struct S { } } enum E : byte { X } interface J; }", types: []string{"A", "E", "J", "S"}, spaces: []string{"N.O"}, bases: []string{"B", "I", "C", "byte"}},
		"records":           {text: "namespace N; record struct P(int X) { } sealed record R(string S = \"a\") : Q(S); class T { void M(int record) { record = 1; } }", types: []string{"P", "R", "T"}, spaces: []string{"N"}, bases: []string{"Q"}},
		"constraints":       {text: "class A<T> where T : class, B { void M<U>() where U : struct { } }", types: []string{"A"}, bases: []string{"B"}},
		"delegates":         {text: "delegate int D(int x); delegate List<T> E<T>(T t); delegate (int a, int b) F(); class A { void M() { x += delegate (int y) { }; y = delegate { }; } delegate*<int> p; }", types: []string{"A", "D", "E", "F"}, delegates: []string{"D", "E", "F"}},
		"extension methods": {text: "static class A { public static void X(this int a) { } static T Y<T>([In] this T a) => a; static void Z(int a) { F(this, 1); } }", types: []string{"A"}, extensions: []string{"X", "Y"}},
		"global usings":     {text: "global using System;", wide: true},
		"assembly":          {text: "[assembly: Foo]", wide: true},
		"directives":        {text: "// pinvet:ignore PIN101 -- x", wide: true},
		"a suppression":     {text: `[SuppressMessage("x", "pin506")] class A { }`, types: []string{"A"}, wide: true},
		"one of others":     {text: `[SuppressMessage("x", "CA1001", Justification = "mapping")] class A { }`, types: []string{"A"}},
		"an escape":         {text: `class A { int \u0041b; }`, types: []string{"A"}, wide: true},
	} {
		got := skim.CSharp([]byte(c.text), nil)
		for what, lists := range map[string][2][]string{
			"types": {got.Types, c.types}, "delegates": {got.Delegates, c.delegates},
			"extension methods": {got.Extensions, c.extensions}, "namespaces": {got.Spaces, c.spaces},
		} {
			if what == "types" && name == "constraints" {
				continue // "where" may be among them
			}
			if !slices.Equal(lists[0], lists[1]) {
				t.Errorf("%s: %s %q, want %q", name, what, lists[0], lists[1])
			}
		}
		for _, b := range c.bases {
			if !slices.Contains(got.Bases, ir.WordOf(b)) {
				t.Errorf("%s: no base %q", name, b)
			}
		}
		if got.Wide != c.wide {
			t.Errorf("%s: wide %v", name, got.Wide)
		}
	}
}

func TestTyped(t *testing.T) {
	text := `class A : IB {
	[Attr(typeof(Gone))] private static List<Foo[]> foos, more;
	(Bar a, Baz b) Both() => default;
	Qux? IB.Name { get; }
	bool TryGet([NotNullWhen(true)] out Out o, int n) { return Get(n, o); }
	Elem this[int i] => null;
}`
	got := skim.CSharp([]byte(text), nil)
	has := func(list []skim.Pair, typ, name string) bool {
		return slices.ContainsFunc(list, func(p skim.Pair) bool { return p.Type() == ir.WordOf(typ) && p.Name() == ir.WordOf(name) })
	}
	for _, p := range [][2]string{{"List", "foos"}, {"Foo", "foos"}, {"Foo", "more"}, {"Bar", "Both"}, {"Baz", "Both"}, {"Qux", "Name"}, {"Out", "TryGet"}, {"bool", "TryGet"}} {
		if !has(got.Typed, p[0], p[1]) {
			t.Errorf("%s is not of type %s", p[1], p[0])
		}
	}
	for _, p := range [][2]string{{"Gone", "foos"}, {"Foo", "TryGet"}, {"Out", "int"}} {
		if has(got.Typed, p[0], p[1]) {
			t.Errorf("%s is of type %s", p[1], p[0])
		}
	}
	for _, base := range []string{"IB", "Elem"} {
		if !has(got.Heirs, base, "A") {
			t.Errorf("A is no heir of %s", base)
		}
	}
}

// TestHostile: time goes with the size of the text, and strings in strings in strings are no recursion without end.
func TestHostile(t *testing.T) {
	const size = 1 << 20
	for name, text := range map[string]string{
		"signs":      strings.Repeat("@", size),
		"holes":      strings.Repeat("$\"{", size/3),
		"quotes":     strings.Repeat("\"", size/2) + " " + strings.Repeat(strings.Repeat("\"", size/2-1)+" ", 2),
		"raw holes":  strings.Repeat("$\"\"\"{", size/5),
		"indexers":   strings.Repeat("class A { a this[b c] } ", size/24),
		"openings":   strings.Repeat("(", size),
		"type names": strings.Repeat("a<b>c ", size/6),
	} {
		begin := time.Now()
		got := skim.CSharp([]byte(text), nil)
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("%s: %v", name, took)
		}
		if name == "holes" && !got.Wide {
			t.Error("holes that are too deep are not told of")
		}
	}
}

// What is told of a word does not depend on a string that has it, too.
func TestTold(t *testing.T) {
	tells := func(w []byte) uint8 {
		if string(w) == "Native" {
			return 2
		}
		return 0
	}
	for text, want := range map[string]uint8{
		`class A { string s = "Native"; }`:                   0,
		`class A { string s = "Native"; int x = Native.X; }`: 2,
		`class A { string s = $"{Native.X}"; }`:              2,
		"using My.Native;\nclass A { // Native\n}":           0,
	} {
		if got := skim.CSharp([]byte(text), tells).Told; got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func FuzzCSharp(f *testing.F) {
	f.Add([]byte("using (x) { } class A : B { string s = $\"{a:0.#}\"; delegate (int a, b) F(this T t); [x] int this[int i] => 0; }"))
	f.Add([]byte("record delegate using static namespace \"\"\" $@\"{ '"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got := skim.CSharp(text, func(w []byte) uint8 { return uint8(len(w)) })
		if !slices.IsSorted(got.Words) || !slices.IsSorted(got.Bases) || !slices.IsSorted(got.Types) || !slices.IsSorted(got.Typed) {
			t.Error("not sorted")
		}
	})
}
