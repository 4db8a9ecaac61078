package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/config"
)

// factsFlags split a run over many.
type factsFlags struct {
	out  string
	in   []string
	only bool
}

func (f *factsFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&f.out, "facts-out", "", "also write what the files hold to `file`, for runs that look at other files together with these")
	fl.BoolVar(&f.only, "facts-only", false, "with --facts-out: write the facts, and report nothing")
	fl.StringArrayVar(&f.in, "facts-in", nil, "analyse what `file` holds (or the .facts files of a folder) together with the paths, and report on the paths alone; without paths, report on all that the facts hold (repeatable)")
}

// readFacts reads the facts of other units. Facts alone are a run of their own: the files are not needed.
func (f *checkFlags) readFacts(s *settings, paths []string) (err error) {
	if f.facts.only && f.facts.out == "" {
		return errors.New("--facts-only: name the file with --facts-out")
	}
	if f.facts.only && len(f.facts.in) > 0 {
		return errors.New("--facts-only: the facts of files do not depend on others, so --facts-in means nothing")
	}
	if f.facts.only && (f.output != "" || len(f.formats) != 1 || f.formats[0] != "text") {
		return errors.New("--facts-only: it reports nothing, so --format and --output mean nothing")
	}
	if len(f.facts.in) == 0 && f.facts.out == "" {
		return nil
	}
	for _, other := range []struct {
		on   bool
		flag string
	}{{f.fixes(), "--fix and --diff"}, {f.against.staged, "--staged"}, {f.against.newFrom != "", "--new-from"}} {
		if other.on {
			return fmt.Errorf("%s: not with --facts-in or --facts-out, which know one state of the files only", other.flag)
		}
	}
	names, err := f.facts.files()
	if err == nil {
		s.check.Facts, err = check.ReadFacts(names, s.check.Config)
	}
	if err != nil {
		return fmt.Errorf("--facts-in: %w", err)
	}
	if len(paths) == 0 && len(f.facts.in) > 0 {
		s.check.Paths = nil
		if f.facts.out != "" {
			return errors.New("--facts-out: name the paths whose facts are to be written")
		}
	}
	if s.check.KeepFacts = f.facts.out != ""; f.facts.only {
		s.check.Rules = nil
	}
	return nil
}

// files are the files to read: of a folder, those that end in .facts.
func (f *factsFlags) files() (names []string, err error) {
	for _, name := range f.in {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			names = append(names, name)
			continue
		}
		list, err := os.ReadDir(name)
		if err != nil {
			return nil, err
		}
		before := len(names)
		for _, e := range list {
			if filepath.Ext(e.Name()) == ".facts" {
				names = append(names, filepath.Join(name, e.Name()))
			}
		}
		if len(names) == before {
			return nil, fmt.Errorf("%s has no files that end in .facts", name)
		}
	}
	return names, nil
}

// open opens the file for the facts, where one is asked for; none of the reports goes there.
func (f *factsFlags) open(reports []target) (*output, error) {
	if f.out == "" {
		return &output{}, nil
	}
	for _, t := range reports {
		if t.file != "" && filepath.Clean(t.file) == filepath.Clean(f.out) {
			return nil, fmt.Errorf("--facts-out: %s is the file of a report", f.out)
		}
	}
	out, err := openOutput(f.out, nil)
	if err != nil {
		return nil, fmt.Errorf("--facts-out: %w", err)
	}
	return out, nil
}

// write writes the facts of a run.
func (f *factsFlags) write(out *output, res *check.Result, cfg *config.Settings) error {
	if f.out == "" {
		return nil
	}
	data, err := res.EncodeFacts(cfg)
	if err == nil {
		err = out.write(func(w io.Writer) error { _, err := w.Write(data); return err })
	}
	if err != nil {
		return fmt.Errorf("--facts-out: %w", err)
	}
	return nil
}
