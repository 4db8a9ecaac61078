package rules

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

func lexed(lang ir.Lang, text string) *Code { return Lex(&ir.File{Path: "a", Lang: lang}, text) }

func TestLex(t *testing.T) {
	for _, c := range []struct {
		lang       ir.Lang
		text, want string
	}{
		{ir.C, "a->b == 0x1F /* ) */ && c[2]; // }", "a -> b == 0x1F && c [ 2 ] ;"},
		{ir.C, "#define X(a) \\\n  f(a)\ng('\\'', \"a\\\")\");", "#define X(a) \\\n  f(a) g ( '\\'' , \"a\\\")\" ) ;"},
		{ir.C, "x <<= 1.5e3;", "x <<= 1.5e3 ;"},
		{ir.CSharp, `f(@"a""\", $"{g("}")} {{", c ?? d);`, `f ( @"a""\" , $"{g("}")} {{" , c ?? d ) ;`},
		{ir.CSharp, "var s = \"\"\"\n a\"b }\n\"\"\"; @class.x();", "var s = \"\"\"\n a\"b }\n\"\"\" ; @class . x ( ) ;"},
		{ir.CSharp, "#if A\nx();\n#endif", "#if A x ( ) ; #endif"},
		{ir.CSharp, `char c = '"'; s = "open`, `char c = '"' ; s = "open`},
	} {
		var got []string
		for _, tok := range lexed(c.lang, c.text).Tokens {
			got = append(got, tok.Text)
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.text, g, c.want)
		}
	}
}

// FuzzLex: tokens come in order, do not overlap, and are what stands at their place.
func FuzzLex(f *testing.F) {
	for _, s := range []string{"a(b[c{d", "$\"{", "@\"", "\"\"\"", "/*", "'\\", "#x\\\r\n", "é'\n"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, text string, cs bool) {
		lang := ir.C
		if cs {
			lang = ir.CSharp
		}
		c := lexed(lang, text)
		at := uint32(0)
		for i, tok := range c.Tokens {
			if tok.Span.Start < at || tok.Span.End <= tok.Span.Start || text[tok.Span.Start:tok.Span.End] != tok.Text {
				t.Fatalf("%q: token %d %+v", text, i, tok)
			}
			at = tok.Span.End
			c.Match(i)
			c.Statement(i)
		}
	})
}

func TestStatement(t *testing.T) {
	for _, c := range []struct{ text, at, want string }{
		{"{ a(); CloseHandle(h); b(); }", "CloseHandle", "CloseHandle(h);"},
		{"if (x) CloseHandle(h);", "CloseHandle", "CloseHandle(h);"},
		{"if (CloseHandle(h)) x();", "CloseHandle", ""},
		{"{ return f(CloseHandle(h)); }", "CloseHandle", ""},
		{"switch (a) { case B.C: CloseHandle(h); break; }", "CloseHandle", "CloseHandle(h);"},
		{"{ out: CloseHandle(h); }", "CloseHandle", "CloseHandle(h);"},
		{"else CloseHandle(h);", "CloseHandle", "CloseHandle(h);"},
		{"{ x = a ? b : c; }", "c", "x = a ? b : c;"},
		{"run(() => CloseHandle(h));", "CloseHandle", ""},
		{"{ f(a,\n#if X\nb);\n }", "f", ""},
	} {
		code := lexed(ir.CSharp, c.text)
		from, to, ok := code.Statement(code.At(uint32(strings.Index(c.text, c.at))))
		got := ""
		if ok {
			got = code.Join(from, to)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
}

// changed is a text after edits of one file, which do not overlap.
func changed(text string, edits []Edit) string {
	out, at := "", uint32(0)
	for len(edits) > 0 {
		first := 0
		for i := range edits {
			if edits[i].Span.Start < edits[first].Span.Start {
				first = i
			}
		}
		e := edits[first]
		out += text[at:e.Span.Start] + e.NewText
		at = e.Span.End
		edits = append(edits[:first:first], edits[first+1:]...)
	}
	return out + text[at:]
}

func TestAround(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{\n    return;\n}", "{\n    free(x);\n    return;\n}"},
		{"if (a)\n    return;\n", "if (a)\n{\n    free(x);\n    return;\n}\n"},
		{"\tif (a)\n\t\treturn;\n\tb();", "\tif (a)\n\t{\n\t\tfree(x);\n\t\treturn;\n\t}\n\tb();"},
		{"    if (a) return;\n", "    if (a) { free(x); return; }\n"},
		{"{ return; }", "{ free(x); return; }"},
	} {
		code := lexed(ir.C, c.text)
		from, to, ok := code.Statement(code.At(uint32(strings.Index(c.text, "return"))))
		if !ok {
			t.Errorf("%s: no statement", c.text)
			continue
		}
		if got := changed(c.text, code.Around(from, to, []string{"free(x);"}, nil)); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}
