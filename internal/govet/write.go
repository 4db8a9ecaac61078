package govet

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
)

// diagnostic is a finding as the go command reads it.
type diagnostic struct {
	Category string    `json:"category,omitempty"`
	Posn     string    `json:"posn"`
	End      string    `json:"end"`
	Message  string    `json:"message"`
	Related  []related `json:"related,omitempty"`
}

type related struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

// json writes package, rule and findings, one in the other.
func (c *unitConfig) json(w io.Writer, res *check.Result, dir string) error {
	by := map[string][]diagnostic{}
	for _, f := range res.Findings {
		d := diagnostic{Category: f.Code, Message: message(f)}
		d.Posn, d.End = place(res, dir, f.Span)
		for _, s := range f.Steps {
			r := related{Message: s.Text}
			r.Posn, r.End = place(res, dir, s.Span)
			d.Related = append(d.Related, r)
		}
		name := strings.ReplaceAll(f.Name, "-", "_")
		by[name] = append(by[name], d)
	}
	out := map[string]map[string][]diagnostic{}
	if len(by) > 0 {
		out[c.ID] = by
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	return enc.Encode(out)
}

func plain(w io.Writer, res *check.Result, dir string) {
	for _, f := range res.Findings {
		at, _ := place(res, dir, f.Span)
		fmt.Fprintf(w, "%s: %s\n", at, message(f))
	}
}

func message(f *finding.Finding) string { return f.Code + " " + f.Name + ": " + f.Message }

// place writes positions as Go does: columns count bytes.
func place(res *check.Result, dir string, s finding.Span) (start, end string) {
	file := filepath.Join(dir, filepath.FromSlash(s.Path))
	at := func(p finding.Position) string {
		line, _ := res.Line(s.Path, p.Line)
		return fmt.Sprintf("%s:%d:%d", file, p.Line, bytesBefore(line, p.Column)+1)
	}
	return at(s.Start), at(s.End)
}

// bytesBefore is the number of bytes before a column in UTF-16 units, from 1.
func bytesBefore(line string, column int) int {
	units := 1
	for i, r := range line {
		if units >= column {
			return i
		}
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return len(line)
}
