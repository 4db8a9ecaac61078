package walk

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/outcome"
)

// Result is what a walk found.
type Result struct {
	Files    []string // slashed, relative to the root
	Roots    []string // the paths that were asked for, likewise, as they were given
	Build    []string // build files beside and above them, also relative to the root
	Skipped  []outcome.Skip
	Problems []outcome.Problem

	Configs []string // files named pinvet.yaml that were seen
}

// Walk finds the C# and C files, and the build files, below the given paths, which are relative to
// root or absolute. It fails only when a path does not exist or cannot be said
// relative to root, or when ctx ends.
func Walk(ctx context.Context, root string, paths []string) (*Result, error) {
	return Without(ctx, root, paths, nil)
}

// Without is Walk without the files and folders that excluded names, where no argument does; it gets
// slashed paths relative to root, and may be nil.
func Without(ctx context.Context, root string, paths []string, excluded func(rel string, isFolder bool) bool) (*Result, error) {
	if excluded == nil {
		excluded = func(string, bool) bool { return false }
	}
	w := &walker{ctx: ctx, root: root, excluded: excluded, seen: map[string]bool{}, listed: map[string]bool{}, res: &Result{}}
	w.base = baseOf(root)
	for _, p := range paths {
		if err := w.argument(p); err != nil {
			return nil, err
		}
	}
	slices.Sort(w.res.Files)
	slices.Sort(w.res.Build)
	slices.SortFunc(w.res.Skipped, func(a, b outcome.Skip) int { return strings.Compare(a.Path, b.Path) })
	outcome.Sort(w.res.Problems)
	return w.res, nil
}

type walker struct {
	ctx      context.Context
	root     string
	base     string // the root, absolute, by the name that walks from above it meet; "" where that is not known
	excluded func(rel string, isFolder bool) bool
	seen     map[string]bool // folders and files, by path relative to root
	listed   map[string]bool // folders above arguments, of which only the build files were taken
	res      *Result
}

// baseOf says root as an absolute path.
func baseOf(root string) string {
	if filepath.IsAbs(root) {
		return filepath.Clean(root)
	}
	base, err := filepath.Abs(root)
	if err == nil {
		base, err = filepath.EvalSymlinks(base)
	}
	if err != nil {
		return ""
	}
	return base
}

// back says a path that leads out of the root and in again as one that does not: one file has one name,
// also where the walk begins above the root.
func (w *walker) back(rel string) string {
	if !strings.HasPrefix(rel, "../") || w.base == "" {
		return rel
	}
	short, err := filepath.Rel(w.base, filepath.Join(w.base, filepath.FromSlash(rel)))
	if err != nil {
		return rel
	}
	return filepath.ToSlash(short)
}

func (w *walker) argument(arg string) error {
	rel, err := relative(w.root, arg)
	if err != nil {
		return fmt.Errorf("%s: start pinvet on the same drive: %w", arg, err)
	}
	full := filepath.Join(w.root, rel)
	info, err := os.Stat(full)
	if err != nil {
		return fmt.Errorf("%s: %w", arg, reason(err))
	}
	rel = filepath.ToSlash(rel)
	w.res.Roots = append(w.res.Roots, rel)
	if !info.IsDir() {
		w.named(rel, info)
		w.above(path.Dir(rel))
		return nil
	}
	if rel != "." {
		w.above(path.Dir(rel))
	}
	return w.folder(rel, rulesAbove(full))
}

// relative says arg relative to root, so that one file has one name however it
// is written.
func relative(root, arg string) (string, error) {
	if filepath.IsAbs(root) {
		if !filepath.IsAbs(arg) {
			arg = filepath.Join(root, arg)
		}
		return filepath.Rel(root, arg)
	}
	named, err := filepath.Abs(root) // by the name that the shell has for it, which may lead through links
	if err != nil {
		return "", err
	}
	if filepath.IsAbs(arg) {
		if rel, err := filepath.Rel(named, arg); err == nil && filepath.IsLocal(rel) {
			return rel, nil
		}
	}
	// "..", for the system, is above the folder itself, not above a link to it.
	real, err := filepath.EvalSymlinks(named)
	if err != nil {
		return "", err
	}
	if !filepath.IsAbs(arg) {
		arg = filepath.Join(real, arg)
	}
	return filepath.Rel(real, arg)
}

// named takes a file that the user named.
func (w *walker) named(rel string, info fs.FileInfo) {
	if w.seen[rel] {
		return
	}
	w.seen[rel] = true
	switch {
	case !info.Mode().IsRegular():
		w.problem(rel, "not a regular file")
	case source.IsBuild(rel):
		w.res.Build = append(w.res.Build, rel)
	case source.LangOf(rel) == source.NoLang:
		why := outcome.OtherType
		if isCPlusPlus(rel) {
			why = outcome.CPlusPlus
		}
		w.skip(rel, why)
		w.res.Problems = append(w.res.Problems, outcome.Problem{
			Kind: outcome.NotAnalysed, Level: outcome.Warning, Path: rel,
			Text: fmt.Sprintf("%s is not analysed: only .cs, .c and .h files are", why),
		})
	default:
		w.res.Files = append(w.res.Files, rel)
	}
}

