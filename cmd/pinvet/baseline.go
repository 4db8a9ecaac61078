package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/gate"
	"github.com/pinvet/pinvet/rules/registry"
)

// baselineFlags are the flags of pinvet baseline as they were typed.
type baselineFlags struct {
	output                              string
	workers                             int
	generated, prune, quiet, noProgress bool
	config                              configFlags
	cache                               cacheFlags
}

func newBaseline() *cobra.Command {
	f := &baselineFlags{}
	c := &cobra.Command{
		Use:   "baseline [paths]",
		Short: "Write down the findings of today, so that only new ones count",
		Long: "baseline checks the paths as pinvet check does and writes all findings, of every rule and\n" +
			"severity, to a file. pinvet check --baseline FILE then leaves them out.\n\n" +
			"An entry holds no line number: it stands for its finding when code above it changes, when the file\n" +
			"is reformatted or renamed, or the function is renamed. Entries are sorted, one a line, and a merge\n" +
			"that keeps the lines of both sides is right. Their paths are relative to the file's folder.\n\n" +
			"Only the entries of the paths are written anew: after pinvet baseline src, those of files elsewhere\n" +
			"are as they were, unless the file is gone.\n\n" +
			"When findings were fixed, --prune takes their entries out and accepts nothing new.",
		Example: "  pinvet baseline\n  pinvet check --baseline " + baseline.Name + "\n  pinvet baseline --prune",
		RunE:    func(c *cobra.Command, paths []string) error { return f.run(c, paths) },
	}
	fl := c.Flags()
	fl.SortFlags = false
	fl.StringVarP(&f.output, "output", "o", baseline.Name, "the `file` to write; - is standard output; without this flag the one that pinvet.yaml names")
	fl.BoolVar(&f.prune, "prune", false, "only drop the entries of the file that match nothing any more")
	f.config.add(fl)
	fl.BoolVar(&f.generated, "generated", false, "hold findings in generated code too")
	f.cache.add(fl)
	fl.IntVarP(&f.workers, "jobs", "j", 0, "number of files read at the same time (0: one per processor)")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "say nothing")
	fl.BoolVar(&f.noProgress, "no-progress", false, "no progress line on a terminal")
	return c
}

func (f *baselineFlags) run(c *cobra.Command, paths []string) error {
	stdout, stderr := c.OutOrStdout(), c.ErrOrStderr()
	all, err := registry.Select(nil)
	if err != nil {
		return err
	}
	cfg, err := f.config.load(paths, nil)
	if err != nil {
		return err
	}
	if on, _ := cfg.ShowGenerated(); !c.Flags().Changed("generated") {
		f.generated = on
	}
	if name, _ := cfg.Baseline(); name != "" && !c.Flags().Changed("output") {
		f.output = name
	}
	var old *baseline.File
	if f.prune {
		if f.output == "-" {
			return errors.New("--prune: name the file with -o")
		}
		if old, err = baseline.Read(f.output); err != nil {
			return err
		}
	}
	defer f.cache.close(stderr, f.quiet)
	bar := newProgress(stderr, f.quiet || f.noProgress)
	opts := check.Options{
		Paths: paths, Workers: f.workers, Rules: all, Generated: f.generated, Progress: bar.update, Config: cfg, Cache: f.cache.open(),
	}
	var now *gate.Accepted
	if f.prune {
		now, err = gate.Prune(c.Context(), opts, old)
	} else {
		now, err = gate.Accept(c.Context(), opts, f.output)
	}
	bar.done()
	if err != nil {
		return err
	}
	if now.Result.Incomplete() {
		return errors.New("a stage failed, so the result is not complete and nothing was written")
	}
	out, err := openOutput(dash(f.output), stdout)
	if err != nil {
		return err
	}
	if err := out.write(func(w io.Writer) error { return baseline.Write(w, now.Entries) }); err != nil {
		return err
	}
	if !f.quiet {
		f.tell(stderr, now, old)
	}
	return nil
}

// tell says what was written.
func (f *baselineFlags) tell(w io.Writer, now *gate.Accepted, old *baseline.File) {
	if f.prune {
		fmt.Fprintf(w, "%s: entries kept: %d, dropped as they match nothing: %d\n", f.output, len(now.Entries), len(old.Entries)-len(now.Entries))
		return
	}
	fmt.Fprintf(w, "%s: findings held: %d, files read: %d", f.output, len(now.Entries)-now.Outside, now.Result.Stats.Read)
	if now.Outside > 0 {
		fmt.Fprintf(w, ", kept of files elsewhere: %d", now.Outside)
	}
	fmt.Fprintln(w)
}

// dash is the name of an output: "-" is standard output, which openOutput calls "".
func dash(name string) string {
	if name == "-" {
		return ""
	}
	return name
}
