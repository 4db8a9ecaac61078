// Package suppressions holds the rules on suppressions themselves: comments, pragmas and attributes
// that are to silence findings and say too little, have ended, or match nothing.
//
// In and out: nothing. What a suppression does is known when all other rules are done, so
// internal/suppress makes the findings of PIN001 to PIN003; here are their cards and pages.
package suppressions

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

// Family lists the rules of this folder, by code.
var Family = slices.Concat(incomplete, expired, unused)

// Incomplete, Expired and Unused are the rules for those who make their findings.
var (
	Incomplete = incomplete[0]
	Expired    = expired[0]
	Unused     = unused[0]
)

// About tells whether a code is that of a rule on suppressions.
func About(code string) bool { return strings.HasPrefix(code, "PIN0") }

var both = []ir.Lang{ir.CSharp, ir.C}

// later is the work of a rule whose findings are made when all others are done.
func later(*rules.Pass) {}
