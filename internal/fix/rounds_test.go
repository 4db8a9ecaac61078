package fix

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

func handles(t *testing.T) []*rules.Rule {
	t.Helper()
	rs, err := registry.Select([]string{"PIN4"})
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

func run(t *testing.T, a Analyse) *Report {
	t.Helper()
	first, err := a(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := Run(context.Background(), first, false, a)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func TestRunFixes(t *testing.T) {
	a := analyseText(handles(t), wrongTests)
	rep := run(t, a)
	if len(rep.Fixed) != 1 || len(rep.Files) != 1 || len(rep.Left) != 0 || len(rep.Result.Findings) != 0 {
		t.Fatalf("%+v", rep)
	}
	after := string(rep.Files[0].After)
	if after != strings.Replace(wrongTests, "a == NULL", "a == INVALID_HANDLE_VALUE", 1) {
		t.Error(after)
	}
	if again := run(t, analyseText(handles(t), after)); len(again.Files) != 0 || again.Rounds != 0 {
		t.Errorf("a second run changes %d files", len(again.Files))
	}
}

// TestRunTakesBack: a fix that does not help, or harms, leaves no trace, and the others stay.
func TestRunTakesBack(t *testing.T) {
	two := wrongTests + strings.Replace(wrongTests[strings.Index(wrongTests, "int f"):], "int f", "int g", 1)
	for name, c := range map[string]struct{ text, why string }{
		"does not help": {"NULL ", "still there"},
		"breaks":        {"NULL)) {{{ ((", "not be understood"},
		"leads to":      {"INVALID_HANDLE_VALUE) { CloseHandle(a); CloseHandle(n); CloseHandle(n); return 0; } if (0", "lead to PIN4"},
	} {
		a := meddle(analyseText(handles(t), two), func(f *finding.Finding) []finding.Fix {
			if f.Code != "PIN403" || f.Function != "g" {
				return f.Fixes
			}
			x := f.Fixes[0]
			x.Edits = []finding.Edit{x.Edits[0]}
			x.Edits[0].NewText = "a == " + c.text
			return []finding.Fix{x}
		})
		rep := run(t, a)
		if len(rep.Fixed) != 1 || rep.Fixed[0].Finding.Function != "f" || len(rep.Left) != 1 || !strings.Contains(rep.Left[0].Why, c.why) {
			t.Errorf("%s: fixed %+v, left %+v", name, rep.Fixed, rep.Left)
		}
		if want := strings.Replace(two, "a == NULL", "a == INVALID_HANDLE_VALUE", 1); len(rep.Files) != 1 || string(rep.Files[0].After) != want {
			t.Errorf("%s: %+v", name, rep.Files)
		}
	}
}

// TestRunHasABound: fixes that are in each other's way go one in a round.
func TestRunHasABound(t *testing.T) {
	text, body := "#include <windows.h>\n", wrongTests[strings.Index(wrongTests, "int f"):]
	for i := range MaxRounds + 2 {
		text += strings.Replace(body, "int f", fmt.Sprintf("int f%c", 'a'+i), 1)
	}
	a := meddle(analyseText(handles(t), text), func(f *finding.Finding) []finding.Fix {
		top := finding.Edit{Span: finding.Span{Path: "a.c", Start: finding.Position{Line: 1}, End: finding.Position{Line: 1}}, NewText: "/* " + f.Function + " */\n"}
		x := f.Fixes[0]
		x.Edits = append([]finding.Edit{top}, x.Edits...)
		return []finding.Fix{x}
	})
	rep := run(t, a)
	if len(rep.Fixed) != MaxRounds || len(rep.Left) != 2 || rep.Rounds != MaxRounds || !strings.Contains(rep.Left[0].Why, "by others") {
		t.Errorf("%d rounds, fixed %d, left %+v", rep.Rounds, len(rep.Fixed), rep.Left)
	}
}
