package config

import (
	"context"
	"path"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/walk"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

// Report says what holds, for people and for scripts. Its JSON form is an interface: fields are
// added, never changed.
type Report struct {
	Version       int           `json:"version"`
	Configuration string        `json:"configuration,omitempty"` // the pinvet.yaml
	Whole         string        `json:"wholeFolder,omitempty"`   // the one that counts for a run over the current folder
	Severity      Setting       `json:"severity"`
	Gate          Setting       `json:"gate"`
	Baseline      Setting       `json:"baseline"` // a file, or none
	Files         []*FileReport `json:"files,omitempty"`
	Problems      []Mistake     `json:"problems,omitempty"`
}

// Setting is a value and where it is from.
type Setting struct {
	Value string `json:"value"`
	From  Origin `json:"from"`
}

// FileReport is what holds for one file.
type FileReport struct {
	Path      string       `json:"path"`
	Read      Setting      `json:"read"`      // yes or no
	Generated Setting      `json:"generated"` // yes, no, or auto: as the file looks
	Rules     []RuleReport `json:"rules"`     // all that apply to its language
}

// RuleReport is what holds for one rule in a file.
type RuleReport struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	Severity string   `json:"severity"` // error, warning, advice or off
	Own      string   `json:"own"`      // what the rule has by itself
	From     Origin   `json:"from"`
	Said     []Origin `json:"said,omitempty"` // all that is said about it, strongest first
}

// Mistake is a line of an .editorconfig file that means nothing.
type Mistake struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

var byDefault = Origin{Text: "default"}

// Report says what holds for the run, together with what holds for files.
func (s *Settings) Report(files []*FileReport) *Report {
	r := &Report{Version: 1, Configuration: s.File(), Files: files}
	r.Severity = threshold(s.Severity, rules.Warning)
	r.Gate = threshold(s.Gate, rules.Error)
	r.Baseline = Setting{"none", byDefault}
	if name, at := s.Baseline(); name != "" {
		r.Baseline = Setting{name, at}
	}
	for _, p := range s.Problems() {
		r.Problems = append(r.Problems, Mistake{p.Path, p.Line, p.Text})
	}
	return r
}

func threshold(get func() (rules.Severity, Origin), own rules.Severity) Setting {
	if v, at := get(); v != 0 {
		return Setting{v.String(), at}
	}
	return Setting{own.String(), byDefault}
}

// ReportFile says what holds for a file, which need not exist. Its error is the end of ctx.
func (s *Settings) ReportFile(ctx context.Context, p string) (*FileReport, error) {
	r := &FileReport{Path: p}
	var err error
	if r.Read, err = s.isRead(ctx, p); err != nil {
		return nil, err
	}
	r.Generated = Setting{"auto", Origin{Text: "as it is named and as its head says"}}
	if on, at := s.Generated(p, false); at != (Origin{}) {
		r.Generated = Setting{yes(on), at}
	} else if walk.GeneratedName(p) {
		r.Generated = Setting{"yes", Origin{Text: "by its name"}}
	}
	for _, rule := range registry.All() {
		if !appliesTo(rule, p) {
			continue
		}
		x := RuleReport{Code: rule.Code, Name: rule.Name, Own: rule.Severity.String(), Severity: rule.Severity.String(), From: byDefault}
		for i, said := range s.Said(p, rule.Code) {
			if x.Said = append(x.Said, said.Origin); i > 0 {
				continue
			}
			x.From = said.Origin
			if v := said.Level.Apply(rule.Severity); v != 0 {
				x.Severity = v.String()
			} else {
				x.Severity = Off.String()
			}
		}
		r.Rules = append(r.Rules, x)
	}
	return r, nil
}

// appliesTo tells whether a rule speaks of files in the language of p.
func appliesTo(r *rules.Rule, p string) bool {
	lang := source.LangOf(p)
	for _, l := range r.Langs {
		if lang == source.NoLang || rules.LangName(l) == lang.String() {
			return true
		}
	}
	return false
}

func yes(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

// isRead tells whether a run over the whole root reads a file, and why not. It walks the folders that
// lead to the file, and no other ones.
func (s *Settings) isRead(ctx context.Context, p string) (Setting, error) {
	if out, at := s.Excluded(p, false); out {
		return Setting{"no", at}, nil
	}
	if source.LangOf(p) == source.NoLang {
		return Setting{"no", Origin{Text: string(outcome.OtherType)}}, nil
	}
	if strings.HasPrefix(p, "../") {
		return Setting{"yes", Origin{Text: "outside of this folder"}}, nil
	}
	found, err := walk.Without(ctx, s.Root(), []string{"."}, func(rel string, isFolder bool) bool {
		return rel != p && !strings.HasPrefix(p, rel+"/")
	})
	if err != nil {
		return Setting{}, err
	}
	for _, f := range found.Files {
		if f == p {
			_, at := s.Excluded(p, false)
			return Setting{"yes", at}, nil
		}
	}
	for _, skip := range found.Skipped {
		if skip.Path == p || strings.HasSuffix(skip.Path, "/") && strings.HasPrefix(p, skip.Path) {
			return Setting{"no", Origin{Text: string(skip.Reason)}}, nil
		}
	}
	return Setting{"no", Origin{Text: "there is no such file in " + path.Dir(p)}}, nil
}
