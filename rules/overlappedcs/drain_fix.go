package overlappedcs

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

// waiter waits for an operation: (handle, OVERLAPPED, byte count, wait).
const waiter = "GetOverlappedResult"

// mendDrain waits for the operation right after the statement that cancels it. A wait can last: the fix is unsafe. It is offered
// where a statement does nothing but cancel, and no callback of the operation is still to come that uses what ends.
func mendDrain(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil || r.File == nil {
		return
	}
	k, ok := cancellation(p, c, ev)
	if !ok {
		return
	}
	const text = "wait for the operation"
	if asked, ok := k.asked(p, c, ev.Func); ok {
		r.Mend(rules.UnsafeFix, text, asked)
		return
	}
	done, count, path, yes := c.Fresh(rules.Outermost(ev.Func).Span, "transferred"), "&", "", "TRUE"
	typ, name := "DWORD", waiter
	if ev.Func.File.Lang == ir.CSharp {
		beside := p.ImportsBeside(k.call.Target.Import, waiter)
		i := slices.IndexFunc(beside, k.fits)
		if i < 0 {
			return
		}
		imp := beside[i]
		typ, name, path = string(imp.Params[2].Type), imp.Name, c.Path(&k.call)
		count, yes = "out ", "true"
	}
	wait := "{ " + typ + " " + done + "; " + path + name + "(" + k.handle + ", " + k.overlapped + ", " + count + done + ", " + yes + "); }"
	r.Mend(rules.UnsafeFix, text, c.Around(k.from, k.to, nil, []string{wait})...)
}

// cancelled is a statement that cancels an operation.
type cancelled struct {
	call       rules.Call
	from, to   int // the statement
	handle     string
	overlapped string
	asOver     ir.Type // in C#: how the import declares that argument
}

// cancellation finds the last statement that cancelled the operation. Where it does not name the OVERLAPPED, the start does,
// which must mean the same in both places.
func cancellation(p *rules.Pass, c *rules.Code, ev *lifetime.Event) (k cancelled, ok bool) {
	at := slices.IndexFunc(ev.Steps, func(s *lifetime.Step) bool { return s.Kind == lifetime.StepCancel && s.File == c.File })
	if at < 0 || ev.Op == nil || ev.Op.Func != ev.Func || ev.Op.Native == nil || ev.Op.Native.Overlapped == nil {
		return k, false
	}
	if k.call, ok = p.CallAt(c, ev.Func, ev.Steps[at].Span); !ok || k.call.Target.Native == nil {
		return k, false
	}
	w := k.call.Target.Native.Wait
	if w == nil || w.Role != models.RoleCancels {
		return k, false
	}
	if k.from, k.to, ok = c.Alone(&k.call); !ok {
		return k, false
	}
	start, ok := p.CallAt(c, ev.Func, ev.Op.Span)
	i := ev.Op.Native.Overlapped.OverlappedParam
	if !ok || i < 0 || i >= len(start.Args) {
		return k, false
	}
	k.handle, k.overlapped = c.Arg(&k.call, w.HandleParam), c.Arg(&start, i)
	if !k.reaches(c, start.Args[i], ev.Func) || k.handle == "" {
		return k, false
	}
	if imp := start.Target.Import; imp != nil && i < len(imp.Params) {
		k.asOver = imp.Params[i].Type
	}
	// a callback that is still to come would find its NativeOverlapped freed
	return k, ev.Func.File.Lang == ir.C || ev.Use == lifetime.UseBuffer || c.Is(start.Args[i][0], "&")
}

// reaches tells whether the OVERLAPPED of a start is a plain path from a variable that the cancelling statement sees too.
func (k *cancelled) reaches(c *rules.Code, arg [2]int, f *ir.Func) bool {
	name := ""
	for i := arg[0]; i < arg[1]; i++ {
		switch word := c.Tokens[i].Kind == rules.Word; {
		case word && name == "":
			name = c.Tokens[i].Text
		case !word && !c.Is(i, "&", ".", "->", "(", ")"), c.Is(i, "(") && i > arg[0] && c.Tokens[i-1].Kind == rules.Word:
			return false
		}
	}
	for i := range f.NumVars() {
		v := f.Var(ir.VarID(i))
		if v.Name != name || v.Kind != ir.VarLocal {
			continue
		}
		open, shut, ok := c.Block(c.At(v.Span.Start))
		if !ok || k.from < open || k.from > shut {
			return false
		}
	}
	return name != ""
}

// fits tells whether an import of the waiter takes what the other two calls were given.
func (k *cancelled) fits(imp *ir.Import) bool {
	ps, called := imp.Params, k.call.Target.Import
	return len(ps) == 4 && ps[0].Type == called.Params[0].Type && ps[1].Type == k.asOver && ps[1].Ref == ir.ByValue &&
		ps[2].Ref == ir.ByOut && ps[3].Type == "bool"
}

// asked changes a question for the result that follows the statement, and does not wait, into one that does.
func (k *cancelled) asked(p *rules.Pass, c *rules.Code, f *ir.Func) (e rules.Edit, ok bool) {
	for in := range rules.Calls(f) {
		if c.At(in.Span.Start) != k.to {
			continue
		}
		ask, ok := p.CallAt(c, f, in.Span)
		if !ok || ask.Target.NativeName != waiter || len(ask.Args) != 4 || c.Arg(&ask, 1) != k.overlapped {
			continue
		}
		last := ask.Args[3]
		switch c.Join(last[0], last[1]) {
		case "FALSE":
			return c.Replace(last[0], last[1], "TRUE"), true
		case "false":
			return c.Replace(last[0], last[1], "true"), true
		}
	}
	return e, false
}
