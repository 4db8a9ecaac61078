package suppress

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// target is what an attribute of the assembly names: a symbol as documentation comments write it
// ("~M:N.T.F(System.Int32)"), or in words ("N.T.F").
type target struct {
	kind   string // "M", "T", "F", "P", "E", "N", or "" where only the scope tells
	name   string
	params int // -1: any number
	scope  string
}

func targetOf(e *entry) target {
	t := target{scope: strings.ToLower(e.scope), params: -1, name: strings.TrimPrefix(strings.TrimSpace(e.target), "~")}
	if len(t.name) > 2 && t.name[1] == ':' {
		t.kind, t.name = t.name[:1], t.name[2:]
	}
	if i := strings.IndexByte(t.name, '('); i >= 0 {
		t.params = countParams(t.name[i:])
		t.name = t.name[:i]
	} else if t.kind == "M" {
		t.params = 0
	}
	t.name = plainName(t.name)
	switch {
	case t.kind != "":
	case t.scope == "type":
		t.kind = "T"
	case strings.HasPrefix(t.scope, "namespace"):
		t.kind = "N"
	}
	return t
}

// everywhere tells whether it names no symbol, so that all of the assembly is meant.
func (t *target) everywhere() bool { return t.name == "" }

// countParams counts the parameters in "(System.Int32,N.T{A,B})".
func countParams(list string) int {
	list = strings.TrimSuffix(strings.TrimPrefix(list, "("), ")")
	if strings.TrimSpace(list) == "" {
		return 0
	}
	n, depth := 1, 0
	for _, c := range list {
		switch c {
		case '{', '[', '(', '<':
			depth++
		case '}', ']', ')', '>':
			depth--
		case ',':
			if depth == 0 {
				n++
			}
		}
	}
	return n
}

// plainName makes the name of a symbol what the lowered code calls it: no arity, nested types with a
// dot, the names of constructors.
func plainName(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '`':
			for i+1 < len(s) && (s[i+1] == '`' || s[i+1] >= '0' && s[i+1] <= '9') {
				i++
			}
		case '+':
			b.WriteByte('.')
		case '#':
			if strings.HasPrefix(s[i:], "#ctor") || strings.HasPrefix(s[i:], "#cctor") {
				b.WriteByte('.') // T.#ctor is T..ctor
			}
		default:
			b.WriteByte(c)
		}
	}
	out := b.String()
	if owner, ok := strings.CutSuffix(out, ".Finalize"); ok {
		out = owner + ".~"
	}
	return out
}

// spans are the places of the target in a file.
func (t *target) spans(f *ir.File) (out []ir.Span) {
	is := func(kinds, name string) bool {
		return (t.kind == "" || strings.Contains(kinds, t.kind)) && name == t.name
	}
	for _, d := range f.Types {
		if is("T", d.Name) || t.kind == "N" && t.holds(d.Name) {
			out = append(out, d.Span)
		}
	}
	for _, d := range f.Funcs {
		if is("M", d.FullName()) && t.takes(len(d.Params)) {
			out = append(out, d.Span)
		}
	}
	for _, d := range f.Imports {
		if is("M", d.Owner+"."+d.Name) && t.takes(len(d.Params)) {
			out = append(out, d.Span)
		}
	}
	for _, d := range f.Fields {
		if is("FPE", d.Owner+"."+d.Name) {
			out = append(out, d.Span)
		}
	}
	for _, d := range f.Props {
		if is("P", d.Owner+"."+d.Name) {
			out = append(out, d.Span)
		}
	}
	return out
}

func (t *target) takes(params int) bool { return t.params < 0 || t.params == params }

// holds tells whether a namespace that is the target holds a type.
func (t *target) holds(typ string) bool {
	rest, ok := strings.CutPrefix(typ, t.name+".")
	return ok && (t.scope == "namespaceanddescendants" || !strings.Contains(rest, "."))
}
