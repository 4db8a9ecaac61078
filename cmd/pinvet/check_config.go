package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/rules/registry"
)

// configFlags say which configuration counts.
type configFlags struct {
	file string
	none bool
}

func (f *configFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&f.file, "config", "", "read this `file` instead of the nearest pinvet.yaml; its patterns start at the current folder")
	fl.BoolVar(&f.none, "no-config", false, "read neither pinvet.yaml nor .editorconfig")
}

// load reads the configuration for paths. asked are the selectors of --rule.
func (f *configFlags) load(paths, asked []string) (*config.Settings, error) {
	if f.none && f.file != "" {
		return nil, fmt.Errorf("--no-config and --config %s: use one of them", f.file)
	}
	s, err := config.Load(config.Options{Paths: paths, File: f.file, None: f.none, Asked: named(asked)})
	if err == nil {
		return s, nil
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) > 1 {
		return nil, fmt.Errorf("%d mistakes in the configuration\n%s", len(lines), err)
	}
	return nil, err
}

// named are the codes of the rules that selectors name and do not take away.
func named(selectors []string) (codes []string) {
	all, err := registry.Select(selectors)
	only := slices.DeleteFunc(slices.Clone(selectors), func(s string) bool { return strings.HasPrefix(s, "-") })
	if err != nil || len(only) == 0 {
		return nil
	}
	wanted, err := registry.Select(only)
	for _, r := range wanted {
		if err == nil && slices.Contains(all, r) {
			codes = append(codes, r.Code)
		}
	}
	return codes
}

// configure brings flags and configuration together: a flag that was typed wins.
func (f *checkFlags) configure(fl *pflag.FlagSet, s *settings) error {
	cfg, err := f.config.load(s.check.Paths, f.rules)
	if err != nil {
		return err
	}
	if w, _ := cfg.Severity(); w != 0 && !fl.Changed("severity") {
		s.check.MinSeverity = w
	}
	if w, _ := cfg.Gate(); w != 0 && !fl.Changed("gate") {
		s.gate = w
	}
	if on, _ := cfg.ShowGenerated(); !fl.Changed("generated") {
		s.check.Generated = on
	}
	s.check.Config = cfg
	s.check.MinSeverity = min(s.check.MinSeverity, s.gate) // what fails the run must be seen
	return nil
}
