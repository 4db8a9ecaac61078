package rules

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
)

func TestReportTakesTheCardOfTheLanguage(t *testing.T) {
	cards := Define(func(*Pass) {},
		Rule{Code: "PIN111", Name: "cancel-without-drain", Title: "a", Langs: []ir.Lang{ir.CSharp}},
		Rule{Code: "PIN202", Name: "cancel-without-drain-native", Title: "b", Langs: []ir.Lang{ir.C}})
	if cards[0].Analyzer != cards[1].Analyzer {
		t.Error("two cards of one rule have two analyzers")
	}
	if err := analysis.Validate([]*analysis.Analyzer{cards[0].Analyzer}); err != nil {
		t.Error(err)
	}
	cs := &ir.Func{Name: "M", Owner: "T", File: &ir.File{Path: "a.cs", Lang: ir.CSharp}}
	c := &ir.Func{Name: "f", File: &ir.File{Path: "a.c", Lang: ir.C}}
	step := &lifetime.Step{File: c.File, Span: ir.Span{Start: 1, End: 2}, Kind: lifetime.StepCancel, Text: "cancelled here"}
	p := &Pass{cards: cards, life: &lifetime.Result{Events: []*lifetime.Event{
		{Kind: lifetime.Leak, Func: cs},
		{Kind: lifetime.StorageEnds, Func: cs, Span: ir.Span{Start: 3, End: 9}},
		{Kind: lifetime.StorageEnds, Func: c, Obj: &lifetime.Object{Var: "buf"}, Steps: []*lifetime.Step{step}},
	}}}
	for ev := range p.Events(lifetime.StorageEnds, lifetime.DoubleRelease) {
		p.Report(ev, "%s goes", Quote("", "the buffer"))
	}
	if len(p.raws) != 2 {
		t.Fatalf("%d findings", len(p.raws))
	}
	first, second := p.raws[0], p.raws[1]
	if first.Rule.Code != "PIN111" || first.Span.End != 9 || first.Message != "the buffer goes" || first.Func != cs {
		t.Errorf("%+v", first)
	}
	if second.Rule.Code != "PIN202" || second.Subject != "buf" || !slices.Equal(second.Steps, []Step{{Loc{c.File, step.Span}, "cancel", "cancelled here"}}) {
		t.Errorf("%+v", second)
	}
}

func TestNoCardNoFinding(t *testing.T) {
	p := &Pass{cards: Define(func(*Pass) {}, Rule{Code: "PIN101", Name: "x", Langs: []ir.Lang{ir.CSharp}})}
	raw := p.ReportAt(&ir.File{Lang: ir.C}, ir.Span{}, "x")
	raw.Severity = Warning // what a rule does with it must not fail
	if len(p.raws) != 0 {
		t.Error("a finding in a language without card was kept")
	}
}

func TestEveryStepKindHasAWord(t *testing.T) {
	for k := lifetime.StepAcquire; k <= lifetime.StepNote; k++ {
		if stepWords[k] == "" {
			t.Errorf("step kind %d has no word", k)
		}
	}
}

func TestSeverities(t *testing.T) {
	for _, s := range []Severity{Advice, Warning, Error} {
		if got, err := ParseSeverity(s.String()); err != nil || got != s {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	if _, err := ParseSeverity("fatal"); err == nil {
		t.Error("fatal was accepted")
	}
	if Error.Lowered(Low) != Warning || Advice.Lowered(Low) != Advice || Error.Lowered(Medium) != Error {
		t.Error("low confidence lowers by one, and nothing else does")
	}
}

func TestSummary(t *testing.T) {
	r := &Rule{Title: "title", Doc: "# X\n\n## What it does\n\nFinds\nthings.\n\nMore.\n"}
	if got := Summary(r); got != "Finds things." {
		t.Errorf("%q", got)
	}
	if got := Summary(&Rule{Title: "title"}); got != "title" {
		t.Errorf("%q", got)
	}
}
