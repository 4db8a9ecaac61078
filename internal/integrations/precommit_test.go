package integrations

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

type hook struct {
	ID, Name, Entry, Language, Files string
	PassFilenames                    *bool `yaml:"pass_filenames"`
	RequireSerial                    bool  `yaml:"require_serial"`
}

func TestHooksManifest(t *testing.T) {
	var hooks []hook
	if err := yaml.Unmarshal([]byte(read(t, ".pre-commit-hooks.yaml")), &hooks); err != nil {
		t.Fatal(err)
	}
	if len(hooks) != 2 || hooks[0].ID != "pinvet" || hooks[1].ID != "pinvet-staged" {
		t.Fatalf("%+v", hooks)
	}
	for _, h := range hooks {
		if !h.RequireSerial || h.PassFilenames == nil || *h.PassFilenames || h.Language != "golang" || !strings.HasPrefix(h.Entry, "pinvet check") {
			t.Errorf("%+v", h)
		}
	}
}

// project makes a repository with a hook of this one, by the program that is built already.
func project(t *testing.T, s *shell, id string) string {
	t.Helper()
	hooks, dir := t.TempDir(), t.TempDir()
	write(t, hooks, ".pre-commit-hooks.yaml", read(t, ".pre-commit-hooks.yaml"))
	for _, d := range []string{hooks, dir} {
		s.must(d, "git", "init", "-q")
	}
	s.must(hooks, "git", "add", "-A")
	s.must(hooks, "git", "commit", "-q", "-m", "hooks")
	rev := strings.TrimSpace(s.must(hooks, "git", "rev-parse", "HEAD"))
	write(t, dir, ".pre-commit-config.yaml", fmt.Sprintf("repos:\n- repo: %s\n  rev: %s\n  hooks:\n  - id: %s\n    language: system\n", hooks, rev, id))
	s.must(dir, "pre-commit", "install")
	return dir
}

// A commit is blocked by what the whole tree holds, and goes through when that is mended.
func TestPreCommit(t *testing.T) {
	need(t, "git", "pre-commit")
	s := newShell(t, "PRE_COMMIT_HOME="+t.TempDir())
	dir := project(t, s, "pinvet")
	write(t, dir, "a.c", bad)
	s.must(dir, "git", "add", "-A")
	if out, good := s.run(dir, "git", "commit", "-m", "bad"); good || !strings.Contains(out, "a.c:5:5: error PIN404") {
		t.Fatalf("the commit is not blocked: %s", out)
	}
	write(t, dir, "a.c", ok)
	s.must(dir, "git", "commit", "-q", "-a", "-m", "good")
	write(t, dir, "README", "words")
	s.must(dir, "git", "add", "-A")
	if out := s.must(dir, "git", "commit", "-m", "words"); !strings.Contains(out, "Skipped") {
		t.Errorf("it runs without a source file: %s", out)
	}
}

// Only what is staged counts, as it is staged.
func TestPreCommitStaged(t *testing.T) {
	need(t, "git", "pre-commit")
	s := newShell(t, "PRE_COMMIT_HOME="+t.TempDir())
	dir := project(t, s, "pinvet-staged")
	write(t, dir, "old.c", bad)
	s.must(dir, "git", "add", "-A")
	s.must(dir, "git", "commit", "-q", "--no-verify", "-m", "old")
	write(t, dir, "new.c", bad)
	s.must(dir, "git", "add", "new.c")
	write(t, dir, "new.c", ok) // mended in the work tree only
	out, good := s.run(dir, "git", "commit", "-m", "bad")
	if good || !strings.Contains(out, "new.c:5:5: error PIN404") || strings.Contains(out, "old.c:") {
		t.Fatalf("%v: %s", good, out)
	}
	s.must(dir, "git", "add", "new.c")
	s.must(dir, "git", "commit", "-q", "-m", "good")
}

// The hook as others install it: pre-commit builds pinvet from a clone of this repository. It takes
// minutes and fetches modules, so it is to be asked for.
func TestTryRepo(t *testing.T) {
	need(t, "git", "pre-commit", "go")
	if os.Getenv("PINVET_TRY_REPO") == "" {
		t.Skip("not tried: set PINVET_TRY_REPO=1 to build the hook from a clone of the last commit")
	}
	s := newShell(t, "PRE_COMMIT_HOME="+t.TempDir())
	root := strings.TrimSpace(s.must(top, "git", "rev-parse", "--show-toplevel"))
	rev := strings.TrimSpace(s.must(top, "git", "rev-parse", "HEAD"))
	dir := t.TempDir()
	s.must(dir, "git", "init", "-q")
	write(t, dir, "a.c", bad)
	s.must(dir, "git", "add", "-A")
	if out, good := s.run(dir, "pre-commit", "try-repo", root, "pinvet", "--ref", rev, "--all-files"); good || !strings.Contains(out, "a.c:5:5: error PIN404") {
		t.Fatalf("%s", out)
	}
}
