package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/fix"
	"github.com/pinvet/pinvet/internal/gate"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/report"
	"github.com/pinvet/pinvet/internal/version"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

// checkFlags are the flags of pinvet check as they were typed.
type checkFlags struct {
	output, severity, gate, color         string
	formats, rules                        []string
	workers                               int
	generated, quiet, verbose, noProgress bool
	cpuProfile, memProfile                string
	config                                configFlags
	fixFlags
	against gateFlags
}

func newCheck() *cobra.Command {
	f := &checkFlags{}
	c := &cobra.Command{
		Use:   "check [paths]",
		Short: "Find defects in files and folders (default: the current folder)",
		Long: "check reads the .cs, .c and .h files below the paths and reports what it finds.\n" +
			"Files that .gitignore names are passed over; a file named here is always read.\n\n" +
			"Exit code: 0 nothing at or above the gate, 1 findings, 2 could not run.",
		Example: "  pinvet check\n  pinvet check src native/io.c --rule PIN1 --rule -PIN105\n  pinvet check --format text --format sarif=pinvet.sarif",
		RunE:    func(c *cobra.Command, paths []string) error { return f.run(c, paths) },
	}
	fl := c.Flags()
	fl.SortFlags = false
	f.addFormat(fl)
	fl.StringArrayVar(&f.rules, "rule", nil, "run only this `rule`: a code, a name or a prefix such as PIN3; -PIN306 switches one off (repeatable)")
	fl.StringVar(&f.severity, "severity", "warning", "lowest severity that is shown: error, warning, advice")
	fl.StringVar(&f.gate, "gate", "error", "lowest severity that makes the exit code 1: error, warning, advice")
	f.config.add(fl)
	f.against.add(fl)
	fl.BoolVar(&f.generated, "generated", false, "show findings in generated code too")
	f.addFix(fl)
	fl.IntVarP(&f.workers, "jobs", "j", 0, "number of files read at the same time (0: one per processor)")
	fl.StringVar(&f.color, "color", "auto", "colour the text report: auto, always, never")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "print findings only")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "list what was not understood or passed over, and why")
	fl.BoolVar(&f.noProgress, "no-progress", false, "no progress line on a terminal")
	fl.StringVar(&f.cpuProfile, "cpuprofile", "", "write a CPU profile to `file`")
	fl.StringVar(&f.memProfile, "memprofile", "", "write a memory profile to `file`")
	_ = fl.MarkHidden("cpuprofile") // fails only for a flag that does not exist
	_ = fl.MarkHidden("memprofile")
	return c
}

// settings are the flags, understood.
type settings struct {
	rules          []*rules.Rule
	severity, gate rules.Severity
	targets        []target
	color          bool // of text on standard output
}

func (f *checkFlags) settings(stdout io.Writer) (s settings, err error) {
	if s.targets, err = f.targets(); err != nil {
		return s, err
	}
	if err = f.checkFix(len(s.targets) > 1 || s.targets[0] != target{format: "text"}); err != nil {
		return s, err
	}
	if f.workers < 0 {
		return s, fmt.Errorf("-j %d: use 0 or more", f.workers)
	}
	if s.rules, err = registry.Select(f.rules); err != nil {
		return s, fmt.Errorf("--rule: %w", err)
	}
	if s.severity, err = rules.ParseSeverity(f.severity); err != nil {
		return s, fmt.Errorf("--severity: %w", err)
	}
	if s.gate, err = rules.ParseSeverity(f.gate); err != nil {
		return s, fmt.Errorf("--gate: %w", err)
	}
	s.color, err = wantColor(f.color, stdout)
	return s, err
}

func (f *checkFlags) run(c *cobra.Command, paths []string) error {
	stdout, stderr := c.OutOrStdout(), c.ErrOrStderr()
	s, err := f.settings(stdout)
	if err != nil {
		return err
	}
	cfg, err := f.configure(c.Flags(), &s, paths)
	if err != nil {
		return err
	}
	if f.fixes() && len(paths) == 0 {
		paths = []string{"."} // texts in place of the disk's are no reason to read nothing else
	}
	if f.fixes() && f.against.staged {
		return errors.New("--staged: what is staged cannot be edited: use --fix without it and stage the result")
	}
	against, err := f.against.options()
	if err != nil {
		return err
	}
	out, err := openSinks(s.targets, stdout)
	if err != nil {
		return err
	}
	stopProfile, err := startProfiles(f.cpuProfile, f.memProfile)
	if err != nil {
		return err
	}
	defer stopProfile(stderr)

	analyse := func(ctx context.Context, texts map[string][]byte) (*check.Result, error) {
		bar := newProgress(stderr, f.quiet || f.noProgress)
		defer bar.done()
		return gate.Run(ctx, check.Options{
			Paths: paths, Overlay: texts, Workers: f.workers, Rules: s.rules,
			Generated: f.generated, MinSeverity: s.severity, Progress: bar.update, Config: cfg,
		}, against)
	}
	res, err := analyse(c.Context(), nil)
	if err != nil {
		return err
	}
	var fixed *fix.Report
	if f.fixes() {
		if fixed, err = f.applyFixes(c.Context(), res, analyse, stdout); err != nil {
			return err
		}
		res = fixed.Result
	}
	if f.diff {
		return f.diffVerdict(stderr, fixed, verdict(res, s.gate))
	}
	rep := &report.Report{
		Version: version.Number, Rules: s.rules, Findings: res.Findings, Suppressed: res.Suppressed, Unchanged: res.Unchanged,
		Problems: res.Problems, Skipped: res.Skipped, Stats: res.Stats, Lines: res.Line,
		Tree: treeHere(), Gate: s.gate,
	}
	if err := out.write(rep, f.textOptions(s)); err != nil {
		return err
	}
	if !f.quiet && res.Stats.Read == 0 && res.Stats.Files == 0 {
		fmt.Fprintln(stderr, "there are no .cs, .c or .h files here")
	}
	if !f.quiet && !out.showsText() {
		report.Summary(stderr, rep)
	}
	if f.fix && !f.quiet {
		f.fixSummary(stderr, fixed)
	}
	return verdict(res, s.gate)
}

// verdict turns a result into the error that decides the exit code.
func verdict(res *check.Result, gate rules.Severity) error {
	if res.Incomplete() {
		return errors.New("a stage failed, so the result is not complete")
	}
	if res.Stats.Read == 0 && slices.ContainsFunc(res.Problems, isAboutReading) {
		return errors.New("none of the files could be read")
	}
	for _, f := range res.Findings {
		if f.Severity >= gate {
			return errFindings
		}
	}
	return nil
}

func isAboutReading(p outcome.Problem) bool {
	return p.Kind == outcome.Unreadable || p.Kind == outcome.NotAnalysed
}
