package report

import (
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// painter wraps text in ANSI colours; false leaves it as it is.
type painter bool

const (
	reset  = "\x1b[0m"
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	cyan   = "\x1b[1;36m"
)

func (p painter) in(color, s string) string {
	if !p || s == "" {
		return s
	}
	return color + s + reset
}

func (p painter) bold(s string) string { return p.in(bold, s) }

func (p painter) dim(s string) string { return p.in(dim, s) }

func (p painter) severity(s rules.Severity, text string) string {
	switch s {
	case rules.Error:
		return p.in(red, text)
	case rules.Warning:
		return p.in(yellow, text)
	}
	return p.in(cyan, text)
}

func (p painter) problem(q outcome.Problem) string {
	switch {
	case q.Kind == outcome.Configuration:
		return p.in(yellow, "configuration")
	case q.Kind == outcome.Stale:
		return p.in(cyan, "stale")
	case q.Level == outcome.Error:
		return p.in(red, "pinvet failed")
	case q.Level == outcome.Warning:
		return p.in(yellow, "not analysed")
	}
	return p.in(cyan, "not understood")
}
