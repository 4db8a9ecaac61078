package project

import (
	"slices"
	"strings"
)

// LibKind is what a native target is built as.
type LibKind uint8

// Kinds of native targets.
const (
	UnknownLib LibKind = iota // the build decides (add_library without a kind)
	SharedLib
	StaticLib // also object libraries
	Program
)

// Library is one native target of a build file.
type Library struct {
	File string // the build file
	Kind LibKind
	// Names are the file names that it may be built under, as LibName gives them, the likeliest first;
	// a "*" stands for a part that the build decides.
	Names []string
	// Sources are the files of the snapshot that it is made of, those of the static libraries that it
	// links included, by path.
	Sources []string
	// Exports are those of its module definition file; nil without one.
	Exports []Export
	// Hidden says that only marked functions are exported, on every system; ExportAll that all are.
	// Otherwise that is so on Windows only.
	Hidden    bool
	ExportAll bool
	Windows   bool   // built for Windows only
	CallConv  string // of functions that do not say their own: "__stdcall", ...; "" is __cdecl

	target string // name in the build file
}

// Export is a line of a module definition file.
type Export struct {
	Name     string // under which it is exported
	Internal string // the function behind it; Name when the file says no other
	Ordinal  int    // 0 none
	NoName   bool   // exported by its ordinal alone
}

// LibName brings a library name, as written in an import or as built, to the form in which they are
// compared: lower case, without folder, "lib" in front, and ".dll", ".so.1" or ".dylib" behind.
func LibName(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	if i := strings.Index(s, ".so"); i > 0 && (i+3 == len(s) || s[i+3] == '.') {
		s = s[:i]
	}
	for _, ext := range []string{".dll", ".dylib", ".exe", ".bundle"} {
		s = strings.TrimSuffix(s, ext)
	}
	if len(s) > 3 {
		s = strings.TrimPrefix(s, "lib")
	}
	return s
}

// Is tells whether the library may be built under a name (in the form of LibName).
func (l *Library) Is(name string) bool {
	if name == "" || l.Kind == StaticLib {
		return false
	}
	return slices.ContainsFunc(l.Names, func(n string) bool {
		return n == name || strings.Contains(n, "*") && strings.Trim(n, "*-_.") != "" && globMatch(n, name)
	})
}

// Export finds the line of the module definition file for a name, or for an ordinal above 0.
func (l *Library) Export(name string, ordinal int) *Export {
	for i := range l.Exports {
		e := &l.Exports[i]
		if ordinal > 0 && e.Ordinal == ordinal || ordinal == 0 && !e.NoName && e.Name == name {
			return e
		}
	}
	return nil
}

// library adds a target with what could be told of it; a target without C files of the snapshot stays,
// since static libraries may bring some.
func (r *reader) library(l *Library) *Library {
	if len(l.Names) == 0 && l.target != "" {
		l.Names = []string{LibName(l.target)}
	}
	r.set.Libraries = append(r.set.Libraries, l)
	return l
}

// sources resolves the written names of source files to files of the snapshot, in the form of a set
// by path. Module definition files among them give exports.
func (r *reader) sources(l *Library, dir string, names []string) {
	for _, n := range names {
		p := join(dir, n)
		if strings.HasSuffix(strings.ToLower(p), ".def") {
			r.exports(l, p)
			continue
		}
		l.Sources = append(l.Sources, r.c.match(p)...)
	}
}

func (r *reader) exports(l *Library, path string) {
	f := r.text[r.lower[strings.ToLower(path)]]
	if f == nil {
		return
	}
	l.Exports = append(l.Exports, readDef(string(f.Text()))...)
	if l.Exports == nil {
		l.Exports = []Export{}
	}
}

// maxLinked bounds how many libraries one takes in.
const maxLinked = 256

// linkStatic puts the sources of static libraries into the libraries that link them.
func (r *reader) linkStatic() {
	static := map[string][]*Library{}
	for _, l := range r.set.Libraries {
		if l.Kind == StaticLib || l.Kind == UnknownLib {
			static[l.target] = append(static[l.target], l)
		}
	}
	own := make(map[*Library][]string, len(r.set.Libraries))
	for _, l := range r.set.Libraries {
		own[l] = l.Sources
	}
	for _, l := range r.set.Libraries {
		seen := map[string]bool{}
		queue := slices.Clone(r.objs[l])
		all := slices.Clone(own[l])
		for len(queue) > 0 {
			if len(seen) >= maxLinked {
				r.tooMuch(l.File, "linked libraries")
				break
			}
			name := queue[0]
			queue = queue[1:]
			if seen[name] {
				continue
			}
			seen[name] = true
			for _, s := range static[name] {
				if s != l && sameBuild(s.File, l.File) {
					all = append(all, own[s]...)
					queue = append(queue, r.objs[s]...)
				}
			}
		}
		slices.Sort(all)
		l.Sources = slices.Compact(all)
	}
}

// sameBuild tells whether two build files are of one kind: a name means a target within one build.
func sameBuild(a, b string) bool {
	return a[strings.LastIndexByte(a, '.')+1:] == b[strings.LastIndexByte(b, '.')+1:]
}
