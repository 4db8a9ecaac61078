//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// figures are what one row took.
type figures struct {
	name      string
	clock     time.Duration
	processor time.Duration // user and system, of the program and those that it started
	peak      int64         // resident memory of the largest of them, in bytes
	ended     bool          // at the cap: the program was not done
	missing   error         // it could not be started
}

// measure runs a row once. It fails for no exit code: a tool that finds something may have any.
func measure(ctx context.Context, longest time.Duration, r row) figures {
	out := figures{name: r.name}
	command, err := r.command()
	if err != nil {
		out.missing = err
		return out
	}
	if r.before != nil {
		after, err := r.before()
		if after != nil {
			defer after()
		}
		if err != nil {
			out.missing = err
			return out
		}
	}
	ctx, stop := context.WithTimeout(ctx, longest)
	defer stop()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), r.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	begin := time.Now()
	err = cmd.Run()
	out.clock = time.Since(begin)
	out.ended = ctx.Err() != nil
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !out.ended {
		out.missing = err
		return out
	}
	out.processor = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		out.peak = u.Maxrss << 10 // Linux counts in KiB
	}
	return out
}

// print writes the table; the ratios are to the row of pinvet without a cache.
func print(w io.Writer, rows []figures) {
	var own figures
	for _, r := range rows {
		if strings.HasPrefix(r.name, "**") {
			own = r
		}
	}
	fmt.Fprintln(w, "| | clock s | processor s | peak MB | clock / pinvet's |")
	fmt.Fprintln(w, "| --- | ---: | ---: | ---: | ---: |")
	for _, r := range rows {
		if r.missing != nil {
			fmt.Fprintf(w, "| %s | not measured: %v | | | |\n", r.name, r.missing)
			continue
		}
		more := ""
		if r.ended {
			more = "> "
		}
		fmt.Fprintf(w, "| %s | %s%.2f | %s%.2f | %.0f | %s%.2f |\n", r.name, more, r.clock.Seconds(), more, r.processor.Seconds(), float64(r.peak)/1e6, more, r.clock.Seconds()/max(own.clock.Seconds(), 0.001))
	}
}
