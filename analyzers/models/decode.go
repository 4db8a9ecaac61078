package models

import (
	"strconv"
	"strings"
)

// The decoders below read what modelgen and the hand-written tables write. The
// self-check has read every row once, so they take a malformed field as empty.

func field(f []string, i int) string {
	if i < len(f) {
		return f[i]
	}
	return ""
}

func atoi(s string, def int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return def
}

// parseInt reads decimal and 0x numbers, also those above 1<<63.
func parseInt(s string) (int64, bool) {
	if n, err := strconv.ParseInt(s, 0, 64); err == nil {
		return n, true
	}
	if n, err := strconv.ParseUint(s, 0, 64); err == nil {
		return int64(n), true
	}
	return 0, false
}

// list splits "a,b"; "" and "-" are empty.
func list(s string) []string {
	if s == "" || s == "-" {
		return nil
	}
	return strings.Split(s, ",")
}

func ints(s string) []int64 {
	var out []int64
	for _, x := range list(s) {
		if n, ok := parseInt(x); ok {
			out = append(out, n)
		}
	}
	return out
}

// decodeWhere reads "return", "3", "9.hProcess", "-1".
func decodeWhere(s string) (param int, member string) {
	if s == "return" {
		return ReturnValue, ""
	}
	head, tail, _ := strings.Cut(s, ".")
	return atoi(head, -1), tail
}

// acquires: name where pname kind class invalid release success when marks confidence note
func decodeAcquire(f []string) Acquire {
	var a Acquire
	a.Param, a.Field = decodeWhere(field(f, 1))
	a.Name = dash(field(f, 2))
	a.Kind = field(f, 3)
	a.Class = Class(field(f, 4))
	a.Invalid = ints(field(f, 5))
	a.Release = list(field(f, 6))
	a.Success = decodeSuccess(field(f, 7))
	a.When = decodeWhen(field(f, 8))
	marks := field(f, 9)
	a.Borrowed = strings.Contains(marks, "b")
	a.InOut = strings.Contains(marks, "i")
	a.Array = strings.Contains(marks, "a")
	a.Confidence = decodeConfidence(field(f, 10))
	a.Note = field(f, 11)
	return a
}

func dash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

var confidences = map[string]Confidence{"u": Unverified, "t": ByType, "d": ByDocs, "r": Reviewed, "x": UserSaid}

func decodeConfidence(s string) Confidence { return confidences[s] }

var successTests = map[string]SuccessTest{
	"value": SuccessValue, "nonzero": SuccessNonZero, "zero": SuccessZero, "hr": SuccessHResult,
	"nt": SuccessNTStatus, "always": SuccessAlways, "oneof": SuccessOneOf, "notoneof": SuccessNotOneOf,
	"outvalue": SuccessOutValue,
}

// decodeSuccess reads "zero/LSTATUS", "oneof:0,997", "value".
func decodeSuccess(s string) Success {
	s, typ, _ := strings.Cut(s, "/")
	test, vals, _ := strings.Cut(s, ":")
	return Success{Test: successTests[test], Values: ints(vals), Type: typ}
}

// decodeWhen reads conditions joined by " and " or " or ": "p1=null",
// "p2!=null", "p0&0x100", "p0!&1", "p0!&?1", "p1=0x172", "p2=self", "p0.fMask&0x40".
func decodeWhen(s string) When {
	var w When
	if s == "" || s == "-" {
		return w
	}
	sep := " and "
	if strings.Contains(s, " or ") {
		w.Any, sep = true, " or "
	}
	for _, part := range strings.Split(s, sep) {
		if c, ok := decodeCond(part); ok {
			w.Conds = append(w.Conds, c)
		}
	}
	return w
}

var condOps = []struct {
	text   string
	eq, ne CondOp
}{
	{"!=", CondNotEqual, 0}, {"!&?", CondLacksRare, 0}, {"!&", CondLacksFlags, 0}, {"=", CondEqual, 0}, {"&", CondHasFlags, 0},
}

func decodeCond(s string) (Cond, bool) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "p") {
		return Cond{}, false
	}
	for _, o := range condOps {
		left, right, found := strings.Cut(s[1:], o.text)
		if !found {
			continue
		}
		c := Cond{Op: o.eq}
		c.Param, c.Field = decodeWhere(left)
		if c.Param < 0 {
			return Cond{}, false
		}
		switch {
		case right == "null" && o.eq == CondEqual:
			c.Op = CondNull
		case right == "null" && o.eq == CondNotEqual:
			c.Op = CondNotNull
		case right == "self" && o.eq == CondEqual:
			c.Op = CondSelfProcess
		case right == "self" && o.eq == CondNotEqual:
			c.Op = CondOtherProcess
		default:
			v, ok := parseInt(right)
			if !ok {
				return Cond{}, false
			}
			c.Value = v
		}
		return c, true
	}
	return Cond{}, false
}

