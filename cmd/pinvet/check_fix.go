package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/fix"
)

// fixFlags are the flags of pinvet check that change files.
type fixFlags struct {
	fix, unsafe, diff bool
}

func (f *fixFlags) addFix(fl *pflag.FlagSet) {
	fl.BoolVar(&f.fix, "fix", false, "apply the fixes that cannot change what correct code does, and report what is left")
	fl.BoolVar(&f.unsafe, "unsafe", false, "with --fix or --diff: also fixes that may change what the code does")
	fl.BoolVar(&f.diff, "diff", false, "print what --fix would change as a unified diff, and write nothing")
}

// checkFix refuses flags that do not go together.
func (f *fixFlags) checkFix(formats, staged bool) error {
	switch {
	case staged && f.fixes():
		return errors.New("--staged: what is staged cannot be edited: use --fix or --diff without it and stage the result")
	case f.fix && f.diff:
		return errors.New("--fix writes what --diff only shows: use one of them")
	case f.unsafe && !f.fix && !f.diff:
		return errors.New("--unsafe says which fixes --fix and --diff apply: add one of them")
	case f.diff && formats:
		return errors.New("--diff prints a diff in the place of a report: leave --format and --output out")
	}
	return nil
}

func (f *fixFlags) fixes() bool { return f.fix || f.diff }

// applyFixes fixes what a result holds. With --fix the files are written, and what comes back is the
// analysis of them; with --diff the changes go to stdout.
func (f *fixFlags) applyFixes(ctx context.Context, res *check.Result, analyse fix.Analyse, stdout io.Writer) (*fix.Report, error) {
	rep, err := fix.Run(ctx, res, f.unsafe, analyse)
	if err != nil {
		return nil, err
	}
	if f.diff {
		return rep, fix.Diff(stdout, rep.Files)
	}
	written, err := fix.Write(".", rep.Files)
	if err != nil {
		return nil, fmt.Errorf("--fix: %d of %s written\n%w", len(written), counted(len(rep.Files), "file"), err)
	}
	return rep, nil
}

// fixSummary says what was fixed, and what was left and why.
func (f *fixFlags) fixSummary(w io.Writer, rep *fix.Report) {
	verb := "fixed"
	if f.diff {
		verb = "would fix"
	}
	codes := map[string]int{}
	for _, d := range rep.Fixed {
		codes[d.Finding.Code]++
	}
	var parts []string
	for _, c := range slices.Sorted(maps.Keys(codes)) {
		parts = append(parts, fmt.Sprintf("%s %d", c, codes[c]))
	}
	line := fmt.Sprintf("%s %s in %s", verb, counted(len(rep.Fixed), "finding"), counted(len(rep.Files), "file"))
	if len(parts) > 0 {
		line += ": " + strings.Join(parts, ", ")
	}
	fmt.Fprintln(w, line)
	unsafe := 0
	for _, l := range rep.Left {
		if l.Unsafe {
			unsafe++
			continue
		}
		fmt.Fprintf(w, "not fixed: %s:%d %s: %s\n", l.Finding.Path, l.Finding.Start.Line, l.Finding.Code, l.Why)
	}
	if unsafe > 0 {
		fmt.Fprintf(w, "%s with a fix that may change what the code does: --unsafe applies it\n", counted(unsafe, "finding"))
	}
}

// diffVerdict ends a run with --diff: there is something to do where something would change, and where
// what is left fails the gate.
func (f *checkFlags) diffVerdict(stderr io.Writer, rep *fix.Report, err error) error {
	if !f.quiet {
		f.fixSummary(stderr, rep)
	}
	if err == nil && len(rep.Files) > 0 {
		return errFindings
	}
	return err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
