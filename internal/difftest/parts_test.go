package difftest

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/facts"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/walk"
	"github.com/pinvet/pinvet/rules"
)

// mostUnits is how many units a tree is split into.
const mostUnits = 6

// split divides the files of a tree into units by their first folder; those of no folder are one, too.
// Where there is but one folder, it goes by files.
func split(t *testing.T, tr Tree) (units []*walk.Result) {
	t.Helper()
	whole := &walk.Result{}
	if tr.Files == nil {
		var err error
		if whole, err = check.Walk(context.Background(), check.Options{Root: tr.Root, Paths: []string{"."}}); err != nil {
			t.Fatal(err)
		}
	}
	for p := range tr.Files {
		if source.IsBuild(p) {
			whole.Build = append(whole.Build, p)
		} else if source.LangOf(p) != source.NoLang {
			whole.Files = append(whole.Files, p)
		}
	}
	if units = by(whole, func(p string) string { first, _, _ := strings.Cut(path.Dir(p), "/"); return first }); len(units) < 2 {
		units = by(whole, func(p string) string { return p })
	}
	return units
}

func by(whole *walk.Result, key func(string) string) (units []*walk.Result) {
	of := map[string]*walk.Result{}
	folders := 0
	unit := func(p string) *walk.Result {
		k := key(p)
		if of[k] != nil {
			return of[k]
		}
		if len(units) < mostUnits {
			units = append(units, &walk.Result{})
		}
		of[k] = units[folders%mostUnits]
		folders++
		return of[k]
	}
	for _, p := range whole.Files {
		unit(p).Files = append(unit(p).Files, p)
	}
	for _, p := range whole.Build {
		unit(p).Build = append(unit(p).Build, p)
	}
	return units
}

// part are the options of a run over some units of a tree.
func part(tr Tree, units ...*walk.Result) check.Options {
	found := &walk.Result{}
	for _, u := range units {
		found.Files, found.Build = append(found.Files, u.Files...), append(found.Build, u.Build...)
	}
	o := check.Options{Root: tr.Root, Paths: []string{"."}, Found: found}
	if tr.Files != nil {
		o.Overlay = map[string][]byte{}
		for _, p := range slices.Concat(found.Files, found.Build) {
			o.Overlay[p] = tr.Files[p]
		}
	}
	return o
}

// factsOf makes the facts of a unit, twice, and reads them.
func factsOf(t *testing.T, name string, o check.Options) *facts.Unit {
	t.Helper()
	var data [2][]byte
	for i := range data {
		o.KeepFacts, o.Workers, o.Rules = true, 1+3*i, []*rules.Rule{} // what the facts hold depends on no rule
		var err error
		if data[i], err = Run(t, o).EncodeFacts(nil); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(data[0], data[1]) {
		t.Errorf("facts of %s: other bytes with more workers", name)
	}
	u, err := facts.Decode(data[0], "", source.Limits{MaxSize: check.MaxFileSize})
	if err != nil {
		t.Fatal(err)
	}
	u.Name = name
	return u
}

// TestParts: what is found of a tree is found when it is split, too: by a run over nothing but the facts
// of all units, and by the runs over one unit each with the facts of the others. A unit with the facts of
// one other finds what one run over the two finds in it.
func TestParts(t *testing.T) {
	for _, tr := range Trees(t) {
		t.Run(tr.Name, func(t *testing.T) {
			units := split(t, tr)
			whole := Run(t, part(tr, units...))
			known := make([]*facts.Unit, len(units))
			for i, u := range units {
				known[i] = factsOf(t, fmt.Sprintf("%s/%d", tr.Name, i), part(tr, u))
			}
			merged := Run(t, check.Options{Facts: known})
			whole.Stats.Skimmed, whole.Stats.Functions = 0, merged.Stats.Functions // facts are of files that are parsed
			Equal(t, Lines(whole), Lines(merged))

			var found, suppressed []*finding.Finding
			small := whole.Stats.Bytes < 1<<20
			alone := 0
			for i, u := range units {
				o := part(tr, u)
				if small {
					alone += len(Run(t, o).Findings)
				}
				o.Facts = slices.Delete(slices.Clone(known), i, i+1)
				res := Run(t, o)
				found, suppressed = append(found, res.Findings...), append(suppressed, res.Suppressed...)
			}
			slices.SortFunc(found, finding.Compare)
			slices.SortFunc(suppressed, finding.Compare)
			Equal(t, Findings(whole.Findings), Findings(found))
			Equal(t, Findings(whole.Suppressed), Findings(suppressed))
			if small {
				if tr.Name == "border" && alone == len(whole.Findings) {
					t.Error("it does not matter what other units hold, so nothing is tested here")
				}
				pairs(t, tr, units, known)
			}
		})
	}
}

// pairs compares units next to each other.
func pairs(t *testing.T, tr Tree, units []*walk.Result, known []*facts.Unit) {
	for i := range len(units) - 1 {
		both := Run(t, part(tr, units[i], units[i+1]))
		o := part(tr, units[i])
		o.Facts = known[i+1 : i+2]
		in := slices.DeleteFunc(both.Findings, func(f *finding.Finding) bool { return !slices.Contains(units[i].Files, f.Path) })
		Equal(t, Findings(in), Findings(Run(t, o).Findings))
	}
}
