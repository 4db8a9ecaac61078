package report

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules"
)

// The code quality report of GitLab: the part of Code Climate's format that GitLab reads.
type (
	gitlabIssue struct {
		Description string         `json:"description"`
		CheckName   string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitlabLocation `json:"location"`
	}
	gitlabLocation struct {
		Path  string      `json:"path"`
		Lines gitlabLines `json:"lines"`
	}
	gitlabLines struct {
		Begin int `json:"begin"`
		End   int `json:"end"`
	}
)

// GitLab writes r as a code quality report. GitLab tells findings apart by their fingerprints alone.
func GitLab(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	l := &list{w: out, indent: "  "}
	out.WriteByte('[')
	unique := uniqueIDs()
	for _, f := range r.Findings {
		l.add(gitlabIssue{
			Description: f.Code + " " + f.Name + ": " + f.Message,
			CheckName:   f.Code,
			Fingerprint: unique(f),
			Severity:    gitlabSeverity(f.Severity),
			Location:    gitlabLocation{r.Tree.Path(f.Path), gitlabLines{f.Start.Line, f.End.Line}},
		})
	}
	if l.err != nil {
		return l.err
	}
	l.end()
	out.WriteString("]\n")
	return out.Flush()
}

// uniqueIDs gives findings an identity of their own. The first of several with one fingerprint (equal
// functions in two files) keeps it, so that it survives a change of the file's name.
func uniqueIDs() func(*finding.Finding) string {
	seen := map[string]bool{}
	return func(f *finding.Finding) string {
		id := f.Fingerprint
		for n := 0; seen[id]; n++ {
			sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", f.Fingerprint, f.Path, n))
			id = hex.EncodeToString(sum[:16])
		}
		seen[id] = true
		return id
	}
}

func gitlabSeverity(s rules.Severity) string {
	switch s {
	case rules.Error:
		return "critical"
	case rules.Warning:
		return "major"
	}
	return "info"
}
