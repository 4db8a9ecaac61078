package normalize

import (
	"maps"
	"sort"

	"github.com/pinvet/pinvet/analyzers/source"
)

// maxViews bounds the views of one file; the third is only for arms that the
// first two cannot show together.
const maxViews = 3

// maxArms bounds the work: a file with more arms has one view.
const maxArms = 20000

// assignment holds the value of each atom of the file's conditions in one view.
type assignment map[string]bool

// chooser decides which arms each view takes.
type chooser struct {
	src   []byte
	lang  source.Lang
	arms  []Arm
	fixed map[string]bool // atoms that have one value in all views
	tags  map[string]int  // macros that an arm decides, by that arm
}

// choose sets Arm.Taken and returns the number of views.
//
// The first view makes each condition true where it is met first, unless the
// macro table decides; a macro has one value throughout a view, so that halves
// of a construct under equal conditions stay together. Each further view
// changes as few values as it takes to show arms that were not shown yet.
func choose(src []byte, lang source.Lang, toks []tok, list []Arm, dirs []directive) int {
	c := &chooser{src: src, lang: lang, arms: list, fixed: map[string]bool{}, tags: map[string]int{}}
	c.findFixed(dirs)
	c.findTags(dirs)
	c.findSystems()
	first := assignment{}
	c.take(first, 0)
	if len(list) > maxArms {
		return 1
	}
	b := newBalance(src, toks, list)
	last := first
	for v := 1; v < maxViews; v++ {
		a, ok := c.vary(last, v)
		if ok && b.of(v) != b.of(0) {
			// The source is broken in this configuration: leave out what breaks it.
			b.uneven(v, func(x *cond) { c.fixed[x.atom] = first[x.atom] })
			c.untake(v)
			a, ok = c.vary(last, v)
		}
		if !ok {
			return v
		}
		last = a
	}
	return maxViews
}

// vary makes view v: the assignment last with the changes that show more arms.
// It reports false when there is nothing more to show.
func (c *chooser) vary(last assignment, v int) (assignment, bool) {
	a, locked := maps.Clone(last), map[string]bool{}
	progress := false
	for i := range c.arms {
		if c.uncovered(i) && c.reach(i, a, locked) {
			progress = true
		}
	}
	if progress {
		c.take(a, v)
	}
	return a, progress
}

func (c *chooser) untake(v int) {
	for i := range c.arms {
		c.arms[i].Taken &^= 1 << v
	}
}

// findFixed fixes the macros that no build sets (C++) and include guards:
// "#ifndef X" whose arm defines X.
func (c *chooser) findFixed(dirs []directive) {
	for name, m := range knownMacros()[c.lang] {
		if m.never {
			c.fixed[name] = false
		}
	}
	for i := range c.arms {
		a := &c.arms[i]
		if a.cond == nil || a.cond.op != '!' || a.cond.x.op != 'a' || a.cond.x.cmp.op != "" {
			continue
		}
		from := sort.Search(len(dirs), func(k int) bool { return dirs[k].start >= a.Start })
		for _, d := range dirs[from:] {
			if d.start >= a.End {
				break
			}
			if d.name == "define" && firstWord(string(c.src[d.arg:d.end])) == a.cond.x.atom {
				c.fixed[a.cond.x.atom] = false
				break
			}
		}
	}
}

// take marks the arms that view v takes; atoms without a value get one.
func (c *chooser) take(a assignment, v int) {
	bit := uint8(1) << v
	done := map[int]bool{} // chains of which an arm is taken
	for i := range c.arms {
		arm := &c.arms[i]
		if arm.parent >= 0 && c.arms[arm.parent].Taken&bit == 0 {
			for _, name := range arm.tags {
				a[name] = false
			}
			continue
		}
		if arm.cond != nil {
			arm.cond.walk(true, func(x *cond, positive bool) { c.assume(a, x, positive) })
		}
		taken := !done[arm.chain] && c.holds(arm, a)
		for _, name := range arm.tags {
			a[name] = taken
		}
		if taken {
			done[arm.chain] = true
			arm.Taken |= bit
		}
	}
}

func (c *chooser) assume(a assignment, x *cond, positive bool) {
	if _, ok := a[x.atom]; ok {
		return
	}
	if v, ok := c.fixed[x.atom]; ok {
		a[x.atom] = v
		return
	}
	if v, ok := known(c.lang, x.cmp); ok {
		a[x.atom] = v
		return
	}
	a[x.atom] = positive
}

func (c *chooser) holds(arm *Arm, a assignment) bool {
	return arm.cond == nil || arm.cond.eval(func(x *cond) bool { return a[x.atom] })
}

// uncovered reports whether an arm has something in it that no view shows yet.
func (c *chooser) uncovered(i int) bool {
	arm := &c.arms[i]
	if arm.Taken != 0 {
		return false
	}
	for _, b := range c.src[arm.Start:min(arm.End, len(c.src))] {
		if b > ' ' {
			return true
		}
	}
	return false
}

// reach changes a so that the arm, and those around it, are taken, as far as
// the locked atoms allow; what it sets it locks.
func (c *chooser) reach(i int, a assignment, locked map[string]bool) bool {
	var set []string // atoms whose value was changed
	ok := c.show(i, a, locked, &set)
	if !ok {
		for _, name := range set {
			delete(locked, name)
			a[name] = !a[name]
		}
	}
	return ok
}

// show is reach for one arm of several; what it changes it adds to set.
func (c *chooser) show(i int, a assignment, locked map[string]bool, set *[]string) bool {
	ok := true
	for ; i >= 0 && ok; i = c.arms[i].parent {
		arm := &c.arms[i]
		ok = arm.cond == nil || c.want(arm.cond, true, a, locked, set)
		for k := i - 1; k >= 0 && ok && arm.index > 0; k-- {
			if e := &c.arms[k]; e.chain == arm.chain {
				ok = c.want(e.cond, false, a, locked, set)
				if e.index == 0 {
					break
				}
			}
		}
	}
	return ok
}

// want tries to give a condition a value by changing atoms that are not locked.
func (c *chooser) want(x *cond, value bool, a assignment, locked map[string]bool, set *[]string) bool {
	if x == nil {
		return !value
	}
	switch x.op {
	case '0', '1':
		return (x.op == '1') == value
	case '!':
		return c.want(x.x, !value, a, locked, set)
	case 'a':
		if v, ok := c.fixed[x.atom]; ok {
			return v == value
		}
		if locked[x.atom] {
			return a[x.atom] == value
		}
		if old, known := a[x.atom]; known && old != value {
			*set = append(*set, x.atom)
		}
		a[x.atom] = value
		locked[x.atom] = true
		if arm, ok := c.tags[x.atom]; ok {
			return c.wantTag(arm, value, a, locked, set)
		}
		return true
	}
	if (x.op == '&') == value { // both are needed
		return c.want(x.x, value, a, locked, set) && c.want(x.y, value, a, locked, set)
	}
	return c.want(x.x, value, a, locked, set) || c.want(x.y, value, a, locked, set)
}
