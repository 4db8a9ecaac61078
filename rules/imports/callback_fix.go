package imports

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

// mendCallback keeps the delegate in a field of the class: of a static method in a static one, for good; of an instance method
// in the object, which may be collected itself. It is offered where the type of the delegate is written, or is that of
// a parameter of a method of the same class.
func mendCallback(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil || r.File == nil || len(ev.Steps) == 0 || ev.Steps[0].File != c.File {
		return
	}
	in := rules.Outermost(ev.Func)
	if in.Kind != ir.FuncPlain && in.Kind != ir.FuncCtor || ev.Func.Kind == ir.FuncLambda || !isClass(p, in.Owner) {
		return
	}
	m := made{c: c, f: ev.Func}
	if m.from, m.to = c.Within(ev.Steps[0].Span); m.from >= m.to {
		return
	}
	target, static, ok := m.method(p)
	if !ok || !static && in.Flags&ir.Static != 0 {
		return
	}
	typ := m.delegateType(p, ev.Span)
	if typ == "" || strings.ContainsAny(typ, "<[") {
		return
	}
	end := in.Span.End
	if i := c.At(end); c.Is(i, ";") {
		end = c.Tokens[i].Span.End
	}
	indent := c.Indent(in.Span.Start)
	name := lowerFirst(target[strings.LastIndexByte(target, '.')+1:])
	if static {
		name = p.NewMember(c, in, "s_"+name)
		field := "private static readonly " + typ + " " + name + " = " + target + ";"
		r.Mend(rules.SafeFix, "keep the delegate in a static field", c.Replace(m.from, m.to, name), c.InsertAt(end, "\n\n"+indent+field))
		return
	}
	name = p.NewMember(c, in, "_"+name)
	once := name + " ?? (" + name + " = " + c.Join(m.from, m.to) + ")"
	r.Mend(rules.UnsafeFix, "keep the delegate in a field", c.Replace(m.from, m.to, once), c.InsertAt(end, "\n\n"+indent+"private "+typ+" "+name+";"))
}

// made is the expression that makes a delegate.
type made struct {
	c        *rules.Code
	f        *ir.Func
	from, to int
}

// method is the method that the delegate calls, as written; not ok if it is none of the class at hand, or a lambda.
func (m *made) method(p *rules.Pass) (name string, static, ok bool) {
	c, from, to := m.c, m.from, m.to
	if c.Is(from, "new") {
		open := from
		for open < to && !c.Is(open, "(") {
			open++
		}
		if to--; open+1 >= to || c.Match(open) != to {
			return "", false, false
		}
		from = open + 1
	}
	name = c.Join(from, to)
	short := strings.TrimPrefix(name, "this.")
	if strings.ContainsAny(short, ".() =?<>[]{}+") {
		return "", false, false
	}
	for _, file := range p.Program.Files {
		for _, f := range file.Funcs {
			if f.Owner != m.f.Owner || f.Name != short || f.Kind != ir.FuncPlain {
				continue
			}
			if ok && static != (f.Flags&ir.Static != 0) {
				return "", false, false
			}
			static, ok = f.Flags&ir.Static != 0, true
		}
	}
	return name, static, ok
}

// delegateType is the type of the delegate as the code at hand can name it, "" if that is not sure.
func (m *made) delegateType(p *rules.Pass, at ir.Span) string {
	c := m.c
	if c.Is(m.from, "new") {
		i := m.from + 1
		for i < m.to && !c.Is(i, "(") {
			i++
		}
		return c.Join(m.from+1, i)
	}
	if from, _, ok := c.Statement(m.from); ok && c.Is(m.from-1, "=") && c.Is(m.to, ";", ",") && m.from-from >= 3 {
		if typ := c.Join(from, m.from-2); typ != "var" && !strings.ContainsAny(typ, "=,(") {
			return typ // T name = Method;
		}
		return ""
	}
	call, ok := p.CallAt(c, m.f, at)
	if !ok {
		return ""
	}
	i := slices.Index(call.Args, [2]int{m.from, m.to})
	t := call.Target
	if i = t.Arg(i, len(call.Args)); i < 0 {
		return ""
	}
	owner, typ := "", ir.Type("")
	switch {
	case t.Import != nil && i < len(t.Import.Params):
		owner, typ = t.Import.Owner, t.Import.Params[i].Type
	case t.Import == nil && len(t.Funcs) == 1 && i < len(t.Funcs[0].Params):
		g := t.Funcs[0]
		owner, typ = g.Owner, g.Var(g.Params[i]).Type
	}
	if owner == m.f.Owner || strings.HasPrefix(m.f.Owner, owner+".") && owner != "" {
		return string(typ)
	}
	return ""
}

// isClass tells whether a type of the unit is a class.
func isClass(p *rules.Pass, owner string) bool {
	for _, f := range p.Program.Files {
		for _, t := range f.Types {
			if t.Name == owner && f.Lang == ir.CSharp {
				return t.Kind == ir.TypeClass
			}
		}
	}
	return false
}

func lowerFirst(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[n:]
}
