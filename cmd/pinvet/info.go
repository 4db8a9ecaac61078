package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/pinvet/pinvet/internal/page"
	"github.com/pinvet/pinvet/internal/report"
	"github.com/pinvet/pinvet/internal/version"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), version.Long())
			return err
		},
	}
}

func newExplain() *cobra.Command {
	var color string
	c := &cobra.Command{
		Use:     "explain rule",
		Short:   "Say what a rule finds, why it is bad and what to do instead",
		Example: "  pinvet explain PIN101\n  pinvet explain fixed-ends-pending",
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) (codes []string, _ cobra.ShellCompDirective) {
			for _, r := range registry.All() {
				codes = append(codes, r.Code+"\t"+r.Title)
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			out := c.OutOrStdout()
			r, err := registry.Find(args[0])
			if family := registry.Family(args[0]); err != nil && len(family) > 0 {
				return rulesTable(out, family)
			}
			if err != nil {
				return err
			}
			inColor, err := wantColor(color, out)
			if err != nil {
				return err
			}
			return page.Render(out, r.Doc, page.Options{Width: min(terminalWidth(out), 100), Color: inColor})
		},
	}
	c.Flags().StringVar(&color, "color", "auto", "colour the page: auto, always, never")
	return c
}

func newRules() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "rules",
		Short: "List all rules",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			switch format {
			case "text":
				return rulesTable(c.OutOrStdout(), registry.All())
			case "json":
				return rulesJSON(c.OutOrStdout(), registry.All())
			}
			return fmt.Errorf("--format %s: use text or json", format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "output format: text, json")
	return c
}

func rulesTable(w io.Writer, list []*rules.Rule) error {
	name := 0
	for _, r := range list {
		name = max(name, len(r.Name))
	}
	family := ""
	for _, r := range list {
		if r.Family() != family {
			if family != "" {
				fmt.Fprintln(w)
			}
			family = r.Family()
			fmt.Fprintf(w, "%sxx  %s\n", family, r.FamilyTitle())
		}
		if _, err := fmt.Fprintf(w, "  %s  %s  %s  %s  %s\n", r.Code, column(r.Name, name),
			column(r.Severity.String(), 7), column(langs(r), 5), r.Title); err != nil {
			return err
		}
	}
	return nil
}

func langs(r *rules.Rule) string {
	s := ""
	for i, l := range r.Langs {
		if i > 0 {
			s += " "
		}
		s += rules.LangName(l)
	}
	return s
}

func rulesJSON(w io.Writer, list []*rules.Rule) error {
	type card struct {
		Code     string   `json:"code"`
		Name     string   `json:"name"`
		Title    string   `json:"title"`
		Family   string   `json:"family"`
		Langs    []string `json:"languages"`
		Severity string   `json:"severity"`
		CWE      int      `json:"cwe,omitempty"`
		Since    string   `json:"since"`
		Fix      string   `json:"fix"`
		URL      string   `json:"url"`
	}
	cards := []card{}
	for _, r := range list {
		c := card{
			Code: r.Code, Name: r.Name, Title: r.Title, Family: r.FamilyTitle(),
			Severity: r.Severity.String(), CWE: r.CWE, Since: r.Since, Fix: r.Fix.String(), URL: report.RuleURL(r),
		}
		for _, l := range r.Langs {
			c.Langs = append(c.Langs, rules.LangName(l))
		}
		cards = append(cards, c)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(cards)
}
