package syntax

import (
	"context"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

func parse(t *testing.T, lang source.Lang, text string) *Result {
	t.Helper()
	f, err := source.FromBytes("a", lang, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return Parse(context.Background(), f)
}

func TestParseSmall(t *testing.T) {
	for _, c := range []struct {
		lang source.Lang
		text string
	}{
		{source.CSharp, "class A { unsafe void M(int* p) { *p = 1; } }"},
		{source.C, "int f(int *p) { return *p ? 1 : 2; }"},
	} {
		r := parse(t, c.lang, c.text)
		if len(r.Problems) > 0 {
			t.Errorf("%q: %v", c.text, r.Problems)
		}
		t.Log(r.Views[0].Dump())
	}
}