// releases: name where byref types success invalid when noop note
func decodeRelease(f []string) Release {
	var r Release
	r.Param, r.Field = decodeWhere(field(f, 1))
	r.ByRef = strings.Contains(field(f, 2), "&")
	r.ViaStruct = strings.Contains(field(f, 2), "s")
	r.UserSaid = strings.Contains(field(f, 2), "x")
	r.Types = list(field(f, 3))
	r.Success = decodeSuccess(field(f, 4))
	r.Invalid = ints(field(f, 5))
	r.When = decodeWhen(field(f, 6))
	r.NoOp = ints(field(f, 7))
	r.Note = field(f, 8)
	return r
}

// sinks: name where takes success invalid when note
func decodeSink(f []string) Sink {
	var s Sink
	s.Param, s.Field = decodeWhere(field(f, 1))
	s.Takes = field(f, 2)
	s.Success = decodeSuccess(field(f, 3))
	s.Invalid = ints(field(f, 4))
	s.When = decodeWhen(field(f, 5))
	s.Note = field(f, 6)
	return s
}

var pendingTests = map[string]PendingTest{
	"false": PendingFalseError, "socket": PendingSocketError, "return": PendingReturn,
	"nonzero": PendingNonZero,
}

var untils = map[string]Until{
	"return": UntilReturn, "completion": UntilCompletion, "conservative": UntilCompletionConservative,
}

var dirs = map[string]Dir{"in": DirIn, "out": DirOut, "inout": DirInOut}

// overlapped: name kind ov handle routine event pending note buffer...
// pending is "test:error", with "+long" appended for long pins;
// a buffer is "index:name:dir:until[:indirect]".
func decodeOverlapped(f []string) *Overlapped {
	o := &Overlapped{
		Kind:            OverlappedKind(field(f, 1)),
		OverlappedParam: atoi(field(f, 2), -1),
		HandleParam:     atoi(field(f, 3), -1),
		RoutineParam:    atoi(field(f, 4), -1),
		EventParam:      atoi(field(f, 5), -1),
		Note:            field(f, 7),
	}
	pending, long, _ := strings.Cut(field(f, 6), "+")
	o.LongPin = long == "long"
	test, code, _ := strings.Cut(pending, ":")
	o.Pending = pendingTests[test]
	o.PendingError, _ = parseInt(code)
	for i := 8; i < len(f); i++ {
		p := strings.SplitN(f[i], ":", 5)
		o.Buffers = append(o.Buffers, Buffer{
			Param: atoi(field(p, 0), -1), Name: field(p, 1), Dir: dirs[field(p, 2)],
			Until: untils[field(p, 3)], Indirect: field(p, 4),
		})
	}
	return o
}

// waits: name role params withflag outcomes when note
// params: "h=0 hs=1 n=0 all=2 ov=1 flag=3 ms=2 due=2 alert=4".
func decodeWait(f []string) *Wait {
	w := &Wait{
		Role: WaitRole(field(f, 1)), HandleParam: -1, HandlesParam: -1, CountParam: -1, WaitAllParam: -1,
		OverlappedParam: -1, WaitFlagParam: -1, TimeoutParam: -1, DueParam: -1, AlertableParam: -1,
		WithFlag: decodeOutcomes(field(f, 3)), Outcomes: decodeOutcomes(field(f, 4)),
		When: field(f, 5), Note: field(f, 6),
	}
	slots := map[string]*int{
		"h": &w.HandleParam, "hs": &w.HandlesParam, "n": &w.CountParam, "all": &w.WaitAllParam, "ov": &w.OverlappedParam,
		"flag": &w.WaitFlagParam, "ms": &w.TimeoutParam, "due": &w.DueParam, "alert": &w.AlertableParam,
	}
	for _, kv := range strings.Fields(field(f, 2)) {
		k, v, _ := strings.Cut(kv, "=")
		if slot := slots[k]; slot != nil {
			*slot = atoi(v, -1)
		}
	}
	return w
}

// decodeOutcomes reads "complete:!0; pending:0 err=996; none:0 p3=null".
func decodeOutcomes(s string) []Outcome {
	var out []Outcome
	if s == "" || s == "-" {
		return nil
	}
	for _, part := range strings.Split(s, ";") {
		result, test, _ := strings.Cut(strings.TrimSpace(part), ":")
		o := Outcome{Result: WaitResult(result), OutParam: -1}
		for i, w := range strings.Fields(test) {
			switch {
			case i == 0:
				decodeRange(w, &o)
			case strings.HasPrefix(w, "err="):
				o.Errors = ints(w[len("err="):])
			default:
				if c, ok := decodeCond(w); ok {
					o.OutParam, o.OutNonNull = c.Param, c.Op == CondNotNull
				}
			}
		}
		out = append(out, o)
	}
	return out
}

// decodeRange reads "*", "0", "!0", "0..63".
func decodeRange(s string, o *Outcome) {
	if s == "*" {
		o.AnyReturn = true
		return
	}
	if strings.HasPrefix(s, "!") {
		o.Not, s = true, s[1:]
	}
	lo, hi, isRange := strings.Cut(s, "..")
	o.Min, _ = parseInt(lo)
	o.Max = o.Min
	if isRange {
		o.Max, _ = parseInt(hi)
	}
}
