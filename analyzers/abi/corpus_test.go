package abi

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
)

// TestCorpus checks all imports below the folder PINVET_CORPUS and reports (with -v) how many were
// compared, are equal, differ, or could not be compared and why. PINVET_SAMPLE=n also prints n
// random differences, and PINVET_SAMPLE=-1 all.
func TestCorpus(t *testing.T) {
	root := os.Getenv("PINVET_CORPUS")
	if root == "" {
		t.Skip("PINVET_CORPUS is not set")
	}
	p := corpus(root)
	start := time.Now()
	r := New(p)
	checks, structs := r.Imports(), r.Structs()
	t.Logf("%d imports in %v", len(checks), time.Since(start).Round(time.Millisecond))
	why, kinds, gaps := map[string]int{}, map[string]int{}, map[string]int{}
	var lines []string
	equal, partly, differ := 0, 0, 0
	for _, ch := range checks {
		switch {
		case ch.Why != "":
			why[ch.Why]++
			continue
		case len(ch.Diffs) > 0:
			differ++
		case len(ch.Gaps) > 0:
			partly++
		default:
			equal++
		}
		for _, g := range ch.Gaps {
			gaps[g]++
		}
		for i := range ch.Diffs {
			kinds[ch.Diffs[i].Kind.String()]++
			lines = append(lines, describe(r, ch, &ch.Diffs[i]))
		}
	}
	t.Logf("equal %d, equal but for what is unknown %d, different %d", equal, partly, differ)
	t.Logf("not compared: %s", histogram(why, 20))
	t.Logf("differences: %s", histogram(kinds, 20))
	t.Logf("gaps: %s", histogram(gaps, 25))
	same, unlike, open := 0, 0, map[string]int{}
	for _, s := range structs {
		switch {
		case s.Why != "":
			open[s.Why]++
		case len(s.Diffs) > 0:
			unlike++
			for _, d := range s.Diffs {
				lines = append(lines, fmt.Sprintf("STRUCT %s: %s as %s: %s of %q (%s) is %d, native %q (%s) %d %s", s.File.Path, s.Name, s.Native, d.Kind, d.Field, d.Type, d.Have, d.NativeField, d.Native, d.Want, d.Targets.Within(s.Targets)))
			}
		default:
			same++
		}
	}
	t.Logf("structs: %d equal, %d different, not compared: %s", same, unlike, histogram(open, 15))
	n, _ := strconv.Atoi(os.Getenv("PINVET_SAMPLE"))
	if n > 0 {
		rand.New(rand.NewSource(1)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		lines = lines[:min(n, len(lines))]
	}
	if n != 0 {
		t.Logf("\n%s", strings.Join(lines, "\n"))
	}
}

func corpus(root string) *link.Program {
	snap := &source.Snapshot{Input: &source.Input{Context: context.Background(), Root: root}}
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || source.LangOf(path) == 0 && !source.IsBuild(path) {
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		f, err := source.Read(root, rel)
		switch {
		case err != nil:
		case source.LangOf(path) == 0:
			snap.Build = append(snap.Build, f)
		default:
			snap.Files = append(snap.Files, f)
		}
		return nil
	})
	return link.NewIn(project.Read(snap), lower.All(snap).Files, models.Default())
}

func describe(r *Result, ch *Check, d *Difference) string {
	return fmt.Sprintf("%s %s: %s param %d %s: %s, native %s (%d vs %d) %s mild=%v", ch.File.Path, ch.Export, d.Kind, d.Param, d.Name, d.Have, d.Want, d.HaveSize, d.WantSize, d.Targets.Within(ch.Targets), d.Mild)
}

func histogram(m map[string]int, n int) string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if m[keys[i]] != m[keys[j]] {
			return m[keys[i]] > m[keys[j]]
		}
		return keys[i] < keys[j]
	})
	var sb strings.Builder
	for _, k := range keys[:min(n, len(keys))] {
		fmt.Fprintf(&sb, "\n  %6d %s", m[k], k)
	}
	return sb.String()
}
