package walk

import (
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// rule is a pattern of .gitignore, with what a name must begin and end with so that it can match: usual files have hundreds
// of patterns, and to match them is most of a walk.
type rule struct {
	gitignore.Pattern
	head, tail string
}

// ruleOf reads a line that is no comment.
func ruleOf(line string, domain []string) rule {
	r := rule{Pattern: gitignore.ParsePattern(line, domain)}
	elements := strings.Split(strings.TrimRight(strings.TrimPrefix(line, "!"), " "), "/")
	slices.Reverse(elements)
	for _, e := range elements {
		if e == "" || strings.Contains(e, "**") || strings.HasSuffix(e, `\`) {
			continue
		}
		// Some name of a path that matches must match this one.
		const special = `*?[]\`
		r.head, r.tail = e, e
		if i := strings.IndexAny(e, special); i >= 0 {
			r.head, r.tail = e[:i], e[strings.LastIndexAny(e, special)+1:]
		}
		break
	}
	return r
}

// may tells whether the pattern can match a path.
func (r *rule) may(path []string) bool {
	for _, name := range path {
		if strings.HasPrefix(name, r.head) && strings.HasSuffix(name, r.tail) {
			return true
		}
	}
	return false
}
