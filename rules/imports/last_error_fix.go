package imports

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

const interop = "System.Runtime.InteropServices"

// mendLate takes the last error before the statement that sets it anew, and uses that where it was read.
func mendLate(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil || r.File == nil || len(ev.Steps) < 3 {
		return
	}
	set := slices.IndexFunc(ev.Steps, func(s *lifetime.Step) bool { return s.Kind == lifetime.StepNote })
	if set < 0 || !ev.Func.Span.Contains(ev.Steps[set].Span) {
		return
	}
	name := p.NewLocal(c, ev.Func, "error")
	value, use, ok := readOf(p, c, ev, name)
	if !ok {
		return
	}
	read := c.At(ev.Span.Start)
	from, to, ok := c.Statement(c.Outside(c.At(ev.Steps[set].Span.Start)))
	if !ok || !c.Braced(from) || read < to || c.At(ev.Steps[0].Span.Start) >= from || !visible(c, from, to, read) {
		return
	}
	safety := rules.SafeFix
	if ev.Unsure {
		safety = rules.UnsafeFix // what .NET calls may leave the error alone
	}
	edits := c.Around(from, to, []string{"int " + name + " = " + value + ";"}, nil)
	r.Mend(safety, "take the error first", append(edits, use)...)
}

// readOf is an expression for the last error, and the edit that uses a variable in the place of the read.
func readOf(p *rules.Pass, c *rules.Code, ev *lifetime.Event, name string) (value string, use rules.Edit, ok bool) {
	call, ok := p.CallAt(c, ev.Func, ev.Span)
	if !ok || len(call.Args) != 0 || call.Target.MemberName == "" {
		return "", use, false
	}
	if call.Target.MemberName == "Win32Exception..ctor" {
		return marshal(c) + "GetLastWin32Error()", c.After(call.Open, name), true
	}
	from, to := c.Within(ev.Span)
	return c.Join(from, to), c.Replace(from, to, name), call.Target.Ret == "int" && to == call.Shut+1
}

// marshal is the class Marshal as a file can name it, with a dot.
func marshal(c *rules.Code) string {
	if slices.ContainsFunc(c.File.Usings, func(u ir.Using) bool { return u.Name == interop && u.Alias == "" && !u.Static }) {
		return "Marshal."
	}
	return interop + ".Marshal."
}

// visible tells whether a variable that is declared before a statement has its value at a token behind it.
func visible(c *rules.Code, from, to, at int) bool {
	_, shut, ok := c.Block(from)
	if !ok || at > shut {
		return false
	}
	for i := to; i < at; i++ {
		if c.Is(i, "case", "default", "goto") {
			return false
		}
	}
	return true
}

// mendRaw asks the runtime for the error that it keeps, in the whole function, and lets the imports that are called there keep
// theirs. Whether an import that is called elsewhere is meant cannot be told: the fix is unsafe.
func mendRaw(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil || r.File == nil || ev.Import == nil {
		return
	}
	cast, known := map[ir.Type]string{"int": "", "uint": "(uint)"}[ev.Import.Ret]
	if !known {
		return
	}
	var edits []rules.Edit
	asked := map[*ir.Import]bool{}
	for in := range rules.Calls(ev.Func) {
		imp := p.Program.Callee(ev.Func, in).Import
		if imp == nil || asked[imp] {
			continue
		}
		if imp != ev.Import {
			asked[imp] = true
			e, ok := keepError(p, imp)
			if !ok {
				return
			}
			edits = append(edits, e...)
			continue
		}
		call, ok := p.CallAt(c, ev.Func, in.Span)
		if !ok {
			return
		}
		from, to := c.Within(in.Span)
		text := marshal(c) + "GetLastWin32Error()"
		switch {
		case cast == "", c.Join(max(from-3, 0), from) == "(int)":
		case c.Is(call.Shut+1, "."):
			text = "(" + cast + text + ")"
		default:
			text = cast + text
		}
		edits = append(edits, c.Replace(from, to, text))
	}
	if len(asked) > 0 {
		r.Mend(rules.UnsafeFix, "ask the runtime for the error that it kept", edits...)
	}
}

// keepError lets an import keep the last error, if it does not; not ok where that cannot be written.
func keepError(p *rules.Pass, imp *ir.Import) (edits []rules.Edit, ok bool) {
	if imp.SetLastError {
		return nil, true
	}
	c := p.Code(p.FileOf(imp))
	if c == nil {
		return nil, false
	}
	e, ok := c.SetOnImport(imp, "SetLastError", "true")
	return []rules.Edit{e}, ok
}
