package rules

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// FileOf is the file that declares an import; nil if it is of another program.
func (p *Pass) FileOf(imp *ir.Import) *ir.File {
	for _, f := range p.Program.Files {
		if slices.Contains(f.Imports, imp) {
			return f
		}
	}
	return nil
}

// importAttr is the attribute that makes an import one; nil for other extern methods.
func importAttr(imp *ir.Import) *ir.Attr {
	if a := ir.Find(imp.Attrs, "DllImport"); a != nil {
		return a
	}
	return ir.Find(imp.Attrs, "LibraryImport")
}

// Qualifier is what stands before the name of an attribute, with its dot: "" or
// "System.Runtime.InteropServices.". Names of the same namespace need it too.
func (c *Code) Qualifier(a *ir.Attr) string {
	from, to := c.Within(a.Span)
	end := from
	for i := from; i+1 < to && c.Tokens[i].Kind == Word && c.Is(i+1, ".", "::"); i += 2 {
		end = i + 2
	}
	return c.Join(from, end)
}

// SetArgument gives a named argument of an attribute a value, in the place of the one that it has.
func (c *Code) SetArgument(a *ir.Attr, name, value string) (Edit, bool) {
	from, to := c.Within(a.Span)
	if from == to {
		return Edit{}, false
	}
	if !c.Is(to-1, ")") {
		return c.After(to-1, "("+name+" = "+value+")"), true
	}
	open := c.Match(to - 1)
	if open < from {
		return Edit{}, false
	}
	args := c.Arguments(open, to-1)
	for _, arg := range args {
		if c.Is(arg[0], name) && c.Is(arg[0]+1, "=") && arg[0]+2 < arg[1] {
			return c.Replace(arg[0]+2, arg[1], value), true
		}
	}
	if len(args) == 0 {
		return c.After(open, name+" = "+value), true
	}
	return c.After(args[len(args)-1][1]-1, ", "+name+" = "+value), true
}

// RemoveArgument takes a named argument of an attribute away, if another one stands before it.
func (c *Code) RemoveArgument(a *ir.Attr, name string) (Edit, bool) {
	_, to := c.Within(a.Span)
	if !c.Is(to-1, ")") {
		return Edit{}, false
	}
	args := c.Arguments(c.Match(to-1), to-1)
	for i, arg := range args {
		if i > 0 && c.Is(arg[0], name) && c.Is(arg[0]+1, "=") {
			from := args[i-1][1]
			return Edit{Loc{c.File, ir.Span{Start: c.Tokens[from].Span.Start, End: c.Tokens[arg[1]-1].Span.End}}, ""}, true
		}
	}
	return Edit{}, false
}

// SetOnImport is SetArgument for DllImport or LibraryImport; the value is of a type beside them, and
// gets their qualifier, unless it is a word of the language.
func (c *Code) SetOnImport(imp *ir.Import, name, value string) (Edit, bool) {
	a := importAttr(imp)
	if a == nil {
		return Edit{}, false
	}
	if strings.Contains(value, ".") {
		value = c.Qualifier(a) + value
	}
	return c.SetArgument(a, name, value)
}

// AddAttribute puts an attribute list before the modifiers of a declaration with attributes: on a line
// of its own if the modifiers begin theirs. decl is the whole declaration.
func (c *Code) AddAttribute(decl ir.Span, list string) (Edit, bool) {
	i, to := c.Within(decl)
	for i < to && c.Is(i, "[") {
		if i = c.Match(i) + 1; i <= 0 {
			return Edit{}, false
		}
	}
	if i >= to {
		return Edit{}, false
	}
	at := c.Tokens[i].Span.Start
	if line := c.lineStart(at); strings.TrimSpace(c.Text[line:at]) == "" {
		return c.InsertAt(at, list+"\n"+c.Text[line:at]), true
	}
	return c.InsertAt(at, list+" "), true
}

// RemoveAttribute takes an attribute away: with its brackets, and its line, if it is alone in them.
func (c *Code) RemoveAttribute(s ir.Span) (Edit, bool) {
	from, to := c.Within(s)
	if from == to {
		return Edit{}, false
	}
	switch {
	case c.Is(to, ","):
		return Edit{Loc{c.File, ir.Span{Start: c.Tokens[from].Span.Start, End: c.Tokens[to+1].Span.Start}}, ""}, true
	case c.Is(from-1, ","):
		return Edit{Loc{c.File, ir.Span{Start: c.Tokens[from-1].Span.Start, End: c.Tokens[to-1].Span.End}}, ""}, true
	case !c.Is(from-1, "[") || !c.Is(to, "]"):
		return Edit{}, false
	}
	if line, ok := c.Line(from-1, to+1); ok {
		return Edit{Loc{c.File, line}, ""}, true
	}
	end := c.Tokens[to].Span.End
	for int(end) < len(c.Text) && (c.Text[end] == ' ' || c.Text[end] == '\t') {
		end++
	}
	return Edit{Loc{c.File, ir.Span{Start: c.Tokens[from-1].Span.Start, End: end}}, ""}, true
}
