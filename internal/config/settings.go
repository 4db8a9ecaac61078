package config

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// Settings is the configuration of one run. Paths are slashed and relative to the root of the run.
type Settings struct {
	root  string // absolute
	base  string // absolute: the folder that patterns are relative to
	way   string // slashed, from base to root
	path  string // of the pinvet.yaml, absolute; "" if there is none
	name  string // of it, as shown
	used  []string
	asked map[string]bool

	text   string // of the pinvet.yaml
	models string // text of all models

	file   *File
	editor *editor // nil: .editorconfig files do not count
	db     *models.DB
}

// Origin is where a setting is from.
type Origin struct {
	File string `json:"file,omitempty"` // as shown; "" when it is from no file
	Line int    `json:"line,omitempty"` // from 1
	Text string `json:"text,omitempty"` // what stands there, or: default, command line
}

// String is file:line, or the text.
func (o Origin) String() string {
	if o.File == "" {
		return o.Text
	}
	return fmt.Sprintf("%s:%d", o.File, o.Line)
}

// Root is the folder that paths are relative to.
func (s *Settings) Root() string {
	if s == nil {
		return "."
	}
	return s.root
}

// File is the name of the pinvet.yaml, as shown; "" if there is none.
func (s *Settings) File() string {
	if s == nil {
		return ""
	}
	return s.name
}

// Reads tells whether a pinvet.yaml would count.
func (s *Settings) Reads() bool { return s != nil && s.editor != nil }

// Models are what is known of APIs.
func (s *Settings) Models() *models.DB {
	if s == nil {
		return models.Default()
	}
	return s.db
}

// Severity is the lowest severity that is shown, Gate the lowest that fails a run; 0 where the file
// says nothing.
func (s *Settings) Severity() (rules.Severity, Origin) {
	if s == nil {
		return 0, Origin{}
	}
	return s.threshold(s.file.Severity, "severity")
}

// Gate is like Severity.
func (s *Settings) Gate() (rules.Severity, Origin) {
	if s == nil {
		return 0, Origin{}
	}
	return s.threshold(s.file.Gate, "gate")
}

func (s *Settings) threshold(t Threshold, key string) (rules.Severity, Origin) {
	if t.Severity == 0 {
		return 0, Origin{}
	}
	return t.Severity, Origin{s.name, t.Line, key + ": " + t.Severity.String()}
}

// Baseline names the file with the findings that do not count, relative to the root where it is not far
// above; "" where the file says nothing.
func (s *Settings) Baseline() (string, Origin) {
	if s == nil || s.file.Baseline.Text == "" {
		return "", Origin{}
	}
	w := s.file.Baseline
	return s.shown(s.beside(w.Text)), Origin{s.name, w.Line, "baseline: " + w.Text}
}

// ShowGenerated tells whether findings in generated code are shown.
func (s *Settings) ShowGenerated() (bool, Origin) {
	if s == nil || s.file.Generated.Show.Line == 0 {
		return false, Origin{}
	}
	return s.file.Generated.Show.On, Origin{s.name, s.file.Generated.Show.Line, "generated.show"}
}

// SamePaths tells whether the same files are read by o, of the same root; the other one may be nil.
func (s *Settings) SamePaths(o *Settings) bool {
	a, b := s.paths(), o.paths()
	return slices.Equal(a, b)
}

// paths is all that Excluded depends on.
func (s *Settings) paths() (out []string) {
	if s == nil || len(s.file.Paths.Include)+len(s.file.Paths.Exclude) == 0 {
		return nil
	}
	out = []string{s.way}
	for i, list := range [][]Pattern{s.file.Paths.Include, s.file.Paths.Exclude} {
		for _, p := range list {
			out = append(out, "+-"[i:i+1]+p.Text)
		}
	}
	return out
}

// PathChoice is a text that is the same for settings that leave out the same files.
func (s *Settings) PathChoice() string { return strings.Join(s.paths(), "\n") }

