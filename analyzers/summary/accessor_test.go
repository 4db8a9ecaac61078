package summary_test

import (
	"context"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/lower/csharp"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/summary"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// Of a property, the accessor is called that its use runs.
func TestAccessors(t *testing.T) {
	src := `struct S { public int N; public void Go() { } }
class A {
	int P { get { return 1; } set { Run(); } }
	S Q { get { return new S(); } set { } }
	void Reads() { Use(P); }
	void Writes(A a) { a.P = 1; this.P = 2; P = 3; }
	void Both() { P += 1; P++; }
	void Sets() { new A { P = 1 }; }
	void Within() { Use(Q.N); Q.Go(); }
	void Tests() { if (P > 0) { } }
	static void Use(int n) { }
	static void Run() { }
}`
	f, err := source.FromBytes("a.cs", source.CSharp, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	prog := link.New([]*ir.File{csharp.Lower(f, syntax.Parse(context.Background(), f))}, models.Default())
	g := summary.NewGraph(context.Background(), prog, 1)
	want := map[string]string{"Reads": "get_P", "Writes": "set_P", "Both": "get_P set_P", "Sets": "set_P", "Within": "get_Q", "Tests": "get_P"}
	for _, fn := range prog.Funcs() {
		w, ok := want[fn.Name]
		if !ok {
			continue
		}
		var got []string
		for _, c := range g.Callees(fn) {
			if strings.Contains(c.Name, "et_") {
				got = append(got, c.Name)
			}
		}
		if strings.Join(got, " ") != w {
			t.Errorf("%s calls %s, want %s", fn.Name, got, w)
		}
	}
}
