package driver

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/internal/outcome"
)

// Unit is what one run is about.
type Unit struct {
	Name  string
	Fset  *token.FileSet
	Files []string // shown to analyzers as Pass.OtherFiles

	// Seeds are results that are given instead of computed. An analyzer with a
	// seed is not run.
	Seeds map[*analysis.Analyzer]any

	// ReadFile gives the content of one of Files; nil where no analyzer asks.
	ReadFile func(name string) ([]byte, error)

	// Progress is called before each analyzer; it may be nil.
	Progress func(a *analysis.Analyzer)
}

// Diagnostic is a diagnostic and who reported it.
type Diagnostic struct {
	analysis.Diagnostic
	Analyzer *analysis.Analyzer
}

// Result is what a run gave. Analyzers that failed have no entry in Of.
type Result struct {
	Of          map[*analysis.Analyzer]any
	Diagnostics []Diagnostic // in order of analyzer, then as reported
	Problems    []outcome.Problem
}

// Run runs the analyzers and all that they require. It returns an error when
// the analyzers cannot be run at all (analysis.Validate) or when ctx ends.
func Run(ctx context.Context, u *Unit, analyzers []*analysis.Analyzer) (*Result, error) {
	if err := analysis.Validate(analyzers); err != nil {
		return nil, err
	}
	r := &run{unit: u, failed: map[*analysis.Analyzer]bool{}, res: &Result{Of: map[*analysis.Analyzer]any{}}}
	if r.unit.Fset == nil {
		r.unit.Fset = token.NewFileSet()
	}
	r.pkg = types.NewPackage(u.Name, "unit")
	for _, a := range analyzers {
		if err := r.need(ctx, a); err != nil {
			return nil, err
		}
	}
	return r.res, nil
}

type run struct {
	unit   *Unit
	pkg    *types.Package
	failed map[*analysis.Analyzer]bool
	res    *Result
}

// need makes the result of a, or marks it failed.
func (r *run) need(ctx context.Context, a *analysis.Analyzer) error {
	if _, done := r.res.Of[a]; done || r.failed[a] {
		return nil
	}
	if seed, ok := r.unit.Seeds[a]; ok {
		r.res.Of[a] = seed
		return nil
	}
	for _, before := range a.Requires {
		if err := r.need(ctx, before); err != nil {
			return err
		}
		if r.failed[before] {
			r.failed[a] = true // said once, where it failed
		}
	}
	if r.failed[a] {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.unit.Progress != nil {
		r.unit.Progress(a)
	}
	result, err := r.call(a)
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	if err != nil {
		r.failed[a] = true
		r.res.Problems = append(r.res.Problems, outcome.Problem{
			Kind: outcome.Internal, Level: outcome.Error,
			Text: fmt.Sprintf("analyzer %s: %v; what needs it was not run", a.Name, err),
		})
		return nil
	}
	r.res.Of[a] = result
	return nil
}

// call runs a and holds its result to what it promised.
func (r *run) call(a *analysis.Analyzer) (result any, err error) {
	pass := &analysis.Pass{
		Analyzer:   a,
		Fset:       r.unit.Fset,
		OtherFiles: r.unit.Files,
		Pkg:        r.pkg,
		TypesInfo:  &types.Info{},
		ResultOf:   map[*analysis.Analyzer]any{},
		ReadFile:   r.unit.ReadFile,
	}
	for _, before := range a.Requires {
		pass.ResultOf[before] = r.res.Of[before]
	}
	var reported []Diagnostic
	pass.Report = func(d analysis.Diagnostic) { reported = append(reported, Diagnostic{d, a}) }
	defer func() {
		if v := recover(); v != nil {
			result, err = nil, fmt.Errorf("panic: %v", v)
		}
	}()
	result, err = a.Run(pass)
	if err != nil {
		return nil, err
	}
	if a.ResultType != nil && reflect.TypeOf(result) != a.ResultType {
		return nil, fmt.Errorf("gave a %T, promised %s", result, a.ResultType)
	}
	r.res.Diagnostics = append(r.res.Diagnostics, reported...)
	return result, nil
}
