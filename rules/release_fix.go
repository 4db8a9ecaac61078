package rules

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
)

// MendLeak releases a local object before each return at which it is lost. What else is done with the
// object, by the caller of another function say, it does not see: the fix is unsafe.
func (p *Pass) MendLeak(r *Raw, ev *lifetime.Event) {
	f, c := ev.Func, p.Code(ev.Func.File)
	if c == nil || f.File.Lang != ir.C || ev.Obj == nil || !isLocal(f, ev.Obj.Var) || ev.Obj.Func != f || ev.Obj.InLoop {
		return
	}
	release := p.ReleaseOf(c, ev.Obj)
	if release == "" {
		return
	}
	after := releasedBefore(c, f, release)
	around := reachedAround(f, ev.Obj.Span)
	var edits []Edit
	var places []ir.Span
	for leak := range p.Events(lifetime.Leak) {
		if leak.Obj == nil || leak.Func != f || leak.Obj.Span != ev.Obj.Span || leak.Obj.Var != ev.Obj.Var || slices.Contains(places, leak.End) {
			continue
		}
		places = append(places, leak.End)
		if after(leak.End) || around(leak.End) {
			return // some ways to this return have released it, or never had it
		}
		more, ok := beforeReturn(c, leak, release)
		if !ok {
			return
		}
		edits = append(edits, more...)
	}
	r.Mend(UnsafeFix, "release it where it is lost", edits...)
}

// releasedBefore returns a function that tells whether control can come to a place from one at which
// the same release stands.
func releasedBefore(c *Code, f *ir.Func, release string) func(ir.Span) bool {
	reached := make([]bool, len(f.Blocks()))
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if from, to := c.Within(in.Span); in.Op == ir.OpCall && c.Join(from, to)+";" == release {
				visit(f, ir.BlockID(i), reached)
			}
		}
	}
	return func(at ir.Span) bool { return anyAt(f, at, reached) }
}

// reachedAround returns a function that tells whether control can come to a place without the call that
// made an object.
func reachedAround(f *ir.Func, made ir.Span) func(ir.Span) bool {
	reached := make([]bool, len(f.Blocks()))
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			if in := &f.Blocks()[i].Instrs[j]; in.Op == ir.OpCall && in.Span == made {
				reached[i] = true // not to be gone through
			}
		}
	}
	makers := slices.Clone(reached)
	visit(f, 0, reached)
	for i, m := range makers {
		reached[i] = reached[i] && !m
	}
	return func(at ir.Span) bool { return anyAt(f, at, reached) }
}

// visit marks the blocks that control can come to from b, through such as are not marked.
func visit(f *ir.Func, b ir.BlockID, reached []bool) {
	if b < 0 || int(b) >= len(reached) || reached[b] {
		return
	}
	reached[b] = true
	for _, s := range f.Blocks()[b].Term.Succs {
		visit(f, s, reached)
	}
}

// anyAt tells whether a marked block has an instruction within a span.
func anyAt(f *ir.Func, at ir.Span, marked []bool) bool {
	for i := range f.Blocks() {
		b := &f.Blocks()[i]
		here := at.Contains(b.Term.Span) && b.Term.Span != (ir.Span{}) || slices.ContainsFunc(b.Instrs, func(in ir.Instr) bool { return at.Contains(in.Span) && in.Span != (ir.Span{}) })
		if here && marked[i] {
			return true
		}
	}
	return false
}

// beforeReturn puts a statement before the return at which an object is lost.
func beforeReturn(c *Code, ev *lifetime.Event, release string) (edits []Edit, ok bool) {
	if ev.How != lifetime.AtReturn {
		return nil, false
	}
	at := c.At(ev.End.Start)
	if c.Is(at, "}") && ev.End.End-ev.End.Start <= 1 || c.Is(at, "{") {
		if c.Is(at, "{") {
			at = c.Match(at)
		}
		return c.atEnd(at, release), at > 0
	}
	if !c.Is(at, "return") {
		return nil, false
	}
	from, to, ok := c.Statement(at)
	if !ok || from != at {
		return nil, false
	}
	for i := from + 1; i < to; i++ {
		// a call may use the object, or ask for the last error
		if c.Is(i, ev.Obj.Var) || c.Is(i, "(") && c.Tokens[i-1].Kind == Word && !c.Is(i-1, "return", "sizeof", "defined") {
			return nil, false
		}
	}
	return c.Around(from, to, []string{release}, nil), true
}

