package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/inventory"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/pinlist"
	"github.com/pinvet/pinvet/internal/version"
	"github.com/pinvet/pinvet/rules"
)

// pinsFlags are the flags of pinvet pins as they were typed.
type pinsFlags struct {
	format, output    string
	classes           []string
	workers           int
	generated, silent bool
}

func newPins() *cobra.Command {
	f := &pinsFlags{}
	c := &cobra.Command{
		Use:   "pins [paths]",
		Short: "List every place that pins managed memory, and for how long",
		Long: "pins lists what pins managed memory: fixed statements, pinned GC handles, MemoryHandle, data packed with\n" +
			"an OVERLAPPED, arguments that the marshaller pins, arrays of the pinned object heap. Each has a class:\n\n" +
			"  process    to the end of the process, by design or because nothing frees it\n" +
			"  object     as long as the object that holds the pin\n" +
			"  operation  until an overlapped operation completes\n" +
			"  block      some statements of one function\n" +
			"  call       one call\n\n" +
			"and an advice: leave, shorten, pool, pinned object heap. It is what to look through when fragmentation of\n" +
			"the GC heap is traced to pins. Exit code: 0, or 2 when it could not run.",
		Example: "  pinvet pins\n  pinvet pins src --class process,object,operation\n  pinvet pins --format html --output pins.html",
		RunE:    func(c *cobra.Command, paths []string) error { return f.run(c, paths) },
	}
	fl := c.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.format, "format", "table", "output format: "+strings.Join(pinlist.Formats, ", "))
	fl.StringVarP(&f.output, "output", "o", "", "write to `file` instead of standard output")
	fl.StringSliceVar(&f.classes, "class", nil, "show only these `classes`: process, object, operation, block, call")
	fl.BoolVar(&f.generated, "generated", false, "list generated code too")
	fl.IntVarP(&f.workers, "jobs", "j", 0, "number of files read at the same time (0: one per processor)")
	fl.BoolVar(&f.silent, "no-progress", false, "no progress line on a terminal")
	return c
}

func (f *pinsFlags) validate() error {
	if !slices.Contains(pinlist.Formats, f.format) {
		return fmt.Errorf("--format %s: use one of %s", f.format, strings.Join(pinlist.Formats, ", "))
	}
	for _, c := range f.classes {
		if !slices.Contains(inventory.Classes, inventory.Class(c)) {
			return fmt.Errorf("--class %s: use process, object, operation, block or call", c)
		}
	}
	if f.workers < 0 {
		return fmt.Errorf("-j %d: use 0 or more", f.workers)
	}
	return nil
}

func (f *pinsFlags) run(c *cobra.Command, paths []string) error {
	if err := f.validate(); err != nil {
		return err
	}
	bar := newProgress(c.ErrOrStderr(), f.silent)
	res, err := check.Run(c.Context(), check.Options{
		Paths: paths, Workers: f.workers, Progress: bar.update,
		Stages: []*analysis.Analyzer{inventory.Analyzer},
	})
	bar.done()
	if err != nil {
		return err
	}
	for _, p := range res.Problems {
		if p.Level != outcome.Note {
			fmt.Fprintf(c.ErrOrStderr(), "%s: %s\n", p.Path, p.Text)
		}
	}
	sites, ok := res.Of[inventory.Analyzer].([]*inventory.Site)
	if !ok || res.Incomplete() {
		return errors.New("a stage failed, so there is no inventory")
	}
	return f.write(c.OutOrStdout(), f.list(res, sites))
}

// list resolves the sites that were asked for.
func (f *pinsFlags) list(res *check.Result, sites []*inventory.Site) *pinlist.List {
	l := &pinlist.List{Version: version.Number, Problems: res.Problems, Stats: res.Stats}
	for _, s := range sites {
		if !f.generated && res.Generated(s.File.Path) || len(f.classes) > 0 && !slices.Contains(f.classes, string(s.Class)) {
			continue
		}
		at, ok := res.Span(rules.Loc{File: s.File, Span: s.Span})
		if !ok {
			continue
		}
		line, _ := res.Line(at.Path, at.Start.Line)
		l.Sites = append(l.Sites, pinlist.Site{
			Path: at.Path, Line: at.Start.Line, Column: at.Start.Column, Class: s.Class, Kind: s.Kind,
			Function: s.Func.FullName(), Target: s.Target, Type: string(s.Type), Holder: s.Holder, InLoop: s.InLoop,
			Advice: s.Advice, Reason: s.Reason, Source: strings.TrimSpace(line),
		})
	}
	return l
}

func (f *pinsFlags) write(stdout io.Writer, l *pinlist.List) error {
	write := map[string]func(io.Writer, *pinlist.List) error{"table": pinlist.Table, "json": pinlist.JSON, "html": pinlist.HTML}[f.format]
	if f.output == "" {
		return write(stdout, l)
	}
	file, err := os.Create(f.output)
	if err != nil {
		return err
	}
	return errors.Join(write(file, l), file.Close())
}
