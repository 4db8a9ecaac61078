package session

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
)

// Result is what is known after a change. It does not change.
type Result struct {
	Seq     int  // counts results of one session, from 1
	Mark    int  // counts what was told to the session before it was worked out, see Edit
	Settled bool // all consequences of all changes so far are in it

	Findings map[string][]*finding.Finding // by path, each list in output order
	Problems []outcome.Problem             // of a settled result
	Stats    outcome.Stats                 // of a settled result

	files []*source.File // by path
}

// File is the text that the findings of that path, and steps in it, refer to; nil when it was not
// read.
func (r *Result) File(path string) *source.File {
	if r == nil {
		return nil
	}
	i, ok := findFile(r.files, path)
	if !ok {
		return nil
	}
	return r.files[i]
}

// Paths are the files that were read, sorted.
func (r *Result) Paths() []string {
	out := make([]string, len(r.files))
	for i, f := range r.files {
		out[i] = f.Path
	}
	return out
}

func findFile(files []*source.File, path string) (int, bool) {
	return slices.BinarySearchFunc(files, path, func(f *source.File, p string) int { return strings.Compare(f.Path, p) })
}

// byPath sorts findings into lists.
func byPath(fs []*finding.Finding) map[string][]*finding.Finding {
	out := map[string][]*finding.Finding{}
	for _, f := range fs {
		out[f.Path] = append(out[f.Path], f)
	}
	return out
}
