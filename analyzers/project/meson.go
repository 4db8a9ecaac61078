package project

import (
	"slices"
	"strings"
)

// mesonRun reads the meson.build files of one project: assignments of strings and lists of them,
// files(), and the functions that make libraries. The arms of if all run.
type mesonRun struct {
	r    *reader
	lib  map[string]*Library // variable -> library
	left int
}

// mesonScope is one file; subdir shares the variables.
type mesonScope struct {
	path string
	vars map[string][]string
	toks []string
	at   int
}

func (r *reader) meson(path string) {
	if r.done[path] {
		return
	}
	m := &mesonRun{r: r, lib: map[string]*Library{}, left: maxCommands}
	m.run(path, map[string][]string{}, 0)
}

func (m *mesonRun) run(path string, vars map[string][]string, depth int) {
	f := m.r.text[path]
	if f == nil || m.r.done[path] {
		return
	}
	if depth > maxNested {
		m.r.tooMuch(path, "files inside each other")
		return
	}
	m.r.done[path] = true
	sc := &mesonScope{path: path, vars: vars, toks: mesonTokens(string(f.Text()))}
	for sc.at < len(sc.toks) && m.left > 0 {
		m.left--
		m.statement(sc, depth)
	}
	if sc.at < len(sc.toks) {
		m.r.tooMuch(path, "statements")
	}
}

// statement reads "name = value", "name += value" or a call.
func (m *mesonRun) statement(sc *mesonScope, depth int) {
	name := sc.next()
	switch {
	case sc.peek() == "=" || sc.peek() == "+=":
		add := sc.next() == "+="
		callee := ""
		if sc.at+1 < len(sc.toks) && sc.toks[sc.at+1] == "(" {
			callee = sc.peek()
		}
		vals, l := m.value(sc, depth)
		if l != nil && callee != "" {
			m.lib[name] = l
		}
		if add {
			vals = append(slices.Clone(sc.vars[name]), vals...)
		}
		if len(vals) <= maxItems {
			sc.vars[name] = vals
		} else {
			m.r.tooMuch(sc.path, "words in its variables")
		}
	case sc.peek() == "(":
		m.call(sc, name, depth)
	}
}

// value reads strings, variables, lists and calls joined by "+".
func (m *mesonRun) value(sc *mesonScope, depth int) (out []string, lib *Library) {
	for sc.at < len(sc.toks) && len(out) <= maxItems && depth < maxDepth {
		tok := sc.next()
		switch {
		case tok == "[" || tok == "(":
			for sc.at < len(sc.toks) && sc.peek() != "]" && sc.peek() != ")" {
				at := sc.at
				v, _ := m.value(sc, depth+1)
				out = append(out, v...)
				if sc.peek() == "," || sc.at == at {
					sc.next()
				}
			}
			sc.next()
		case tok[0] == '\'':
			out = append(out, tok[1:])
		case sc.peek() == "(":
			v, l := m.call(sc, tok, depth+1)
			out, lib = append(out, v...), l
		default:
			out = append(out, sc.vars[tok]...)
		}
		if sc.peek() != "+" {
			break
		}
		sc.next()
	}
	return out, lib
}

// call reads the arguments of a call and does what it says.
func (m *mesonRun) call(sc *mesonScope, name string, depth int) (vals []string, lib *Library) {
	sc.next() // (
	named := map[string][]string{}
	for sc.at < len(sc.toks) && sc.peek() != ")" {
		at := sc.at
		key := ""
		if sc.at+1 < len(sc.toks) && sc.toks[sc.at+1] == ":" {
			key = sc.next()
			sc.next()
		}
		var used []string
		if t := sc.peek(); m.lib[t] != nil {
			used = []string{m.lib[t].target}
		}
		v, _ := m.value(sc, depth+1)
		if key != "" {
			named[key] = append(named[key], v...)
			if strings.HasPrefix(key, "link_") {
				named["link"] = append(named["link"], used...)
			}
		} else {
			vals = append(vals, v...)
		}
		if sc.peek() == "," || sc.at == at {
			sc.next()
		}
	}
	sc.next()
	kinds := map[string]LibKind{"shared_library": SharedLib, "shared_module": SharedLib, "library": SharedLib, "both_libraries": SharedLib, "static_library": StaticLib, "executable": Program}
	switch kind, isLib := kinds[name]; {
	case isLib && len(vals) > 0:
		return nil, m.library(sc, kind, vals, named)
	case name == "files":
		return rootedAll(joinAll(dirOf(sc.path), vals)), nil
	case name == "subdir" && len(vals) == 1:
		m.run(m.r.lower[strings.ToLower(join(join(dirOf(sc.path), vals[0]), "meson.build"))], sc.vars, depth+1)
	}
	return nil, nil
}

func joinAll(dir string, names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = join(dir, n)
	}
	return out
}

func (m *mesonRun) library(sc *mesonScope, kind LibKind, vals []string, named map[string][]string) *Library {
	l := &Library{File: sc.path, Kind: kind, target: vals[0], Names: []string{LibName(vals[0])}}
	l.Hidden = slices.Contains(named["gnu_symbol_visibility"], "hidden")
	dir := dirOf(sc.path)
	m.r.sources(l, dir, vals[1:])
	m.r.sources(l, dir, named["sources"])
	for _, def := range named["vs_module_defs"] {
		m.r.exports(l, join(dir, def))
	}
	m.r.objs[l] = append(m.r.objs[l], named["link"]...)
	return m.r.library(l)
}

func (sc *mesonScope) peek() string {
	if sc.at < len(sc.toks) {
		return sc.toks[sc.at]
	}
	return ""
}

func (sc *mesonScope) next() string {
	t := sc.peek()
	sc.at++
	return t
}

// mesonTokens splits a file into names, signs and strings; a string begins with a quote and has none
// at its end.
func mesonTokens(s string) (out []string) {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '#':
			for i < len(s) && s[i] != '\n' {
				i++
			}
		case strings.HasPrefix(s[i:], "'''"):
			end := strings.Index(s[i+3:], "'''")
			if end < 0 {
				return out
			}
			out = append(out, "'"+s[i+3:i+3+end])
			i += end + 6
		case c == '\'':
			end := i + 1
			for end < len(s) && s[end] != '\'' && s[end] != '\n' {
				if s[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(s))
			out = append(out, s[i:end])
			i = end + 1
		case c == '_' || c|32 >= 'a' && c|32 <= 'z' || c >= '0' && c <= '9':
			end := i
			for end < len(s) && (s[end] == '_' || s[end] == '.' || s[end]|32 >= 'a' && s[end]|32 <= 'z' || s[end] >= '0' && s[end] <= '9') {
				end++
			}
			out = append(out, s[i:end])
			i = end
		case c == '+' && i+1 < len(s) && s[i+1] == '=':
			out = append(out, "+=")
			i += 2
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		default:
			out = append(out, s[i:i+1])
			i++
		}
	}
	return out
}
