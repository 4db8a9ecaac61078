package report

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"fmt"
	"io"
	"slices"

	"github.com/pinvet/pinvet/internal/finding"
)

// sarifLimits are what a reader takes of one file.
type sarifLimits struct {
	results int // more make it refuse the file
	shown   int // what it shows of those, the most severe first
	bytes   int // of the results, packed with gzip
}

// githubLimits are those of GitHub code scanning ("SARIF results exceed one or more limits" in its
// documentation): 25,000 results in a run, 5,000 shown, 10 MB packed. Half a megabyte is for the rules.
var githubLimits = sarifLimits{results: 25000, shown: 5000, bytes: 19 << 19}

// leftOut is the kind of the notification on findings that are not in the log or not shown.
const leftOut = "findings-left-out"

// keep returns those of the findings that fit, in their order, and what is to be said of the others.
// The least severe go first; of equal ones those that nobody waits for, and then the last.
func (l sarifLimits) keep(all []*finding.Finding, result func(*finding.Finding) sarifResult) (kept []*finding.Finding, said []sarifNotification) {
	byWeight := make([]int, len(all))
	for i := range all {
		byWeight[i] = i
	}
	slices.SortStableFunc(byWeight, func(a, b int) int {
		return cmp.Or(hidden(all[a])-hidden(all[b]), cmp.Compare(all[b].Severity, all[a].Severity))
	})
	n := min(len(all), l.results)
	n = l.packed(n, func(i int) sarifResult { return result(all[byWeight[i]]) })
	if n < len(all) {
		said = append(said, leftOutNote(fmt.Sprintf("%s of the least severity left out: code scanning takes %d results and %d MB, packed, in one file",
			count(len(all)-n, "finding is", "findings are"), l.results, (l.bytes+1<<19)>>20)))
	}
	if n > l.shown {
		said = append(said, leftOutNote(fmt.Sprintf("GitHub shows the %d most severe of %d results", l.shown, n)))
	}
	order := byWeight[:n]
	slices.Sort(order)
	for _, i := range order {
		kept = append(kept, all[i])
	}
	return kept, said
}

// hidden is 1 for what most readers do not show.
func hidden(f *finding.Finding) int {
	if f.Suppression != nil || f.Baseline == finding.Unchanged {
		return 1
	}
	return 0
}

func leftOutNote(text string) sarifNotification {
	return sarifNotification{Descriptor: sarifRef{ID: leftOut}, Level: "warning", Message: sarifText{Text: text}}
}

// packed returns how many of the first n results fit the limit when packed as fast as can be, which is
// never better than what is sent.
func (l sarifLimits) packed(n int, result func(int) sarifResult) int {
	var size counter
	zip, err := gzip.NewWriterLevel(&size, gzip.BestSpeed)
	if err != nil {
		return n // no such level: cannot be
	}
	out := &list{w: bufio.NewWriter(zip), indent: "        "}
	for i := range n {
		if out.add(result(i)); int(size) > l.bytes {
			return i
		}
	}
	return n
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

var _ io.Writer = (*counter)(nil)
