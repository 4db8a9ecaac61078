package page

import (
	"strings"
	"testing"
)

const sample = "# PIN301 pin-leak\n\nA pinned handle is *not freed* on `some path of the code`, " +
	"see [the docs](https://example.org/x).\n\n## Example\n\n```csharp bad\nvar h = Alloc(b);\n\n  Use(h);\n```\n\n" +
	"- one\n- two that is long enough to be wrapped at forty columns\n  1. inner\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\nLast <b>words</b> & more.\n"

func render(t *testing.T, o Options) string {
	t.Helper()
	var b strings.Builder
	if err := Render(&b, sample, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRender(t *testing.T) {
	want := `PIN301 pin-leak
===============

A pinned handle is not freed on
` + "`some path of the code`" + `, see the docs
(https://example.org/x).

Example

    var h = Alloc(b);

      Use(h);

- one
- two that is long enough to be wrapped
  at forty columns

  1. inner

| a | b |
| - | - |
| 1 | 2 |

Last <b>words</b> & more.
`
	if got := render(t, Options{Width: 40}); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestColorChangesColorsOnly(t *testing.T) {
	colored := render(t, Options{Color: true})
	if !strings.Contains(colored, bold) || !strings.Contains(colored, cyan) {
		t.Error("no styles")
	}
	for _, code := range []string{reset, bold, cyan} {
		colored = strings.ReplaceAll(colored, code, "")
	}
	if plain := render(t, Options{}); colored != plain {
		t.Errorf("got:\n%s\nwant:\n%s", colored, plain)
	}
}
