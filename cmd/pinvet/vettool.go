package main

import (
	"context"
	"fmt"
	"io"

	"github.com/pinvet/pinvet/internal/govet"
)

// runVet is a run as "go vet -vettool=pinvet".
func runVet(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	found, err := govet.Run(ctx, args, stdout, stderr)
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "pinvet:", err)
		return exitFailed
	case found:
		return exitFindings
	}
	return exitClean
}
