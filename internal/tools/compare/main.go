//go:build linux

// Command compare measures pinvet beside other tools on the same files, in one run, and prints the
// figures as a table in Markdown: time on the clock, processor time, peak memory, and the ratio to
// pinvet's own.
//
//	go run ./internal/tools/compare -pinvet bin/pinvet -cs DIR[,DIR...] -c DIR[,DIR...]
//
// In: trees of C# and of C code, and where the tools are; a tool that is not there is left out and
// said so. Out: one table for each of the two. The rows are the floor of a byte search (ripgrep),
// parsing alone (the same walk and parser as pinvet, nothing after it), pinvet with no cache, with a
// cache that it fills, with that cache and nothing changed, and with one file changed; for C# ast-grep
// with one pattern; for C cppcheck and clang --analyze over the .c files.
//
// Invariants: what a tool prints is thrown away, and its exit code does not count, since findings have
// one too; only one that cannot be started is left out. A tool that is not done after -cap is ended
// and its figures are a lower bound, marked so. No file of the trees is written, but for the one that
// changes: its text is put back.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

type options struct {
	pinvet, ripgrep, astGrep, cppcheck, clang string

	headers string // of mingw, for clang
	cap     time.Duration
	work    string // a folder for what the run makes
}

func main() {
	var o options
	flag.StringVar(&o.pinvet, "pinvet", "bin/pinvet", "pinvet")
	flag.StringVar(&o.ripgrep, "rg", "rg", "ripgrep")
	flag.StringVar(&o.astGrep, "ast-grep", "ast-grep", "ast-grep")
	flag.StringVar(&o.cppcheck, "cppcheck", "cppcheck", "cppcheck")
	flag.StringVar(&o.clang, "clang", "clang", "clang")
	flag.StringVar(&o.headers, "headers", "/usr/share/mingw-w64/include", "headers of mingw-w64, for clang")
	flag.DurationVar(&o.cap, "cap", 20*time.Minute, "the longest that one tool may take")
	cs := flag.String("cs", "", "trees of C# code, separated by commas")
	c := flag.String("c", "", "trees of C code, separated by commas")
	parse := flag.Bool("parse", false, "only parse the trees that are given as arguments (what one row runs)")
	flag.Parse()
	if *parse {
		parseOnly(flag.Args())
		return
	}
	if err := run(o, trees(*cs), trees(*c)); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func trees(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

func run(o options, cs, c []string) (err error) {
	if o.work, err = os.MkdirTemp("", "compare-"); err != nil {
		return err
	}
	defer os.RemoveAll(o.work)
	fmt.Printf("%s, %s/%s, %d processors\n", time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	for _, part := range []struct {
		title string
		trees []string
		rows  func(options, *inputs) []row
	}{{"C#", cs, csRows}, {"C", c, cRows}} {
		if len(part.trees) == 0 {
			continue
		}
		in, err := list(part.trees)
		if err != nil {
			return err
		}
		fmt.Printf("\n%s: %d files, %.1f MB\n\n", part.title, in.files, float64(in.bytes)/1e6)
		var done []figures
		for _, r := range part.rows(o, in) {
			fmt.Fprintln(os.Stderr, r.name)
			done = append(done, measure(context.Background(), o.cap, r))
		}
		print(os.Stdout, done)
	}
	return nil
}
