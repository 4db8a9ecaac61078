package check

import "github.com/pinvet/pinvet/analyzers/source"

// Source returns a file that was read as the analysis saw it, nil if none of that path was.
func (r *Result) Source(path string) *source.File {
	if r.snapshot == nil {
		return nil
	}
	return r.snapshot.File(path)
}
