package config

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/pinvet/pinvet/analyzers/models/strict"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

// Level is what is said about a rule.
type Level uint8

// The levels. Unset says nothing, Default says: what the rule has by itself.
const (
	Unset Level = iota
	Default
	Off
	Advice
	Warning
	Error
)

var levelWords = []string{"error", "warning", "advice", "off", "default"}

// String returns the word of pinvet.yaml.
func (l Level) String() string {
	return [...]string{"", "default", "off", "advice", "warning", "error"}[l]
}

// Apply returns the severity of a finding at that level; 0 when it is not shown.
func (l Level) Apply(own rules.Severity) rules.Severity {
	switch l {
	case Off:
		return 0
	case Advice:
		return rules.Advice
	case Warning:
		return rules.Warning
	case Error:
		return rules.Error
	}
	return own
}

func levelOf(word string) (Level, bool) {
	for l := Default; l <= Error; l++ {
		if word == l.String() {
			return l, true
		}
	}
	return Unset, false
}

// dotnetLevels are the words of .editorconfig.
var dotnetLevels = map[string]Level{
	"error": Error, "warning": Warning, "suggestion": Advice, "silent": Off, "none": Off, "default": Default, "unset": Unset,
}

var dotnetWords = []string{"error", "warning", "suggestion", "silent", "none", "default"}

// Threshold is a severity that the file sets.
type Threshold struct {
	strict.Place
	Severity rules.Severity // 0: not set
}

// FromYAML reads it.
func (t *Threshold) FromYAML(d *strict.Decoder, n *yaml.Node) {
	if l, ok := levelOf(n.Value); ok && l >= Advice && n.Kind == yaml.ScalarNode {
		t.Severity, t.Place = l.Apply(0), strict.PlaceOf(n)
		return
	}
	wrongWord(d, n, levelWords[:3])
}

// wrongWord says which words there are; those of .editorconfig are translated.
func wrongWord(d *strict.Decoder, n *yaml.Node, words []string) {
	if n.Kind == yaml.ScalarNode {
		if l, ok := dotnetLevels[strings.ToLower(n.Value)]; ok && (l == Off || l == Advice) && n.Value != l.String() {
			d.Errorf(n, "%q is a word of .editorconfig: use %s here", n.Value, l)
			return
		}
		if near := strict.Nearest(n.Value, words); near != "" {
			d.Errorf(n, "%q is no severity: did you mean %s?", n.Value, near)
			return
		}
	}
	d.Errorf(n, "expected %s, found %s", strict.OneOf(words), strict.Found(n))
}

// Levels are levels by selector: a code, a name, or a prefix of codes.
type Levels []RuleLevel

// RuleLevel is one of them.
type RuleLevel struct {
	strict.Place
	Selector string
	Level    Level

	codes map[string]bool
	rank  int // the more exact selector has the higher one
}

// FromYAML reads a mapping of selectors to words.
func (ls *Levels) FromYAML(d *strict.Decoder, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		d.Errorf(n, "expected rules with their severity, as in PIN306: off; found %s", strict.Found(n))
		return
	}
	single := map[string]string{}
	d.Pairs(n, func(key, value *yaml.Node) {
		l := RuleLevel{Place: strict.PlaceOf(key), Selector: key.Value, codes: map[string]bool{}}
		found, rank, err := selected(key.Value)
		if err != nil {
			d.Errorf(key, "%v", err)
			return
		}
		for _, r := range found {
			l.codes[r.Code] = true
		}
		if l.rank = rank; rank == exact {
			code := found[0].Code
			if before, double := single[code]; double {
				d.Errorf(key, "%s and %s are the same rule", before, key.Value)
				return
			}
			single[code] = key.Value
		}
		if value.Kind == yaml.ScalarNode {
			if level, ok := levelOf(value.Value); ok {
				l.Level = level
				*ls = append(*ls, l)
				return
			}
		}
		wrongWord(d, value, levelWords)
	})
}

const exact = 1000

// selected returns the rules that a selector names, and how exactly it does.
func selected(selector string) ([]*rules.Rule, int, error) {
	if r, err := registry.Find(selector); err == nil {
		return []*rules.Rule{r}, exact, nil
	}
	if family := registry.Family(selector); family != nil {
		return family, len(strings.TrimRight(selector, "xX")), nil
	}
	if strings.EqualFold(selector, "PIN") {
		return registry.All(), len(selector), nil
	}
	_, err := registry.Find(selector)
	return nil, 0, err
}

// of returns what is said about a code.
func (ls Levels) of(code string) (best RuleLevel) {
	for _, l := range ls {
		if l.codes[code] && l.rank > best.rank {
			best = l
		}
	}
	return best
}
