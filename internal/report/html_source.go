package report

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pinvet/pinvet/internal/finding"
)

const (
	htmlAround   = 3    // lines of source shown before and after a place
	htmlLongest  = 12   // lines of a place that are shown after its first
	htmlLineSize = 2000 // bytes of a line that are shown
)

// htmlFiles are the files that findings name, with the lines that the page shows of them.
type htmlFiles struct {
	list  []*shownFile
	index map[string]int
}

type shownFile struct {
	path  string
	lines [][2]int // wanted lines, first and last; made few by merge
}

func filesOf(all []*finding.Finding) *htmlFiles {
	h := &htmlFiles{index: map[string]int{}}
	for _, f := range all {
		h.want(f.Span)
		for _, s := range f.Steps {
			h.want(s.Span)
		}
		for _, x := range f.Fixes {
			for i, e := range x.Edits {
				h.want(e.Span)
				if i > 0 && x.Edits[i-1].Path == e.Path { // a fix is shown as a whole
					h.want(finding.Span{Path: e.Path, Start: x.Edits[i-1].End, End: e.Start})
				}
			}
		}
	}
	for _, f := range h.list {
		f.merge()
	}
	return h
}

func (h *htmlFiles) want(s finding.Span) {
	i, ok := h.index[s.Path]
	if !ok {
		i = len(h.list)
		h.index[s.Path] = i
		h.list = append(h.list, &shownFile{path: s.Path})
	}
	last := min(s.End.Line, s.Start.Line+htmlLongest)
	h.list[i].lines = append(h.list[i].lines, [2]int{max(1, s.Start.Line-htmlAround), last + htmlAround})
}

// merge joins ranges that overlap or touch.
func (f *shownFile) merge() {
	slices.SortFunc(f.lines, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	var out [][2]int
	for _, l := range f.lines {
		if n := len(out); n > 0 && l[0] <= out[n-1][1]+1 {
			out[n-1][1] = max(out[n-1][1], l[1])
			continue
		}
		out = append(out, l)
	}
	f.lines = out
}

func (h *htmlWriter) file(f *shownFile) htmlFile {
	out := htmlFile{Path: f.path, Lang: langName(f.path), Lines: []htmlRun{}}
	for _, l := range f.lines {
		run := htmlRun{From: l[0]}
		for n := l[0]; n <= l[1] && h.Lines != nil; n++ {
			text, ok := h.Lines(f.path, n)
			if !ok {
				break
			}
			run.Text = append(run.Text, shorten(text))
		}
		if run.Text != nil {
			out.Lines = append(out.Lines, run)
		}
	}
	return out
}

func langName(file string) string {
	switch strings.ToLower(path.Ext(file)) {
	case ".cs":
		return "C#"
	case ".c", ".h":
		return "C"
	}
	return ""
}

// shorten cuts a line that nobody reads to its end.
func shorten(line string) string {
	if len(line) <= htmlLineSize {
		return line
	}
	end := htmlLineSize
	for end > 0 && !utf8.RuneStart(line[end]) {
		end--
	}
	return strings.ToValidUTF8(line[:end], "\ufffd") + " …"
}
