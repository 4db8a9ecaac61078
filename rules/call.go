package rules

import (
	"iter"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// Call is a call as it stands in the source: what a fix needs to write another one beside it.
type Call struct {
	Target *link.Target
	Name   int      // the index of the token that names the function
	Open   int      // that of its bracket
	Shut   int      // and of the one that closes it
	Args   [][2]int // its arguments: pairs of from and to
}

// CallAt is the call of a function with that place; not ok where there is none, or macros hide it.
func (p *Pass) CallAt(c *Code, f *ir.Func, at ir.Span) (call Call, ok bool) {
	for in := range Calls(f) {
		if in.Span == at {
			return p.callOf(c, f, in)
		}
	}
	return call, false
}

// Calls yields the calls of a function.
func Calls(f *ir.Func) iter.Seq[*ir.Instr] {
	return func(yield func(*ir.Instr) bool) {
		blocks := f.Blocks()
		for i := range blocks {
			for j := range blocks[i].Instrs {
				if in := &blocks[i].Instrs[j]; in.Op == ir.OpCall && !yield(in) {
					return
				}
			}
		}
	}
}

func (p *Pass) callOf(c *Code, f *ir.Func, in *ir.Instr) (call Call, ok bool) {
	end := in.Call.NameSpan.End
	if end == 0 {
		return call, false
	}
	call.Name = c.At(end - 1)
	call.Open = call.Name + 1
	if !c.Is(call.Open, "(") || c.Tokens[call.Name].Span.End != end {
		return call, false
	}
	if call.Shut = c.Match(call.Open); call.Shut < 0 {
		return call, false
	}
	call.Args = c.Arguments(call.Open, call.Shut)
	call.Target = p.Program.Callee(f, in)
	return call, len(call.Args) == len(in.Call.Args)
}

// Arg is the text of argument i, "" if there is none.
func (c *Code) Arg(call *Call, i int) string {
	if i < 0 || i >= len(call.Args) {
		return ""
	}
	return c.Join(call.Args[i][0], call.Args[i][1])
}

// Path is what stands before the name of a call: "NativeMethods.".
func (c *Code) Path(call *Call) string {
	from := call.Name
	for c.Is(from-1, ".", "::") && from >= 2 && c.Tokens[from-2].Kind == Word {
		from -= 2
	}
	return c.Join(from, call.Name)
}

// Alone is the statement that a call is: "f(x);" with nothing before it; not ok if it is part of one.
func (c *Code) Alone(call *Call) (from, to int, ok bool) {
	from, to, ok = c.Statement(call.Name)
	if !ok || to != call.Shut+2 {
		return 0, 0, false
	}
	path := c.Path(call)
	return from, to, c.Join(from, call.Name) == path || c.Join(from, call.Name) == "(void)"+path
}

// ImportsBeside are the imports of an exported function in the class of another import.
func (p *Pass) ImportsBeside(imp *ir.Import, export string) (out []*ir.Import) {
	if imp == nil {
		return nil
	}
	for _, f := range p.Program.Files {
		for _, other := range f.Imports {
			if other.Owner != imp.Owner {
				continue
			}
			if name, _ := p.Program.FactName(other, f); name == export {
				out = append(out, other)
			}
		}
	}
	return out
}

// Block is the innermost pair of braces round token i; not ok where there is none.
func (c *Code) Block(i int) (open, shut int, ok bool) {
	for i--; i >= 0; i-- {
		switch {
		case c.Is(i, "{"):
			shut = c.Match(i)
			return i, shut, shut > 0
		case c.Is(i, "}", ")", "]"):
			if i = c.Match(i); i < 0 {
				return 0, 0, false
			}
		}
	}
	return 0, 0, false
}

// Outside is the bracket, opened before token i and not closed yet, that stands outermost in the statement of i; i itself
// where there is none.
func (c *Code) Outside(i int) int {
	for j := i - 1; j >= 0 && !c.Is(j, ";", "{", "}"); j-- {
		switch {
		case c.Is(j, ")", "]"):
			if j = c.Match(j); j < 0 {
				return i
			}
		case c.Is(j, "(", "["):
			i = j
		}
	}
	return i
}

// Outermost is the member that a lambda or local function stands in, or the function itself.
func Outermost(f *ir.Func) *ir.Func {
	for f.Parent >= 0 && f.Parent < len(f.File.Funcs) {
		f = f.File.Funcs[f.Parent]
	}
	return f
}

// NewLocal is a name for a variable of a member: one that it has nowhere, and that no other fix was given for it.
func (p *Pass) NewLocal(c *Code, f *ir.Func, base string) string {
	f = Outermost(f)
	given := p.locals[f]
	name := c.Fresh(f.Span, base, given...)
	if p.locals == nil {
		p.locals = map[*ir.Func][]string{}
	}
	p.locals[f] = append(given, name)
	return name
}

// NewMember is NewLocal for a member of the class of f.
func (p *Pass) NewMember(c *Code, f *ir.Func, base string) string {
	others := p.members[f.Owner]
	if others == nil {
		for _, file := range p.Program.Files {
			for _, d := range file.Fields {
				if d.Owner == f.Owner {
					others = append(others, d.Name)
				}
			}
			for _, g := range file.Funcs {
				if g.Owner == f.Owner {
					others = append(others, strings.TrimPrefix(strings.TrimPrefix(g.Name, "get_"), "set_"))
				}
			}
		}
	}
	name := c.Fresh(ir.Span{End: uint32(len(c.Text))}, base, others...)
	if p.members == nil {
		p.members = map[string][]string{}
	}
	p.members[f.Owner] = append(others, name)
	return name
}