// SameModels tells whether o has the same models of in-house APIs.
func (s *Settings) SameModels(o *Settings) bool {
	return s.modelText() == o.modelText()
}

func (s *Settings) modelText() string {
	if s == nil {
		return ""
	}
	return s.models
}

// below returns a path relative to the folder of the configuration; false when it is not in it.
func (s *Settings) below(p string) (string, bool) {
	p = path.Join(s.way, p)
	return p, p != ".." && !strings.HasPrefix(p, "../")
}

// Excluded tells whether a file, or all that is in a folder, is not to be read.
func (s *Settings) Excluded(p string, isFolder bool) (bool, Origin) {
	if s == nil || len(s.file.Paths.Include)+len(s.file.Paths.Exclude) == 0 {
		return false, Origin{}
	}
	rel, inside := s.below(p)
	if !inside || rel == "." {
		return false, Origin{}
	}
	if by, ok := matchAny(s.file.Paths.Exclude, rel, isFolder); ok {
		return true, Origin{s.name, by.Line, "paths.exclude: " + by.Text}
	}
	if in := s.file.Paths.Include; len(in) > 0 && !isFolder {
		if by, ok := matchAny(in, rel, false); ok {
			return false, Origin{s.name, by.Line, "paths.include: " + by.Text}
		}
		return true, Origin{s.name, in[0].Line, "paths.include"}
	}
	return false, Origin{}
}

// Excludes is the answer of Excluded alone.
func (s *Settings) Excludes(p string, isFolder bool) bool {
	out, _ := s.Excluded(p, isFolder)
	return out
}

// Generated tells whether a file counts as generated code; seen says whether it looks like it.
func (s *Settings) Generated(p string, seen bool) (bool, Origin) {
	if s == nil {
		return seen, Origin{}
	}
	if on, at, ok := s.editor.generated(s.root, p); ok {
		return on, at
	}
	if rel, inside := s.below(p); inside {
		if by, ok := matchAny(s.file.Generated.Paths, rel, false); ok {
			return true, Origin{s.name, by.Line, "generated.paths: " + by.Text}
		}
	}
	return seen, Origin{}
}

// Said is one statement about a rule.
type Said struct {
	Level Level
	Origin
}

// Level is what holds for a rule in a file; Unset where nobody says anything.
func (s *Settings) Level(p, code string) (Level, Origin) {
	said := s.Said(p, code)
	if len(said) == 0 {
		return Unset, Origin{}
	}
	return said[0].Level, said[0].Origin
}

// Said lists what is said about a rule in a file, strongest first: the first one holds.
func (s *Settings) Said(p, code string) (out []Said) {
	if s == nil {
		return nil
	}
	out = s.editor.said(s.root, p, code)
	if rel, inside := s.below(p); inside {
		for i := len(s.file.Overrides) - 1; i >= 0; i-- {
			o := &s.file.Overrides[i]
			l := o.Rules.of(code)
			if by, ok := matchAny(o.Paths, rel, false); ok && l.Level != Unset {
				out = append(out, s.say(l, " for "+by.Text))
			}
		}
	}
	if l := s.file.Rules.of(code); l.Level != Unset {
		out = append(out, s.say(l, ""))
	}
	out = append(out, s.editor.global(s.root, p, code)...)
	if s.asked[code] && len(out) > 0 && out[0].Level == Off {
		out = append([]Said{{Default, Origin{Text: "command line"}}}, out...)
	}
	return out
}

func (s *Settings) say(l RuleLevel, where string) Said {
	return Said{l.Level, Origin{s.name, l.Line, l.Selector + ": " + l.Level.String() + where}}
}

// Problems are the mistakes in .editorconfig files that were met so far.
func (s *Settings) Problems() []outcome.Problem {
	if s == nil {
		return nil
	}
	return s.editor.problems()
}
