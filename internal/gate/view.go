package gate

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/internal/git"
	"github.com/pinvet/pinvet/internal/walk"
)

// View is a folder as it is at another moment than the disk's.
type View struct {
	Overlay map[string][]byte // by slashed path, relative to where pinvet runs: text that stands in for the disk's
	Absent  map[string]bool   // files of the disk that are not there
}

func newView() *View { return &View{Overlay: map[string][]byte{}, Absent: map[string]bool{}} }

func (v *View) clone() *View {
	return &View{Overlay: maps.Clone(v.Overlay), Absent: maps.Clone(v.Absent)}
}

func (v *View) put(p string, text []byte) {
	delete(v.Absent, p)
	v.Overlay[p] = text
}

func (v *View) drop(p string) {
	delete(v.Overlay, p)
	v.Absent[p] = true
}

// scope knows which files a run is about.
type scope struct {
	found map[string]bool // files and build files that a walk found, relative to where pinvet runs
	roots []string        // what the walk began with, likewise
	conf  *config.Settings
}

func newScope(found *walk.Result, conf *config.Settings) *scope {
	s := &scope{found: map[string]bool{}, roots: found.Roots, conf: conf}
	for _, p := range found.Files {
		s.found[p] = true
	}
	for _, p := range found.Build {
		s.found[p] = true
	}
	return s
}

// holds tells whether a file that is not on the disk would be found if it were.
func (s *scope) holds(p string) bool {
	if source.LangOf(p) == source.NoLang && !source.IsBuild(p) {
		return false
	}
	if out, _ := s.conf.Excluded(p, false); out {
		return false
	}
	return s.below(p)
}

// below tells whether a file or folder is what the walk began with, or lies below that.
func (s *scope) below(p string) bool {
	return slices.ContainsFunc(s.roots, func(root string) bool { return within(root, p) })
}

// within tells whether a path is root or below it. Both are clean, and lead up as little as they can.
func within(root, p string) bool {
	up, rest := leadsUp(root)
	if pUp, _ := leadsUp(p); rest == "" {
		return pUp <= up
	}
	return p == root || strings.HasPrefix(p, root+"/")
}

// leadsUp counts the ".." at the head of a clean path; rest is what follows, "" for the folder itself.
func leadsUp(p string) (up int, rest string) {
	for p == ".." || strings.HasPrefix(p, "../") {
		up, p = up+1, strings.TrimPrefix(p[2:], "/")
	}
	if p == "." {
		p = ""
	}
	return up, p
}

// repo is a repository with the paths of a run.
type repo struct {
	*git.Repo
	under string // the path of a submodule from the top of the outer repository, with a slash; or ""
	outer *git.Repo
}

func (r *repo) rel(p string) string { return r.outer.Rel(r.under + p) }

// texts reads blobs, some of which may be missing.
func (r *repo) texts(ctx context.Context, blobs map[string]git.Blob) (map[string][]byte, error) {
	var ids []string
	for _, b := range blobs {
		ids = append(ids, b.ID)
	}
	byID, err := r.Blobs(ctx, ids)
	if err != nil {
		return nil, err
	}
	texts := map[string][]byte{}
	for p, b := range blobs {
		if text, ok := byID[b.ID]; ok {
			texts[p] = text
		}
	}
	return texts, nil
}

// stored tells whether a blob's content is the text of a file, and not what a filter makes of it.
func stored(text []byte) bool {
	const lfs = "version https://git-lfs.github.com/spec/v1\n"
	if strings.HasPrefix(string(text[:min(len(text), len(lfs))]), lfs) {
		return false
	}
	_, err := source.FromBytes("a.c", source.C, text)
	return err == nil
}

func isSource(p string) bool { return source.LangOf(p) != source.NoLang }

func ours(p string) bool { return isSource(p) || source.IsBuild(path.Base(p)) }
