package project

import (
	"maps"
	"slices"
	"strings"
)

// The bounds of the run of one tree of CMake files.
const (
	maxCommands = 200_000
	maxList     = 1 << 17 // bytes of one variable
	maxCMake    = 16 << 20
	maxNested   = 40 // add_subdirectory and include inside each other
)

// cmakeRun is one tree of CMake files: a top CMakeLists.txt with what it includes.
type cmakeRun struct {
	r       *reader
	targets map[string]*Library
	order   []*Library
	left    int // commands
	bytes   int // of expanded values
	hidden  bool
}

// cmakeScope is one folder: add_subdirectory makes a scope with a copy of the variables.
type cmakeScope struct {
	file  string
	dir   string
	vars  map[string]string
	depth int
	links map[string][]string
}

// cmake runs the CMakeLists.txt at path, unless another one added its folder.
func (r *reader) cmake(path string) {
	if r.done[path] {
		return
	}
	run := &cmakeRun{r: r, targets: map[string]*Library{}, left: maxCommands, bytes: maxCMake}
	sc := &cmakeScope{vars: map[string]string{"CMAKE_SOURCE_DIR": rooted(dirOf(path))}}
	run.folder(sc, path)
	for _, l := range run.order {
		r.library(l)
	}
}

func (c *cmakeRun) folder(sc *cmakeScope, path string) {
	sc.file, sc.dir = path, dirOf(path)
	sc.vars["CMAKE_CURRENT_SOURCE_DIR"] = rooted(sc.dir)
	sc.vars["CMAKE_CURRENT_LIST_DIR"] = rooted(sc.dir)
	if sc.vars["PROJECT_SOURCE_DIR"] == "" {
		sc.vars["PROJECT_SOURCE_DIR"] = rooted(sc.dir)
	}
	c.run(sc, path)
}

// run runs the commands of one file in a scope. The arms of if all run: what they set is added to what
// was there.
func (c *cmakeRun) run(sc *cmakeScope, path string) {
	f := c.r.text[path]
	if f == nil {
		return
	}
	if sc.depth > maxNested {
		c.r.tooMuch(path, "files inside each other")
		return
	}
	c.r.done[path] = true
	cmds, whole := cmakeCommands(string(f.Text()))
	if !whole {
		c.r.problem(path, "the file ends inside of a command")
	}
	ifs, skip := 0, 0
	for _, cmd := range cmds {
		if c.left--; c.left < 0 {
			c.r.tooMuch(path, "commands")
			return
		}
		switch cmd.name {
		case "function", "macro":
			skip++
		case "endfunction", "endmacro":
			skip = max(0, skip-1)
		case "if", "while":
			ifs++
		case "endif", "endwhile":
			ifs = max(0, ifs-1)
		default:
			if skip == 0 {
				c.command(sc, cmd, ifs > 0)
			}
		}
	}
}

func (c *cmakeRun) command(sc *cmakeScope, cmd command, open bool) {
	args := c.args(sc, cmd.args)
	if len(args) == 0 {
		return
	}
	switch cmd.name {
	case "set":
		c.set(sc, args, open)
	case "list":
		c.list(sc, args)
	case "file":
		c.glob(sc, args)
	case "aux_source_directory":
		if len(args) > 1 {
			c.store(sc, args[1], rootedAll(c.r.c.match(join(join(sc.dir, args[0]), "*.c"))), true)
		}
	case "foreach":
		c.store(sc, args[0], slices.DeleteFunc(args[1:], func(s string) bool { return s == "IN" || s == "LISTS" || s == "ITEMS" }), false)
	case "project":
		sc.vars["PROJECT_NAME"] = args[0]
		sc.vars["PROJECT_SOURCE_DIR"] = rooted(sc.dir)
		if sc.vars["CMAKE_PROJECT_NAME"] == "" {
			sc.vars["CMAKE_PROJECT_NAME"] = args[0]
		}
	case "include":
		c.include(sc, args[0])
	case "add_subdirectory":
		if p := c.r.lower[strings.ToLower(join(join(sc.dir, args[0]), "CMakeLists.txt"))]; p != "" && !c.r.done[p] {
			c.folder(&cmakeScope{vars: maps.Clone(sc.vars), depth: sc.depth + 1}, p)
		}
	default:
		c.target(sc, cmd.name, args)
	}
}

