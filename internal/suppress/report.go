package suppress

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/suppressions"
)

// Findings are what is wrong with the suppressions themselves, once Of was asked for all findings.
// understood tells whether the rules saw all of the code of a file; nil: of none, so that nothing is
// said to match nothing.
func (s *Set) Findings(understood func(*ir.File) bool) (out []*rules.Raw) {
	for _, f := range s.u.Files {
		for _, e := range s.parsed[f.Path] {
			if raw := s.complain(e, understood); raw != nil {
				out = append(out, raw)
			}
		}
	}
	return out
}

func (s *Set) complain(e *entry, understood func(*ir.File) bool) *rules.Raw {
	switch {
	case e.restore:
		return nil
	case e.asked && len(e.rules) == 0:
		return e.raw(suppressions.Incomplete, "%s names no rule, so it suppresses nothing", e.what())
	case e.asked && e.reason == "":
		return e.raw(suppressions.Incomplete, "%s of %s gives no reason, so it suppresses nothing: %s", e.what(), list(e.names(e.rules)), e.remedy())
	case e.ended && over(e.until, noDay):
		return e.raw(suppressions.Expired, "%s of %s has ended: %s is no date such as 2027-01-31", e.what(), list(e.names(e.rules)), rules.Quote(untilWord+e.until, ""))
	case e.ended:
		return e.raw(suppressions.Expired, "%s of %s ended on %s, so what it hid is shown again", e.what(), list(e.names(e.rules)), e.until)
	case understood == nil || !s.understood(e, understood):
		return nil
	}
	return s.unused(e)
}

// raw makes a finding on a directive.
func (e *entry) raw(rule *rules.Rule, format string, args ...any) *rules.Raw {
	return &rules.Raw{
		Loc: rules.Loc{File: e.file, Span: e.dir.Span}, Rule: rule,
		Message: fmt.Sprintf(format, args...), Subject: strings.Join(e.names(e.rules), ","),
	}
}

// what names the kind of a suppression at the head of a sentence.
func (e *entry) what() string {
	switch e.dir.Kind {
	case ir.DirectivePragma:
		return "this pragma"
	case ir.DirectiveAttribute:
		return "this `SuppressMessage`"
	}
	return "this `" + ir.DirectiveMark + "`"
}

// remedy says how a reason is given.
func (e *entry) remedy() string {
	if e.dir.Kind == ir.DirectiveAttribute {
		return "say why in its `Justification`"
	}
	return "say why behind `--`"
}

func (e *entry) names(refs []*ref) (out []string) {
	for _, r := range refs {
		if r.code != "" {
			out = append(out, r.code)
		} else {
			out = append(out, r.name)
		}
	}
	return out
}

func list(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// unused says which of the rules that a suppression names it does not suppress.
func (s *Set) unused(e *entry) *rules.Raw {
	var idle, unknown, fixed []*ref
	for _, r := range e.rules {
		switch {
		case e.kind == fromHere && !ourCode.MatchString(r.name): // another tool's
		case r.code == "":
			unknown = append(unknown, r)
		case suppressions.About(r.code):
			fixed = append(fixed, r)
		case !r.used && s.ran(r.code):
			idle = append(idle, r)
		}
	}
	gone := slices.Concat(idle, unknown, fixed)
	if len(gone) == 0 {
		return nil
	}
	var raw *rules.Raw
	switch {
	case len(idle) > 0:
		raw = e.raw(suppressions.Unused, "%s matches nothing: there is no %s where it holds", e.what(), list(e.names(idle)))
	case len(unknown) > 0:
		raw = e.raw(suppressions.Unused, "%s matches nothing: there is no rule %s", e.what(), list(e.names(unknown)))
	default:
		raw = e.raw(suppressions.Unused, "%s matches nothing: what is said about suppressions, such as %s, cannot be suppressed", e.what(), list(e.names(fixed)))
	}
	raw.Subject = strings.Join(e.names(gone), ",")
	if fix, ok := s.removal(e, gone); ok {
		raw.Fixes = []rules.Fix{fix}
	}
	return raw
}

func (s *Set) ran(code string) bool {
	return slices.ContainsFunc(s.u.Rules, func(r *rules.Rule) bool { return r.Code == code })
}

// understood tells whether all code that a suppression is about was understood.
func (s *Set) understood(e *entry, understood func(*ir.File) bool) bool {
	if e.kind != inAssembly && partType(e) == "" {
		return understood(e.file)
	}
	for _, f := range s.u.Files {
		if f.Lang == ir.CSharp && s.together(e.file.Path, f.Path) && !understood(f) {
			return false
		}
	}
	return true
}
