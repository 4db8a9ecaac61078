package project

import (
	"bytes"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
)

var noMarshalling = regexp.MustCompile(`(?m)^[ \t]*\[[ \t]*assembly[ \t]*:[^\]\r\n]*\bDisableRuntimeMarshalling(Attribute)?\b`)

// unmarshalled is what a file says of the marshalling of its assembly.
type unmarshalled struct {
	says bool   // it has the attribute that disables it
	when string // what the innermost #if around that asks; "" when there is none, or it lies behind #elif or #else
}

// disables looks for the assembly attribute that disables marshalling in a C# file.
func disables(f *source.File) unmarshalled {
	if f.Lang != source.CSharp || !bytes.Contains(f.Text(), []byte("DisableRuntimeMarshalling")) {
		return unmarshalled{}
	}
	at := noMarshalling.FindIndex(f.Text())
	if at == nil {
		return unmarshalled{}
	}
	return unmarshalled{says: true, when: conditionAt(f.Text()[:at[0]])}
}

// conditionAt is what the innermost #if asks that is open where text ends.
func conditionAt(text []byte) string {
	var open []string
	for line := range bytes.Lines(text) {
		directive, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("#"))
		if !ok {
			continue
		}
		word, rest, _ := strings.Cut(strings.TrimSpace(string(directive)), " ")
		switch rest, _, _ = strings.Cut(rest, "//"); {
		case word == "if":
			open = append(open, strings.TrimSpace(rest))
		case len(open) == 0:
		case word == "elif" || word == "else":
			open[len(open)-1] = ""
		case word == "endif":
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return ""
	}
	return open[len(open)-1]
}

// Concerns tells whether Read can give another set since a source file is f; nil: since it is gone. Build files choose among the
// files that are there, and one of these can speak for its project.
func (s *Set) Concerns(path string, f *source.File) bool {
	said, had := s.files[path]
	return had != (f != nil) || f != nil && said != disables(f)
}

// Same tells whether two sets say the same of all source files but some.
func (s *Set) Same(o *Set, but map[string]bool) bool {
	others := func(files []string) (out []string) {
		for _, f := range files {
			if !but[f] {
				out = append(out, f)
			}
		}
		return out
	}
	sameLibrary := func(a, b *Library) bool {
		x, y := *a, *b
		x.Sources, y.Sources = others(x.Sources), others(y.Sources)
		return reflect.DeepEqual(x, y)
	}
	if !reflect.DeepEqual(s.Projects, o.Projects) || !slices.EqualFunc(s.Libraries, o.Libraries, sameLibrary) {
		return false
	}
	for _, sets := range [][2]*Set{{s, o}, {o, s}} {
		for path, cs := range sets[0].of {
			if !but[path] && !cs.same(sets[1].of[path]) {
				return false
			}
		}
	}
	return true
}

func (c *CS) same(o *CS) bool {
	if c == nil || o == nil {
		return c == o
	}
	return slices.EqualFunc(c.Projects, o.Projects, func(a, b *Project) bool { return a.Path == b.Path })
}
