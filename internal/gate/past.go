package gate

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/pinvet/pinvet/internal/git"
	"github.com/pinvet/pinvet/internal/outcome"
)

// past is how the files of a run differ from a commit. All paths are relative to where pinvet runs.
type past struct {
	outer    *git.Repo
	scope    *scope
	now      *View
	staged   bool // now is the index, not the work tree
	added    map[string]bool
	edited   map[string]blobIn // by path now
	renamed  map[string]string // path now: path before; such files are in edited too
	deleted  map[string]blobIn // by path before
	problems []outcome.Problem
}

// blobIn is a blob and the repository that has it.
type blobIn struct {
	repo *repo
	git.Blob
}

// pastOf asks git what differs between a commit and now.
func pastOf(ctx context.Context, r *git.Repo, s *scope, now *View, commit string, staged bool) (*past, error) {
	p := &past{
		outer: r, scope: s, now: now, staged: staged, added: map[string]bool{}, edited: map[string]blobIn{},
		renamed: map[string]string{}, deleted: map[string]blobIn{},
	}
	return p, p.repository(ctx, &repo{Repo: r, outer: r}, commit)
}

func (p *past) repository(ctx context.Context, r *repo, commit string) error {
	list := r.ToWorkTree
	if p.staged && r.under == "" { // of a submodule, the commit that is checked out
		list = r.ToIndex
	}
	changes, err := list(ctx, commit)
	if err != nil {
		return err
	}
	index, err := r.Index(ctx)
	if err != nil {
		return err
	}
	links := map[string]git.Blob{} // submodules of now, as they were
	for at, b := range index {
		if b.Submodule() {
			links[at] = b
		}
	}
	for _, c := range changes {
		if c.To.Submodule() {
			links[c.Path] = c.From
		} else if ours(c.Path) || ours(c.Was()) {
			p.take(r, c)
		}
	}
	p.untracked(r, index)
	for at, from := range links {
		if err := p.submodule(ctx, r, at, from); err != nil {
			return err
		}
	}
	return nil
}

// take notes one change.
func (p *past) take(r *repo, c git.Change) {
	now, was := r.rel(c.Path), r.rel(c.Was())
	from := blobIn{r, c.From}
	switch there := p.there(now); {
	case !c.From.Regular(): // it was no file
		if c.Status != git.Unmerged {
			p.added[now] = true
		}
	case there && c.Status == git.Renamed && ours(was):
		p.edited[now], p.renamed[now] = from, was
	case there && c.Status == git.Renamed:
		p.added[now] = true
	case there: // also where it is deleted in the index, but not from the disk
		p.edited[now] = from
		delete(p.added, now)
	default:
		p.delete(was, from)
	}
}

// there tells whether a file is one of those that are checked.
func (p *past) there(f string) bool {
	_, put := p.now.Overlay[f]
	return put || p.scope.found[f] && !p.now.Absent[f]
}

func (p *past) delete(was string, from blobIn) {
	if p.scope.holds(was) {
		p.deleted[was] = from
	}
}

// untracked notes the files that are checked and not in the index of r.
func (p *past) untracked(r *repo, index map[string]git.Blob) {
	for f := range p.scope.found {
		at, err := r.outer.Path(f)
		if err != nil || !p.there(f) || !strings.HasPrefix(at, r.under) {
			continue
		}
		at = at[len(r.under):]
		if _, known := index[at]; known || inSubmodule(index, at) {
			continue
		}
		if _, before := p.edited[f]; !before {
			p.added[f] = true
		}
	}
}

func inSubmodule(index map[string]git.Blob, at string) bool {
	for dir := path.Dir(at); dir != "."; dir = path.Dir(dir) {
		if index[dir].Submodule() {
			return true
		}
	}
	return false
}

// submodule looks into a submodule that holds files of the run; from is what it was at the commit.
func (p *past) submodule(ctx context.Context, r *repo, at string, from git.Blob) error {
	under := r.under + at + "/"
	files := p.below(r.outer.Rel(under))
	if len(files) == 0 {
		return nil
	}
	if !from.Submodule() { // it was not there
		for _, f := range files {
			p.added[f] = true
		}
		return nil
	}
	sub, ok := r.Sub(ctx, at)
	if !ok {
		return nil // its files are not there either
	}
	inner := &repo{Repo: sub, under: under, outer: r.outer}
	if _, err := sub.Commit(ctx, from.ID); err != nil {
		p.problems = append(p.problems, outcome.Problem{
			Kind: outcome.NotUnderstood, Level: outcome.Warning, Path: r.rel(at),
			Text: fmt.Sprintf("the submodule does not have its commit %.10s of the base, so it is taken as it was: `git submodule update` or `git fetch` there", from.ID),
		})
		return nil
	}
	return p.repository(ctx, inner, from.ID)
}

// below lists the files of the run in a folder, which ends in a slash.
func (p *past) below(folder string) (files []string) {
	for f := range p.scope.found {
		if strings.HasPrefix(f, folder) {
			files = append(files, f)
		}
	}
	return files
}

// was is the path before of a file of now.
func (p *past) was(now string) string {
	if was, ok := p.renamed[now]; ok {
		return was
	}
	return now
}
