package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/extent"
)

// lengths adds an event for each call of an import whose C side counts in another unit than C#, or
// goes past a buffer.
func (e *engine) lengths(res *Result) {
	finder := extent.New(e.prog)
	for _, f := range e.asked(e.border.graph.Crosses, nil) {
		if !e.border.graph.Crosses(f) {
			continue
		}
		for _, m := range finder.In(f) {
			a := fnRun{f: f, prog: e.prog, eng: e}
			res.Events = append(res.Events, &Event{Kind: LengthMismatch, Func: f, Span: m.Call.Span, API: m.Native.Name, Import: m.Import,
				Field: a.tempName(m.Arg), Length: &m, Steps: lengthSteps(&m)})
		}
	}
}

// lengthSteps walks from the call in C# to the place in C and back.
func lengthSteps(m *extent.Mismatch) []*Step {
	steps := []*Step{{File: m.Func.File, Span: m.Call.Span, Kind: StepCall, Text: "calls " + m.Native.Name}}
	for _, s := range m.Sites {
		kind := StepNote
		if s.Call {
			kind = StepCall
		}
		steps = append(steps, &Step{File: s.File, Span: s.Span, Kind: kind, Text: s.Text})
	}
	text := "back in C#: the buffer ends before that"
	switch m.Kind {
	case extent.Under:
		text = "back in C#: the buffer is larger"
	case extent.Unbounded:
		text = "back in C#: the buffer has a certain size"
	}
	return append(steps, &Step{File: m.Func.File, Span: m.Call.Span, Kind: StepEnd, Text: text})
}
