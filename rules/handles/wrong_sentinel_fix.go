package handles

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

// mendSentinel exchanges the constant of a comparison where the variable can hold nothing but the
// result of the call. Elsewhere, and where NULL was asked for besides, the right one is added.
func mendSentinel(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	if r.File == nil {
		return
	}
	c := p.Code(ev.Func.File)
	if c == nil {
		return
	}
	t, ok := comparisonAt(c, ev.Span)
	if !ok {
		mendTruth(c, r, ev)
		return
	}
	name, only := ev.Field, false
	if ev.Obj != nil {
		name, only = ev.Obj.Var, setOnce(c, ev.Func, ev.Obj.Var)
	}
	if name == "" || t.operand(c) != name && !strings.HasSuffix(t.operand(c), "."+name) {
		return
	}
	right := t.rightTest(c, ev)
	switch {
	case right == "":
	case only:
		r.Mend(rules.SafeFix, "test for the failure value", c.Replace(t.from, t.to, right))
	default:
		join := " || "
		if !t.equal {
			join = " && "
		}
		text := c.Join(t.from, t.to) + join + right
		op := strings.TrimSpace(join)
		if !c.Is(t.from-1, "(", op, "return", "=") || !c.Is(t.to, ")", op, ";") {
			text = "(" + text + ")"
		}
		r.Mend(rules.SafeFix, "test for the failure value too", c.Replace(t.from, t.to, text))
	}
}

// mendTruth makes a comparison of "x" or "!x" as a condition.
func mendTruth(c *rules.Code, r *rules.Raw, ev *lifetime.Event) {
	var t comparison
	t.from, t.to = c.Within(ev.Span)
	t.operandFrom, t.operandTo = t.from, t.to
	if ev.Obj == nil || t.operand(c) != ev.Obj.Var || !setOnce(c, ev.Func, ev.Obj.Var) {
		return
	}
	if t.equal = c.Is(t.from-1, "!"); t.equal {
		t.from--
	}
	if right := t.rightTest(c, ev); right != "" && c.Is(t.from-1, "(", "&&", "||") && c.Is(t.to, ")", "&&", "||") {
		r.Mend(rules.SafeFix, "test for the failure value", c.Replace(t.from, t.to, right))
	}
}

// comparison is "x == NULL" as tokens: the operand, and the constant.
type comparison struct {
	from, to               int // of the whole
	operandFrom, operandTo int
	constFrom, constTo     int
	equal                  bool // ==, not !=
}

func (t *comparison) operand(c *rules.Code) string { return c.Join(t.operandFrom, t.operandTo) }

// comparisonAt reads the comparison that a span covers; its constant stands on one side.
func comparisonAt(c *rules.Code, s ir.Span) (t comparison, ok bool) {
	t.from, t.to = c.Within(s)
	mid := -1
	for i := t.from; i < t.to; i++ {
		switch {
		case c.Is(i, "(", "["):
			if i = c.Match(i); i < 0 {
				return t, false
			}
		case c.Is(i, "==", "!=", "is") && mid < 0:
			mid, t.equal = i, !c.Is(i, "!=")
		case c.Is(i, "==", "!=", "is", "&&", "||", "?", "="):
			return t, false
		}
	}
	if mid <= t.from || mid+1 >= t.to || c.Is(mid, "is") && !c.Is(mid+1, "null") {
		return t, false
	}
	left, right := [2]int{t.from, mid}, [2]int{mid + 1, t.to}
	if isSentinel(c.Join(left[0], left[1])) {
		left, right = right, left
	}
	t.operandFrom, t.operandTo, t.constFrom, t.constTo = left[0], left[1], right[0], right[1]
	return t, isSentinel(c.Join(right[0], right[1]))
}

// isSentinel tells whether an expression is a spelling of 0 or -1.
func isSentinel(text string) bool {
	switch text = strings.ReplaceAll(text, " ", ""); text {
	case "0", "NULL", "nullptr", "null", "default", "INVALID_HANDLE_VALUE", "-1", "(HANDLE)-1", "(HANDLE)(-1)", "(HANDLE)0", "INVALID_SOCKET":
		return true
	}
	name := text[strings.LastIndexByte(text, '.')+1:]
	return name == "Zero" || strings.EqualFold(strings.ReplaceAll(name, "_", ""), "InvalidHandleValue") ||
		strings.HasPrefix(text, "new") && strings.HasSuffix(text, "IntPtr(-1)")
}

// rightTest is the comparison of the operand with the value that means failure; "" if it has no name
// that is sure to be known in the file.
func (t *comparison) rightTest(c *rules.Code, ev *lifetime.Event) string {
	operand, op := t.operand(c), " == "
	if !t.equal {
		op = " != "
	}
	if ev.Obj != nil && ev.Obj.Kind == lifetime.SafeHandle {
		if !t.equal {
			return ""
		}
		return operand + ".IsInvalid"
	}
	minusOne := ev.Obj == nil || failureOf(ev) != 0
	if ev.Func.File.Lang == ir.C {
		return operand + op + sentinelC(ev, minusOne)
	}
	typ := "IntPtr"
	if text, ok := strings.CutSuffix(c.Join(t.constFrom, t.constTo), ".Zero"); ok {
		typ = text
	}
	switch {
	case !minusOne:
		return operand + op + typ + ".Zero"
	case typ == "nint":
		return operand + op + "-1"
	}
	return operand + op + "new " + typ + "(-1)"
}

func sentinelC(ev *lifetime.Event, minusOne bool) string {
	kind := ""
	if ev.Obj != nil {
		kind = ev.Obj.Acquire.Kind
	}
	switch {
	case !minusOne:
		return "NULL"
	case kind == "SOCKET":
		return "INVALID_SOCKET"
	}
	return "INVALID_HANDLE_VALUE"
}

// setOnce tells whether a local variable is given a value at one place in its function.
func setOnce(c *rules.Code, f *ir.Func, name string) bool {
	from, to := c.Within(f.Span)
	if i := strings.IndexByte(name, '.'); i >= 0 || name == "" {
		return false
	}
	local := false
	for i := range f.NumVars() {
		local = local || f.Var(ir.VarID(i)).Name == name && f.Var(ir.VarID(i)).Kind == ir.VarLocal
	}
	sets := 0
	for i := from; i < to; i++ {
		if !c.Is(i, name) || c.Is(i-1, ".", "->") {
			continue
		}
		if c.Is(i+1, "=") || c.Is(i-1, "&", "ref", "out") {
			sets++
		}
	}
	return local && sets == 1
}
