package link

import (
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Replaced says that bodies in a file of the program are others now, those of changed, while what the
// file declares is the same (ir.Shape), and so are the other bodies but for their places. Nobody may
// ask the program anything meanwhile. Answers about other functions that rest on what the old bodies
// did, such as what a pointer in a field was looked up as, are dropped by Forget.
func (p *Program) Replaced(f *ir.File, changed []*ir.Func) {
	fi := p.info[f]
	if fi == nil {
		return
	}
	p.Forget(changed...)
	p.callbacks = callbackIndex{}
	p.found = foundFields{}
	p.suppressed.drop(f)
	p.words.replaced(fi.index)
	p.uses.replace(p, fi.index)
}

// Forget drops the answers about functions of which code elsewhere has changed.
func (p *Program) Forget(fs ...*ir.Func) {
	for _, f := range fs {
		if fi := p.info[f.File]; fi != nil && f.Index >= 0 && f.Index < len(fi.memo) {
			fi.memo[f.Index].Store(nil)
		}
	}
}

// replace indexes one file anew.
func (u *useIndex) replace(p *Program, index int) {
	if u.byName == nil {
		return // not asked for yet
	}
	f := p.Files[index]
	now := map[string][]namedAt{}
	for _, fn := range f.Funcs {
		if !fn.Packed() {
			indexFunc(fn, now)
		}
	}
	if p.words.packed != nil && p.words.packed[index] {
		p.ForgetUses() // what a body named that was packed is not known any more
	}
	touched := map[string]bool{}
	for name := range u.perFile[index] {
		touched[name] = true
	}
	for name := range now {
		touched[name] = true
	}
	for name := range touched {
		list := make([]namedAt, 0, len(u.byName[name])+len(now[name]))
		placed := false
		for _, at := range u.byName[name] {
			if at.f.File == f {
				continue
			}
			if !placed && p.info[at.f.File].index > index {
				list, placed = append(list, now[name]...), true
			}
			list = append(list, at)
		}
		if !placed {
			list = append(list, now[name]...)
		}
		u.byName[name] = list
	}
	u.perFile[index] = now
	for name := range touched {
		u.owners.Delete(name)
		u.lists.Delete(name)
	}
	u.memo.Range(func(k, _ any) bool {
		if touched[k.(fieldKey).name] {
			u.memo.Delete(k)
		}
		return true
	})
}

// suppressedIndex keeps the answers of Suppressed by file.
type suppressedIndex struct {
	mu     sync.Mutex
	byFile map[*ir.File][]Suppressed
	named  bool // some declaration has such a type
	given  bool // or some parameter
}

func (s *suppressedIndex) drop(f *ir.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byFile, f)
}
