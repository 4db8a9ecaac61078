package imports

import (
	"fmt"
	"strings"

	"github.com/pinvet/pinvet/analyzers/abi"
	"github.com/pinvet/pinvet/analyzers/link"
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
// mostly harmless, and what breaks on 32-bit processes alone, is a warning; the latter is advice
// where nobody says that there are such processes.
func report(p *rules.Pass, kinds ...abi.DiffKind) {
	types := declaredWrong(p, kinds)
	for _, ch := range p.ABI.Imports() {
		if ch.Source != abi.Models {
			continue
		}
		for i := range ch.Diffs {
			d := &ch.Diffs[i]
			if !claims(d, kinds...) {
				continue
			}
			if g := types[wrongOf(d)]; g != nil && g.imports >= manyImports {
				if g.first == d {
					g.report(p, ch)
				}
				continue
			}
			if raw := p.ReportMismatch(ch, d); ch.Only32(d) {
				raw.Severity = rules.Advice
			} else if mild(d, d.Targets, ch.Targets) {
				raw.Severity = rules.Warning
				if d.Mild || claims(d, abi.Direction, abi.Encoding) {
					raw.Confidence = rules.Medium
				}
			}
		}
	}
}

// mild tells whether d is mostly harmless, or breaks some of the targets alone.
func mild(d *abi.Difference, on, of abi.TargetSet) bool {
	return d.Mild || claims(d, abi.Direction, abi.Encoding) || on&^abi.Bits32 == 0 && of&^abi.Bits32 != 0
}

// manyImports that differ by one type make the type the defect, not the imports.
const manyImports = 3

// wrongType is a struct or enum, and the native type of which it has not the width.
type wrongType struct {
	decl *link.Type
	want string
}

// wrongUses are the differences that come from one wrongType.
type wrongUses struct {
	first    *abi.Difference
	last     *abi.Check
	imports  int
	on, of   abi.TargetSet
	harmless bool
}

func wrongOf(d *abi.Difference) wrongType {
	if d.Decl == nil || !claims(d, abi.Width, abi.Pointee, abi.PointerSize) || len(d.Decl.Parts) == 0 {
		return wrongType{}
	}
	if d.Behind {
		return wrongType{d.Decl, strings.TrimSuffix(d.Want, "*")}
	}
	return wrongType{d.Decl, d.Want}
}

// declaredWrong groups differences by the type that they come from.
func declaredWrong(p *rules.Pass, kinds []abi.DiffKind) map[wrongType]*wrongUses {
	out := map[wrongType]*wrongUses{}
	for _, ch := range p.ABI.Imports() {
		for i := range ch.Diffs {
			d := &ch.Diffs[i]
			k := wrongOf(d)
			if ch.Source != abi.Models || k.decl == nil || !claims(d, kinds...) {
				continue
			}
			g := out[k]
			if g == nil {
				g = &wrongUses{first: d, harmless: true}
				out[k] = g
			}
			if g.last != ch {
				g.imports++
			}
			g.last, g.on, g.of = ch, g.on|d.Targets, g.of|ch.Targets
			g.harmless = g.harmless && mild(d, d.Targets, ch.Targets)
		}
	}
	return out
}

// report reports the type at its declaration; ch is the first import that it makes differ.
func (g *wrongUses) report(p *rules.Pass, ch *abi.Check) {
	t, d := g.first.Decl, g.first
	name := t.Name[strings.LastIndexByte(t.Name, '.')+1:]
	message := fmt.Sprintf("%s has %d bytes, but %d imports, the first of %s, pass it for %s, which has %d", rules.Quote(name, "the type"),
		d.HaveSize, g.imports, rules.Quote(ch.Export, "a function"), rules.Quote(wrongOf(d).want, "another type"), d.WantSize)
	if where := g.on.Within(g.of); where != "" {
		message += " " + where
	}
	raw := p.ReportAt(t.Files[0], t.Parts[0].NameSpan, "%s", message)
	raw.Subject = name
	raw.Steps = append(raw.Steps, rules.Step{Loc: rules.Loc{File: ch.File, Span: ch.Import.NameSpan}, Kind: "note", Text: "this import passes it"})
	if g.harmless {
		raw.Severity = rules.Warning
	}
}
