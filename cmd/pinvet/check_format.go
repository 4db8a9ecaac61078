package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/pinvet/pinvet/internal/report"
	"github.com/pinvet/pinvet/internal/walk"
)

func (f *checkFlags) addFormat(fl *pflag.FlagSet) {
	fl.StringArrayVar(&f.formats, "format", []string{"text"},
		"output `format`: "+strings.Join(report.Formats, ", ")+"; with a file, as in sarif=FILE, it can be given several times")
	fl.StringVarP(&f.output, "output", "o", "", "write the report of the format that has no file of its own to `file` instead of standard output")
}

// target is one report to write: a format, and a file or "" for standard output.
type target struct{ format, file string }

// targets understands --format and --output.
func (f *checkFlags) targets() (out []target, err error) {
	bare := ""
	seen := map[string]bool{}
	for _, v := range f.formats {
		format, file, named := strings.Cut(v, "=")
		switch {
		case !slices.Contains(report.Formats, format):
			return nil, fmt.Errorf("--format %s: use one of %s", v, strings.Join(report.Formats, ", "))
		case named && file == "":
			return nil, fmt.Errorf("--format %s: a file must follow the =", v)
		case !named && bare != "":
			return nil, fmt.Errorf("--format %s and --format %s: only one report goes to standard output; give the other a file, as in --format %s=FILE", bare, v, v)
		case !named:
			bare, file = format, f.output
		}
		if file != "" && seen[filepath.Clean(file)] {
			return nil, fmt.Errorf("--format %s: %s is the file of another report", v, file)
		}
		seen[filepath.Clean(file)] = true
		out = append(out, target{format, file})
	}
	if bare == "" && f.output != "" {
		return nil, fmt.Errorf("--output %s: each --format has a file of its own", f.output)
	}
	return out, nil
}

// textOptions says how a text report looks: a file has colours only when they are asked for.
func (f *checkFlags) textOptions(wanted bool) func(target) report.TextOptions {
	return func(t target) report.TextOptions {
		color := wanted && (t.file == "" || f.color == "always")
		return report.TextOptions{Color: color, Verbose: f.verbose, Quiet: f.quiet}
	}
}

// sinks are the reports of a run, opened before the work begins.
type sinks []sink

type sink struct {
	target
	out *output
}

// openSinks opens what the reports go to, or nothing.
func openSinks(targets []target, stdout io.Writer) (out sinks, err error) {
	for _, t := range targets {
		o, err := openOutput(t.file, stdout)
		if err != nil {
			out.close()
			return nil, err
		}
		out = append(out, sink{t, o})
	}
	return out, nil
}

// write writes all reports; what fails for one does not keep the others from being written.
func (ss sinks) write(rep *report.Report, o func(target) report.TextOptions) error {
	var errs []error
	for _, s := range ss {
		errs = append(errs, s.out.write(func(w io.Writer) error { return report.Write(w, s.format, rep, o(s.target)) }))
	}
	return errors.Join(errs...)
}

// close closes what nothing was written to.
func (ss sinks) close() {
	for _, s := range ss {
		s.out.close()
	}
}

// showsText says whether one of the reports is text on standard output, which ends in the summary.
func (ss sinks) showsText() bool {
	return slices.ContainsFunc(ss, func(s sink) bool { return s.format == "text" && s.file == "" })
}

// treeHere says where the current folder lies in its repository.
func treeHere() report.Tree {
	dir, err := os.Getwd()
	if err != nil {
		return report.Tree{}
	}
	return report.Tree{Dir: filepath.ToSlash(dir), Top: filepath.ToSlash(walk.Repository(dir))}
}
