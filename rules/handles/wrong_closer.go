package handles

import (
	_ "embed"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN405.md
var wrongCloserPage string

var wrongCloser = rules.Define(runWrongCloser, rules.Rule{
	Code: "PIN405", Name: "wrong-closer", Title: "Handle closed by a function for other handles",
	Langs: []ir.Lang{ir.C, ir.CSharp}, Severity: rules.Error, CWE: 763, Since: "0.1.0", Fix: rules.SafeFix, Doc: wrongCloserPage,
})

func runWrongCloser(p *rules.Pass) {
	for ev := range p.Events(lifetime.BorrowedClosed) {
		p.Report(ev, "%s from %s must not be given to %s: %s", rules.Quote(ev.Obj.Var, "the handle"), maker(ev.Obj), rules.Quote(ev.API, "this call"), ev.Where)
	}
	for _, w := range p.OwnedWrongly() {
		ownedWrongly(p, &w)
	}
	for ev := range p.Events(lifetime.WrongRelease) {
		if ev.Obj == nil || ev.Obj.Kind != lifetime.Handle {
			continue
		}
		r := p.Report(ev, "%s from %s is closed by %s, which closes other handles: it needs %s", rules.Quote(ev.Obj.Var, "the handle"),
			maker(ev.Obj), rules.Quote(ev.API, "this call"), releaser(ev.Obj))
		mendCloser(p, r, ev)
	}
}

// ownedWrongly reports the owner that an import declares for its handle.
func ownedWrongly(p *rules.Pass, w *lifetime.OwnedWrongly) {
	var r *rules.Raw
	owner, closer := rules.Quote(w.Owner, "the owner"), rules.Quote(w.Closer.Name, "another function")
	if w.Whose != "" {
		r = p.ReportAt(w.File, w.Import.NameSpan, "the handle from `%s` gets the owner %s, which closes it by %s: %s", w.Fn.Name, owner, closer, w.Whose)
	} else {
		r = p.ReportAt(w.File, w.Import.NameSpan, "the handle from `%s` gets the owner %s, which closes it by %s, but it needs %s", w.Fn.Name, owner, closer,
			rules.Quote(w.Acquire.Release[0], "another"))
	}
	r.Subject = w.Import.Name
	if w.At.Func != nil {
		r.Steps = append(r.Steps, rules.Step{Loc: rules.Loc{File: w.At.Func.File, Span: w.At.At.Span}, Kind: "note", Text: "the owner closes it here"})
	}
}
