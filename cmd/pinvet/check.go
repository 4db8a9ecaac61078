package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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
	noFilter                              bool
	config                                configFlags
	fixFlags
	against gateFlags
	cache   cacheFlags
	facts   factsFlags
	timeout timeoutFlags
}

func newCheck() *cobra.Command {
	f := &checkFlags{}
	c := &cobra.Command{
		Use:   "check [paths]",
		Short: "Find defects in files and folders (default: the current folder)",
		Long: "check reads the .cs, .c and .h files below the paths and reports what it finds.\n" +
			"Files that .gitignore names are passed over; a file named here is always read.\n\n" +
			"Exit code: 0 nothing at or above the gate, 1 findings, 2 could not run.",
		Example: "  pinvet check\n  pinvet check src native/io.c --rule PIN1 --rule -PIN105\n  pinvet check --format text --format sarif=pinvet.sarif\n" +
			"  pinvet check native --facts-only --facts-out native.facts\n  pinvet check app --facts-in native.facts",
		RunE: func(c *cobra.Command, paths []string) error {
			return f.timeout.within(c, func() error { return f.run(c, paths) })
		},
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
	f.cache.add(fl)
	f.facts.add(fl)
	fl.IntVarP(&f.workers, "jobs", "j", 0, "number of files read at the same time (0: one per processor)")
	f.timeout.add(fl)
	fl.StringVar(&f.color, "color", "auto", "colour the text report: auto, always, never")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "print findings only")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "list what was not understood or passed over, and why")
	fl.BoolVar(&f.noProgress, "no-progress", false, "no progress line on a terminal")
	fl.StringVar(&f.cpuProfile, "cpuprofile", "", "write a CPU profile to `file`")
	fl.StringVar(&f.memProfile, "memprofile", "", "write a memory profile to `file`")
	_ = fl.MarkHidden("cpuprofile") // fails only for a flag that does not exist
	_ = fl.MarkHidden("memprofile")
	fl.BoolVar(&f.noFilter, "no-prefilter", false, "parse all files and look at all functions, also those of which nothing can come")
	_ = fl.MarkHidden("no-prefilter")
	return c
}

// settings are the flags and the configuration, understood.
type settings struct {
	check   check.Options
	against gate.Options
	gate    rules.Severity
	targets []target
	color   bool // of text on standard output
}

func (f *checkFlags) settings(fl *pflag.FlagSet, paths []string, stdout io.Writer) (s settings, err error) {
	if s.targets, err = f.targets(); err != nil {
		return s, err
	}
	if err = f.checkFix(len(s.targets) > 1 || s.targets[0] != target{format: "text"}, f.against.staged); err != nil {
		return s, err
	}
	if f.workers < 0 {
		return s, fmt.Errorf("-j %d: use 0 or more", f.workers)
	}
	if s.check.Rules, err = registry.Select(f.rules); err != nil {
		return s, fmt.Errorf("--rule: %w", err)
	}
	if s.check.MinSeverity, err = rules.ParseSeverity(f.severity); err != nil {
		return s, fmt.Errorf("--severity: %w", err)
	}
	if s.gate, err = rules.ParseSeverity(f.gate); err != nil {
		return s, fmt.Errorf("--gate: %w", err)
	}
	if s.color, err = wantColor(f.color, stdout); err != nil {
		return s, err
	}
	s.check.Paths, s.check.Workers, s.check.Generated, s.check.NoFilter = paths, f.workers, f.generated, f.noFilter
	s.check.KeepTexts = f.fixes()
	if len(paths) == 0 {
		s.check.Paths = []string{"."}
	}
	if err = f.configure(fl, &s); err != nil {
		return s, err
	}
	if err = f.readFacts(&s, paths); err != nil {
		return s, err
	}
	s.against, err = f.against.options(fl, s.check.Config)
	return s, err
}

func (f *checkFlags) run(c *cobra.Command, paths []string) error {
	stdout, stderr := c.OutOrStdout(), c.ErrOrStderr()
	s, err := f.settings(c.Flags(), paths, stdout)
	if err != nil {
		return err
	}
	out, err := openSinks(s.targets, stdout)
	if err != nil {
		return err
	}
	defer out.close()
	known, err := f.facts.open(s.targets)
	if err != nil {
		return err
	}
	defer known.close()
	s.check.Cache = f.cache.open()
	defer f.cache.close(stderr, f.quiet)
	stopProfile, err := startProfiles(f.cpuProfile, f.memProfile)
	if err != nil {
		return err
	}
	defer stopProfile(stderr)

	ctx, done := context.WithCancel(c.Context())
	defer done()
	go runPace.keep(ctx)
	analyse := f.analysis(&s, stderr)
	res, err := analyse(c.Context(), nil)
	if err != nil {
		return err
	}
	if err := f.facts.write(known, res, s.check.Config); err != nil {
		return err
	}
	if f.facts.only {
		return verdict(res, s.gate)
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
	if err := f.report(&s, out, res, stderr); err != nil {
		return err
	}
	if f.fix && !f.quiet {
		f.fixSummary(stderr, fixed)
	}
	return verdict(res, s.gate)
}

// analysis returns what checks the files once, with texts that stand in for the disk's.
func (f *checkFlags) analysis(s *settings, stderr io.Writer) fix.Analyse {
	return func(ctx context.Context, texts map[string][]byte) (*check.Result, error) {
		bar := newProgress(stderr, f.quiet || f.noProgress)
		defer bar.done()
		o := s.check
		o.Overlay, o.Progress = texts, bar.update
		return gate.Run(ctx, o, s.against)
	}
}

// report writes the reports, and to stderr what none of them says.
func (f *checkFlags) report(s *settings, out sinks, res *check.Result, stderr io.Writer) error {
	rep := &report.Report{
		Version: version.Number, Rules: s.check.Rules, Findings: res.Findings, Suppressed: res.Suppressed, Unchanged: res.Unchanged,
		Problems: res.Problems, Skipped: res.Skipped, Stats: res.Stats, Lines: res.Line,
		Tree: treeHere(), Gate: s.gate,
	}
	if err := out.write(rep, f.textOptions(s.color)); err != nil {
		return err
	}
	if !f.quiet && res.Stats.Read == 0 && res.Stats.Files == 0 {
		fmt.Fprintln(stderr, "there are no .cs, .c or .h files here")
	}
	if !f.quiet && !out.showsText() {
		report.Summary(stderr, rep)
	}
	return nil
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
