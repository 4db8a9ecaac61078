package models

import (
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// Analyzer says which models a run uses: those that come with pinvet, unless a driver gives others as
// its result.
var Analyzer = &analysis.Analyzer{
	Name:       "models",
	Doc:        "what is known of functions and types",
	ResultType: reflect.TypeFor[*DB](),
	Run:        func(*analysis.Pass) (any, error) { return Default(), nil },
}
