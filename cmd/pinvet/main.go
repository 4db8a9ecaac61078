// Command pinvet finds defects at the border between C# and C: overlapped
// operations that outlive their storage, pins and handles that leak.
//
// This package is thin: it turns flags into options, and results into output
// and an exit code. Everything else lives below internal.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pinvet/pinvet/internal/govet"
	"github.com/pinvet/pinvet/internal/version"
)

// The exit codes; scripts rely on them.
const (
	exitClean    = 0 // nothing at or above the gate
	exitFindings = 1 // something at or above the gate
	exitFailed   = 2 // could not run, or was interrupted
)

// gcPercent is how far the heap may grow over what is in use. Most of the heap
// is lowered code that lives to the end of the run, so the usual 100 would double
// the memory for little: measured on 80 MB of C#, 50 saves a third of it and
// costs a tenth of the time. GOGC overrides it.
const gcPercent = 50

// grace is how long an interrupted process may take to end in order: what it has begun on a file or a
// function is not interrupted, and can take longer.
const grace = time.Second

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ended := context.AfterFunc(ctx, func() {
		stop() // a second signal ends the process at once
		time.AfterFunc(grace, func() { os.Exit(exitFailed) })
	})
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	ended() // stop ends ctx too, and that is no interrupt
	stop()
	os.Exit(code)
}

// errFindings ends a command that ran well and found something.
var errFindings = errors.New("findings at or above the gate")

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if govet.Is(args) {
		return runVet(ctx, args, stdout, stderr)
	}
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings), errors.Is(err, errNoShutdown):
		return exitFindings
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "pinvet: interrupted")
	default:
		fmt.Fprintln(stderr, "pinvet:", err)
	}
	return exitFailed
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "pinvet",
		Short: "Check the border between C# and C: overlapped I/O, pins, handles",
		Long: "pinvet reads C# and C interop code, without building it, and finds operations\n" +
			"that outlive the storage and the handles they use.",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		Version:       version.Long(),
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w: see %s --help", err, c.CommandPath())
	})
	root.AddCommand(newCheck(), newBaseline(), newPins(), newInit(), newConfig(), newCache(), newLSP(), newExplain(), newRules(), newVersion())
	return root
}
