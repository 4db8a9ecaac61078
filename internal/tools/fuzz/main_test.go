package main

import (
	"path/filepath"
	"slices"
	"testing"
)

// TestFind: the targets of the whole module are found, those of this step among them.
func TestFind(t *testing.T) {
	list, err := find(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, x := range list {
		names = append(names, filepath.Base(x.dir)+"."+x.name)
	}
	for _, want := range []string{
		"source.FuzzFile", "syntax.FuzzParse", "syntax.FuzzDocument", "lower.FuzzC", "lower.FuzzCSharp", "lower.FuzzLate", "difftest.FuzzBoth", "difftest.FuzzSplice",
		"config.FuzzYAML", "config.FuzzEditorConfig", "suppress.FuzzDirectives", "protocol.FuzzStream", "lsp.FuzzServer", "baseline.FuzzParse",
		"report.FuzzFormats", "git.FuzzRaw", "gate.FuzzLines", "models.FuzzLoadUser", "project.FuzzBuild",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s among %q", want, names)
		}
	}
}

func TestTimeOver(t *testing.T) {
	end := []string{"--- FAIL: FuzzParse (126.71s)", "    context deadline exceeded", "FAIL", "exit status 1", "FAIL\tgithub.com/pinvet/pinvet/analyzers/syntax\t126.865s"}
	if !timeOver(end) {
		t.Error("the end of the time counts as a failure")
	}
	if timeOver(append(end, "    Failing input written to testdata/fuzz/FuzzParse/1")) || timeOver([]string{"panic: x", "FAIL"}) {
		t.Error("a failure counts as the end of the time")
	}
}
