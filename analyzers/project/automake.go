package project

import (
	"slices"
	"strings"
)

// automake reads the libtool libraries of a Makefile.am: "lib_LTLIBRARIES = libfoo.la" and
// "libfoo_la_SOURCES = ...". Variables of the file are expanded; conditionals count as true.
func (r *reader) automake(path string) {
	vars := map[string][]string{}
	text := strings.ReplaceAll(strings.ReplaceAll(string(r.text[path].Text()), "\r\n", "\n"), "\\\n", " ")
	var libs []string
	for line := range strings.Lines(text) {
		if line == "" || line[0] == '\t' {
			continue
		}
		line, _, _ = strings.Cut(line, "#")
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(name), "+"))
		if !ok || name == "" || strings.ContainsAny(name, " :$") {
			continue
		}
		vars[name] = append(vars[name], strings.Fields(value)...)
		if strings.HasSuffix(name, "_LTLIBRARIES") {
			libs = append(libs, name)
		}
	}
	dir, m := dirOf(path), &makeVars{vars: vars, left: maxItems}
	for _, list := range libs {
		for _, la := range m.expand(vars[list], 0) {
			l := &Library{File: path, Kind: SharedLib, target: la, Names: []string{LibName(strings.TrimSuffix(la, ".la"))}}
			if strings.HasPrefix(list, "noinst_") || strings.HasPrefix(list, "check_") {
				l.Kind = StaticLib
			}
			key := strings.NewReplacer(".", "_", "-", "_", "+", "_").Replace(la)
			r.sources(l, dir, m.expand(vars[key+"_SOURCES"], 0))
			for _, dep := range m.expand(vars[key+"_LIBADD"], 0) {
				r.objs[l] = append(r.objs[l], dep[strings.LastIndexByte(dep, '/')+1:])
			}
			if slices.Contains(vars[key+"_CFLAGS"], "-fvisibility=hidden") {
				l.Hidden = true
			}
			r.library(l)
		}
	}
	if m.left < 0 {
		r.tooMuch(path, "words in its variables")
	}
}

// makeVars expands variables, up to a number of words.
type makeVars struct {
	vars map[string][]string
	left int
}

// expand replaces the words $(VAR) and ${VAR}; other uses of variables are left out, except for the
// folder of the sources.
func (m *makeVars) expand(words []string, depth int) (out []string) {
	for _, w := range words {
		if m.left--; m.left < 0 {
			return out
		}
		for _, dir := range []string{"$(srcdir)/", "$(top_srcdir)/", "${srcdir}/"} {
			w = strings.TrimPrefix(w, dir)
		}
		switch {
		case !strings.Contains(w, "$"):
			out = append(out, w)
		case depth < 8 && len(w) > 3 && (w[1] == '(' || w[1] == '{'):
			out = append(out, m.expand(m.vars[w[2:len(w)-1]], depth+1)...)
		}
	}
	return out
}
