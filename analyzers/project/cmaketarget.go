package project

import (
	"slices"
	"strings"
)

// target runs the commands that make and change targets.
func (c *cmakeRun) target(sc *cmakeScope, name string, args []string) {
	switch name {
	case "add_library":
		c.addLibrary(sc, args)
	case "add_executable":
		if l := c.make(sc, args[0]); l != nil {
			l.Kind = Program
			c.sources(l, sc, args[1:])
		}
	case "target_sources":
		if l := c.targets[args[0]]; l != nil {
			c.sources(l, sc, args[1:])
		}
	case "target_link_libraries":
		if l := c.targets[args[0]]; l != nil {
			c.r.objs[l] = append(c.r.objs[l], args[1:]...)
		}
	case "set_target_properties":
		if i := slices.Index(args, "PROPERTIES"); i > 0 {
			for _, t := range args[:i] {
				c.properties(c.targets[t], args[i+1:])
			}
		}
	case "set_property":
		if i := slices.Index(args, "PROPERTY"); i > 1 && args[0] == "TARGET" {
			for _, t := range args[1:i] {
				c.properties(c.targets[t], args[i+1:])
			}
		}
	case "generate_export_header":
		// The header decides; its macros are seen in the sources.
	}
}

func (c *cmakeRun) make(sc *cmakeScope, name string) *Library {
	if l := c.targets[name]; l != nil {
		return l // both arms of an if
	}
	l := &Library{File: sc.file, target: name, Names: []string{LibName(name)}}
	l.Hidden = sc.vars["CMAKE_C_VISIBILITY_PRESET"] == "hidden"
	l.ExportAll = isOn(sc.vars["CMAKE_WINDOWS_EXPORT_ALL_SYMBOLS"])
	c.targets[name] = l
	c.order = append(c.order, l)
	return l
}

func (c *cmakeRun) addLibrary(sc *cmakeScope, args []string) {
	kind := UnknownLib
	rest := args[1:]
	if len(rest) > 0 {
		switch rest[0] {
		case "SHARED", "MODULE":
			kind, rest = SharedLib, rest[1:]
		case "STATIC", "OBJECT":
			kind, rest = StaticLib, rest[1:]
		case "INTERFACE", "ALIAS", "IMPORTED":
			return
		}
	}
	if slices.Contains(rest, "IMPORTED") {
		return
	}
	l := c.make(sc, args[0])
	if l.Kind == UnknownLib || kind == SharedLib {
		l.Kind = kind
	}
	c.sources(l, sc, rest)
}

// sources adds sources; $<TARGET_OBJECTS:t> takes those of t.
func (c *cmakeRun) sources(l *Library, sc *cmakeScope, names []string) {
	var files []string
	for _, n := range names {
		switch {
		case n == "PRIVATE", n == "PUBLIC", n == "INTERFACE", n == "EXCLUDE_FROM_ALL", n == "WIN32", n == "MACOSX_BUNDLE":
		case strings.HasPrefix(n, "$<TARGET_OBJECTS:"):
			c.r.objs[l] = append(c.r.objs[l], strings.TrimSuffix(n[len("$<TARGET_OBJECTS:"):], ">"))
		case strings.HasPrefix(n, "$<"):
			if i := strings.LastIndexByte(n, ':'); i > 0 {
				files = append(files, strings.TrimRight(n[i+1:], ">"))
			}
		default:
			files = append(files, n)
		}
	}
	c.r.sources(l, sc.dir, files)
}

// properties reads pairs of property and value.
func (c *cmakeRun) properties(l *Library, pairs []string) {
	if l == nil {
		return
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v := pairs[i+1]
		switch pairs[i] {
		case "OUTPUT_NAME", "LIBRARY_OUTPUT_NAME", "RUNTIME_OUTPUT_NAME":
			if n := LibName(cmakeName(v)); strings.Trim(n, "*-_.") != "" && !slices.Contains(l.Names, n) {
				l.Names = append([]string{n}, l.Names...)
			}
		case "C_VISIBILITY_PRESET":
			l.Hidden = v == "hidden"
		case "WINDOWS_EXPORT_ALL_SYMBOLS":
			l.ExportAll = isOn(v)
		}
	}
}

// cmakeName is a file name in which generator expressions become "*".
func cmakeName(v string) string {
	for {
		i := strings.Index(v, "$<")
		if i < 0 {
			return v
		}
		end, depth := i+2, 1
		for ; end < len(v) && depth > 0; end++ {
			switch v[end] {
			case '<':
				depth++
			case '>':
				depth--
			}
		}
		v = v[:i] + "*" + v[end:]
	}
}

func isOn(v string) bool {
	switch strings.ToUpper(v) {
	case "ON", "TRUE", "YES", "1":
		return true
	}
	return false
}
