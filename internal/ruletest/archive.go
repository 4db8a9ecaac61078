package ruletest

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/rules"
)

// Selector turns the words of a "rules:" line into rules.
type Selector func(words []string) ([]*rules.Rule, error)

// testCase is the files of one case.
type testCase struct {
	name  string
	files map[string][]byte
	fixed map[string][]byte // what fixes make of files; nil: it is not said
}

// halfUnderstood is in a comment of each file that has a syntax error on purpose; a case that lost a brace would pass, and test less.
const halfUnderstood = "half understood"

// kinds are the prefixes of case names.
var kinds = []string{"Bad_", "Ok_", "FP_", "FN_"}

// RunArchive runs each case of a test archive as a subtest.
func RunArchive(t *testing.T, file string, choose Selector) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	code := strings.TrimSuffix(filepath.Base(file), ".txtar")
	rs, err := choose(wordsOf(archive, code))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	cases, err := casesOf(archive)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if missing := missingKinds(cases); missing != "" {
		t.Errorf("%s has no %s case", file, missing)
	}
	s := &fixSet{archive: archive, code: code, rules: rs}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, problem := range runCase(c, rs) {
				t.Error(problem)
			}
			s.run(t, c)
		})
	}
	s.finish(t, file, len(cases))
}

// wordsOf returns what the "rules:" line of the archive says.
func wordsOf(a *txtar.Archive, code string) []string {
	for line := range strings.Lines(string(a.Comment)) {
		if words, ok := strings.CutPrefix(line, "rules:"); ok {
			return strings.Fields(words)
		}
	}
	return []string{code[:min(4, len(code))]}
}

func casesOf(a *txtar.Archive) (cases []*testCase, err error) {
	byName := map[string]*testCase{}
	for _, f := range a.Files {
		name, path, ok := strings.Cut(f.Name, "/")
		isKind := slices.ContainsFunc(kinds, func(k string) bool { return strings.HasPrefix(name, k) })
		if !ok || !isKind {
			return nil, fmt.Errorf("%s: a name is case/path, and a case begins with one of %v", f.Name, kinds)
		}
		name, isFixed := strings.CutSuffix(name, ".fixed")
		c := byName[name]
		if isFixed {
			if c == nil || c.files[path] == nil {
				return nil, fmt.Errorf("%s comes before %s/%s", f.Name, name, path)
			}
			if c.fixed == nil {
				c.fixed = map[string][]byte{}
			}
			c.fixed[path] = f.Data
			continue
		}
		if c == nil {
			c = &testCase{name: name, files: map[string][]byte{}}
			byName[name] = c
			cases = append(cases, c)
		}
		if _, twice := c.files[path]; twice {
			return nil, fmt.Errorf("%s is there twice", f.Name)
		}
		c.files[path] = f.Data
	}
	return cases, nil
}

// missingKinds says which of the two kinds that every archive needs is missing.
func missingKinds(cases []*testCase) string {
	for _, kind := range []string{"Bad_", "Ok_"} {
		if !slices.ContainsFunc(cases, func(c *testCase) bool { return strings.HasPrefix(c.name, kind) }) {
			return kind
		}
	}
	return ""
}

// runCase runs one case and returns what is wrong.
func runCase(c *testCase, rs []*rules.Rule) (wrong []string) {
	var expected []*expectation
	for _, path := range sortedKeys(c.files) {
		list, err := expectations(path, string(c.files[path]))
		if err != nil {
			return []string{err.Error()}
		}
		expected = append(expected, list...)
	}
	if p := kindProblem(c.name, expected); p != "" {
		return []string{p}
	}
	res, err := check.Run(context.Background(), check.Options{Overlay: c.files, Rules: rs, Generated: true})
	if err != nil {
		return []string{err.Error()}
	}
	for _, p := range res.Problems {
		if p.Level > outcome.Note || p.Text == "syntax error" && !bytes.Contains(c.files[p.Path], []byte(halfUnderstood)) {
			wrong = append(wrong, fmt.Sprintf("%s:%d: %s", p.Path, p.Line, p.Text))
		}
	}
	wrong = append(wrong, compare(expected, res.Findings)...)
	if len(wrong) > 0 && strings.HasPrefix(c.name, "FN_") {
		wrong = append(wrong, "if the defect is found now, this is a Bad_ case")
	}
	if len(wrong) > 0 && strings.HasPrefix(c.name, "FP_") {
		wrong = append(wrong, "if the false finding is gone, this is an Ok_ case")
	}
	return wrong
}

// kindProblem holds the expectations to what the name of the case says.
func kindProblem(name string, expected []*expectation) string {
	silent := strings.HasPrefix(name, "Ok_") || strings.HasPrefix(name, "FN_")
	wants := slices.ContainsFunc(expected, func(e *expectation) bool { return e.step == 0 })
	switch {
	case silent && len(expected) > 0:
		return fmt.Sprintf("%s must be silent, but has %s", name, expected[0])
	case !silent && !wants:
		return name + " has no want"
	}
	return ""
}

// compare says which findings are not wanted, and what was not met.
func compare(expected []*expectation, got []*finding.Finding) (wrong []string) {
	for _, f := range got {
		if !meet(expected, f) {
			wrong = append(wrong, fmt.Sprintf("%s:%d: unexpected; // want %s %q%s", f.Path, f.Start.Line, f.Code, f.Message, trace(f)))
		}
		for i, s := range f.Steps {
			for _, e := range expected {
				if e.step == i+1 && e.code == f.Code && e.file == s.Path && e.line == s.Start.Line && e.pattern.MatchString(s.Text) {
					e.met = true
				}
			}
		}
	}
	for _, e := range expected {
		if !e.met {
			wrong = append(wrong, e.String()+": nothing like that"+traces(got, e))
		}
	}
	return wrong
}

func meet(expected []*expectation, f *finding.Finding) bool {
	for _, e := range expected {
		if e.step == 0 && !e.met && e.code == f.Code && e.file == f.Path && e.line == f.Start.Line && e.pattern.MatchString(f.Message) {
			e.met = true
			return true
		}
	}
	return false
}

// traces shows the steps of the findings that an unmet step could be about.
func traces(got []*finding.Finding, e *expectation) (s string) {
	for _, f := range got {
		if e.step > 0 && f.Code == e.code {
			s += trace(f)
		}
	}
	return s
}

func trace(f *finding.Finding) (s string) {
	for i, st := range f.Steps {
		s += fmt.Sprintf("\n\t%s:%d: // step %s:%d %q", st.Path, st.Start.Line, f.Code, i+1, st.Text)
	}
	return s
}

func sortedKeys(m map[string][]byte) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
