package govet

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Is tells whether a command line is one of the vet protocol.
func Is(args []string) bool {
	if len(args) == 1 && (args[0] == "-V=full" || args[0] == "-flags") {
		return true
	}
	if len(args) == 0 || !strings.HasSuffix(args[len(args)-1], ".cfg") {
		return false
	}
	// A flag with one dash: pinvet's own long flags have two.
	return !slices.ContainsFunc(args[:len(args)-1], func(a string) bool {
		return !strings.HasPrefix(a, "-") || strings.HasPrefix(a, "--")
	})
}

// options are the flags that go vet passes on.
type options struct {
	rules, severity string
	json            bool
}

func flags(o *options) *flag.FlagSet {
	fs := flag.NewFlagSet("pinvet", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.rules, "rule", "", "run only these rules: codes, names or prefixes, with commas")
	fs.StringVar(&o.severity, "severity", "warning", "lowest severity that is reported: error, warning, advice")
	fs.BoolVar(&o.json, "json", false, "write findings as JSON")
	fs.Int("c", -1, "show this many lines around a finding") // the go command does that with what is JSON
	return fs
}

// Run answers a command line of the protocol. found tells whether there are findings that are to fail
// the run.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) (found bool, err error) {
	switch args[0] {
	case "-V=full":
		return false, describe(stdout)
	case "-flags":
		return false, listFlags(stdout)
	}
	var o options
	if err := flags(&o).Parse(args); err != nil {
		return false, err
	}
	cfg, err := readConfig(args[len(args)-1])
	if err != nil {
		return false, err
	}
	return cfg.run(ctx, o, stdout, stderr)
}

// describe names the program so that another build of it is another one.
func describe(w io.Writer) error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "pinvet version devel buildID=%x\n", h.Sum(nil))
	return err
}

// listFlags writes the flags as the go command wants them; -c it knows itself.
func listFlags(w io.Writer) error {
	type flagInfo struct {
		Name  string
		Bool  bool
		Usage string
	}
	list := []flagInfo{}
	flags(&options{}).VisitAll(func(f *flag.Flag) {
		if f.Name != "c" {
			list = append(list, flagInfo{f.Name, f.Name == "json", f.Usage})
		}
	})
	return json.NewEncoder(w).Encode(list)
}
