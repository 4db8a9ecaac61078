package lifetime_test

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
)

// TestMayCall: callers that the call graph knows are told by words, in all cases of the rules, and in each folder of those that
// PINVET_CORPUS names, there of some functions.
func TestMayCall(t *testing.T) {
	eachTree(t, func(name string, texts map[string][]byte) {
		maps.DeleteFunc(texts, func(path string, _ []byte) bool { return source.LangOf(path) != source.CSharp })
		step := 1
		if filepath.IsAbs(name) {
			step = 97
		}
		uncalled(t, name, texts, step)
	})
}

// What tells a caller where neither the type nor a value of it is named in its body.
func TestMayCallHard(t *testing.T) {
	for name, src := range map[string]map[string]string{
		"a value through a member elsewhere": {
			"a.cs": "class A { public void Run() { } }", "b.cs": "class B { public A Inner; }",
			"c.cs": "class C { void M(B b) { b.Inner.Run(); } }"},
		"inherited by a part": {
			"a.cs": "class A { protected void Run() { } }", "b.cs": "partial class B : A { }", "c.cs": "partial class B { void M() { Run(); } }"},
		"of the type around": {
			"a.cs": "partial class A { static void Run() { } }", "b.cs": "partial class A { class B { void M() { Run(); } } }"},
		"a using directive for members": {
			"a.cs": "namespace N { static class A { public static void Run() { } } }", "b.cs": "using static N.A; class B { void M() { Run(); } }"},
		"an alias": {
			"a.cs": "namespace N { class A { public A() { } } }", "b.cs": "using X = N.A; class B { void M() { new X(); } }"},
		"an extension of an unknown value": {
			"a.cs": "namespace N { static class A { public static void Run(this int x) { } } }", "b.cs": "using N; class B { void M() { Other.Thing().Run(); } }"},
		"an extension of the namespace around": {
			"a.cs": "namespace N { static class A { public static void Run<T>(this T x) { } } }", "b.cs": "namespace N.M { class B { void M(int n) { n.Run(); } } }"},
		"an extension called by its class": {
			"a.cs": "namespace N { static class A { public static void Run(this int x) { } } }", "b.cs": "class B { void M(int n) { N.A.Run(n); } }"},
		"an element of an initialiser": {
			"a.cs": "using System.Collections; class A : IEnumerable { public void Add(int n) { } }", "b.cs": "class B { void M() { var a = new A { 1, 2 }; } }"},
		"an interface": {
			"i.cs": "interface I { void Run(); }", "a.cs": "class A : I { public void Run() { } }", "b.cs": "class B { void M(I i) { i.Run(); } }"},
		"an interface with a base elsewhere": {
			"i.cs": "interface I : Elsewhere.J { }", "a.cs": "class A : I { public void Run() { } }", "b.cs": "class B { void M(I i) { i.Run(); } }"},
		"an interface of an heir": {
			"i.cs": "interface I : IDisposable { }", "a.cs": "class A { public void Dispose() { } }", "d.cs": "class D : A, I { }",
			"b.cs": "class B { void M(I i) { i.Dispose(); } }"},
		"a constructor's base": {
			"a.cs": "class A { public A(int n) { } }", "b.cs": "class B : A { B() : base(1) { } }"},
		"a constructor's other one": {
			"a.cs": "class A { A(int n) { } A() : this(1) { } }"},
		"a local function": {
			"a.cs": "class A { void M() { void Run() { } void Other() { Run(); } Other(); } }"},
		"a lambda in a variable": {
			"a.cs": "using System; class A { void M() { Action run = () => { }; Action other = () => { run(); }; other(); } }"},
		"a value that the function around has": {
			"a.cs": "class A { public void Run() { } }", "b.cs": "using System; class B { void M(A a) { Action run = () => { Action again = () => { a.Run(); }; }; } }"},
		"a value that an argument sets": {
			"a.cs": "class A { public void Run() { } }", "b.cs": "class B { public void Get(out A a) { a = null; } }",
			"c.cs": "class C { void M(B b) { b.Get(out var x); x.Run(); } }"},
		"a value in a list elsewhere": {
			"a.cs": "class A { public void Run() { } }", "b.cs": "using System.Collections.Generic; class B { public List<A> All; }",
			"c.cs": "class C { void M(B b) { foreach (var x in b.All) x.Run(); b.All[0].Run(); } }"},
		"a property": {
			"a.cs": "class A { public int Size { get { return 1; } } }", "b.cs": "class B { int M(A a) { return a.Size; } }"},
	} {
		texts := map[string][]byte{}
		for p, text := range src {
			texts[p] = []byte(text)
		}
		if uncalled(t, name, texts, 1) == 0 {
			t.Errorf("%s: nothing is called", name)
		}
	}
}

func uncalled(t *testing.T, name string, texts map[string][]byte, every int) int {
	in := &source.Input{Overlay: texts}
	var files []*ir.File
	for p, text := range texts {
		in.Paths = append(in.Paths, p)
		files = append(files, packed(t, p, text))
	}
	index := unread.New(in, nil, nil)
	link.NewPart(nil, files, index, models.Default()) // tells of global usings
	index.All()
	index.Next()
	missed, callees, may := lifetime.Uncalled(link.NewPart(nil, files, index, models.Default()), every)
	if filepath.IsAbs(name) {
		t.Logf("%s: %d functions that are called, %d that may call them", name, callees, may)
	}
	for _, m := range missed {
		t.Errorf("%s: %s: %s may call %s", name, m[0].File.Path, m[0].FullName(), m[1].FullName())
	}
	return callees
}
