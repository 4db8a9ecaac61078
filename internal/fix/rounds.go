package fix

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
)

// MaxRounds is how often fixes are chosen and applied at most; MaxAttempts how often a round is tried
// with fewer fixes.
const (
	MaxRounds   = 10
	MaxAttempts = 12
)

// Analyse runs the analysis with texts, by path, in place of the disk's: all bytes of the file as they
// would be written.
type Analyse func(ctx context.Context, overlay map[string][]byte) (*check.Result, error)

// Fixed is a finding that is gone.
type Fixed struct {
	Finding *finding.Finding // as it was in its round
	Text    string           // what the fix did
	Paths   []string         // the files that it changed
}

// Left is a finding with a fix that was not applied.
type Left struct {
	Finding *finding.Finding
	Why     string // a clause: "its fix was taken back: ..."
	Unsafe  bool   // it has unsafe fixes only, and those were not asked for
}

// Changed is a file before and after.
type Changed struct {
	Path   string
	Before *source.File
	After  []byte // as it is to be on disk
}

// Report is what a run of fixes did.
type Report struct {
	Fixed  []Fixed
	Left   []Left    // by place
	Files  []Changed // by path
	Result *check.Result
	Rounds int
}

// Run applies the fixes of a result, in memory, until none is left to apply or the bound is reached.
// Report.Result is the analysis of what Files hold.
func Run(ctx context.Context, first *check.Result, unsafe bool, analyse Analyse) (*Report, error) {
	r := &runner{analyse: analyse, unsafe: unsafe, res: first, texts: map[string][]byte{}, before: map[string]*source.File{}, refused: map[string]string{}}
	rounds := 0
	for ; rounds < MaxRounds; rounds++ {
		chosen, _ := Choose(r.allowed(), unsafe)
		if len(chosen) == 0 {
			break
		}
		if err := r.round(ctx, chosen); err != nil {
			return nil, err
		}
	}
	return r.report(rounds), nil
}

type runner struct {
	analyse Analyse
	unsafe  bool
	res     *check.Result           // of the texts as they are now
	texts   map[string][]byte       // by path: the files that are changed
	before  map[string]*source.File // by path: those as they were at first
	refused map[string]string       // by identity: why a fix is not tried again
	fixed   []Fixed
}

// identity tells findings apart across rounds.
func identity(f *finding.Finding) string { return f.Path + "\x00" + f.Fingerprint }

func (r *runner) allowed() (out []*finding.Finding) {
	for _, f := range r.res.Findings {
		if _, no := r.refused[identity(f)]; !no {
			out = append(out, f)
		}
	}
	return out
}

// round applies choices, without those that turn out not to hold. Where one of several may be to
// blame, a half of them waits for the next round.
func (r *runner) round(ctx context.Context, chosen []Choice) error {
	for try := 1; len(chosen) > 0; try++ {
		texts, bad := r.apply(chosen)
		if len(bad) > 0 {
			chosen = r.refuse(chosen, bad)
			continue
		}
		res, err := r.analyse(ctx, texts)
		if err != nil {
			return err
		}
		bad, suspect := judge(r.res, res, chosen)
		switch {
		case len(bad)+len(suspect) == 0:
			r.accept(chosen, texts, res)
			return nil
		case len(bad) > 0:
			chosen = r.refuse(chosen, bad)
		case len(suspect) == 1 || try >= MaxAttempts:
			chosen = r.refuse(chosen, suspect)
		default:
			chosen = halve(chosen, suspect)
		}
	}
	return nil
}

// halve leaves the later half of the suspects out.
func halve(chosen []Choice, suspect map[*finding.Finding]string) []Choice {
	seen := 0
	return slices.DeleteFunc(chosen, func(c Choice) bool {
		if suspect[c.Finding] == "" {
			return false
		}
		seen++
		return seen > len(suspect)/2
	})
}

// apply makes the texts with the edits of choices. What cannot be applied is in bad, with the reason.
func (r *runner) apply(chosen []Choice) (texts map[string][]byte, bad map[*finding.Finding]string) {
	texts, bad = maps.Clone(r.texts), map[*finding.Finding]string{}
	edits := Edits(chosen)
	for len(edits) > 0 {
		path := edits[0].Path
		n := slices.IndexFunc(edits, func(e finding.Edit) bool { return e.Path != path })
		if n < 0 {
			n = len(edits)
		}
		text, err := []byte(nil), fmt.Errorf("%s was not read", path)
		if src := r.res.Source(path); src != nil {
			text, err = Apply(src, edits[:n])
		}
		if err != nil {
			r.blameEdits(chosen, path, err, bad)
		}
		texts[path] = text
		edits = edits[n:]
	}
	return texts, bad
}

// blameEdits finds the fixes that cannot be applied to a file one by one; all of them if each can.
func (r *runner) blameEdits(chosen []Choice, path string, err error, bad map[*finding.Finding]string) {
	src := r.res.Source(path)
	alone := false
	for _, all := range []bool{false, true} {
		for _, c := range chosen {
			mine := slices.DeleteFunc(slices.Clone(c.Fix.Edits), func(e finding.Edit) bool { return e.Path != path })
			if len(mine) == 0 || alone {
				continue
			}
			why := err
			if !all && src != nil {
				if _, why = Apply(src, mine); why == nil {
					continue
				}
			}
			bad[c.Finding] = why.Error()
		}
		alone = len(bad) > 0
	}
}

func (r *runner) refuse(chosen []Choice, bad map[*finding.Finding]string) []Choice {
	return slices.DeleteFunc(chosen, func(c Choice) bool {
		why, no := bad[c.Finding]
		if no {
			r.refused[identity(c.Finding)] = why
		}
		return no
	})
}

func (r *runner) accept(chosen []Choice, texts map[string][]byte, res *check.Result) {
	for _, c := range chosen {
		d := Fixed{Finding: c.Finding, Text: c.Fix.Text}
		for _, e := range c.Fix.Edits {
			if !slices.Contains(d.Paths, e.Path) {
				d.Paths = append(d.Paths, e.Path)
			}
			if r.before[e.Path] == nil {
				r.before[e.Path] = r.res.Source(e.Path)
			}
		}
		r.fixed = append(r.fixed, d)
	}
	r.texts, r.res = texts, res
}

func (r *runner) report(rounds int) *Report {
	out := &Report{Fixed: r.fixed, Result: r.res, Rounds: rounds}
	for _, p := range slices.Sorted(maps.Keys(r.texts)) {
		if f := r.before[p]; f != nil && string(f.Raw()) != string(r.texts[p]) {
			out.Files = append(out.Files, Changed{p, f, r.texts[p]})
		}
	}
	for _, f := range r.res.Findings {
		if l := r.left(f); l != nil {
			out.Left = append(out.Left, *l)
		}
	}
	return out
}

// left says why a finding that has a fix is still there; nil if it has none.
func (r *runner) left(f *finding.Finding) *Left {
	switch why := r.refused[identity(f)]; {
	case best(f, true) == nil:
		return nil
	case why != "":
		return &Left{Finding: f, Why: "its fix was taken back: " + why}
	case best(f, r.unsafe) == nil:
		return &Left{Finding: f, Why: "its fix may change what the code does", Unsafe: best(f, false) == nil}
	}
	return &Left{Finding: f, Why: fmt.Sprintf("its place was changed by others in each of %d rounds", MaxRounds)}
}
