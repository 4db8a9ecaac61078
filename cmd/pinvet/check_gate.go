package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/pflag"

	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/gate"
)

// gateFlags say which findings count.
type gateFlags struct {
	baseline, newFrom string
	staged            bool
}

func (f *gateFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&f.baseline, "baseline", "", "leave out what this `file` holds, see pinvet baseline")
	fl.StringVar(&f.newFrom, "new-from", "", "only what is new since HEAD parted from `revision`, or lies on lines that changed since; the work tree is included")
	fl.BoolVar(&f.staged, "staged", false, "check what is staged for a commit, and show what touches staged files")
}

// options reads what the flags name.
func (f *gateFlags) options() (o gate.Options, err error) {
	o.NewFrom, o.Staged = f.newFrom, f.staged
	if f.baseline != "" {
		o.Baseline, err = baseline.Read(f.baseline)
		if errors.Is(err, fs.ErrNotExist) {
			return o, fmt.Errorf("--baseline: %w: `pinvet baseline -o %s` makes it", err, f.baseline)
		}
		if err != nil {
			return o, fmt.Errorf("--baseline: %w", err)
		}
	}
	return o, nil
}
