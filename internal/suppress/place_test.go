package suppress

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// A comment goes above the line with < in its margin, for a finding at the §.
func TestLine(t *testing.T) {
	for name, text := range map[string]string{
		"statement.c":   "void f(void)\n{\n    a();\n<   §h = open();\n}\n",
		"many lines.cs": "void F()\n{\n<   var x =\n        Alloc(a,\n            §b);\n}\n",
		"attribute.cs":  "class A\n{\n    int a;\n<   [DllImport(\"x\",\n        SetLastError = true)]\n    // why\n    static extern int §Ask(\n        int n);\n}\n",
		"in an if.c":    "    if (a)\n<       §close(h);\n",
		"else.c":        "    if (a) {\n    } else\n<       §close(h);\n",
		"for.c":         "    for (i = 0; i < n; i++)\n<       §close(h);\n",
		"condition.c":   "    x();\n<   if (a &&\n        §close(h))\n        b();\n",
		"macro.c":       "#define A 1\n<#define OPEN(h) \\\n    do { \\\n        h = §open(); \\\n    } while (0)\nint x;\n",
		"same line.c":   "<   { a(); §b(); }\n",
		"verbatim.cs":   "void F()\n{\n<   Ask(@\"\n  x\n\", §b);\n}\n",
		"lambda.cs":     "    Run(() => {\n<       §Close(h);\n    });\n",
		"comment.c":     "    /* words\n       of many lines */\n<   §close(h);\n",
		"doc.cs":        "    int a;\n    /// <summary>x</summary>\n<   void §F() { }\n",
	} {
		for _, crlf := range []bool{false, true} {
			plain := text
			if crlf {
				plain = strings.ReplaceAll(plain, "\n", "\r\n")
			}
			var want, line, column int
			lines := strings.Split(plain, "\n")
			for i, l := range lines {
				if at := strings.Index(l, "§"); at >= 0 {
					line, column = i+1, at+1
				}
				if strings.HasPrefix(l, "<") {
					want = i + 1
					lines[i] = " " + l[1:]
				}
			}
			plain = strings.ReplaceAll(strings.Join(lines, "\n"), "§", "")
			f, err := source.FromBytes(name, source.LangOf(name), []byte(plain))
			if err != nil {
				t.Fatal(err)
			}
			if got, ok := Line(f, line, column); !ok || got != want {
				t.Errorf("%s (CRLF %v): line %d %v, want %d of\n%s", name, crlf, got, ok, want, plain)
			}
		}
	}
}
