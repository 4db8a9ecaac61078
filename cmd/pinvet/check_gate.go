package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/pflag"

	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/internal/gate"
)

// gateFlags say which findings count.
type gateFlags struct {
	baseline, newFrom string
	staged            bool
}

func (f *gateFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&f.baseline, "baseline", "", "leave out what this `file` holds, see pinvet baseline; empty: not even the one that pinvet.yaml names")
	fl.StringVar(&f.newFrom, "new-from", "", "only what is new since HEAD parted from `revision`, or lies on lines that changed since; the work tree is included")
	fl.BoolVar(&f.staged, "staged", false, "check what is staged for a commit, and show what touches staged files")
}

// options reads what the flags name, or else what the configuration does.
func (f *gateFlags) options(fl *pflag.FlagSet, cfg *config.Settings) (o gate.Options, err error) {
	o.NewFrom, o.Staged = f.newFrom, f.staged
	name, by := f.baseline, "--baseline"
	if n, at := cfg.Baseline(); n != "" && !fl.Changed("baseline") {
		name, by = n, at.String()
	}
	if name == "" {
		return o, nil
	}
	o.Baseline, err = baseline.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o, fmt.Errorf("%s: %w: `pinvet baseline -o %s` makes it", by, err, name)
	}
	if err != nil {
		return o, fmt.Errorf("%s: %w", by, err)
	}
	return o, nil
}
