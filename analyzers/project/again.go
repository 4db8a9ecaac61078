package project

import (
	"bytes"
	"reflect"
	"regexp"
	"slices"

	"github.com/pinvet/pinvet/analyzers/source"
)

var noMarshalling = regexp.MustCompile(`(?m)^[ \t]*\[[ \t]*assembly[ \t]*:[^\]\r\n]*\bDisableRuntimeMarshalling(Attribute)?\b`)

// disables tells whether a C# file has the assembly attribute that disables marshalling.
func disables(f *source.File) bool {
	return f.Lang == source.CSharp && bytes.Contains(f.Text(), []byte("DisableRuntimeMarshalling")) && noMarshalling.Match(f.Text())
}

// Concerns tells whether Read can give another set since a source file is f; nil: since it is gone. Build files choose among the
// files that are there, and one of these can speak for its project.
func (s *Set) Concerns(path string, f *source.File) bool {
	disabled, had := s.files[path]
	return had != (f != nil) || f != nil && disabled != disables(f)
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
