package integrations

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// sampleTree copies the sample project with a C# and a C side, and returns the folder.
func sampleTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(top, "testdata", "projects", "border"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// results lists the places and rules of a SARIF file, in order.
func results(t *testing.T, name string) (out []string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal(data, &log); err != nil {
		t.Fatal(err)
	}
	for _, r := range log.Runs[0].Results {
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	slices.Sort(out)
	return out
}

// whole are the findings of one run over a folder, with some more flags.
func whole(t *testing.T, s *shell, dir string, flags ...string) []string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "whole.sarif")
	args := append([]string{"env", "pinvet", "check", "--no-cache", "-q", "--severity", "advice", "--format", "sarif=" + name}, flags...)
	_, _ = s.run(dir, args...) // it has findings
	list := results(t, name)
	if len(list) == 0 {
		t.Fatal("the sample has no findings")
	}
	return list
}

// TestMake: units with make give what one run gives, and only those that changed are read again.
func TestMake(t *testing.T) {
	need(t, "make", "env")
	dir, s := sampleTree(t), newShell(t)
	file, err := filepath.Abs(filepath.Join(top, "integrations", "units", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	build := func() (read string) {
		t.Helper()
		out, _ := s.run(dir, "make", "-j2", "-f", file, "UNITS=ScopeApp native", "REPORT=--severity advice --format sarif=.pinvet/pinvet.sarif")
		for _, unit := range []string{"ScopeApp", "native"} {
			if strings.Contains(out, "check "+unit+" ") {
				read += unit + " "
			}
		}
		if have, want := results(t, filepath.Join(dir, ".pinvet", "pinvet.sarif")), whole(t, s, dir); !slices.Equal(have, want) {
			t.Errorf("%d findings in units, %d in one run\n%s", len(have), len(want), out)
		}
		return read
	}
	if read := build(); read != "ScopeApp native " {
		t.Errorf("at first, %q are read", read)
	}
	if read := build(); read != "" {
		t.Errorf("with nothing changed, %q are read", read)
	}
	name := filepath.Join(dir, "native", "capture.c")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "native/capture.c", string(bytes.ReplaceAll(text, []byte("    s->frame = frame;\n"), nil)))
	if read := build(); read != "native " {
		t.Errorf("after a change of native, %q are read", read)
	}
	if err := os.Remove(filepath.Join(dir, "ScopeApp", "Names.cs")); err != nil {
		t.Fatal(err)
	}
	if read := build(); read != "ScopeApp " {
		t.Errorf("with a file less in ScopeApp, %q are read", read)
	}
}

// TestMatrix runs the scripts of the workflow, with pinvet already there.
func TestMatrix(t *testing.T) {
	need(t, "bash", "env")
	var flow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses, Run string
				With      map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "integrations/units/github.yml")), &flow); err != nil {
		t.Fatal(err)
	}
	dir, s := sampleTree(t), newShell(t)
	want := whole(t, s, dir)
	steps := func(job string) (script string) {
		for _, step := range flow.Jobs[job].Steps {
			for line := range strings.Lines(step.Run) {
				if !strings.HasPrefix(line, "curl ") { // a network is not needed to try the rest
					script += line
				}
			}
		}
		return script
	}
	unit := *s
	for _, folder := range []string{"ScopeApp", "native"} {
		unit.env = append(slices.Clone(s.env), "FOLDER="+folder)
		if out, ok := unit.run(dir, "bash", "-e", "-c", steps("unit")); !ok {
			t.Fatal(out)
		}
		// The jobs run on different machines: only facts go from one to the other.
	}
	for _, folder := range []string{"ScopeApp", "native"} {
		if err := os.RemoveAll(filepath.Join(dir, folder)); err != nil {
			t.Fatal(err)
		}
	}
	out, ok := s.run(dir, "bash", "-e", "-c", steps("whole"))
	if ok || !strings.Contains(out, "::error file=") {
		t.Errorf("the job that puts the facts together has nothing to say:\n%s", out)
	}
	if have := results(t, filepath.Join(dir, "pinvet.sarif")); len(have) != len(want) {
		t.Errorf("%d findings, %d in one run", len(have), len(want))
	}
}
