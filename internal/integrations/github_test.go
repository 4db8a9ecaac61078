package integrations

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

type action struct {
	Inputs map[string]struct {
		Description, Default string
	}
	Runs struct {
		Using string
		Steps []struct {
			Name, Uses, Run, Shell string
			Env                    map[string]string
		}
	}
}

func readAction(t *testing.T) (a action) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, "action.yml")), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// Every input is used, what is used is an input, and no input stands in a script, where it would be run.
func TestActionInputs(t *testing.T) {
	a := readAction(t)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(read(t, "action.yml"), -1) {
		used[m[1]] = true
		if _, ok := a.Inputs[m[1]]; !ok {
			t.Errorf("there is no input %s", m[1])
		}
	}
	for name, in := range a.Inputs {
		if !used[name] || in.Description == "" {
			t.Errorf("input %s: used %v, %q", name, used[name], in.Description)
		}
	}
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %s has an expression in its script", s.Name)
		}
		if s.Run != "" && s.Shell == "" {
			t.Errorf("step %s has no shell", s.Name)
		}
	}
}

func TestActionlint(t *testing.T) {
	need(t, "actionlint")
	files, err := filepath.Glob(filepath.Join(top, ".github", "workflows", "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no workflows", err)
	}
	files = append(files, filepath.Join(top, "integrations", "units", "github.yml"))
	for i := range files {
		if files[i], err = filepath.Abs(files[i]); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("actionlint", files...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// checkStep runs the step of the action that checks, with inputs as GitHub gives them.
func checkStep(t *testing.T, s *shell, dir string, inputs map[string]string) (string, bool) {
	t.Helper()
	a := readAction(t)
	step := a.Runs.Steps[len(a.Runs.Steps)-1]
	root, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	expr := regexp.MustCompile(`\$\{\{ (?:inputs\.([a-z-]+)|github\.action_path) \}\}`)
	c := *s
	for name, value := range step.Env {
		value = expr.ReplaceAllStringFunc(value, func(m string) string {
			key := expr.FindStringSubmatch(m)[1]
			if key == "" {
				return root
			}
			if v, ok := inputs[key]; ok {
				return v
			}
			return a.Inputs[key].Default
		})
		c.env = append(slices.Clone(c.env), name+"="+value)
	}
	return c.run(dir, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step.Run)
}

func TestActionChecks(t *testing.T) {
	need(t, "bash", "git")
	s := newShell(t)
	dir := t.TempDir()
	write(t, dir, "a b.c", ok)
	write(t, dir, "src/a.c", bad)
	out, good := checkStep(t, s, dir, map[string]string{"sarif": "out.sarif"})
	if good || !strings.Contains(out, "::error file=src/a.c,line=5,") {
		t.Errorf("%v: %s", good, out)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "out.sarif")); err != nil || !strings.Contains(string(text), "PIN404") {
		t.Errorf("%v", err)
	}
	if out, good := checkStep(t, s, dir, map[string]string{"args": "--rule PIN1 --rule PIN2", "gate": "warning"}); !good {
		t.Error(out)
	}
	if out, good := checkStep(t, s, dir, map[string]string{"paths": "$(touch x) *"}); good {
		t.Error(out)
	}
	if _, err := os.Stat(filepath.Join(dir, "x")); err == nil {
		t.Error("an input was run")
	}
	// In a pull request only what is new counts.
	s.must(dir, "git", "init", "-q")
	s.must(dir, "git", "add", "-A")
	s.must(dir, "git", "commit", "-q", "-m", "old")
	s.must(dir, "git", "update-ref", "refs/remotes/origin/main", "HEAD")
	pr := *s
	pr.env = append(slices.Clone(s.env), "GITHUB_BASE_REF=main")
	if out, good := checkStep(t, &pr, dir, map[string]string{"new-from": "auto"}); !good {
		t.Error(out)
	}
	write(t, dir, "src/b.c", bad)
	if out, good := checkStep(t, &pr, dir, map[string]string{"new-from": "auto"}); good || !strings.Contains(out, "src/b.c") || strings.Contains(out, "src/a.c") {
		t.Errorf("%v: %s", good, out)
	}
}

// release makes a folder as releases are downloaded from.
func release(t *testing.T, s *shell) string {
	t.Helper()
	dir, program := t.TempDir(), mustBuild(t)
	name := fmt.Sprintf("pinvet_9.9.9_%s_%s", runtime.GOOS, runtime.GOARCH)
	text, err := os.ReadFile(filepath.Join(program, "pinvet"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "v9.9.9/"+name+"/pinvet", string(text))
	s.must(filepath.Join(dir, "v9.9.9"), "tar", "-czf", name+".tar.gz", name)
	archive, err := os.ReadFile(filepath.Join(dir, "v9.9.9", name+".tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "v9.9.9/SHA256SUMS", fmt.Sprintf("%064x  other.tar.gz\n%x  %s.tar.gz\n", 7, sha256.Sum256(archive), name))
	return dir
}

func mustBuild(t *testing.T) string {
	t.Helper()
	dir, err := pinvet()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A release is taken only with the checksum that it has.
func TestInstall(t *testing.T) {
	need(t, "sh", "curl", "tar", "awk")
	if runtime.GOOS != "linux" {
		t.Skip("not tried: releases are laid out for Linux here")
	}
	s := newShell(t)
	dir := release(t, s)
	script, err := filepath.Abs(filepath.Join(top, "integrations", "install.sh"))
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "PINVET_DOWNLOADS=file://"+filepath.ToSlash(dir))
	into := t.TempDir()
	if out := s.must(into, "sh", script, "v9.9.9", "bin"); !strings.Contains(out, "pinvet ") {
		t.Error(out)
	}
	if out, good := s.run(into, "bin/pinvet", "version"); !good {
		t.Error(out)
	}
	if out, good := s.run(into, "sh", script, "9.9.8", "none"); good {
		t.Error(out)
	}
	sums := filepath.Join(dir, "v9.9.9", "SHA256SUMS")
	for _, text := range []string{"", strings.Replace(string(mustRead(t, sums)), "  pinvet_", "0  pinvet_", 1)} {
		if err := os.WriteFile(sums, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, good := s.run(into, "sh", script, "9.9.9", "none"); good || !strings.Contains(out, "SHA-256") {
			t.Errorf("%q: %s", text, out)
		}
	}
	if _, err := os.Stat(filepath.Join(into, "none")); err == nil {
		t.Error("a wrong release was installed")
	}
}

func mustRead(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
