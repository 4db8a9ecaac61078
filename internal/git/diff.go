package git

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Status says what became of a file.
type Status byte

// The kinds of changes, in git's letters.
const (
	Added    Status = 'A'
	Deleted  Status = 'D'
	Modified Status = 'M' // text, mode, or what kind of thing it is
	Renamed  Status = 'R' // perhaps modified too
	Unmerged Status = 'U'
)

// Change is one file that differs between two moments.
type Change struct {
	Status Status
	Path   string // now; of a deleted file, before
	Old    string // before, where it is another one; else ""
	From   Blob   // before; none of an added file
	To     Blob   // now; the ID can be "" where only the work tree has it
}

// Blob is what an entry of a tree stands for.
type Blob struct {
	ID   string
	Mode string // "100644"; "" where there is none
}

// Regular tells whether it is a file with text of its own: no symbolic link, no submodule.
func (b Blob) Regular() bool { return strings.HasPrefix(b.Mode, "100") }

// Submodule tells whether it is a commit of another repository.
func (b Blob) Submodule() bool { return b.Mode == "160000" }

// Was is the path before.
func (c *Change) Was() string {
	if c.Old != "" {
		return c.Old
	}
	return c.Path
}

var rawDiff = []string{
	"diff", "--raw", "-z", "--no-abbrev", "-M", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative",
	"--ignore-submodules=dirty",
}

// ToWorkTree lists what differs between a commit and the work tree. Files that git does not know are not in it.
func (r *Repo) ToWorkTree(ctx context.Context, commit string) ([]Change, error) {
	return r.diff(ctx, commit)
}

// ToIndex lists what differs between a commit (or tree) and the index: what would be committed.
func (r *Repo) ToIndex(ctx context.Context, commit string) ([]Change, error) {
	return r.diff(ctx, "--cached", commit)
}

// Unstaged lists what differs between the index and the work tree. Added are files of which only the intention is staged.
func (r *Repo) Unstaged(ctx context.Context) ([]Change, error) {
	return r.diff(ctx, "--no-renames")
}

func (r *Repo) diff(ctx context.Context, what ...string) ([]Change, error) {
	out, err := r.run(ctx, append(append(rawDiff[:len(rawDiff):len(rawDiff)], what...), "--")...)
	if err != nil {
		return nil, err
	}
	list, err := parseRaw(out)
	if err != nil {
		return nil, err
	}
	return r.withoutTouched(ctx, list), nil
}

// withoutTouched leaves out the files of the work tree that hold what they held before. Git would do that as well, but then it notes
// their new times in the index (diff.autoRefreshIndex in git-config(1)), whatever GIT_OPTIONAL_LOCKS says.
func (r *Repo) withoutTouched(ctx context.Context, list []Change) []Change {
	touched := func(c Change) bool {
		return c.Status == Modified && c.To.ID == "" && c.To.Mode == c.From.Mode && c.To.Regular() && !strings.Contains(c.Path, "\n")
	}
	var paths strings.Builder
	for _, c := range list {
		if touched(c) {
			paths.WriteString(c.Path + "\n")
		}
	}
	if paths.Len() == 0 {
		return list
	}
	cmd := r.command(ctx, "hash-object", "--stdin-paths")
	cmd.Stdin = strings.NewReader(paths.String())
	out, err := cmd.Output()
	if err != nil {
		return list // one may be gone meanwhile; that they differ is what git said
	}
	ids := strings.Fields(string(out))
	return slices.DeleteFunc(list, func(c Change) bool {
		if !touched(c) || len(ids) == 0 {
			return false
		}
		id := ids[0]
		ids = ids[1:]
		return id == c.From.ID
	})
}

// parseRaw reads ":oldmode newmode oldid newid status" NUL path NUL, with a second path after renames and copies.
func parseRaw(out []byte) (list []Change, err error) {
	next := func() (string, bool) {
		field, rest, ok := bytes.Cut(out, []byte{0})
		out = rest
		return string(field), ok
	}
	for len(out) > 0 {
		head, ok := next()
		f := strings.Fields(strings.TrimPrefix(head, ":"))
		if !ok || len(f) != 5 || !strings.HasPrefix(head, ":") {
			return nil, fmt.Errorf("git diff: %q was not expected", head)
		}
		c := Change{Status: Status(f[4][0]), From: blob(f[2], f[0]), To: blob(f[3], f[1])}
		if c.Path, ok = next(); !ok || c.Path == "" {
			return nil, fmt.Errorf("git diff: %q has no path", head)
		}
		switch c.Status {
		case Renamed, 'C':
			c.Old = c.Path
			if c.Path, ok = next(); !ok || c.Path == "" {
				return nil, fmt.Errorf("git diff: %q has one path only", head)
			}
			if c.Status == 'C' {
				c = Change{Status: Added, Path: c.Path, To: c.To}
			}
		case 'T':
			c.Status = Modified
		}
		list = append(list, c)
	}
	return list, nil
}

func blob(id, mode string) Blob {
	if mode == "000000" {
		return Blob{}
	}
	if strings.Trim(id, "0") == "" {
		id = ""
	}
	return Blob{id, mode}
}

// Index lists what the index holds, by path. Of unmerged paths it has one of the sides.
func (r *Repo) Index(ctx context.Context) (map[string]Blob, error) {
	out, err := r.run(ctx, "ls-files", "-z", "--stage", "--full-name")
	if err != nil {
		return nil, err
	}
	index := make(map[string]Blob, bytes.Count(out, []byte{0}))
	for entry := range strings.SplitSeq(string(out), "\x00") {
		head, p, ok := strings.Cut(entry, "\t")
		f := strings.Fields(head)
		if ok && len(f) == 3 {
			index[p] = Blob{ID: f[1], Mode: f[0]}
		}
	}
	return index, nil
}
