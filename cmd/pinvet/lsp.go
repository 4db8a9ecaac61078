package main

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/pinvet/pinvet/lsp"
	"github.com/pinvet/pinvet/rules/registry"
)

// errNoShutdown ends a server whose client went without a word.
var errNoShutdown = errors.New("the client ended without shutdown")

func newLSP() *cobra.Command {
	var logFile string
	var workers int
	var stdio bool
	var kept cacheFlags
	c := &cobra.Command{
		Use:   "lsp",
		Short: "Serve an editor: the Language Server Protocol over standard input and output",
		Long: "lsp is started by an editor. It shows findings while one types, in C# and C files at once, with the steps\n" +
			"that led to them, fixes, hovers on imports and ways between an import and the C function behind it.\n" +
			"The README says how to set up VS Code, Neovim, Emacs and Vim.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o := lsp.Options{Rules: registry.All(), Workers: workers}
			if logFile != "" {
				f, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
				if err != nil {
					return err
				}
				defer f.Close()
				o.Log = f
			}
			o.Cache = kept.open()
			defer kept.close(c.ErrOrStderr(), false)
			go serverPace.keep(c.Context())
			if lsp.Serve(c.Context(), stdioPipe{os.Stdin, os.Stdout}, o) != 0 {
				return errNoShutdown
			}
			return nil
		},
	}
	fl := c.Flags()
	fl.SortFlags = false
	fl.StringVar(&logFile, "log", "", "append what the server does to `file`")
	fl.IntVarP(&workers, "jobs", "j", 0, "number of files read at the same time (0: one per processor)")
	kept.add(fl)
	fl.BoolVar(&stdio, "stdio", false, "there is no other way; some editors say so")
	return c
}

// stdioPipe is the way to the editor.
type stdioPipe struct {
	io.Reader
	io.Writer
}

// Close closes the input, so that a read that waits ends where the system allows.
func (p stdioPipe) Close() error { return os.Stdin.Close() }
