package pinlist

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"github.com/pinvet/pinvet/analyzers/inventory"
	"github.com/pinvet/pinvet/internal/webpage"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// HTML writes l as one page: a plot of classes and kinds, the files that hold most long-lived
// pins, and a list that can be filtered and searched.
func HTML(w io.Writer, l *List) error {
	return page.Execute(w, struct {
		*List
		Bars    []bar
		Legend  []legend
		Files   []bar
		Sorted  []Site
		Classes []inventory.Class
		Advices []inventory.Advice
		Long    int
		Style   template.CSS
	}{l, l.bars(), l.legend(), l.files(), l.byWeight(), inventory.Classes, inventory.Advices, l.long(), webpage.Style})
}

// colors are those of inventory.Kinds: told apart without red against green.
var colors = []string{"#b3502d", "#d98c3f", "#e3c16f", "#7a5195", "#a983c7", "#2f6f9f", "#9fb8c8", "#3f8f7f"}

func colorOf(k inventory.Kind) string {
	return colors[max(0, slices.Index(inventory.Kinds, k))%len(colors)]
}

type legend struct {
	Kind  inventory.Kind
	Color string
	Sites int
}

// bar is one bar of the plot; widths are in per cent of the longest.
type bar struct {
	Name  string
	Sites int
	Parts []part
}

type part struct {
	Kind  inventory.Kind
	Color string
	Sites int
	Width string // of the bar's room
}

func (l *List) legend() (out []legend) {
	for _, k := range l.kinds() {
		out = append(out, legend{k, colorOf(k), l.count("", k)})
	}
	return out
}

func (l *List) bars() (out []bar) {
	most := 1
	for _, c := range inventory.Classes {
		most = max(most, l.count(c, ""))
	}
	for _, c := range inventory.Classes {
		b := bar{Name: string(c), Sites: l.count(c, "")}
		for _, k := range l.kinds() {
			b.add(k, l.count(c, k), most)
		}
		out = append(out, b)
	}
	return out
}

func (b *bar) add(k inventory.Kind, n, most int) {
	if n > 0 {
		b.Parts = append(b.Parts, part{k, colorOf(k), n, fmt.Sprintf("%.2f%%", 100*float64(n)/float64(most))})
	}
}

// lasting tells whether a pin of that class outlives the function that makes it.
func lasting(c inventory.Class) bool {
	return c == inventory.Process || c == inventory.Owner || c == inventory.Operation
}

func (l *List) long() (n int) {
	for i := range l.Sites {
		if lasting(l.Sites[i].Class) {
			n++
		}
	}
	return n
}

// topFiles is how many files the plot of files shows.
const topFiles = 12

func (l *List) files() []bar {
	by := map[string]map[inventory.Kind]int{}
	total := map[string]int{}
	for i := range l.Sites {
		if s := &l.Sites[i]; lasting(s.Class) {
			if by[s.Path] == nil {
				by[s.Path] = map[inventory.Kind]int{}
			}
			by[s.Path][s.Kind]++
			total[s.Path]++
		}
	}
	paths := make([]string, 0, len(by))
	for p := range by {
		paths = append(paths, p)
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(total[b]-total[a], cmp.Compare(a, b)) })
	var out []bar
	for _, p := range paths[:min(topFiles, len(paths))] {
		b := bar{Name: p, Sites: total[p]}
		for _, k := range inventory.Kinds {
			b.add(k, by[p][k], total[paths[0]])
		}
		out = append(out, b)
	}
	return out
}
