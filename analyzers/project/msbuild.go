package project

import (
	"errors"
	"slices"
	"strings"
)

// The bounds of the evaluation of one project.
const (
	maxImports = 200
	maxValues  = 16      // alternatives of one property
	maxValue   = 1 << 16 // bytes of one value
	maxBytes   = 8 << 20 // of all values
	maxItems   = 20_000
)

// evaluation is one MSBuild project with what it imports.
type evaluation struct {
	r       *reader
	project string // path of the project
	props   map[string][]string
	items   []item
	defs    []item // metadata of ItemDefinitionGroup: the kind is the element's name
	sdk     bool
	seen    map[string]bool // imported files
	imports int
	bytes   int // of the values of properties
}

// item is an element of an ItemGroup, with the folder that its paths are relative to.
type item struct {
	e    *element
	dir  string   // folder of the project: MSBuild resolves globs from there
	vars []string // file it stands in, for $(MSBuildThisFile...)
	cond truth
}

func (r *reader) evaluate(path string) *evaluation {
	ev := &evaluation{r: r, project: path, props: map[string][]string{}, seen: map[string]bool{}}
	name := path[strings.LastIndexByte(path, '/')+1:]
	ev.set("MSBuildProjectName", name[:strings.LastIndexByte(name, '.')])
	ev.set("MSBuildProjectFile", name)
	ev.set("MSBuildProjectDirectory", rooted(dirOf(path)))
	ev.above("directory.build.props")
	ev.load(path, yes)
	ev.above("directory.build.targets")
	return ev
}

// above loads the nearest file of that name in the project's folder or above it.
func (ev *evaluation) above(name string) {
	if p := ev.r.upward(dirOf(ev.project), name); p != "" {
		ev.load(p, yes)
	}
}

// upward finds a build file by its name in lower case in dir or above, "" if there is none.
func (r *reader) upward(dir, name string) string {
	for {
		if p := r.lower[strings.ToLower(join(dir, name))]; r.text[p] != nil {
			return p
		}
		if dir == "" || dir == ".." || strings.HasSuffix(dir, "/..") {
			return ""
		}
		dir = dirOf(dir)
	}
}

// tree parses a file once.
func (r *reader) tree(path string) *element {
	if t, ok := r.trees[path]; ok {
		return t
	}
	t, err := parseXML(string(r.text[path].Text()))
	switch {
	case errors.Is(err, errElements), errors.Is(err, errDepth):
		r.problem(path, err.Error())
	case err != nil:
		r.problem(path, "not well-formed XML: what follows "+err.Error()+" is not read")
	}
	r.trees[path] = t
	return t
}

func (ev *evaluation) load(path string, cond truth) {
	if ev.seen[path] || ev.r.text[path] == nil || cond == no {
		return
	}
	if ev.imports >= maxImports {
		ev.r.tooMuch(ev.project, "imported files")
		return
	}
	ev.seen[path] = true
	ev.imports++
	for _, root := range ev.r.tree(path).kids {
		if strings.EqualFold(root.name, "Project") {
			ev.sdk = ev.sdk || root.attr("Sdk") != "" && path == ev.project
			ev.body(root, path, cond)
		}
	}
}

func (ev *evaluation) body(e *element, file string, cond truth) {
	for _, k := range e.kids {
		c := cond.and(ev.condition(k, file))
		if c == no {
			continue
		}
		switch k.name {
		case "PropertyGroup":
			for _, p := range k.kids {
				ev.property(p, file, c.and(ev.condition(p, file)))
			}
		case "ItemGroup":
			for _, i := range k.kids {
				if t := c.and(ev.condition(i, file)); t == no {
					continue
				} else if len(ev.items) >= maxItems {
					ev.r.tooMuch(file, "items")
				} else {
					ev.items = append(ev.items, item{i, dirOf(ev.project), []string{file}, t})
				}
			}
		case "ItemDefinitionGroup":
			for _, i := range k.kids {
				ev.defs = append(ev.defs, item{i, dirOf(ev.project), []string{file}, c})
			}
		case "Import":
			ev.load(ev.importPath(k, file), c)
			ev.sdk = ev.sdk || k.attr("Sdk") != ""
		case "ImportGroup", "Choose":
			ev.body(k, file, c)
		case "When", "Otherwise":
			if c == yes && e.name == "Choose" && len(e.kids) > 1 {
				c = maybe // the first that holds is taken: which one that is needs all of them
			}
			ev.body(k, file, c)
		case "Sdk":
			ev.sdk = true
		}
	}
}

