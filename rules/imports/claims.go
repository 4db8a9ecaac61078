package imports

import (
	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/rules"
)

// claims tells whether a difference belongs to the rule for the kinds.
func claims(d *abi.Difference, kinds ...abi.DiffKind) bool {
	for _, k := range kinds {
		if d.Kind == k {
			return true
		}
	}
	return false
}

// report reports the differences of these kinds between imports and Windows functions. What is
// mostly harmless, and what breaks on 32-bit processes alone, is a warning.
func report(p *rules.Pass, kinds ...abi.DiffKind) {
	for _, ch := range p.ABI.Imports() {
		if ch.Source != abi.Models {
			continue
		}
		for i := range ch.Diffs {
			d := &ch.Diffs[i]
			if !claims(d, kinds...) {
				continue
			}
			raw := p.ReportMismatch(ch, d)
			switch {
			case d.Mild, claims(d, abi.Direction, abi.Encoding):
				raw.Severity, raw.Confidence = rules.Warning, rules.Medium
			case d.Targets&^abi.Bits32 == 0 && ch.Targets&^abi.Bits32 != 0:
				raw.Severity = rules.Warning
			}
		}
	}
}
