package suppress

import (
	"bytes"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

// removal is the fix that takes rules out of a suppression, or all of it away when none is left.
func (s *Set) removal(e *entry, gone []*ref) (rules.Fix, bool) {
	src := s.u.Snapshot.File(e.file.Path)
	if src == nil {
		return rules.Fix{}, false
	}
	cut := &cutter{file: e.file, text: src.Text()}
	if !cut.from(e, gone) {
		return rules.Fix{}, false
	}
	if e.kind == fromHere {
		cut.restores(s.parsed[e.file.Path], e, gone)
	}
	text := "remove it"
	if len(gone) < len(e.rules) {
		text = "remove " + list(e.names(gone)) + " from it"
	}
	return rules.Fix{Text: text, Safety: rules.SafeFix, Edits: cut.edits}, true
}

// cutter collects deletions in one file, in order.
type cutter struct {
	file  *ir.File
	text  []byte
	edits []rules.Edit
}

func (c *cutter) replace(start, end int, by string) {
	at := ir.Span{Start: uint32(start), End: uint32(end)}
	c.edits = append(c.edits, rules.Edit{Loc: rules.Loc{File: c.file, Span: at}, NewText: by})
}

// from takes rules out of one directive; false where the list holds more than rules.
func (c *cutter) from(e *entry, gone []*ref) bool {
	var left []string
	for _, r := range e.rules {
		if !slices.Contains(gone, r) {
			left = append(left, r.name)
		}
	}
	if len(left) > 0 {
		first, last := e.rules[0].span, e.rules[len(e.rules)-1].span
		if strings.Contains(string(c.text[first.Start:last.End]), untilWord) {
			return false
		}
		c.replace(int(first.Start), int(last.End), strings.Join(left, ", "))
		return true
	}
	if e.dir.Kind == ir.DirectiveAttribute {
		c.attribute(e.dir)
	} else {
		c.piece(int(e.dir.Span.Start), int(e.dir.Span.End))
	}
	return true
}

// restores takes the rules out of the pragmas that restore them next, where they restore nothing else.
func (c *cutter) restores(all []*entry, from *entry, gone []*ref) {
	var order []*entry
	lost := map[*entry][]*ref{}
	for _, r := range gone {
		if e, again := restoreOf(all, from, r.code); e != nil {
			if lost[e] == nil {
				order = append(order, e)
			}
			lost[e] = append(lost[e], again)
		}
	}
	slices.SortFunc(order, func(a, b *entry) int { return int(a.dir.Span.Start) - int(b.dir.Span.Start) })
	for _, e := range order {
		c.from(e, lost[e])
	}
}

// restoreOf is the pragma that restores a rule which from disables, and its word for the rule; nil where
// it is restored together with all others, where another pragma had disabled it before, or not at all.
func restoreOf(all []*entry, from *entry, code string) (*entry, *ref) {
	before := false // whether it was disabled already
	for _, e := range all {
		i := slices.IndexFunc(e.rules, func(r *ref) bool { return r.code == code && code != "" })
		switch {
		case e.kind != fromHere || e == from || i < 0 && !e.all:
		case e.dir.Span.Start < from.dir.Span.Start:
			before = !e.restore
		case before || !e.restore || e.all:
			return nil, nil
		default:
			return e, e.rules[i]
		}
	}
	return nil, nil
}

// attribute deletes an attribute, with its brackets where it is alone in them.
func (c *cutter) attribute(d *ir.Directive) {
	if d.List != (ir.Span{}) {
		c.piece(int(d.List.Start), int(d.List.End))
		return
	}
	start, end := int(d.Span.Start), int(d.Span.End)
	rest := c.text[end:]
	if trimmed := bytes.TrimLeft(rest, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == ',' {
		end += len(rest) - len(trimmed) + 1
		for end < len(c.text) && (c.text[end] == ' ' || c.text[end] == '\t') {
			end++
		}
	} else if before := bytes.TrimRight(c.text[:start], " \t\r\n"); len(before) > 0 && before[len(before)-1] == ',' {
		start = len(before) - 1
	}
	c.replace(start, end, "")
}

// piece deletes what stands from start to end, with its lines if nothing else is on them, else with the
// blanks that it leaves over.
func (c *cutter) piece(start, end int) {
	from := start
	for from > 0 && (c.text[from-1] == ' ' || c.text[from-1] == '\t') {
		from--
	}
	to := end
	for to < len(c.text) && (c.text[to] == ' ' || c.text[to] == '\t') {
		to++
	}
	headOfLine := from == 0 || c.text[from-1] == '\n'
	endOfLine := to == len(c.text) || c.text[to] == '\n' || c.text[to] == '\r'
	switch {
	case headOfLine && endOfLine:
		if i := bytes.IndexByte(c.text[to:], '\n'); i >= 0 {
			to += i + 1
		}
		c.replace(from, to, "")
	case endOfLine:
		c.replace(from, to, "")
	case headOfLine:
		c.replace(start, to, "")
	default:
		c.replace(from, end, "")
	}
}
