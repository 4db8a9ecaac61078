package link

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Guard is the condition on which a macro leaves the function that uses it.
type Guard struct {
	Arg  int    // the argument that is tested
	Test string // a function of it that is true there, "" for a comparison
	Sub  ir.Sub // how it compares with Than there
	Than int64
	Not  bool // the macro leaves where the test is false
}

// leaving tells what all definitions of a macro that from sees say of leaving the function that uses it, nil if they
// say nothing, or do not agree.
func (p *Program) leaving(from *ir.File, ms []in[*ir.Macro]) *Target {
	var all *Target
	for _, m := range ms {
		t := p.leavingOf(from, m, 0)
		if t == nil && len(ms) > 1 && doesNothing(m.decl) {
			continue // a check that a build may leave out
		}
		if t == nil || all != nil && (all.Leaves != t.Leaves || (all.Guard == nil) != (t.Guard == nil) || all.Guard != nil && *all.Guard != *t.Guard) {
			return nil
		}
		all = t
	}
	if all != nil {
		all.Words = map[string]bool{}
		for _, m := range ms {
			if !p.wordsOf(from, m.decl, all.Words, 0) {
				all.Words = nil
				break
			}
		}
	}
	return all
}

// wordsOf adds the words of a macro's text, and of the macros that it uses, to out. It is false where one of them goes to a label.
func (p *Program) wordsOf(from *ir.File, m *ir.Macro, out map[string]bool, depth int) bool {
	if depth > maxDepth {
		return false
	}
	for _, w := range strings.FieldsFunc(m.Body, notInWord) {
		switch {
		case w == "goto":
			return false
		case out[w]:
			continue
		}
		out[w] = true
		for _, more := range [...][]in[*ir.Macro]{p.c.macros[w], p.c.exits[w]} {
			for _, u := range prefer(p, from, more, fileIn) {
				if !p.wordsOf(from, u.decl, out, depth+1) {
					return false
				}
			}
		}
	}
	return true
}

func notInWord(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// doesNothing tells whether the text of a macro has no other words than those of an empty statement and of its parameters.
func doesNothing(m *ir.Macro) bool {
	words := strings.FieldsFunc(m.Body, notInWord)
	return !slices.ContainsFunc(words, func(w string) bool {
		switch {
		case w == "do", w == "while", w == "void", w == "0", slices.Contains(m.Params, w):
			return false
		}
		return !strings.HasSuffix(w, "_START") && !strings.HasSuffix(w, "_BEGIN") && !strings.HasSuffix(w, "_END")
	})
}

func (p *Program) leavingOf(from *ir.File, m in[*ir.Macro], depth int) *Target {
	d := m.decl
	switch {
	case !p.visible(from, m.file) || depth > maxDepth:
		return nil
	case d.Leaves:
		return &Target{Leaves: true}
	case d.Guard == nil:
		return nil
	case d.Guard.Via != "":
		return p.leavingVia(from, d, depth)
	}
	if len(p.c.macros[d.Guard.Test]) > 0 || len(p.c.funcs[d.Guard.Test]) > 0 {
		return nil // not what the models know by that name
	}
	g := &Guard{Arg: d.Guard.Param, Test: d.Guard.Test, Not: d.Guard.Not}
	if sub, ok := comparisons[g.Test]; ok || g.Test == "" {
		than, known := int64(0), true
		if g.Test == "" {
			sub = ir.Ne
		} else {
			than, known = p.constText(from, d.Guard.Than)
		}
		if !known {
			return nil
		}
		if g.Not {
			sub, _ = sub.Negate()
		}
		g.Test, g.Sub, g.Than, g.Not = "", sub, than, false
	}
	return &Target{Guard: g}
}

// leavingVia: the macro is a use of another one.
func (p *Program) leavingVia(from *ir.File, d *ir.Macro, depth int) *Target {
	if d.Guard.Via == d.Name {
		return nil
	}
	var all *Target
	for _, m := range distinct(prefer(p, from, p.c.macros[d.Guard.Via], fileIn)) {
		t := p.leavingOf(from, m, depth+1)
		if t == nil || all != nil {
			return nil
		}
		all = t
	}
	if all == nil {
		return nil
	}
	t := &Target{Leaves: all.Leaves}
	if all.Guard != nil {
		g := *all.Guard
		if g.Arg >= len(d.Guard.Args) || d.Guard.Args[g.Arg] < 0 {
			return nil
		}
		g.Arg = d.Guard.Args[g.Arg]
		t.Guard = &g
	}
	return t
}

// Exit is what a name does that stands alone as a statement of f, as a macro of another file or one of a library's headers
// that are not in the tree: it leaves the function. It is nil if the name is not known to be one.
func (p *Program) Exit(f *ir.Func, name string) *Target {
	ms := prefer(p, f.File, p.c.exits[name], fileIn)
	if len(ms) == 0 {
		if len(p.c.consts[name]) == 0 && len(p.c.heads[name]) == 0 && models.ReturnMacro(name) {
			return &Target{NativeName: name, Opaque: true, Leaves: true}
		}
		return nil
	}
	if len(prefer(p, f.File, p.c.consts[name], fileIn)) > 0 {
		return nil // something else in another arm of an #if
	}
	t := p.leaving(f.File, ms)
	if t != nil {
		t.NativeName, t.Opaque = name, true
	}
	return t
}

var comparisons = map[string]ir.Sub{"==": ir.Eq, "!=": ir.Ne, "<": ir.Lt, ">": ir.Gt, "<=": ir.Le, ">=": ir.Ge}

// constText is the value of a number, or of a name of a constant.
func (p *Program) constText(from *ir.File, text string) (int64, bool) {
	switch text {
	case "NULL", "nullptr", "false":
		return 0, true
	}
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return n, true
	}
	return p.cConst(from, text, 0)
}
