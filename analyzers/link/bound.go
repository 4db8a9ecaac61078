package link

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// maxNamesakes bounds the functions of one name in a file, and the overloads of a method, among which a call
// is resolved: each call looks at all of them.
const maxNamesakes = 1000

// Bound is something that was too much to be resolved.
type Bound struct {
	File *ir.File // in which the calls stand
	Text string   // a sentence without full stop
}

// bounds are those of a program, by file and text.
type bounds struct {
	mu  sync.Mutex
	all map[Bound]bool
}

// tooMany notes, and tells, that there are too many functions of a name for calls in file.
func (p *Program) tooMany(file *ir.File, name string, n int) bool {
	if n <= maxNamesakes {
		return false
	}
	p.bounds.mu.Lock()
	defer p.bounds.mu.Unlock()
	if p.bounds.all == nil {
		p.bounds.all = map[Bound]bool{}
	}
	p.bounds.all[Bound{file, fmt.Sprintf("%s has %d definitions, more than %d, so calls of it are not resolved", name, n, maxNamesakes)}] = true
	return true
}

// Bounds lists what was too much so far, by file and text. Names are resolved when they are asked for.
func (p *Program) Bounds() []Bound {
	p.bounds.mu.Lock()
	defer p.bounds.mu.Unlock()
	var out []Bound
	for b := range p.bounds.all {
		out = append(out, b)
	}
	slices.SortFunc(out, func(a, b Bound) int {
		return cmp.Or(cmp.Compare(a.File.Path, b.File.Path), cmp.Compare(a.Text, b.Text))
	})
	return out
}
