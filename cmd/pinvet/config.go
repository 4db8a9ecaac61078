package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pinvet/pinvet/internal/config"
)

func newInit() *cobra.Command {
	return &cobra.Command{
		Use:   "init [folder]",
		Short: "Write a pinvet.yaml in which all is explained and nothing set",
		Long: "init writes pinvet.yaml into a folder (default: the current one). It never writes over a file.\n" +
			"All settings are comments at first; editors that know yaml-language-server complete the keys.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := config.Name
			if len(args) > 0 {
				name = filepath.Join(args[0], config.Name)
			}
			f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("%s is there already: nothing is written", name)
			}
			if err != nil {
				return err
			}
			_, err = f.Write(config.Template)
			if err = errors.Join(err, f.Close()); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "wrote %s: all of it is comments, so nothing changes yet\n", name)
			return err
		},
	}
}

// showFlags are the flags of pinvet config as they were typed.
type showFlags struct {
	format string
	all    bool
	config configFlags
}

func newConfig() *cobra.Command {
	f := &showFlags{}
	c := &cobra.Command{
		Use:   "config [files]",
		Short: "Say which settings hold for a file, and from which line they come",
		Long: "config says for each file whether it is read, whether it counts as generated code, and which rules\n" +
			"have another severity than their own, each with the line that says so. Without a file it checks the\n" +
			"configuration and says what holds for the run. What wins, strongest first:\n\n" +
			"  1. flags, and the settings of an editor\n" +
			"  2. .editorconfig: the file nearest to the source file, in it the last section that matches\n" +
			"  3. overrides of pinvet.yaml, the last one that matches\n" +
			"  4. rules of pinvet.yaml: a code or name before a prefix\n" +
			"  5. .globalconfig\n" +
			"  6. the rule itself\n\n" +
			"The pinvet.yaml is the nearest one in or above the folder that holds all paths, up to the top of the\n" +
			"repository. In .editorconfig these count:\n\n" +
			"  dotnet_diagnostic.PIN301.severity = error, warning, suggestion (advice), silent or none (off), default\n" +
			"  dotnet_analyzer_diagnostic.category-pinvet.severity = the same for all rules\n" +
			"  generated_code = true or false",
		Example: "  pinvet config\n  pinvet config src/Device.cs\n  pinvet config native/io.c --format json",
		RunE:    func(c *cobra.Command, files []string) error { return f.run(c, files) },
	}
	fl := c.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.format, "format", "text", "output format: text, json")
	fl.BoolVar(&f.all, "all", false, "list all rules, also those that nothing is said about")
	f.config.add(fl)
	return c
}

func (f *showFlags) run(c *cobra.Command, files []string) error {
	if f.format != "text" && f.format != "json" {
		return fmt.Errorf("--format %s: use text or json", f.format)
	}
	cfg, err := f.config.load(files, nil)
	if err != nil {
		return err
	}
	var shown []*config.FileReport
	for _, name := range files {
		r, err := f.report(c.Context(), cfg, name)
		if err != nil {
			return err
		}
		shown = append(shown, r)
	}
	rep := cfg.Report(shown)
	if here, err := f.config.load(nil, nil); err == nil {
		rep.Whole = here.File()
	}
	if f.format == "json" {
		e := json.NewEncoder(c.OutOrStdout())
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(rep)
	}
	return showConfig(c.OutOrStdout(), rep, f.all)
}

// report says what holds for one file.
func (f *showFlags) report(ctx context.Context, cfg *config.Settings, name string) (*config.FileReport, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: name a file", name)
	}
	rel := path.Clean(filepath.ToSlash(name))
	if filepath.IsAbs(name) {
		here, err := os.Getwd()
		if err != nil {
			return nil, err
		}
		if rel, err = filepath.Rel(here, name); err != nil {
			return nil, err
		}
		rel = filepath.ToSlash(rel)
	}
	return cfg.ReportFile(ctx, rel)
}

// showConfig writes a report for people.
func showConfig(w io.Writer, r *config.Report, all bool) error {
	b := &strings.Builder{}
	file := r.Configuration
	if file == "" {
		file = "none"
	}
	fmt.Fprintf(b, "%s  %s\n", column("pinvet.yaml", 11), file)
	if r.Whole != r.Configuration {
		whole := r.Whole
		if whole == "" {
			whole = "none"
		}
		fmt.Fprintf(b, "             the nearest one to these files; a run over the whole folder reads %s\n", whole)
	}
	setting(b, "severity", r.Severity)
	setting(b, "gate", r.Gate)
	setting(b, "baseline", r.Baseline)
	for _, f := range r.Files {
		fmt.Fprintf(b, "\n%s\n", f.Path)
		setting(b, "  read", f.Read)
		setting(b, "  generated", f.Generated)
		rulesOf(b, f.Rules, all)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(b, "\n%s:%d: %s", p.File, p.Line, p.Text)
	}
	if len(r.Problems) > 0 {
		b.WriteByte('\n')
	}
	if len(r.Files) > 0 {
		b.WriteString("\nWhat wins: flags, .editorconfig, overrides of pinvet.yaml, rules of pinvet.yaml, .globalconfig, the rule itself.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func setting(b *strings.Builder, name string, s config.Setting) {
	line := fmt.Sprintf("%s  %s  %s", column(name, 11), column(s.Value, 7), s.From)
	fmt.Fprintln(b, strings.TrimRight(line, " "))
}

func rulesOf(b *strings.Builder, list []config.RuleReport, all bool) {
	name, from, said := 0, 0, 0
	for _, r := range list {
		if len(r.Said) > 0 || all {
			name, from = max(name, len(r.Name)), max(from, len(r.From.String()))
		}
		said += min(len(r.Said), 1)
	}
	if said == 0 && !all {
		b.WriteString("  all rules have their own severity\n")
		return
	}
	for _, r := range list {
		if len(r.Said) == 0 && !all {
			continue
		}
		line := fmt.Sprintf("  %s %s  %s  %s  %s", r.Code, column(r.Name, name), column(r.Severity, 7), column(r.From.String(), from), r.From.Text)
		if len(r.Said) > 0 && r.Severity != r.Own {
			line += " (by itself " + r.Own + ")"
		}
		for i, s := range r.Said {
			if i == 1 {
				line += ", over " + s.String()
			} else if i > 1 {
				line += ", " + s.String()
			}
		}
		fmt.Fprintln(b, strings.TrimRight(line, " "))
	}
}
