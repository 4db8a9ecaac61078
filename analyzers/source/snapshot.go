package source

import (
	"context"
	"fmt"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
)

// Input says what one run is about. A driver gives it as the result of [Unit].
type Input struct {
	Context context.Context   // ends the run; nil means never
	Root    string            // folder that Paths are relative to
	Paths   []string          // slash-separated; any order, no duplicates
	Build   []string          // build files (see IsBuild), as Paths; they are read and not analysed
	Overlay map[string][]byte // by path: text that stands in for the disk's
	Workers int               // for work per file or function; less than 1: one per processor
	Limits  Limits

	// Rereads says that texts which are asked for again come from the disk again, instead of being kept: for who soon ends. A file that
	// changes meanwhile is told by File.Changed.
	Rereads bool

	// Everything says that all functions are looked at, also those of which nothing can come: what is found
	// is the same, and tests see that it is.
	Everything bool

	Kept  Kept   // what stages made of files in earlier runs; may be nil
	Hasty *Hasty // told when a stage was cut off; may be nil

	// Progress, if not nil, is called after each file or function of a stage,
	// from any goroutine.
	Progress func(stage string, done, total int)
}

// Ctx is Context, or one that never ends.
func (in *Input) Ctx() context.Context {
	if in.Context == nil {
		return context.Background()
	}
	return in.Context
}

// Unit is the head of the chain of stages: it has no way to know its result,
// so a driver gives it.
var Unit = &analysis.Analyzer{
	Name:       "unit",
	Doc:        "which files one run is about",
	ResultType: reflect.TypeFor[*Input](),
	Run: func(*analysis.Pass) (any, error) {
		return nil, fmt.Errorf("the driver must give the result of %q", "unit")
	},
}

// Analyzer reads the files of a unit; its result is a *Snapshot.
var Analyzer = &analysis.Analyzer{
	Name:       "source",
	Doc:        "the files of the unit, read and decoded",
	Requires:   []*analysis.Analyzer{Unit},
	ResultType: reflect.TypeFor[*Snapshot](),
	Run: func(p *analysis.Pass) (any, error) {
		return Load(p.ResultOf[Unit].(*Input), p.Fset), nil
	},
}

// Failure is a file that could not be read, and why: an error of the file
// system, ErrBinary or ErrTooLarge.
type Failure struct {
	Path string
	Err  error
}

// Snapshot is the files of one unit at one moment. It does not change.
type Snapshot struct {
	Input  *Input
	Files  []*File   // by path
	Failed []Failure // by path

	// Skimmed are paths of C# files that belong to the unit, and are not read because nothing in them
	// matters. Some may be in Files or Failed as well.
	Skimmed []string

	Build       []*File   // build files, by path; not part of Files
	BuildFailed []Failure // by path

	tokens map[string]*token.File
}

// Load reads the files of in, in parallel, and adds each source file to fset once.
func Load(in *Input, fset *token.FileSet) *Snapshot {
	s := &Snapshot{Input: in}
	s.Files, s.Failed = in.read(in.Paths)
	s.Build, s.BuildFailed = in.read(in.Build)
	s.tokens = make(map[string]*token.File, len(s.Files))
	for _, f := range s.Files {
		s.tokens[f.Path] = f.AddTo(fset)
	}
	return s
}

// With is a snapshot that has some more files.
func (s *Snapshot) With(paths []string, fset *token.FileSet) *Snapshot {
	more, failed := s.Input.read(paths)
	out := *s
	byPath := func(f, g *File) int { return strings.Compare(f.Path, g.Path) }
	out.Files = slices.SortedFunc(slices.Values(slices.Concat(s.Files, more)), byPath)
	out.Failed = slices.SortedFunc(slices.Values(slices.Concat(s.Failed, failed)), func(f, g Failure) int { return strings.Compare(f.Path, g.Path) })
	out.tokens = maps.Clone(s.tokens)
	for _, f := range more {
		out.tokens[f.Path] = f.AddTo(fset)
	}
	return &out
}

// read reads files from the overlay or the disk; both results are by path.
func (in *Input) read(paths []string) (ok []*File, failed []Failure) {
	paths = slices.Clone(paths)
	slices.Sort(paths)
	paths = slices.Compact(paths)
	files := make([]*File, len(paths))
	errs := make([]error, len(paths))
	panics := parallel.Do(in.Ctx(), in.Workers, len(paths), func(i int) {
		files[i], errs[i] = in.ReadOne(paths[i])
	})
	for _, p := range panics {
		files[p.Index], errs[p.Index] = nil, fmt.Errorf("panic: %s", p.Value)
	}
	for i, f := range files {
		switch {
		case f != nil:
			ok = append(ok, f)
		case errs[i] != nil:
			failed = append(failed, Failure{paths[i], errs[i]})
		}
	}
	return ok, failed
}

// ReadOne reads one file from the overlay or the disk. Errors are those of a Failure.
func (in *Input) ReadOne(path string) (*File, error) {
	if raw, ok := in.Overlay[path]; ok {
		return in.Limits.FromBytes(path, LangOf(path), raw)
	}
	f, err := in.Limits.Read(in.Root, path)
	if f != nil && in.Rereads {
		f.again = filepath.Join(in.Root, filepath.FromSlash(path))
	}
	return f, err
}

// File returns the file of that path, or nil.
func (s *Snapshot) File(path string) *File {
	i, ok := slices.BinarySearchFunc(s.Files, path, func(f *File, p string) int { return strings.Compare(f.Path, p) })
	if !ok {
		return nil
	}
	return s.Files[i]
}

// Changed tells whether one of the files did (see File.Changed).
func (s *Snapshot) Changed() bool { return slices.ContainsFunc(s.Files, (*File).Changed) }

// Pos turns an offset in the text of a file into a position of the FileSet that
// the snapshot was loaded into; token.NoPos for a file that is not in it.
func (s *Snapshot) Pos(path string, offset int) token.Pos {
	tf := s.tokens[path]
	if tf == nil {
		return token.NoPos
	}
	return tf.Pos(min(max(offset, 0), tf.Size()))
}
