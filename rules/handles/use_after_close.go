package handles

import (
	_ "embed"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN404.md
var useAfterClosePage string

var useAfterClose = rules.Define(runUseAfterClose, rules.Rule{
	Code: "PIN404", Name: "use-after-close", Title: "Handle closed twice, or used after it was closed",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Error, CWE: 1341, Since: "0.1.0", Fix: rules.UnsafeFix, Doc: useAfterClosePage,
})

func runUseAfterClose(p *rules.Pass) {
	told := map[released]bool{}
	for ev := range p.Events(lifetime.DoubleRelease, lifetime.UseAfterRelease) {
		if ev.Obj == nil || !ev.ByNative {
			continue
		}
		if r := firstRelease(ev); r.at != nil {
			if told[r] {
				continue // what goes wrong after one release is one defect
			}
			told[r] = true
		}
		name := rules.Quote(ev.Obj.Var, "the handle")
		if ev.Kind == lifetime.DoubleRelease {
			p.MendAgain(p.Report(ev, "%s was released before on this path and is released again by %s", name, rules.Quote(ev.API, "this call")), ev)
			continue
		}
		p.Report(ev, "%s was released before on this path and is used by %s", name, rules.Quote(ev.API, "this call"))
	}
	reportStale(p)
}

// released is one release of what one call acquired, or of one variable.
type released struct {
	f    *ir.Func
	site ir.Span
	name string
	at   *ir.File
	span ir.Span
}

// firstRelease is the release that an event comes after: the same one whatever call led to it.
func firstRelease(ev *lifetime.Event) released {
	for _, s := range ev.Steps {
		if s.Kind == lifetime.StepRelease {
			return released{ev.Func, ev.Obj.Span, ev.Obj.Var, s.File, s.Span}
		}
	}
	return released{}
}

// reportStale reports fields that one method closes and leaves as they are, when another method
// of the type closes them again.
func reportStale(p *rules.Pass) {
	type member struct{ owner, name string }
	closers := map[member][]*ir.Func{}
	for ev := range p.Events(lifetime.FieldReleased) {
		m := member{ev.Owner, ev.Field}
		if ev.How == lifetime.AtClose && ev.Obj.Kind == lifetime.Unknown {
			closers[m] = append(closers[m], ev.Func)
		}
	}
	told := map[member]bool{}
	for ev := range p.Events(lifetime.FieldStale) {
		m := member{ev.Owner, ev.Field}
		i := slices.IndexFunc(closers[m], func(f *ir.Func) bool { return f != ev.Func })
		if i < 0 || told[m] {
			continue
		}
		told[m] = true
		r := p.Report(ev, "%s is closed here and keeps its value, and %s closes it again", rules.Quote(ev.Field, "the field"), closers[m][i].Name)
		r.Confidence = rules.Medium
	}
}
