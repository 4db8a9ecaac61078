package finding

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pinvet/pinvet/rules"
)

func at(path string, line, col int) Span {
	return Span{
		Path:  path,
		Start: Position{Line: line, Column: col, Offset: line*100 + col},
		End:   Position{Line: line, Column: col + 4, Offset: line*100 + col + 4},
	}
}

func TestPipelineOrderHolds(t *testing.T) {
	if err := CheckOrder(Pipeline(Options{})); err != nil {
		t.Error(err)
	}
}

func TestCheckOrderSeesABreach(t *testing.T) {
	ps := []Processor{{Name: "dedupe", After: []string{"order"}}, {Name: "order"}}
	if CheckOrder(ps) == nil {
		t.Error("dedupe before order was accepted")
	}
}

func TestProcessIsIndependentOfInputOrder(t *testing.T) {
	var in []*Finding
	for line := 1; line < 8; line++ {
		for _, path := range []string{"a.cs", "b/c.c"} {
			for _, code := range []string{"PIN101", "PIN404"} {
				in = append(in, &Finding{Span: at(path, line, 3), Code: code, Severity: rules.Error, Statement: "f(x);"})
				in = append(in, &Finding{Span: at(path, line, 3), Code: code, Severity: rules.Warning, Statement: "f(x);", Message: "weaker"})
			}
		}
	}
	want := Process(in, Options{})
	if len(want) != 28 {
		t.Fatalf("%d findings, want 28: one per place and code", len(want))
	}
	for range 20 {
		rand.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		got := Process(in, Options{})
		for i := range want {
			if Compare(want[i], got[i]) != 0 || want[i].Fingerprint != got[i].Fingerprint {
				t.Fatalf("finding %d differs: %+v, %+v", i, want[i], got[i])
			}
			if got[i].Severity != rules.Error {
				t.Fatalf("the weaker of two reports was kept: %+v", got[i])
			}
		}
	}
}

func TestFingerprint(t *testing.T) {
	base := Finding{Span: at("a.cs", 10, 3), Code: "PIN301", Function: "N.T.M", Statement: "GCHandle h = GCHandle.Alloc(b);"}
	id := func(change func(*Finding)) string {
		f := base
		change(&f)
		return Process([]*Finding{&f}, Options{})[0].Fingerprint
	}
	same := id(func(*Finding) {})
	stays := map[string]func(*Finding){
		"moved down":  func(f *Finding) { f.Span = at("a.cs", 90, 9) },
		"renamed":     func(f *Finding) { f.Path = "x/b.cs" },
		"reformatted": func(f *Finding) { f.Statement = "GCHandle  h\n  = GCHandle.Alloc( b ) ; // pin" },
		"reworded":    func(f *Finding) { f.Message = "other words" },
	}
	for name, change := range stays {
		if id(change) != same {
			t.Errorf("%s: the fingerprint changed", name)
		}
	}
	changes := map[string]func(*Finding){
		"other code":      func(f *Finding) { f.Code = "PIN303" },
		"other function":  func(f *Finding) { f.Function = "N.T.Other" },
		"other statement": func(f *Finding) { f.Statement = "GCHandle h = GCHandle.Alloc(c);" },
	}
	for name, change := range changes {
		if id(change) == same {
			t.Errorf("%s: the fingerprint is the same", name)
		}
	}
}

func TestFingerprintOrdinalSurvivesHiding(t *testing.T) {
	in := []*Finding{
		{Span: at("a.c", 1, 1), Code: "PIN401", Severity: rules.Warning, Statement: "h = open();"},
		{Span: at("a.c", 5, 1), Code: "PIN401", Severity: rules.Error, Statement: "h = open();"},
	}
	all := Process(in, Options{})
	if all[0].Fingerprint == all[1].Fingerprint {
		t.Fatal("two equal statements in one function share a fingerprint")
	}
	errors := Process(in, Options{MinSeverity: rules.Error})
	if len(errors) != 1 || errors[0].Fingerprint != all[1].Fingerprint {
		t.Error("hiding warnings changed the identity of an error")
	}
}

func TestFilters(t *testing.T) {
	in := []*Finding{
		{Span: at("a.g.cs", 1, 1), Code: "PIN301", Severity: rules.Error, Generated: true},
		{Span: at("a.cs", 1, 1), Code: "PIN301", Severity: rules.Error},
		{Span: at("a.cs", 2, 1), Code: "PIN404", Severity: rules.Error},
	}
	codes := func(o Options) (out []string) {
		for _, f := range Process(in, o) {
			out = append(out, f.Path+" "+f.Code)
		}
		return out
	}
	if got := codes(Options{}); !slices.Equal(got, []string{"a.cs PIN301", "a.cs PIN404"}) {
		t.Errorf("without generated code: %v", got)
	}
	if got := codes(Options{Generated: true}); len(got) != 3 {
		t.Errorf("with generated code: %v", got)
	}
	only := Options{Rules: func(c string) bool { return c == "PIN404" }}
	if got := codes(only); !slices.Equal(got, []string{"a.cs PIN404"}) {
		t.Errorf("one rule: %v", got)
	}
}

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"a  =\tb ;":                        "a=b;",
		"return  x;":                       "return x;",
		`f("a // b", 'c') /* d */;`:        `f("a // b",'c');`,
		"x = y; // tail":                   "x=y;",
		"x = /* open":                      "x=",
		"\"unclosed\n a  b":                "\"unclosed a b",
		"unsafe\r\n  {\r\n\tint  *p;\r\n}": "unsafe{int*p;}",
	} {
		if got := Normalise(in); got != want {
			t.Errorf("Normalise(%q) = %q, want %q", in, got, want)
		}
	}
}