// above takes the build files of a folder that is not walked, and of those above it up to the root.
// What cannot be listed has none.
func (w *walker) above(rel string) {
	for ; filepath.IsLocal(rel) && !w.listed[rel]; rel = path.Dir(rel) {
		w.listed[rel] = true
		full := filepath.Join(w.root, filepath.FromSlash(rel))
		ignore := rulesAbove(full).enter(full)
		entries, _ := os.ReadDir(full)
		for _, e := range entries {
			w.build(path.Join(rel, e.Name()), e, ignore)
		}
		if rel == "." {
			return
		}
	}
}

// build takes rel if it is a build file that is not ignored.
func (w *walker) build(rel string, e fs.DirEntry, ignore *ignores) {
	if source.IsBuild(rel) && e.Type().IsRegular() && !w.seen[rel] && !ignore.match(e.Name(), false) {
		w.seen[rel] = true
		w.res.Build = append(w.res.Build, rel)
	}
}

// folder walks one folder; ignore holds the rules from above it.
func (w *walker) folder(rel string, ignore *ignores) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if w.seen[rel] {
		return nil
	}
	w.seen[rel] = true
	full := filepath.Join(w.root, filepath.FromSlash(rel))
	entries, err := os.ReadDir(full)
	if err != nil {
		w.problem(rel, reason(err).Error())
		// What could be listed before the error is still walked.
	}
	ignore = ignore.enter(full)
	for _, e := range entries {
		if e.Name() == "pinvet.yaml" && !e.IsDir() {
			w.res.Configs = append(w.res.Configs, path.Join(rel, e.Name()))
		}
		if err := w.entry(w.back(path.Join(rel, e.Name())), e, ignore); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) entry(rel string, e fs.DirEntry, ignore *ignores) error {
	lang := source.LangOf(rel)
	switch {
	case e.IsDir():
		if neverEntered[e.Name()] {
			return nil
		}
		if ignore.match(e.Name(), true) {
			w.skip(rel+"/", outcome.Ignored)
			return nil
		}
		if w.excluded(rel, true) {
			w.skip(rel+"/", outcome.Excluded)
			return nil
		}
		return w.folder(rel, ignore.child(e.Name()))
	case e.Type()&fs.ModeSymlink != 0 && w.isFolder(rel):
		if !neverEntered[e.Name()] && !ignore.match(e.Name(), false) {
			w.skip(rel+"/", outcome.Link)
		}
	case lang == source.NoLang && !isCPlusPlus(rel), w.seen[rel]:
		w.build(rel, e, ignore)
	case e.Type()&fs.ModeSymlink != 0:
		w.skip(rel, outcome.Link)
	case !e.Type().IsRegular():
		// A device or pipe with a source file's name.
		w.problem(rel, "not a regular file")
	case ignore.match(e.Name(), false):
		w.skip(rel, outcome.Ignored)
	case w.excluded(rel, false):
		w.skip(rel, outcome.Excluded)
	case lang == source.NoLang:
		w.skip(rel, outcome.CPlusPlus)
	default:
		w.seen[rel] = true
		w.res.Files = append(w.res.Files, rel)
	}
	return nil
}

// isFolder says whether what rel leads to is a folder.
func (w *walker) isFolder(rel string) bool {
	info, err := os.Stat(filepath.Join(w.root, filepath.FromSlash(rel)))
	return err == nil && info.IsDir()
}

func (w *walker) skip(rel string, why outcome.Reason) {
	w.res.Skipped = append(w.res.Skipped, outcome.Skip{Path: rel, Reason: why})
}

func (w *walker) problem(rel, text string) {
	w.res.Problems = append(w.res.Problems, outcome.Problem{
		Kind: outcome.Unreadable, Level: outcome.Warning, Path: rel, Text: text,
	})
}

// neverEntered are folders that hold no code of the project.
var neverEntered = map[string]bool{
	".git": true, ".hg": true, ".svn": true, ".vs": true, "node_modules": true,
}

func isCPlusPlus(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".cpp", ".cc", ".cxx", ".c++", ".hpp", ".hh", ".hxx", ".h++", ".ipp":
		return true
	}
	return false
}

// reason strips the path from an error of the file system: it is said already.
func reason(err error) error {
	if pe, ok := err.(*fs.PathError); ok {
		return pe.Err
	}
	return err
}
