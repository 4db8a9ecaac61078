package config

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"gopkg.in/yaml.v3"

	"github.com/pinvet/pinvet/analyzers/models/strict"
)

// Pattern names files and folders below the folder of the configuration: ** is any folders, * and ?
// stay within one name, {a,b} and [a-z] choose. One without a slash holds at any depth. What names
// a folder names all that is in it.
type Pattern struct {
	strict.Place
	Text string

	glob   string
	folder bool // names folders only
}

// The bounds keep the time of a match small: a matcher with ** and {} tries combinations.
const (
	maxPattern = 300
	maxWild    = 6 // ** and {
)

// FromYAML reads it.
func (p *Pattern) FromYAML(d *strict.Decoder, n *yaml.Node) {
	if n.Kind != yaml.ScalarNode {
		d.Errorf(n, "expected a pattern such as third_party/**, found %s", strict.Found(n))
		return
	}
	made, wrong := newPattern(n.Value)
	if wrong != "" {
		d.Errorf(n, "%s", wrong)
		return
	}
	*p = made
	p.Place = strict.PlaceOf(n)
}

// newPattern reads a pattern; wrong says what is wrong with it.
func newPattern(text string) (p Pattern, wrong string) {
	g := strings.TrimPrefix(text, "./")
	switch {
	case strings.TrimSpace(g) == "" || g == "/":
		return p, "an empty pattern names nothing"
	case len(g) > maxPattern:
		return p, "the pattern is too long"
	case strings.HasPrefix(g, "!"):
		return p, "a pattern cannot be turned round by !: write narrower ones, or use paths.include"
	case strings.Contains(g, `\`):
		return p, "write / between folders, not \\"
	case g == ".." || strings.HasPrefix(g, "../") || strings.Contains(g, "/../") || strings.HasSuffix(g, "/.."):
		return p, "a pattern cannot lead out of the folder of the configuration"
	case strings.Count(g, "**")+strings.Count(g, "{") > maxWild:
		return p, "the pattern has too many ** and {}"
	}
	p = Pattern{Text: text, folder: strings.HasSuffix(g, "/")}
	g = strings.TrimSuffix(g, "/")
	if g = strings.TrimSuffix(g, "/**"); g == "" || g == "**" {
		g = "**"
	} else if strings.HasPrefix(g, "/") || strings.Contains(text[:len(text)-1], "/") {
		g = strings.TrimPrefix(g, "/")
	} else {
		g = "**/" + g
	}
	if !doublestar.ValidatePattern(g) {
		return p, "the pattern is not closed: see its brackets"
	}
	p.glob = g
	return p, ""
}

// match tells whether the pattern names path (slashed, relative to the folder of the configuration),
// or a folder above it.
func (p *Pattern) match(path string, isFolder bool) bool {
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		if i == len(path) && p.folder && !isFolder {
			return false
		}
		if ok, err := doublestar.Match(p.glob, path[:i]); ok && err == nil {
			return true
		}
	}
	return false
}

func matchAny(ps []Pattern, path string, isFolder bool) (Pattern, bool) {
	for i := range ps {
		if ps[i].match(path, isFolder) {
			return ps[i], true
		}
	}
	return Pattern{}, false
}
