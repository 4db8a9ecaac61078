package check

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/internal/finding"
)

// TestStatementBegins: what stands before a statement and is none of it does not change its identity.
func TestStatementBegins(t *testing.T) {
	for name, text := range map[string]string{
		"plain":              "a(); h = OPEN(x);",
		"first":              "h = OPEN(x);",
		"block":              "if (y) { h = OPEN(x); }",
		"line comment":       "a();\n// first; then {this}\nh = OPEN(x);",
		"comment on line":    "a(); // one; two\nh = OPEN(x);",
		"address in comment": "a();\n// see http://x; there\nh = OPEN(x);",
		"address in text":    "a(\"http://x\"); h = OPEN(x);",
		"several":            "a(); // one;\n  // two;\n\n  // three }\nh = OPEN(x);",
		"block comment":      "a();\n/* first; then\n * {this}; */\nh = OPEN(x);",
		"directives":         "a();\n#pragma warning disable 1;\n  #region One; two\nh = OPEN(x);",
		"directive, CRLF":    "a();\r\n#endif\r\nh = OPEN(x);",
		"broken":             "a();\n\th\n\t\t= OPEN(\n\t\tx);",
		"nothing behind":     "{ h = OPEN(x)",
	} {
		at := strings.Index(text, "OPEN")
		got := finding.Normalise(statement([]byte(text), at, at+len("OPEN(x)")))
		got = strings.TrimSuffix(got, ";")
		if want := "h=OPEN(x)"; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	long := "x = " + strings.Repeat("1, ", 5000) + "OPEN"
	if got := statement([]byte(long), len(long)-4, len(long)); len(got) > 5000 {
		t.Errorf("%d bytes of a long statement", len(got))
	}
}
