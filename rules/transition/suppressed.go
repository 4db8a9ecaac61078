package transition

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

// body is the C definition behind s, nil if it is not in the unit.
func body(s *link.Suppressed) *ir.Func {
	if s.Bound == nil || s.Bound.Confidence < link.Medium {
		return nil
	}
	return s.Bound.Func
}

// known is what the models say of s; nothing where the body counts.
func known(p *rules.Pass, s *link.Suppressed) (models.Transition, string) {
	if s.Name == "" || body(s) != nil {
		return models.TransitionUnknown, ""
	}
	return p.Program.DB.Transition(s.Name, s.Runtime)
}

// name is how a message calls s.
func name(s *link.Suppressed) string {
	if s.Import != nil {
		return rules.Quote(s.Import.Name, "the import")
	}
	return rules.Quote(s.Name, "the function pointer")
}

func report(p *rules.Pass, s *link.Suppressed, format string, args ...any) *rules.Raw {
	r := p.ReportAt(s.File, s.Span, format, args...)
	r.Func = s.Func
	r.Subject = s.Name
	if s.Import != nil {
		r.Subject = s.Import.Name
	}
	mend(p, r, s)
	return r
}
