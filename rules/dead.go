package rules

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
)

// lowerDead makes advice of what lies in code that no build of the tree compiles: in an arm of #if that
// asks for a symbol which neither the file, nor a build file, nor the SDK defines. It is not dropped,
// because who starts a build can define symbols too. Files of no known project are left alone.
func (p *Pass) lowerDead(s *source.Snapshot) {
	var words map[string]bool
	for _, raw := range p.raws {
		if raw.File.Lang != ir.CSharp || len(raw.File.Conds) == 0 || p.Project(raw.File) == nil {
			continue
		}
		for i, arm := range raw.File.Arms {
			if raw.Span.Start < arm.Start || raw.Span.Start >= arm.End || i >= len(raw.File.Conds) || raw.File.Conds[i] == "" {
				continue
			}
			raw.File.AskText()
			if words == nil {
				words = buildWords(s)
			}
			if !possible(raw.File.Conds[i], func(symbol string) bool {
				return words[symbol] || ofSDK(symbol) || definedIn(s.File(raw.File.Path), symbol)
			}) {
				raw.Severity, raw.Confidence = Advice, Low
				break
			}
		}
	}
}

// buildWords are the words in the build files of C#: a symbol that is in none of them is not defined there.
func buildWords(s *source.Snapshot) map[string]bool {
	out := map[string]bool{}
	for _, f := range s.Build {
		if strings.HasSuffix(f.Path, ".txt") || strings.HasSuffix(f.Path, ".vcxproj") {
			continue
		}
		for _, w := range bytes.FieldsFunc(f.Text(), func(r rune) bool { return !inSymbol(r) }) {
			if !out[string(w)] {
				out[string(w)] = true
			}
		}
	}
	return out
}

func inSymbol(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// ofSDK tells whether the SDK of some platform defines the symbol.
// Source: Microsoft Learn, "Preprocessor directives", "Target frameworks"; Unity manual, "Scripting symbols".
func ofSDK(symbol string) bool {
	if slices.Contains([]string{"DEBUG", "TRACE", "RELEASE", "UNIX", "LINUX", "OSX", "AMD64", "BIT64", "WIN32", "WIN64"}, symbol) {
		return true
	}
	return slices.ContainsFunc([]string{
		"NET", "WINDOWS", "ANDROID", "__", "IOS", "TVOS", "MAC", "BROWSER", "FREEBSD", "X86", "X64", "ARM", "UNITY", "ENABLE_MONO", "ENABLE_IL2CPP",
		"MONO", "XAMARIN", "UAP", "WINUI", "SILVERLIGHT", "PORTABLE", "TARGET_", "DNX", "GODOT", "STRIDE",
	}, func(p string) bool { return strings.HasPrefix(symbol, p) })
}

// definedIn tells whether the file defines the symbol.
func definedIn(f *source.File, symbol string) bool {
	if f == nil {
		return true
	}
	for rest := f.Text(); ; {
		i := bytes.Index(rest, []byte("#define"))
		if i < 0 {
			return false
		}
		rest = rest[i+len("#define"):]
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		if w := bytes.Fields(line); len(w) > 0 && string(w[0]) == symbol {
			return true
		}
	}
}

// possible tells whether a condition of #if can be true when the symbols that known knows may be
// defined or not, and no other is.
func possible(cond string, known func(string) bool) bool {
	e := condition{known: known}
	for i := 0; i < len(cond); {
		n := i
		for n < len(cond) && inSymbol(rune(cond[n])) {
			n++
		}
		switch {
		case n > i:
			e.toks = append(e.toks, cond[i:n])
			i = n
		case strings.HasPrefix(cond[i:], "&&") || strings.HasPrefix(cond[i:], "||") || strings.HasPrefix(cond[i:], "==") || strings.HasPrefix(cond[i:], "!="):
			e.toks = append(e.toks, cond[i:i+2])
			i += 2
		default:
			if cond[i] != ' ' && cond[i] != '\t' {
				e.toks = append(e.toks, cond[i:i+1])
			}
			i++
		}
	}
	v := e.or()
	return len(e.toks) > 0 || v&mayBeTrue != 0
}

// truth says what a part of a condition may be.
type truth uint8

const (
	mayBeTrue truth = 1 << iota
	mayBeFalse
	either = mayBeTrue | mayBeFalse
)

// condition reads a condition from its front.
type condition struct {
	toks  []string
	known func(string) bool
}

func (e *condition) take(t string) bool {
	if len(e.toks) == 0 || e.toks[0] != t {
		return false
	}
	e.toks = e.toks[1:]
	return true
}

func (e *condition) or() truth {
	v := e.and()
	for e.take("||") {
		w := e.and()
		v = (v|w)&mayBeTrue | v&w&mayBeFalse
	}
	return v
}

func (e *condition) and() truth {
	v := e.equal()
	for e.take("&&") {
		w := e.equal()
		v = v&w&mayBeTrue | (v|w)&mayBeFalse
	}
	return v
}

func (e *condition) equal() truth {
	v := e.not()
	for e.take("==") || e.take("!=") {
		e.not()
		v = either
	}
	return v
}

func (e *condition) not() truth {
	switch {
	case e.take("!"):
		v := e.not()
		return v&mayBeTrue<<1 | v&mayBeFalse>>1
	case e.take("("):
		v := e.or()
		e.take(")")
		return v
	case len(e.toks) == 0:
		return either
	}
	w := e.toks[0]
	e.toks = e.toks[1:]
	switch {
	case w == "true":
		return mayBeTrue
	case w == "false" || inSymbol(rune(w[0])) && !e.known(w):
		return mayBeFalse
	}
	return either
}
