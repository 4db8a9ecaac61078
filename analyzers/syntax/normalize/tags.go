package normalize

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
)

// A tag is a macro that a file of C defines in one arm of a chain of which another arm defines another tag:
//
//	#if defined(_MSC_VER)
//	# define ON_WINDOWS
//	#else
//	# define ON_UNIX
//	#endif
//
// So no build has both, and which one it has is decided where they are defined, not where they are asked for.

// findTags finds the tags: macros that are defined once in the file, never undefined, and first asked for behind that.
func (c *chooser) findTags(dirs []directive) {
	if c.lang != source.C {
		return
	}
	at, asked := c.definitions(dirs), c.firstAsked()
	tagged := map[int][]int{} // of a chain: its arms that define one
	for name, arm := range at {
		_, fixed := c.fixed[name]
		if first, ok := asked[name]; fixed || arm < 0 || !ok || first < c.arms[arm].End {
			delete(at, name)
		} else if chain := c.arms[arm].chain; !slices.Contains(tagged[chain], arm) {
			tagged[chain] = append(tagged[chain], arm)
		}
	}
	for name, arm := range at {
		if len(tagged[c.arms[arm].chain]) == tagArms {
			c.tags[name] = arm
			c.arms[arm].tags = append(c.arms[arm].tags, name)
		}
	}
}

// tagArms is the number of arms of a chain that define tags: more of them would hide each other, as there are only maxViews views.
const tagArms = 2

// definitions are the arms that macros are defined in, -1 for a macro that is defined elsewhere as well, or undefined.
func (c *chooser) definitions(dirs []directive) map[string]int {
	at := map[string]int{}
	in := -1 // the last arm that starts before the directive
	for _, d := range dirs {
		for in+1 < len(c.arms) && c.arms[in+1].Start <= d.start {
			in++
		}
		if d.name != "define" && d.name != "undef" {
			continue
		}
		arm := in
		for arm >= 0 && d.start >= c.arms[arm].End {
			arm = c.arms[arm].parent
		}
		name := firstWord(string(c.src[d.arg:d.end]))
		if _, again := at[name]; again || d.name == "undef" || isZero(c.src[d.arg:d.end]) {
			arm = -1
		}
		at[name] = arm
	}
	return at
}

// isZero tells whether "NAME VALUE" defines a macro as 0.
func isZero(definition []byte) bool {
	f := strings.Fields(string(definition))
	return len(f) == 2 && strings.Trim(f[1], "()") == "0"
}

// firstAsked is where the arm starts whose condition is the first to ask whether a macro is defined.
func (c *chooser) firstAsked() map[string]int {
	at := map[string]int{}
	for i := range c.arms {
		if c.arms[i].cond == nil {
			continue
		}
		c.arms[i].cond.walk(true, func(x *cond, _ bool) {
			if _, seen := at[x.cmp.name]; !seen {
				at[x.cmp.name] = c.arms[i].Start
			}
		})
	}
	return at
}

// wantTag gives a tag a value by showing the arm that defines it, or another arm of its chain.
func (c *chooser) wantTag(arm int, value bool, a assignment, locked map[string]bool, set *[]string) bool {
	if value {
		return c.show(arm, a, locked, set)
	}
	for i := range c.arms {
		if i != arm && c.arms[i].chain == c.arms[arm].chain && c.show(i, a, locked, set) {
			return true
		}
	}
	return false
}
