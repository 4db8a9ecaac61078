package rules

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
)

// Define makes the rules of one analysis: one card, or one for each code where
// one defect has two. All of them share one analyzer, which runs the function
// once and whose result is []*Raw.
func Define(run func(*Pass), cards ...Rule) []*Rule {
	list := make([]*Rule, len(cards))
	for i := range cards {
		list[i] = &cards[i]
	}
	a := &analysis.Analyzer{
		Name:       identifier(cards[0].Name),
		Doc:        cards[0].Title,
		Requires:   []*analysis.Analyzer{source.Analyzer, link.Analyzer, abi.Analyzer, lifetime.Analyzer},
		ResultType: reflect.TypeFor[[]*Raw](),
		Run: func(ap *analysis.Pass) (any, error) {
			life := ap.ResultOf[lifetime.Analyzer].(*lifetime.Result)
			p := &Pass{
				Program: ap.ResultOf[link.Analyzer].(*link.Program),
				ABI:     ap.ResultOf[abi.Analyzer].(*abi.Result),
				cards:   list,
				life:    life,
				only:    life.Only,

				snapshot: ap.ResultOf[source.Analyzer].(*source.Snapshot),
			}
			run(p)
			p.lowerDead(p.snapshot)
			p.diagnose(ap, p.snapshot)
			return p.raws, nil
		},
	}
	for _, r := range list {
		r.Analyzer = a
	}
	return list
}

// identifier turns "pin-leak" into "pin_leak": analyzers have Go names.
func identifier(name string) string { return strings.ReplaceAll(name, "-", "_") }

// Pass is what a rule sees of one unit, and where it reports.
type Pass struct {
	Program *link.Program // declarations, and what names mean
	ABI     *abi.Result   // imports and structs against their native side

	cards []*Rule
	life  *lifetime.Result
	only  *ir.File // where findings are asked for; nil: everywhere
	raws  []*Raw

	snapshot *source.Snapshot
	codes    map[*ir.File]*Code
	locals   map[*ir.Func][]string // names that fixes were given, see NewLocal
	members  map[string][]string   // of classes, see NewMember

	importsNamed, importsOwned map[string][]importIn // see imports
}

// Project returns the projects that compile a C# file; nil, which answers all questions, when none is
// known.
func (p *Pass) Project(f *ir.File) *project.CS { return p.Program.Projects.Of(f.Path) }

// OwnedWrongly returns the imports whose handles get an owner that closes them by the wrong function.
func (p *Pass) OwnedWrongly() []lifetime.OwnedWrongly { return p.life.OwnedWrongly(p.Program) }

// Events returns the events of these kinds, in the order of lifetime: by file,
// function and place.
func (p *Pass) Events(kinds ...lifetime.EventKind) iter.Seq[*lifetime.Event] {
	return slices.Values(p.life.OfKinds(kinds...))
}

// Wants tells whether findings in a file are asked for: an editor asks for those of one file. A rule need
// not look; it saves what the drop of a finding would throw away.
func (p *Pass) Wants(f *ir.File) bool { return p.only == nil || f == p.only }

// Report reports an event: its place, function, steps and object are the
// finding's. The message is one sentence without a full stop; its names come
// from [Quote]. What comes back may be refined: severity, confidence, place.
func (p *Pass) Report(ev *lifetime.Event, format string, args ...any) *Raw {
	raw := p.ReportOf(ev, ev.Func.File, ev.Span, format, args...)
	raw.Func = ev.Func
	if ev.Obj != nil {
		raw.Subject = ev.Obj.Var
	}
	return raw
}

// ReportOf reports a place, such as a declaration, for which an event gives the steps.
func (p *Pass) ReportOf(ev *lifetime.Event, f *ir.File, at ir.Span, format string, args ...any) *Raw {
	raw := p.ReportAt(f, at, format, args...)
	if raw.File == nil {
		return raw // nobody asks for it
	}
	for _, s := range ev.Steps {
		raw.Steps = append(raw.Steps, Step{Loc{s.File, s.Span}, stepWord(s.Kind), s.Text})
	}
	return raw
}

// stepWords are the kinds of steps as formats name them; where SARIF has a
// well-known word for a kind, it is that.
var stepWords = map[lifetime.StepKind]string{
	lifetime.StepAcquire: "acquire",
	lifetime.StepRelease: "release",
	lifetime.StepStart:   "start",
	lifetime.StepWait:    "wait",
	lifetime.StepCancel:  "cancel",
	lifetime.StepBranch:  "branch",
	lifetime.StepPin:     "pin",
	lifetime.StepUnpin:   "unpin",
	lifetime.StepStore:   "store",
	lifetime.StepCall:    "call",
	lifetime.StepEnd:     "end",
	lifetime.StepNote:    "note",
}

func stepWord(k lifetime.StepKind) string {
	if w, ok := stepWords[k]; ok {
		return w
	}
	return "note"
}

// ReportAt reports a place, such as a declaration. A finding in a language for
// which the rule has no card, or that nobody asks for, is dropped: its File
// is nil then.
func (p *Pass) ReportAt(f *ir.File, at ir.Span, format string, args ...any) *Raw {
	if !p.Wants(f) {
		return &Raw{}
	}
	raw := &Raw{Loc: Loc{f, at}, Message: fmt.Sprintf(format, args...)}
	for _, card := range p.cards {
		if slices.Contains(card.Langs, f.Lang) {
			raw.Rule = card
			p.raws = append(p.raws, raw)
			break
		}
	}
	return raw
}

// Quote puts a name into a message; without a name it says what it is instead:
// Quote("h", "the handle").
func Quote(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return "`" + name + "`"
}

// diagnose reports the findings to whatever driver of go/analysis runs the rule;
// our own takes them from the result.
func (p *Pass) diagnose(ap *analysis.Pass, s *source.Snapshot) {
	for _, raw := range p.raws {
		d := analysis.Diagnostic{
			Pos: s.Pos(raw.File.Path, int(raw.Span.Start)), End: s.Pos(raw.File.Path, int(raw.Span.End)),
			Category: raw.Rule.Code, Message: raw.Message,
		}
		for _, st := range raw.Steps {
			d.Related = append(d.Related, analysis.RelatedInformation{
				Pos: s.Pos(st.File.Path, int(st.Span.Start)), End: s.Pos(st.File.Path, int(st.Span.End)), Message: st.Text,
			})
		}
		ap.Report(d)
	}
}
