package check

import (
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/cache"
)

// Source returns a file that was read as the analysis saw it, nil if none of that path was.
func (r *Result) Source(path string) *source.File {
	switch {
	case r.snapshot != nil:
		return r.snapshot.File(path)
	case r.texts != nil:
		return r.texts.file(path)
	}
	return nil
}

// laterFiles are the files of a result that comes from the cache: a file is read when it is asked for.
type laterFiles struct {
	o     Options
	paths []string // sorted
	sums  []cache.Sum

	mu   sync.Mutex
	read map[string]*source.File
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
	limits := source.Limits{MaxSize: MaxFileSize}
	var err error
	if raw, put := l.o.Overlay[path]; put {
		f, err = limits.FromBytes(path, source.LangOf(path), raw)
	} else {
		f, err = limits.Read(l.o.Root, path)
	}
	if err != nil || f.Hash != l.sums[i].Hash {
		f = nil
	}
	l.read[path] = f
	return f
}
