package clower

import (
	"github.com/pinvet/pinvet/analyzers/ir"
)

// What the normaliser blanked out before parsing comes back here: conventions, SAL, export macros.

// paramAttrs are the annotations of a parameter.
func (l *lowerer) paramAttrs(n nodeID) []ir.Attr { return nil }

// tokenFlags are the flags that blanked tokens in the head of n give.
func (l *lowerer) tokenFlags(n nodeID) ir.Flags { return 0 }

// tokenConv is the calling convention among the blanked tokens in the head of n.
func (l *lowerer) tokenConv(n nodeID, d declared) string { return "" }
