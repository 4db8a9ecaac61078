package pinlist

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/pinvet/pinvet/analyzers/inventory"
)

// Table writes l for a terminal: totals by class and kind, then the sites, longest class first.
func Table(w io.Writer, l *List) error {
	b := bufio.NewWriter(w)
	if len(l.Sites) == 0 {
		fmt.Fprintf(b, "no pins in %s\n", plural(l.Stats.Analysed, "file"))
		return b.Flush()
	}
	l.totals(b)
	fmt.Fprintln(b)
	l.rows(b)
	fmt.Fprintln(b)
	l.ending(b)
	return b.Flush()
}

func (l *List) totals(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	kinds := l.kinds()
	fmt.Fprint(t, "\t")
	for _, k := range kinds {
		fmt.Fprintf(t, "%s\t", k)
	}
	fmt.Fprintln(t, "all\t")
	for _, c := range inventory.Classes {
		if l.count(c, "") == 0 {
			continue
		}
		fmt.Fprintf(t, "%s\t", c)
		for _, k := range kinds {
			fmt.Fprintf(t, "%s\t", number(l.count(c, k)))
		}
		fmt.Fprintf(t, "%d\t\n", l.count(c, ""))
	}
	t.Flush()
}

func number(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}

func (l *List) rows(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CLASS\tKIND\tPLACE\tPINS\tKEPT IN\tADVICE\tWHY")
	for _, s := range l.byWeight() {
		fmt.Fprintf(t, "%s\t%s\t%s:%d:%d\t%s\t%s\t%s\t%s\n", s.Class, s.Kind, clean(s.Path), s.Line, s.Column,
			clean(s.pinned()), clean(dash(s.Holder)), s.Advice, clean(s.Reason))
	}
	t.Flush()
}

// pinned says what a site pins: name and type, as far as they are known.
func (s *Site) pinned() string {
	switch {
	case s.Target != "" && s.Type != "":
		return s.Target + " (" + s.Type + ")"
	case s.Target != "":
		return s.Target
	}
	return dash(s.Type)
}

func (l *List) ending(w io.Writer) {
	fmt.Fprintf(w, "%s in %s.", plural(len(l.Sites), "site"), plural(l.Stats.Analysed, "file"))
	for _, a := range inventory.Advices {
		if n := l.advised(a); n > 0 {
			fmt.Fprintf(w, " %s: %d.", strings.ToUpper(string(a[:1]))+string(a[1:]), n)
		}
	}
	fmt.Fprintln(w)
	if l.Stats.Partial > 0 {
		fmt.Fprintf(w, "not fully understood: %s; pins in such places are missing\n", plural(l.Stats.Partial, "file"))
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// clean keeps control characters and column separators of analysed text out of the table.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '?'
		}
		return r
	}, s)
}
