// Package parallel runs the same work on each item of a list with a bounded
// number of workers, and survives what panics.
//
// In: a count and a function of the index. Out: the panics, in order of index.
//
// Invariants:
//   - Each index is run at most once; all are run unless the context ends.
//   - The function writes to its own index only, so that what comes out does not
//     depend on the number of workers.
//   - A panic costs its own index and nothing else.
package parallel

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Panic is what a recovered panic said.
type Panic struct {
	Index int
	Value string // with the line that panicked, as "file.go:12", for a bug report
}

// Do calls fn for 0 <= i < n with at most workers at a time; less than one
// worker means one per processor. When ctx ends, no new index is begun.
func Do(ctx context.Context, workers, n int, fn func(i int)) []Panic {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	var (
		next   atomic.Int64
		mu     sync.Mutex
		panics []Panic
		wg     sync.WaitGroup
	)
	for range min(workers, n) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || ctx.Err() != nil {
					return
				}
				if p := Catch(i, func() { fn(i) }); p != nil {
					mu.Lock()
					panics = append(panics, *p)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	slices.SortFunc(panics, func(a, b Panic) int { return a.Index - b.Index })
	return panics
}

// Beside calls fn at the same time as what follows. The function that it returns waits for it, and panics if fn did.
func Beside(fn func()) (wait func()) {
	var p *Panic
	done := make(chan struct{})
	go func() {
		defer close(done)
		p = Catch(0, fn)
	}()
	return func() {
		if <-done; p != nil {
			panic(p.Value)
		}
	}
}

// Catch calls fn and returns its panic, if it has one, under the given index.
func Catch(index int, fn func()) (p *Panic) {
	defer func() {
		if v := recover(); v != nil {
			p = &Panic{index, fmt.Sprintf("%v (%s)", v, origin())}
		}
	}()
	fn()
	return nil
}

// origin is the line that panicked; to be called from the deferred function.
func origin() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	panicking := false
	for {
		f, more := frames.Next()
		inRuntime := strings.HasPrefix(f.Function, "runtime.")
		panicking = panicking || f.Function == "runtime.gopanic"
		if panicking && !inRuntime {
			return fmt.Sprintf("%s:%d", filepath.Base(f.File), f.Line)
		}
		if !more {
			return "unknown line"
		}
	}
}
