package handles

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

// mendForgotten closes the forgotten handle as the other one of its struct is closed: behind that statement, or behind the last
// one that names the forgotten one. It is offered where the struct is seen to go nowhere as a whole, so that nobody
// else can have the handle.
func mendForgotten(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	dot := strings.LastIndexByte(ev.Obj.Var, '.')
	c := p.Code(ev.Func.File)
	if c == nil || r.File == nil || dot < 0 || ev.Obj.Func != ev.Func {
		return
	}
	base := ev.Obj.Var[:dot]
	call, from, to, ok := closeOfOther(p, c, ev, base+".")
	if !ok {
		return
	}
	last, ok := lastMention(c, ev, base)
	if !ok {
		return
	}
	if last >= to {
		stop := to
		if from, to, ok = c.Statement(c.Outside(last)); !ok || !sameBlock(c, stop-1, from) || c.Is(to, "else") {
			return
		}
		for i := stop; i < to; i++ {
			if c.Is(i, "return", "goto", "break", "continue", "throw") {
				return
			}
		}
	}
	release := c.Path(&call) + c.Tokens[call.Name].Text + "(" + ev.Obj.Var + ");"
	r.Mend(rules.SafeFix, "close it too", c.Around(from, to, nil, []string{release})...)
}

// closeOfOther is the only statement that releases a handle whose name begins with that, and does nothing else.
func closeOfOther(p *rules.Pass, c *rules.Code, ev *lifetime.Event, prefix string) (found rules.Call, from, to int, ok bool) {
	n := 0
	for in := range rules.Calls(ev.Func) {
		call, ok := p.CallAt(c, ev.Func, in.Span)
		if !ok || call.Target.Native == nil || !ev.Obj.Acquire.ReleasedBy(call.Target.Native) || len(call.Args) != 1 || !strings.HasPrefix(c.Arg(&call, 0), prefix) {
			continue
		}
		found = call
		n++
	}
	if n != 1 {
		return found, 0, 0, false
	}
	from, to, ok = c.Alone(&found)
	return found, from, to, ok
}

// lastMention is the last token of the function that names the forgotten handle; not ok where the struct is used otherwise than
// by its members, behind the call that fills it.
func lastMention(c *rules.Code, ev *lifetime.Event, base string) (last int, ok bool) {
	lost := ev.Obj.Var[len(base)+1:]
	_, filled := c.Within(ev.Obj.Span)
	from, to := c.Within(ev.Func.Span)
	for i := from; i < to; i++ {
		switch {
		case !c.Is(i, base) || c.Is(i-1, ".", "->") || i < filled:
		case !c.Is(i+1, "."):
			return 0, false
		case c.Is(i+2, lost):
			last = i
		}
	}
	return last, !strings.ContainsAny(base, ".->")
}

// sameBlock tells whether two tokens stand in the same braces, with none between them.
func sameBlock(c *rules.Code, a, b int) bool {
	a1, a2, ok := c.Block(a)
	b1, b2, ok2 := c.Block(b)
	return ok && ok2 && a1 == b1 && a2 == b2
}

// mendOverwritten releases the handle before it is overwritten, unless it is none. That the code means to lose it there, and
// not to keep it, is likely and no more: the fix is unsafe.
func mendOverwritten(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c, o := p.Code(ev.Func.File), ev.Obj
	if c == nil || r.File == nil || o.Func != ev.Func {
		return
	}
	release := p.ReleaseOf(c, o)
	from, to, ok := c.Statement(c.At(ev.End.Start))
	if release == "" || !ok || !c.Is(from, o.Var) || !c.Is(from+1, "=") {
		return
	}
	if slices.ContainsFunc(c.Tokens[from+1:to], func(t rules.Token) bool { return t.Text == o.Var || t.Text == "=" && t != c.Tokens[from+1] }) {
		return
	}
	test, ok := ownsTest(c, ev)
	if !ok {
		return
	}
	r.Mend(rules.UnsafeFix, "release it before", c.Around(from, to, []string{"if (" + test + ") " + release}, nil)...)
}

// ownsTest is an expression that is true where a local variable has a handle: its value is none of those that it is
// given and none that means failure. Not ok where it may have no value at all.
func ownsTest(c *rules.Code, ev *lifetime.Event) (test string, ok bool) {
	name, q := ev.Obj.Var, ev.Obj.Acquire
	i := slices.IndexFunc(ev.Func.AllVars(), func(v ir.Var) bool { return v.Name == name && v.Kind == ir.VarLocal && v.Flags&ir.Static == 0 })
	if i < 0 || q == nil || len(q.Invalid) == 0 {
		return "", false
	}
	nothing := slices.Clone(q.Invalid)
	from, to := c.Within(ev.Func.Span)
	first := true
	for j := from; j < to; j++ {
		if !c.Is(j, name) || c.Is(j-1, ".", "->") {
			continue
		}
		if first && !c.Is(j+1, "=") {
			return "", false // declared without a value
		}
		first = false
		if c.Is(j+1, "=") {
			end := j + 2
			for end < to && !c.Is(end, ";", ",", ")") {
				if c.Is(end, "(", "[") {
					end = max(c.Match(end), end)
				}
				end++
			}
			switch value := c.Join(j+2, end); {
			case !isSentinel(value):
			case strings.Contains(value, "1") || strings.Contains(strings.ToUpper(value), "INVALID"):
				nothing = append(nothing, -1)
			default:
				nothing = append(nothing, 0)
			}
		}
	}
	slices.Sort(nothing)
	var tests []string
	for _, n := range slices.Backward(slices.Compact(nothing)) {
		text := constantOf(ev, string(ev.Func.Var(ir.VarID(i)).Type), n)
		if text == "" {
			return "", false
		}
		tests = append(tests, name+" != "+text)
	}
	return strings.Join(tests, " && "), true
}

// constantOf writes 0 or -1 as a value of a type; "" if there is no sure way.
func constantOf(ev *lifetime.Event, typ string, n int64) string {
	switch {
	case n != 0 && n != -1:
		return ""
	case ev.Func.File.Lang == ir.C:
		return sentinelC(ev, n == -1)
	case typ == "nint" && n == 0:
		return "0"
	case typ == "nint":
		return "-1"
	case typ != "IntPtr" && typ != "System.IntPtr":
		return ""
	case n == 0:
		return typ + ".Zero"
	}
	return "new " + typ + "(-1)"
}
