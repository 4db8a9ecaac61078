package main

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed rules/*.tsv
var ruleFiles embed.FS

// rules are the hand-written tables that the generator applies.
type rules struct {
	classes      [][]string
	handleTypes  [][]string
	success      map[string]string
	kernelParams map[string]string
	dotnet       map[string][][]string // prose -> its members (one row)

	dotnetReleases [][]string
	pending        map[string]string
	noop           map[string]string
}

func (g *generator) loadRules() error {
	r := &g.rules
	var err error
	read := func(name string) [][]string {
		b, e := ruleFiles.ReadFile("rules/" + name)
		if e != nil && err == nil {
			err = e
		}
		return rowsOf(string(b))
	}
	r.classes = read("classes.tsv")
	r.handleTypes = read("handletypes.tsv")
	readMap := func(name string) map[string]string {
		m := map[string]string{}
		for _, f := range read(name) {
			m[f[0]] = f[1]
		}
		return m
	}
	r.success = readMap("success.tsv")
	r.kernelParams = readMap("kernelparams.tsv")
	r.pending = readMap("pending.tsv")
	r.noop = readMap("noop.tsv")
	r.dotnet = map[string][][]string{}
	for _, f := range read("dotnet.tsv") {
		r.dotnet[f[0]] = append(r.dotnet[f[0]], f[1:])
	}
	r.dotnetReleases = read("dotnetreleases.tsv")
	return err
}

// rowsOf splits the lines of a rule file, comments left out.
func rowsOf(text string) [][]string {
	var out [][]string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

func (r *rules) successCode(text string) (string, error) {
	if c, ok := r.success[text]; ok {
		return c, nil
	}
	return "", fmt.Errorf("rules/success.tsv: no code for %q", text)
}

// class applies classes.tsv.
func (r *rules) class(kind string, release []string, dll string) string {
	first := ""
	if len(release) > 0 {
		first = release[0]
	}
	for _, test := range []struct{ name, value string }{{"release", first}, {"kind", kind}, {"dll", dll}, {"fallback", kind}} {
		if test.value == "" {
			continue
		}
		for _, f := range r.classes {
			if f[0] == test.name && glob(f[1], test.value) {
				return f[2]
			}
		}
		// A release in memory functions named Free is memory whatever the module.
		if test.name == "release" && strings.HasPrefix(kind, "MEM:") {
			return "heap-memory"
		}
	}
	if strings.HasSuffix(kind, "_MEM") {
		return "heap-memory"
	}
	return "other"
}

// handleKind refines the kind HANDLE by handletypes.tsv.
func (r *rules) handleKind(fn, field string) string {
	last := field[strings.LastIndexByte(field, '.')+1:]
	for _, f := range r.handleTypes {
		if glob(f[0], fn) && (f[1] == "" || f[1] == last) {
			return "HANDLE:" + f[2]
		}
	}
	return "HANDLE"
}

// glob matches * against any text.
func glob(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}