// property sets a property, or adds an alternative where the condition is open.
func (ev *evaluation) property(p *element, file string, c truth) {
	if c == no || len(p.kids) > 0 {
		return
	}
	vals := ev.expand(strings.TrimSpace(p.text), file)
	key := strings.ToLower(p.name)
	if c == maybe {
		vals = append(slices.Clone(ev.props[key]), vals...)
	}
	var out []string
	for _, v := range vals {
		switch {
		case slices.Contains(out, v):
		case len(out) >= maxValues, ev.bytes >= maxBytes:
			ev.r.tooMuch(file, "values of a property")
		default:
			ev.bytes += len(v)
			out = append(out, v)
		}
	}
	ev.props[key] = out
}

func (ev *evaluation) set(name, value string) { ev.props[strings.ToLower(name)] = []string{value} }

// get returns the known alternatives of a property.
func (ev *evaluation) get(name string) []string { return ev.props[strings.ToLower(name)] }

// importPath is the build file that an Import names. Where its folder cannot be told, the only file of
// that name is taken.
func (ev *evaluation) importPath(k *element, file string) string {
	written := k.attr("Project")
	if k.attr("Sdk") != "" || written == "" {
		return ""
	}
	name := strings.ToLower(strings.ReplaceAll(written, `\`, "/"))
	if strings.Contains(name, "getpathoffileabove") || strings.Contains(name, "getdirectorynameoffileabove") {
		for _, known := range []string{"directory.build.props", "directory.build.targets"} {
			if strings.Contains(name, known) {
				return ev.r.upward(dirOf(dirOf(file)), known)
			}
		}
	}
	for _, v := range ev.expand(written, file) {
		if p := ev.r.lower[strings.ToLower(join(dirOf(file), v))]; ev.r.text[p] != nil {
			return p
		}
	}
	if same := ev.r.base[name[strings.LastIndexByte(name, '/')+1:]]; len(same) == 1 && strings.Contains(written, "$(") {
		return same[0]
	}
	return ""
}

// expand replaces $(Property); it gives one value for each combination of alternatives. A part that is
// not known becomes unknown.
func (ev *evaluation) expand(s, file string) []string {
	out := []string{""}
	for s != "" {
		i := strings.Index(s, "$(")
		if i < 0 {
			return appendAll(out, []string{s})
		}
		end := closing(s, i+2)
		out = appendAll(out, []string{s[:i]})
		name := s[i+2 : end]
		s = s[min(end+1, len(s)):]
		vals := ev.get(name)
		switch strings.ToLower(name) {
		case "msbuildthisfiledirectory":
			vals = []string{rooted(dirOf(file) + "/")}
			if dirOf(file) == "" {
				vals = []string{rootMark}
			}
		case "msbuildthisfile":
			vals = []string{file[strings.LastIndexByte(file, '/')+1:]}
		}
		if len(vals) == 0 {
			vals = []string{unknown}
		}
		out = appendAll(out, vals)
	}
	return out
}

// unknown stands for a part of a value that is not known.
const unknown = "\x01"

// closing finds the end of "$(...": functions have parentheses inside.
func closing(s string, from int) int {
	depth := 1
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

func appendAll(heads, tails []string) (out []string) {
	for _, h := range heads {
		for _, t := range tails {
			if len(out) < maxValues && len(h)+len(t) < maxValue {
				out = append(out, h+t)
			}
		}
	}
	return out
}

// known returns the alternatives of a property without those that are not known to the end.
func (ev *evaluation) known(name string) (out []string) {
	for _, v := range ev.get(name) {
		if v != "" && !strings.Contains(v, unknown) {
			out = append(out, v)
		}
	}
	return out
}

// words are the parts of a property that is a list, over all alternatives.
func (ev *evaluation) words(name string) (out []string) {
	for _, v := range ev.get(name) {
		for _, w := range strings.Split(v, ";") {
			w = strings.TrimSpace(w)
			if w != "" && !strings.Contains(w, unknown) && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// is tells whether a property is that word in some alternative.
func (ev *evaluation) is(name, word string) bool {
	return slices.ContainsFunc(ev.get(name), func(v string) bool { return strings.EqualFold(v, word) })
}

// paths are the values of an attribute with file names, which are separated by ";".
func (ev *evaluation) paths(it item, written string) (out []string) {
	for _, v := range ev.expand(written, it.vars[0]) {
		for _, w := range strings.Split(v, ";") {
			if w = strings.TrimSpace(w); w != "" && !strings.Contains(w, unknown) {
				out = append(out, join(it.dir, w))
			}
		}
	}
	return out
}
