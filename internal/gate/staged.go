package gate

import (
	"context"
	"fmt"
	"strings"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/git"
)

// stagedView is the index: what the work tree has beside it is not there, and what it has otherwise is as it is staged.
// Submodules are as they are checked out.
func stagedView(ctx context.Context, r *git.Repo, s *scope) (*View, error) {
	changes, err := r.Unstaged(ctx)
	if err != nil {
		return nil, err
	}
	index, err := r.Index(ctx)
	if err != nil {
		return nil, err
	}
	v := newView()
	blobs := map[string]git.Blob{}
	for _, c := range changes {
		p := r.Rel(c.Path)
		switch {
		case c.Status == git.Unmerged:
			return nil, fmt.Errorf("%s is not merged yet: resolve the conflict and `git add` it", p)
		case c.Status == git.Added: // of which only the intention is staged
			v.drop(p)
		case c.From.Regular() && (s.found[p] || c.Status == git.Deleted && s.holds(p)):
			blobs[p] = c.From
		}
	}
	texts, err := (&repo{Repo: r, outer: r}).texts(ctx, blobs)
	if err != nil {
		return nil, err
	}
	for p, text := range texts {
		if stored(text) {
			v.put(p, text)
		}
	}
	for f := range s.found {
		at, err := r.Path(f)
		if err != nil {
			return nil, err
		}
		if _, known := index[at]; !known && !inSubmodule(index, at) {
			v.drop(f)
		}
	}
	return v, nil
}

// stagedFiles are the files and submodules that a commit would change.
type stagedFiles struct {
	files   map[string]bool
	folders []string // submodules, with a slash
	any     bool     // something is among them that a run reads
}

func stagedIn(ctx context.Context, r *git.Repo, in *scope) (*stagedFiles, error) {
	head, err := r.Head(ctx)
	if err != nil {
		return nil, err
	}
	changes, err := r.ToIndex(ctx, head)
	if err != nil {
		return nil, err
	}
	s := &stagedFiles{files: map[string]bool{}}
	for _, c := range changes {
		s.any = s.any || c.To.Submodule() || in.holds(r.Rel(c.Path)) || in.holds(r.Rel(c.Was()))
		switch {
		case c.To.Submodule():
			s.folders = append(s.folders, r.Rel(c.Path)+"/")
		case c.Status != git.Deleted && c.From.ID != c.To.ID: // else only its name or mode is another one
			s.files[r.Rel(c.Path)] = true
		}
	}
	return s, nil
}

// touches tells whether a finding lies in a staged file, or a step of its trace does.
func (s *stagedFiles) touches(f *finding.Finding) bool {
	if s.has(f.Path) {
		return true
	}
	for _, step := range f.Steps {
		if s.has(step.Path) {
			return true
		}
	}
	return false
}

func (s *stagedFiles) has(p string) bool {
	if s.files[p] {
		return true
	}
	for _, dir := range s.folders {
		if strings.HasPrefix(p, dir) {
			return true
		}
	}
	return false
}
