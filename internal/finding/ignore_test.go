package finding

import (
	"slices"
	"strings"
	"testing"
)

func TestIgnores(t *testing.T) {
	text := strings.Join([]string{
		"// pinvet:ignore PIN101 -- freed by the driver", // 1, speaks of 4
		"// and more words",
		"",
		"a();",
		"b(); // pinvet:ignore PIN102, pin-leak -- static", // 5
		"c(); /* pinvet:ignore PIN103 -- é 😀 */",           // 6
		"d(); // pinvet:ignore PIN104",                     // 7: no reason
		"s = \"pinvet:ignore PIN105 -- no comment\";",      // 8
		"/* pinvet:ignore-file PIN106 -- all of it */",     // 9
		"// pinvet:ignore -- no rule",                      // 10
	}, "\r\n")
	g := ParseIgnores([]byte(text))
	for _, c := range []struct {
		line       int
		code, name string
		want       bool
	}{
		{4, "PIN101", "", true}, {5, "PIN101", "", false}, {1, "PIN101", "", false},
		{5, "PIN102", "", true}, {5, "PIN301", "pin-leak", true}, {6, "PIN103", "", true},
		{7, "PIN104", "", false}, {8, "PIN105", "", false}, {99, "PIN106", "", true},
	} {
		f := &Finding{Span: at("a.cs", c.line, 1), Code: c.code, Name: c.name}
		if (g.Suppress(f) != nil) != c.want {
			t.Errorf("line %d %s: %v", c.line, c.code, !c.want)
		}
	}
	if !slices.Equal(g.Broken, []int{7, 10}) {
		t.Errorf("broken: %v", g.Broken)
	}
}

func TestSilencedFindingsKeepTheIdentityOfOthers(t *testing.T) {
	in := []*Finding{
		{Span: at("a.c", 1, 1), Code: "PIN401", Statement: "h = open();"},
		{Span: at("a.c", 5, 1), Code: "PIN401", Statement: "h = open();"},
	}
	all := Process(in, Options{})
	rest, gone := Split(Process(in, Options{Suppress: func(f *Finding) *Suppression {
		if f.Start.Line == 1 {
			return &Suppression{Kind: InSource}
		}
		return nil
	}}))
	if len(rest) != 1 || len(gone) != 1 || rest[0].Fingerprint != all[1].Fingerprint {
		t.Errorf("%v", rest)
	}
}
