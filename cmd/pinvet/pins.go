package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/pinlist"
)

// pinsFlags are the flags of pinvet pins as they were typed.
type pinsFlags struct {
	format, output    string
	classes           []string
	workers           int
	generated, silent bool
	config            configFlags
	cache             cacheFlags
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
	f.config.add(fl)
	fl.BoolVar(&f.generated, "generated", false, "list generated code too")
	f.cache.add(fl)
	fl.IntVarP(&f.workers, "jobs", "j", 0, "number of files read at the same time (0: one per processor)")
	fl.BoolVar(&f.silent, "no-progress", false, "no progress line on a terminal")
	return c
}

func (f *pinsFlags) run(c *cobra.Command, paths []string) error {
	if !slices.Contains(pinlist.Formats, f.format) {
		return fmt.Errorf("--format %s: use one of %s", f.format, strings.Join(pinlist.Formats, ", "))
	}
	if f.workers < 0 {
		return fmt.Errorf("-j %d: use 0 or more", f.workers)
	}
	out, err := openOutput(f.output, c.OutOrStdout())
	if err != nil {
		return err
	}
	defer out.close()
	cfg, err := f.config.load(paths, nil)
	if err != nil {
		return err
	}
	kept := f.cache.open()
	defer f.cache.close(c.ErrOrStderr(), false)
	bar := newProgress(c.ErrOrStderr(), f.silent)
	list, err := pinlist.Run(c.Context(), pinlist.Options{
		Paths: paths, Classes: f.classes, Generated: f.generated, Workers: f.workers, Progress: bar.update, Config: cfg, Cache: kept,
	})
	bar.done()
	if err != nil {
		return err
	}
	for _, p := range list.Problems {
		if p.Level != outcome.Note {
			fmt.Fprintf(c.ErrOrStderr(), "%s: %s\n", p.Path, p.Text)
		}
	}
	write := map[string]func(io.Writer, *pinlist.List) error{"table": pinlist.Table, "json": pinlist.JSON, "html": pinlist.HTML}[f.format]
	return out.write(func(w io.Writer) error { return write(w, list) })
}
