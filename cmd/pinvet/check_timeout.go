package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// timeoutFlags bound a whole run. Files and functions have bounds of their own, which count steps and not
// time, so that a run finds the same on any machine; this one is for jobs that must end.
type timeoutFlags struct{ after time.Duration }

func (f *timeoutFlags) add(fl *pflag.FlagSet) {
	fl.DurationVar(&f.after, "timeout", 0, "give up after this `time`, such as 5m, with exit code 2 and no findings: part of them would look like all (0: never)")
}

// within runs a command with a context that ends in time.
func (f *timeoutFlags) within(c *cobra.Command, run func() error) error {
	if f.after < 0 {
		return fmt.Errorf("--timeout %v: use 0 or more", f.after)
	}
	if f.after == 0 {
		return run()
	}
	ctx, stop := context.WithTimeout(c.Context(), f.after)
	defer stop()
	c.SetContext(ctx)
	err := run()
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("gave up after %v (--timeout), so nothing is reported", f.after)
	}
	return err
}
