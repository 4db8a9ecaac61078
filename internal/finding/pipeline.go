package finding

import (
	"fmt"
	"slices"

	"github.com/pinvet/pinvet/rules"
)

// Processor is one stage between raw findings and the output.
type Processor struct {
	Name  string
	After []string // the processors that must have run, where they are present
	Run   func([]*Finding) []*Finding
}

// Options says what the pipeline lets through.
type Options struct {
	Generated   bool              // keep findings in generated code
	Rules       func(string) bool // whether a code was asked for; nil: all
	MinSeverity rules.Severity    // the lowest severity shown

	Suppress func(*Finding) *Suppression // what suppresses it, or nil; it may be nil itself

	// Configured is the severity that configuration gives it, 0: it is not shown; nil: its own.
	Configured func(*Finding) rules.Severity
}

// Pipeline returns the processors in the order in which they run.
func Pipeline(o Options) []Processor {
	return []Processor{
		{Name: "generated", Run: func(fs []*Finding) []*Finding {
			return keep(fs, func(f *Finding) bool { return o.Generated || !f.Generated })
		}},
		{Name: "rules", Run: func(fs []*Finding) []*Finding {
			return keep(fs, func(f *Finding) bool { return o.Rules == nil || o.Rules(f.Code) })
		}},
		// The strongest of several reports on one defect is the one that stays;
		// it comes first in the order.
		{Name: "order", Run: order},
		{Name: "dedupe", After: []string{"order"}, Run: dedupe},
		// Ordinals count what is left, in order; and they count before anything
		// is hidden by severity, so that hiding changes no identity.
		{Name: "fingerprint", After: []string{"order", "dedupe"}, Run: fingerprint},
		// What is suppressed stays in the list, and is told apart at its end: see Split.
		{Name: "suppress", After: []string{"fingerprint"}, Run: func(fs []*Finding) []*Finding {
			for _, f := range fs {
				if f.Suppression == nil && o.Suppress != nil {
					f.Suppression = o.Suppress(f)
				}
			}
			return fs
		}},
		// A rule that configuration switches off still makes its suppressions count as used.
		{Name: "configured", After: []string{"fingerprint", "suppress"}, Run: func(fs []*Finding) []*Finding {
			return configured(fs, o.Configured)
		}},
		{Name: "severity", After: []string{"fingerprint", "suppress", "configured"}, Run: func(fs []*Finding) []*Finding {
			return keep(fs, func(f *Finding) bool { return f.Severity >= o.MinSeverity })
		}},
	}
}

// Process runs the pipeline. The slice that comes back is new.
func Process(fs []*Finding, o Options) []*Finding {
	for _, p := range Pipeline(o) {
		fs = p.Run(fs)
	}
	return fs
}

// Split separates the findings that are shown from those that are suppressed, in order.
func Split(fs []*Finding) (shown, suppressed []*Finding) {
	for _, f := range fs {
		if f.Suppression == nil {
			shown = append(shown, f)
		} else {
			suppressed = append(suppressed, f)
		}
	}
	return shown, suppressed
}

// CheckOrder says whether each processor comes after those that it names.
func CheckOrder(ps []Processor) error {
	for i, p := range ps {
		for _, name := range p.After {
			at := slices.IndexFunc(ps, func(q Processor) bool { return q.Name == name })
			if at >= i {
				return fmt.Errorf("processor %s must come after %s", p.Name, name)
			}
		}
	}
	return nil
}

func keep(fs []*Finding, ok func(*Finding) bool) []*Finding {
	out := make([]*Finding, 0, len(fs))
	for _, f := range fs {
		if ok(f) {
			out = append(out, f)
		}
	}
	return out
}

// configured gives findings the severity that configuration says. They are the copies that
// fingerprint made.
func configured(fs []*Finding, severity func(*Finding) rules.Severity) []*Finding {
	if severity == nil {
		return fs
	}
	return keep(fs, func(f *Finding) bool {
		f.Severity = severity(f)
		return f.Severity != 0
	})
}

func order(fs []*Finding) []*Finding {
	out := slices.Clone(fs)
	slices.SortFunc(out, Compare)
	return out
}

// dedupe keeps the first of the findings that are one defect: the same code at
// the same place about the same subject, seen through two branches of #if or
// reached on several paths.
func dedupe(fs []*Finding) []*Finding {
	type key struct {
		code, path, subject string
		start               int
	}
	seen := make(map[key]bool, len(fs))
	return keep(fs, func(f *Finding) bool {
		k := key{f.Code, f.Path, f.Subject, f.Start.Offset}
		if seen[k] {
			return false
		}
		seen[k] = true
		return true
	})
}
