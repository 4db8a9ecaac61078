package git

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// made makes a repository with one commit of two files.
func made(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	for _, name := range ofRepository {
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	t.Setenv("HOME", t.TempDir())
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	dir := t.TempDir()
	write(t, dir, "a.c", "int a;\nint b;\nint c;\n")
	write(t, dir, "sub/dir/b.c", "int b;\n")
	do(t, dir, "init", "-q", "-b", "main")
	commit(t, dir, "one")
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v: %s", args, err, out)
	}
}

func commit(t *testing.T, dir, what string) {
	t.Helper()
	do(t, dir, "add", "-A")
	do(t, dir, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", what)
}

func opened(t *testing.T, dir string) *Repo {
	t.Helper()
	r, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPaths(t *testing.T) {
	r := opened(t, filepath.Join(made(t), "sub"))
	for rel, want := range map[string]string{
		".": "sub", "dir/b.c": "sub/dir/b.c", "../a.c": "a.c", "../sub/x.c": "sub/x.c", "..": ".",
	} {
		if got, err := r.Path(rel); err != nil || got != want {
			t.Errorf("Path(%s) = %q, %v, want %q", rel, got, err, want)
		}
	}
	for p, want := range map[string]string{"sub/dir/b.c": "dir/b.c", "a.c": "../a.c", "other/x.c": "../other/x.c", "subx/y.c": "../subx/y.c", "sub/dir/": "dir/"} {
		if got := r.Rel(p); got != want {
			t.Errorf("Rel(%s) = %q, want %q", p, got, want)
		}
	}
	for _, out := range []string{"../..", "../../x.c", "/etc/x.c"} {
		if _, err := r.Path(out); !errors.Is(err, ErrOutside) {
			t.Errorf("Path(%s): %v", out, err)
		}
	}
}

func TestNoGit(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Open(context.Background(), "."); !errors.Is(err, ErrNoGit) {
		t.Errorf("%v", err)
	}
}

func TestGitDirOfHooks(t *testing.T) {
	dir, other := made(t), made(t)
	write(t, other, "only.c", "int only;\n")
	commit(t, other, "two")
	below := filepath.Join(dir, "sub")
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, named := range []string{".git", filepath.Join(dir, ".git")} {
		t.Setenv("GIT_DIR", named)
		if r := opened(t, below); r.Top != real || r.prefix != "sub/" {
			t.Errorf("GIT_DIR=%s: top %s, prefix %q", named, r.Top, r.prefix)
		}
	}
	// One that names another repository counts.
	t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
	index, err := opened(t, dir).Index(context.Background())
	if err != nil || index["only.c"].ID == "" {
		t.Errorf("%v, %v", index, err)
	}
}

func TestChanges(t *testing.T) {
	ctx := context.Background()
	dir := made(t)
	do(t, dir, "mv", "a.c", "mäh \"x\".c")
	write(t, dir, "mäh \"x\".c", "int a;\nint b;\nint c;\nint d;\n")
	write(t, dir, "staged.c", "int s;\n")
	write(t, dir, "unknown.c", "int u;\n")
	do(t, dir, "add", "staged.c")
	do(t, dir, "rm", "-q", "sub/dir/b.c")
	r := opened(t, dir)
	head, err := r.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := r.ToWorkTree(ctx, head)
	if err != nil || len(changes) != 3 {
		t.Fatalf("%+v, %v", changes, err)
	}
	by := map[string]Change{}
	for _, c := range changes {
		by[c.Path] = c
	}
	renamed := by["mäh \"x\".c"]
	if renamed.Status != Renamed || renamed.Was() != "a.c" || !renamed.From.Regular() {
		t.Errorf("%+v", renamed)
	}
	if c := by["staged.c"]; c.Status != Added || c.From.Regular() {
		t.Errorf("%+v", c)
	}
	if c := by["sub/dir/b.c"]; c.Status != Deleted || c.To.Mode != "" {
		t.Errorf("%+v", c)
	}
	texts, err := r.Blobs(ctx, []string{renamed.From.ID, by["sub/dir/b.c"].From.ID, "0123456789012345678901234567890123456789"})
	if err != nil || len(texts) != 2 || string(texts[renamed.From.ID]) != "int a;\nint b;\nint c;\n" {
		t.Errorf("%q, %v", texts, err)
	}
}

func TestNothingIsWritten(t *testing.T) {
	ctx := context.Background()
	dir := made(t)
	name := filepath.Join(dir, ".git", "index")
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{"a.c", "sub/dir/b.c"} { // with another time
		if err := os.Chtimes(filepath.Join(dir, same), time.Time{}, time.Now().Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	r := opened(t, dir)
	head, _ := r.Head(ctx)
	if changes, err := r.ToWorkTree(ctx, head); err != nil || len(changes) != 0 {
		t.Errorf("%v, %v", changes, err)
	}
	write(t, dir, "sub/dir/b.c", "int c;\n")
	if changes, err := r.ToWorkTree(ctx, head); err != nil || len(changes) != 1 || changes[0].Path != "sub/dir/b.c" {
		t.Errorf("%v, %v", changes, err)
	}
	if after, err := os.ReadFile(name); err != nil || string(after) != string(before) {
		t.Errorf("the index was written (%v)", err)
	}
}

func TestParseRawRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, out := range []string{"x", ":1 2 3\x00a\x00", ":100644 100644 a b R100\x00a\x00"} {
		if _, err := parseRaw([]byte(out)); err == nil {
			t.Errorf("%q was accepted", out)
		}
	}
}
