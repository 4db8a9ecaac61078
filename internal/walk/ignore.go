package walk

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// ignores are the .gitignore rules in force in one folder. at is the folder's
// path below the top of the repository, which is what the patterns see.
type ignores struct {
	at       []string
	patterns []rule // lowest priority first
}

// rulesAbove collects the rules that reach dir from the folders above it, up to
// the top of its repository. A folder that is ignored itself was named on
// purpose, so the rules above it are left out.
func rulesAbove(dir string) *ignores {
	top, below := repository(dir)
	in := &ignores{patterns: patternsOf(filepath.Join(top, ".git", "info", "exclude"), nil)}
	for _, name := range below {
		in = in.enter(filepath.Join(top, filepath.Join(in.at...)))
		if in.match(name, true) {
			return &ignores{at: below}
		}
		in = in.child(name)
	}
	return in
}

// Repository returns the absolute path of the top of the repository that holds dir; outside a
// repository that is dir itself.
func Repository(dir string) string {
	top, _ := repository(dir)
	return top
}

// repository returns the top of the repository that holds dir, and the names of
// the folders that lead from there to dir. Outside a repository dir is the top.
func repository(dir string) (top string, below []string) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return dir, nil
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			rel, err := filepath.Rel(at, dir)
			if err != nil || rel == "." {
				return at, nil
			}
			return at, strings.Split(filepath.ToSlash(rel), "/")
		}
		if filepath.Dir(at) == at {
			return dir, nil
		}
	}
}

// enter adds the rules of the .gitignore in the folder itself.
func (in *ignores) enter(full string) *ignores {
	own := patternsOf(filepath.Join(full, ".gitignore"), in.at)
	if own == nil {
		return in
	}
	return &ignores{at: in.at, patterns: append(in.patterns[:len(in.patterns):len(in.patterns)], own...)}
}

// child is in for the folder name below.
func (in *ignores) child(name string) *ignores {
	return &ignores{at: append(in.at[:len(in.at):len(in.at)], name), patterns: in.patterns}
}

// match says whether the entry name of the folder is ignored.
func (in *ignores) match(name string, isDir bool) bool {
	if len(in.patterns) == 0 {
		return false
	}
	path := append(in.at[:len(in.at):len(in.at)], name)
	for i := len(in.patterns) - 1; i >= 0; i-- {
		if !in.patterns[i].may(path) {
			continue
		}
		if m := in.patterns[i].Match(path, isDir); m != gitignore.NoMatch {
			return m == gitignore.Exclude
		}
	}
	return false
}

// patternsOf reads a file of patterns; a missing one has none, and so has a
// device or pipe of that name, which could be read forever.
func patternsOf(file string, domain []string) (ps []rule) {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		ps = append(ps, ruleOf(line, domain))
	}
	return ps
}
