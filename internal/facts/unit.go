package facts

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/outcome"
)

// Unit is what is known of some files.
type Unit struct {
	Name   string // of the file it was read from
	Files  []File // by path
	Build  []*source.File
	Failed []source.Failure // files that could not be read, by path

	BuildFailed []source.Failure

	Skipped  []outcome.Skip // what the walk passed over
	Problems []outcome.Problem
}

// File is one source file. Lowered is nil where that failed, and Panic says how.
type File struct {
	Source  *source.File
	Lowered *ir.File
	Panic   string
}

// Of makes a unit of what the first stages gave.
func Of(s *source.Snapshot, l *lower.Result) (*Unit, error) {
	u := &Unit{Build: s.Build, Failed: s.Failed, BuildFailed: s.BuildFailed}
	lowered := make(map[string]*ir.File, len(l.Files))
	for _, f := range l.Files {
		lowered[f.Path] = f
	}
	failed := make(map[string]string, len(l.Failed))
	for _, f := range l.Failed {
		failed[f.Path] = f.Text
	}
	for _, f := range s.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) || path.IsAbs(f.Path) {
			return nil, fmt.Errorf("%s is outside of the folder that pinvet was started in, so no other machine would know it", f.Path)
		}
		u.Files = append(u.Files, File{f, lowered[f.Path], failed[f.Path]})
	}
	return u, nil
}

// Set is some units put together with the files of a run.
type Set struct {
	Snapshot *source.Snapshot
	Lowered  *lower.Result

	from map[string]known // by path
}

// known is a text and who has it.
type known struct {
	text   []byte // as on disk
	failed bool   // it could not be read, or is no text
	unit   string // "" is the run itself
}

// Join puts units together with a run, whose own files s and l are; both are not changed. A file that
// several have is taken once. The error names a path of which there are two versions.
func Join(s *source.Snapshot, l *lower.Result, units []*Unit) (*Set, error) {
	j := &Set{Snapshot: &source.Snapshot{Input: s.Input}, Lowered: &lower.Result{}, from: map[string]known{}}
	own := &Unit{Build: s.Build, Failed: s.Failed, BuildFailed: s.BuildFailed}
	for _, f := range s.Files {
		own.Files = append(own.Files, File{Source: f})
	}
	j.Lowered.Files, j.Lowered.Failed = slices.Clone(l.Files), slices.Clone(l.Failed)
	for _, u := range append([]*Unit{own}, units...) {
		if err := j.add(u); err != nil {
			return nil, err
		}
	}
	j.sort()
	return j, nil
}

func (j *Set) add(u *Unit) error {
	for _, f := range u.Files {
		fresh, err := j.fresh(f.Source, u.Name)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		j.Snapshot.Files = append(j.Snapshot.Files, f.Source)
		if f.Lowered != nil {
			j.Lowered.Files = append(j.Lowered.Files, f.Lowered)
		}
		if f.Panic != "" {
			j.Lowered.Failed = append(j.Lowered.Failed, lower.Failure{Path: f.Source.Path, Text: f.Panic})
		}
	}
	for _, f := range u.Build {
		fresh, err := j.fresh(f, u.Name)
		if err != nil {
			return err
		}
		if fresh {
			j.Snapshot.Build = append(j.Snapshot.Build, f)
		}
	}
	for _, f := range slices.Concat(u.Failed, u.BuildFailed) {
		if _, err := j.version(f.Path, known{failed: true, unit: u.Name}); err != nil {
			return err
		}
	}
	j.Snapshot.Failed = append(j.Snapshot.Failed, u.Failed...)
	j.Snapshot.BuildFailed = append(j.Snapshot.BuildFailed, u.BuildFailed...)
	return nil
}

// fresh tells whether nobody has brought the file yet.
func (j *Set) fresh(f *source.File, unit string) (bool, error) {
	return j.version(f.Path, known{text: f.Raw(), unit: unit})
}

// version tells whether nobody has told of the path yet. Its error says who tells something else.
func (j *Set) version(path string, now known) (fresh bool, err error) {
	old, have := j.from[path]
	switch {
	case !have:
		j.from[path] = now
		return true, nil
	case old.failed == now.failed && bytes.Equal(old.text, now.text):
		return false, nil
	case old.unit == "":
		return false, fmt.Errorf("%s: its %s is not the one that is here: make the facts again", now.unit, path)
	}
	return false, fmt.Errorf("%s and %s know two versions of %s: make them again", old.unit, now.unit, path)
}

func (j *Set) sort() {
	byPath := func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) }
	slices.SortFunc(j.Snapshot.Files, byPath)
	slices.SortFunc(j.Snapshot.Build, byPath)
	slices.SortFunc(j.Lowered.Files, func(a, b *ir.File) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(j.Lowered.Failed, func(a, b lower.Failure) int { return strings.Compare(a.Path, b.Path) })
	j.Snapshot.Failed = failures(j.Snapshot.Failed)
	j.Snapshot.BuildFailed = failures(j.Snapshot.BuildFailed)
}

// failures puts failures in order, each path once.
func failures(list []source.Failure) []source.Failure {
	slices.SortStableFunc(list, func(a, b source.Failure) int { return cmp.Compare(a.Path, b.Path) })
	return slices.CompactFunc(list, func(a, b source.Failure) bool { return a.Path == b.Path })
}

// Kinds of failures to read a file; the error that comes back is of the same kind.
const (
	failOther = iota
	failBinary
	failTooLarge
	failOnDisk
)

func kindOf(err error) (kind int, text string) {
	var onDisk *fs.PathError
	switch {
	case errors.Is(err, source.ErrBinary):
		return failBinary, ""
	case errors.Is(err, source.ErrTooLarge):
		return failTooLarge, ""
	case errors.As(err, &onDisk):
		return failOnDisk, onDisk.Err.Error()
	}
	return failOther, err.Error()
}

func errorOf(kind int, path, text string) error {
	switch kind {
	case failBinary:
		return source.ErrBinary
	case failTooLarge:
		return source.ErrTooLarge
	case failOnDisk:
		return &fs.PathError{Op: "open", Path: path, Err: errors.New(text)}
	}
	return errors.New(text)
}
