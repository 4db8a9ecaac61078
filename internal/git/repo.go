package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Errors that Open, Commit and MergeBase wrap.
var (
	ErrNoGit   = errors.New("git is not installed, or not in PATH")
	ErrNoRepo  = errors.New("not in a git repository")
	ErrNoRev   = errors.New("no such revision")
	ErrNoBase  = errors.New("no common ancestor")
	ErrOutside = errors.New("outside of the git repository")
)

// Repo is a repository with a work tree, seen from one folder.
type Repo struct {
	Top string // the top of the work tree

	git    string // the executable
	prefix string // the folder that was opened, relative to Top: "" or "a/b/"
	env    []string
}

// Open finds the repository of a folder. What git's environment says (GIT_DIR and its like) holds, with one exception:
// git sets GIT_DIR for hooks and then takes the current folder for the top of the work tree, which is wrong for a hook
// that changed the folder. So where the folder lies in the repository that GIT_DIR names, that is how it is found.
func Open(ctx context.Context, dir string) (*Repo, error) {
	exe, err := exec.LookPath("git")
	if err != nil {
		return nil, ErrNoGit
	}
	env := append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0")
	named := os.Getenv("GIT_DIR")
	if named == "" || os.Getenv("GIT_WORK_TREE") != "" {
		return open(ctx, exe, dir, env)
	}
	found, err := open(ctx, exe, dir, without(env, "GIT_DIR"))
	if err == nil && found.isDir(ctx, named) {
		return found, nil
	}
	asSaid, errSaid := open(ctx, exe, dir, env)
	if errSaid != nil && err == nil {
		return found, nil
	}
	return asSaid, errSaid
}

func open(ctx context.Context, exe, dir string, env []string) (*Repo, error) {
	r := &Repo{Top: dir, git: exe, env: env}
	out, err := r.run(ctx, "rev-parse", "--show-toplevel", "--show-prefix")
	if err != nil {
		var failed *failure
		if errors.As(err, &failed) && strings.Contains(failed.text, "not a git repository") {
			return nil, ErrNoRepo
		}
		return nil, err
	}
	top, prefix, _ := strings.Cut(string(out), "\n")
	r.Top, r.prefix = filepath.FromSlash(strings.TrimSuffix(top, "\r")), strings.TrimRight(prefix, "\r\n")
	return r, nil
}

// isDir tells whether name is the repository's git directory; a relative one counts from the top, where hooks start.
func (r *Repo) isDir(ctx context.Context, name string) bool {
	out, err := r.run(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return false
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(r.Top, name)
	}
	a, errA := os.Stat(strings.TrimRight(string(out), "\r\n"))
	b, errB := os.Stat(name)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// ofRepository are the variables that speak of one repository, so that another one must not see them.
var ofRepository = []string{
	"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE",
	"GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_NAMESPACE",
}

// Sub opens the submodule at a path of the work tree; false where it is not checked out.
func (r *Repo) Sub(ctx context.Context, at string) (*Repo, bool) {
	dir := filepath.Join(r.Top, filepath.FromSlash(at))
	if _, err := os.Lstat(filepath.Join(dir, ".git")); err != nil {
		return nil, false
	}
	sub, err := open(ctx, r.git, dir, without(r.env, ofRepository...))
	return sub, err == nil && sub.prefix == ""
}

func without(env []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return slices.Contains(names, name)
	})
}

// Path turns a slashed path, relative to the folder that was opened, into one relative to the top.
func (r *Repo) Path(rel string) (string, error) {
	p := path.Join(r.prefix, rel)
	if path.IsAbs(rel) || p == ".." || strings.HasPrefix(p, "../") {
		return "", fmt.Errorf("%s: %w at %s", rel, ErrOutside, r.Top)
	}
	return p, nil
}

// Rel is the reverse of Path.
func (r *Repo) Rel(p string) string {
	from := strings.Split(strings.TrimSuffix(r.prefix, "/"), "/")
	if r.prefix == "" {
		return p
	}
	to := strings.Split(p, "/")
	for len(from) > 0 && len(to) > 1 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	return strings.Repeat("../", len(from)) + strings.Join(to, "/")
}

// failure is a git command that ended with an error.
type failure struct {
	command string
	code    int    // the exit code
	text    string // the first line of what it said
}

func (f *failure) Error() string {
	if f.text == "" {
		return fmt.Sprintf("git %s: exit code %d", f.command, f.code)
	}
	return fmt.Sprintf("git %s: %s", f.command, f.text)
}

func (r *Repo) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, r.git, append([]string{"--literal-pathspecs", "--no-pager", "-c", "diff.autoRefreshIndex=false"}, args...)...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = r.Top, r.env, 10*time.Second
	return cmd
}

// run runs git at the top of the work tree and returns what it writes.
func (r *Repo) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := r.command(ctx, args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return nil, explain(ctx, args[0], err, said.String())
	}
	return out.Bytes(), nil
}

// explain makes an error of what a command said.
func explain(ctx context.Context, command string, err error, said string) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("git %s: %w", command, err)
	}
	f := &failure{command: command, code: exit.ExitCode()}
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if text, fatal := strings.CutPrefix(line, "fatal: "); fatal || f.text == "" {
			f.text = text
			if fatal {
				break
			}
		}
	}
	return f
}