func (c *cmakeRun) include(sc *cmakeScope, name string) {
	p := c.r.lower[strings.ToLower(join(sc.dir, name))]
	if c.r.text[p] == nil || c.r.done[p] {
		return
	}
	sc.depth++
	was := sc.vars["CMAKE_CURRENT_LIST_DIR"]
	sc.vars["CMAKE_CURRENT_LIST_DIR"] = rooted(dirOf(p))
	c.run(sc, p)
	sc.vars["CMAKE_CURRENT_LIST_DIR"] = was
	sc.depth--
}

// set sets a variable; in an arm of an if it adds the value to what was there.
func (c *cmakeRun) set(sc *cmakeScope, args []string, open bool) {
	vals := args[1:]
	for i, v := range vals {
		if v == "CACHE" || v == "PARENT_SCOPE" {
			vals = vals[:i]
			break
		}
	}
	c.store(sc, args[0], vals, open)
}

func (c *cmakeRun) store(sc *cmakeScope, name string, vals []string, add bool) {
	v := strings.Join(vals, ";")
	if old := sc.vars[name]; add && old != "" && v != "" && old != v {
		v = old + ";" + v
	} else if add && v == "" {
		return
	}
	if c.bytes -= len(v); len(v) > maxList || c.bytes < 0 {
		c.r.tooMuch(sc.file, "words in its variables")
		return
	}
	sc.vars[name] = v
}

func (c *cmakeRun) list(sc *cmakeScope, args []string) {
	if len(args) > 2 && (strings.EqualFold(args[0], "APPEND") || strings.EqualFold(args[0], "PREPEND")) {
		c.store(sc, args[1], args[2:], true)
	}
}

// glob is file(GLOB var patterns) and file(GLOB_RECURSE ...).
func (c *cmakeRun) glob(sc *cmakeScope, args []string) {
	if len(args) < 3 || args[0] != "GLOB" && args[0] != "GLOB_RECURSE" {
		return
	}
	var out []string
	for i := 2; i < len(args); i++ {
		switch args[i] {
		case "RELATIVE":
			i++
			continue
		case "CONFIGURE_DEPENDS", "LIST_DIRECTORIES", "true", "false":
			continue
		}
		pattern := join(sc.dir, args[i])
		if args[0] == "GLOB_RECURSE" {
			pattern = join(dirOf(pattern), "**/"+pattern[strings.LastIndexByte(pattern, '/')+1:])
		}
		out = append(out, rootedAll(c.r.c.match(pattern))...)
	}
	c.store(sc, args[1], out, false)
}

func rootedAll(in []string) []string {
	out := make([]string, len(in))
	for i, p := range in {
		out[i] = rooted(p)
	}
	return out
}

// args expands variables; an argument without quotes is split at ";".
func (c *cmakeRun) args(sc *cmakeScope, in []cmakeArg) (out []string) {
	for _, a := range in {
		if a.raw {
			out = append(out, a.text)
			continue
		}
		v := c.expand(sc, a.text, 0)
		if a.quoted {
			out = append(out, v)
			continue
		}
		for _, w := range strings.Split(v, ";") {
			if w != "" {
				out = append(out, w)
			}
		}
	}
	return out
}

// expand replaces ${VAR}; what is not set is empty, as for CMake.
func (c *cmakeRun) expand(sc *cmakeScope, s string, depth int) string {
	if !strings.Contains(s, "${") || depth > 8 {
		return s
	}
	var sb strings.Builder
	for s != "" {
		i := strings.Index(s, "${")
		if i < 0 || sb.Len() > maxList {
			sb.WriteString(s)
			break
		}
		sb.WriteString(s[:i])
		end := closingBrace(s, i+2)
		name := c.expand(sc, s[i+2:end], depth+1)
		v := sc.vars[name]
		if c.bytes -= len(v); c.bytes >= 0 {
			sb.WriteString(v)
		}
		s = s[min(end+1, len(s)):]
	}
	return sb.String()
}

func closingBrace(s string, from int) int {
	depth := 1
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}