// atEnd puts a statement at the end of the block that the brace at i closes, on a line of its own.
func (c *Code) atEnd(i int, statement string) []Edit {
	if i <= 0 || c.Is(i-1, "{") {
		return nil
	}
	last := c.Tokens[i-1].Span
	return []Edit{c.InsertAt(last.End, "\n"+c.Indent(c.firstOf(i-1))+statement)}
}

// firstOf is the start of the statement or block that ends with token i.
func (c *Code) firstOf(i int) uint32 {
	if c.Is(i, "}") {
		if open := c.Match(i); open > 0 {
			return c.Tokens[open].Span.Start
		}
	}
	if from, _, ok := c.Statement(i); ok {
		return c.Tokens[from].Span.Start
	}
	return c.Tokens[i].Span.Start
}

func isLocal(f *ir.Func, name string) bool {
	return name != "" && slices.ContainsFunc(f.AllVars(), func(v ir.Var) bool {
		return v.Name == name && v.Kind == ir.VarLocal && v.Flags&(ir.Static|ir.UsingVar) == 0
	})
}

// ReleaseOf is a statement that releases an object by its variable, "" if none can be written: what
// releases it takes more than the object, or is not imported.
func (p *Pass) ReleaseOf(c *Code, o *lifetime.Object) string {
	if len(o.Release) == 0 || o.Var == "" || o.Acquire != nil && o.Acquire.Field != "" {
		return ""
	}
	typ, name := models.SplitMember(o.Release[0])
	if typ != "" {
		m := p.Program.DB.MemberRelease(typ, name)
		made, _ := models.SplitMember(o.API)
		switch {
		case m == nil:
			return ""
		case m.Resets: // an instance method of a struct: GCHandle.Free
			return o.Var + "." + name + "();"
		case made == typ:
			return c.pathOf(o) + name + "(" + o.Var + ");"
		}
		return ""
	}
	if f := p.Program.DB.Func(name); f == nil || f.Sig == nil || len(f.Sig.Params) != 1 || f.Sig.Varargs {
		return ""
	}
	if c.File.Lang == ir.C {
		return name + "(" + o.Var + ");"
	}
	path := c.pathOf(o)
	if imp := p.importBeside(c, o, name); imp != "" {
		return path + imp + "(" + o.Var + ");"
	}
	return ""
}

// pathOf is what stands before the name of the call that made an object: "NativeMethods.".
func (c *Code) pathOf(o *lifetime.Object) string {
	from, _ := c.Within(o.Span)
	end := from
	for i := from; i+1 < len(c.Tokens) && c.Tokens[i].Kind == Word && c.Is(i+1, ".", "::"); i += 2 {
		end = i + 2
	}
	return c.Join(from, end)
}

// importBeside is the import of a function in the class whose import made the object; "" if there is
// none, or several classes have one of that name.
func (p *Pass) importBeside(c *Code, o *lifetime.Object, export string) string {
	from, _ := c.Within(o.Span)
	path := c.pathOf(o)
	for c.Is(from+1, ".", "::") {
		from += 2
	}
	if from >= len(c.Tokens) {
		return ""
	}
	called := c.Tokens[from].Text
	owner := strings.TrimSuffix(path, ".")
	found := ""
	named, owned := p.imports()
	for _, imp := range named[called] {
		if !ownedBy(imp.Owner, owner, o.Func.Owner) {
			continue
		}
		for _, other := range owned[imp.Owner] {
			if name, _ := p.Program.FactName(other.Import, other.file); name == export && len(other.Params) == 1 {
				found = other.Name
			}
		}
	}
	return found
}

// importIn is an import and the file that it stands in.
type importIn struct {
	*ir.Import
	file *ir.File
}

// imports are those of the program by their names, and by the types that declare them. Each leak asks.
func (p *Pass) imports() (named, owned map[string][]importIn) {
	if p.importsNamed == nil {
		p.importsNamed, p.importsOwned = map[string][]importIn{}, map[string][]importIn{}
		for _, f := range p.Program.Files {
			for _, imp := range f.Imports {
				at := importIn{imp, f}
				p.importsNamed[imp.Name] = append(p.importsNamed[imp.Name], at)
				p.importsOwned[imp.Owner] = append(p.importsOwned[imp.Owner], at)
			}
		}
	}
	return p.importsNamed, p.importsOwned
}

// ownedBy tells whether a full name of a type is what a path in the source names; without a path it is
// the type at hand, or one round it.
func ownedBy(full, path, here string) bool {
	if path == "" {
		return full == here || strings.HasPrefix(here, full+".")
	}
	return full == path || strings.HasSuffix(full, "."+path)
}
