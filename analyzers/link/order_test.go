package link

import (
	"fmt"
	"math/rand"
	"strings"
	"sync"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// answers asks everything about f and prints what it got.
func answers(p *Program, f *ir.Func) string {
	var sb strings.Builder
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			if in.Dst != 0 {
				v, ok := p.Value(f, in.Dst)
				fmt.Fprintf(&sb, "t%d %s %d %v\n", in.Dst, p.TypeOf(f, in.Dst), v, ok)
			}
			switch in.Op {
			case ir.OpCall:
				t := p.Callee(f, in)
				if t.Bound != nil {
					fmt.Fprintf(&sb, "bound %s %v %s\n", t.Bound.Name, t.CFunc != nil, t.Bound.Why)
				}
				for _, m := range p.CallbackTargets(f, in) {
					fmt.Fprintf(&sb, "calls back %s\n", m.FullName())
				}
				fmt.Fprintf(&sb, "call %s -> %s %s %s %s %s %v %v %v\n", in.Call.Name, funcs(t), t.NativeName, t.MemberName, t.Ret, t.RecvPath, t.Complete, t.Params, t.Delegate)
			case ir.OpName:
				r := p.Name(f, in.Name)
				fmt.Fprintf(&sb, "name %s -> %s %s %s %s %d %v\n", in.Name, r.Kind, r.Path, r.Type, r.Rest, r.Value, r.Known)
			case ir.OpField, ir.OpMember:
				fmt.Fprintf(&sb, "uses %d\n", len(p.FieldUses("N.Node", in.Name)))
			}
		}
	}
	return sb.String()
}

// orderSources is a program with inference that runs through several functions and files.
var orderSources = []string{
	"a.cs", `using System; using System.Runtime.InteropServices; using static N.Consts;
namespace N {
  interface IShape { int Area(); } class Node : IShape { public Node next; public IntPtr handle; public int Area() => 1; public Node Make() { var n = next.Make(); var m = n.next; return m; } }
  static class Consts { public const int A = B + 1; public const int B = C; public const int C = 4; public static readonly IntPtr Bad = new IntPtr(-A + A - 1); }
  class User { Node node; Func<Node, int> map;
    void Run(IShape s) { var x = node.Make(); var y = x.next; int local(Node q) => q.Area() + A; Func<Node, int> f = n => local(n); map(y); f(x); s.Area();
      var h = GCHandle.Alloc(y, GCHandleType.Pinned); var p = h.AddrOfPinnedObject(); if (p == Bad) h.Free(); var z = G(w); var w = G(z); foreach (var k in new[] { x, y }) k.Area(); } } }`,
	"b.cs", `namespace N { class Other : Node { void M() { var a = Make(); a.next.Make(); base.Make(); Ext.Twice(a); a.Twice(); } } static class Ext { public static Node Twice(this Node n) => n; } }`,
	"c.c", `#include "d.h"
void f(CTX *c) { CTX *n = c->next; use(n->h); g(n); CLOSEIT(n->h); } static int g(CTX *c) { return c->h == INVALID; }`,
	"e.cs", `using System; using System.Runtime.InteropServices;
class E { delegate int CB(int x); [DllImport("lib")] static extern int set_cb(CB c); static int On(int x) => x; static int Off(int x) => x; CB p = Marshal.GetDelegateForFunctionPointer<CB>(NativeLibrary.GetExport(default, "run_cb"));
  void Go() { set_cb(On); set_cb(Off); set_cb(x => x); p(3); } }`,
	"e.c", `typedef int (*cb_t)(int); static cb_t kept; int set_cb(cb_t c) { kept = c; return c(1); } int run_cb(int x) { return kept(x); }`,
	"d.h", `typedef struct ctx { struct ctx *next; HANDLE h; } CTX;
#define INVALID ((HANDLE)-1)
#define CLOSEIT(x) CloseHandle(x)`,
}

// Answers do not depend on the order of the questions nor on how many goroutines ask.
func TestOrderIndependence(t *testing.T) {
	w := build(t, orderSources...)
	want := map[string]string{}
	for _, f := range w.Funcs() {
		want[fmt.Sprint(f.File.Path, f.Index)] = answers(w.Program, f)
	}
	for round := 0; round < 8; round++ {
		p := New(append([]*ir.File(nil), w.Files...), models.Default())
		fs := append([]*ir.Func(nil), p.Funcs()...)
		rand.New(rand.NewSource(int64(round))).Shuffle(len(fs), func(i, j int) { fs[i], fs[j] = fs[j], fs[i] })
		var wg sync.WaitGroup
		for g := 0; g < 4; g++ {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for i := range fs {
					f := fs[(i+g*len(fs)/4)%len(fs)]
					if got := answers(p, f); got != want[fmt.Sprint(f.File.Path, f.Index)] {
						t.Errorf("%s: answers differ:\n%s\nwant\n%s", f.FullName(), got, want[fmt.Sprint(f.File.Path, f.Index)])
						return
					}
				}
			}()
		}
		wg.Wait()
	}
}

// Whatever the files hold, questions are answered.
func TestOddInput(t *testing.T) {
	w := build(t,
		"a.cs", "class A : B {} class B : A { void M() { Q(); this.Z(); base.Y(); x.y.z(); } } class C : C.D { class D : C {} }",
		"b.cs", "namespace { class { } } enum E { , } [DllImport(] static extern void F(; delegate",
		"c.h", "#define A B\n#define B A\n#define F(x) F(x)\nstruct s { struct s; }; typedef t t; typedef struct u *u; void f(u x) { A(1); F(2); x->y; x->y->z(3); }")
	for _, f := range w.Funcs() {
		answers(w.Program, f)
	}
	for _, f := range []*ir.Func{nil, {}, {File: w.Files[0]}} {
		w.Name(f, "a.b")
		w.Const(f, "a")
		w.Member(f, "T", "x")
		w.TypeDecl(f, "T")
		w.Underlying(f, "T")
		w.IsStruct(f, "T")
		w.TypeOf(f, 1)
		w.Callee(f, nil)
	}
}
