package check

import (
	"slices"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/walk"
)

// Source returns a file that was read as the analysis saw it, nil if none of that path was, or if it is not known any more
// how the analysis saw it.
func (r *Result) Source(path string) *source.File {
	if r.snapshot != nil {
		if f := r.snapshot.File(path); f != nil {
			if f.Text(); f.Changed() {
				return nil
			}
			return f
		}
	}
	if r.texts != nil {
		return r.texts.file(path)
	}
	return nil
}

// isSkimmed says whether nothing but the words of a file are known.
func (r *Result) isSkimmed(path string) bool {
	_, is := slices.BinarySearchFunc(r.skimmed, path, func(p unread.Passed, path string) int { return strings.Compare(p.Path, path) })
	return is
}

// later makes what was skimmed readable.
func (r *Result) later(o Options) {
	l := &laterFiles{o: o}
	for _, p := range r.skimmed {
		l.paths, l.sums = append(l.paths, p.Path), append(l.sums, cache.Sum{Hash: p.Hash})
	}
	r.texts = l
}

// laterFiles are files that were skimmed, or are of a result that comes from the cache: one is read when it is asked for.
type laterFiles struct {
	o     Options
	paths []string // sorted
	sums  []cache.Sum

	mu   sync.Mutex
	read map[string]*source.File
	low  map[string]*laterLowered
}

// laterLowered is what lowering tells of such a file.
type laterLowered struct {
	declared  declarations
	generated bool
}

// lowered lowers a file for those who ask what it declares; one that cannot be read declares nothing.
func (l *laterFiles) lowered(path string) *laterLowered {
	f := l.file(path)
	l.mu.Lock()
	defer l.mu.Unlock()
	if out := l.low[path]; out != nil {
		return out
	}
	out := &laterLowered{}
	if f != nil {
		low := lower.All(&source.Snapshot{Input: &source.Input{}, Files: []*source.File{f}})
		out.declared = declarationsOf(low)
		if len(low.Files) > 0 {
			out.generated, _ = l.o.Config.Generated(path, low.Files[0].Generated || walk.GeneratedName(path))
		}
	}
	if l.low == nil {
		l.low = map[string]*laterLowered{}
	}
	l.low[path] = out
	return out
}

// file returns a file, nil if it is not the one that was analysed any more.
func (l *laterFiles) file(path string) *source.File {
	i, ok := slices.BinarySearch(l.paths, path)
	if !ok || l.sums[i].Err != nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	f, known := l.read[path]
	if known {
		return f
	}
	in := source.Input{Root: l.o.Root, Overlay: l.o.Overlay, Limits: source.Limits{MaxSize: MaxFileSize}}
	f, err := in.ReadOne(path)
	if err != nil || f.Hash != l.sums[i].Hash {
		f = nil
	}
	if l.read == nil {
		l.read = map[string]*source.File{}
	}
	l.read[path] = f
	return f
}
