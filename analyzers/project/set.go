package project

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/source"
)

// Analyzer reads the build files of the unit; its result is a *Set.
var Analyzer = &analysis.Analyzer{
	Name:       "project",
	Doc:        "target frameworks of C# projects, sources and exports of native libraries",
	Requires:   []*analysis.Analyzer{source.Analyzer},
	ResultType: reflect.TypeFor[*Set](),
	Run: func(p *analysis.Pass) (any, error) {
		return Read(p.ResultOf[source.Analyzer].(*source.Snapshot)), nil
	},
}

// Problem is a build file that was not understood to its end.
type Problem struct {
	Path string
	Text string
}

// Set is what the build files of a unit say.
type Set struct {
	Projects  []*Project // C# projects, by path
	Libraries []*Library // by build file, then in order of the file
	Problems  []Problem  // by path

	of    map[string]*CS
	built map[string][]*Library   // by C file
	files map[string]unmarshalled // the source files there were, and what they say of the marshalling of their project
}

// CS is what the projects that compile a C# file have in common. The nil *CS is a file of no known
// project.
type CS struct {
	Projects []*Project // by path
}

// Of returns the projects of a C# file, nil if none is known.
func (s *Set) Of(path string) *CS {
	if s == nil {
		return nil
	}
	return s.of[path]
}

// LibrariesOf returns the native libraries and programs that a C file is compiled into.
func (s *Set) LibrariesOf(path string) []*Library {
	if s == nil {
		return nil
	}
	return s.built[path]
}

// LibrariesIn are the native targets that build files in the folder of a file make: the owner of a header that no source
// was seen to include.
func (s *Set) LibrariesIn(path string) (out []*Library) {
	if s == nil {
		return nil
	}
	for _, l := range s.Libraries {
		if dirOf(l.File) == dirOf(path) {
			out = append(out, l)
		}
	}
	return out
}

// Library returns the native libraries that a name in an import may mean (see LibName).
func (s *Set) Library(name string) (out []*Library) {
	if s == nil {
		return nil
	}
	name = LibName(name)
	for _, l := range s.Libraries {
		if l.Is(name) {
			out = append(out, l)
		}
	}
	return out
}

// Read reads the build files of s.
func Read(s *source.Snapshot) *Set {
	r := newReader(s)
	for _, f := range s.BuildFailed {
		r.problem(f.Path, f.Err.Error())
	}
	// From the outside in: a file that an outer one includes is read as a part of that.
	files := slices.Clone(s.Build)
	slices.SortStableFunc(files, func(a, b *source.File) int { return strings.Count(a.Path, "/") - strings.Count(b.Path, "/") })
	for _, f := range files {
		if s.Input.Ctx().Err() != nil {
			break
		}
		r.guard(f.Path, func() { r.file(f.Path) })
	}
	r.guard("", r.linkStatic)
	slices.SortStableFunc(r.set.Projects, func(a, b *Project) int { return strings.Compare(a.Path, b.Path) })
	slices.SortStableFunc(r.set.Libraries, func(a, b *Library) int { return strings.Compare(a.File, b.File) })
	r.index()
	sort.SliceStable(r.set.Problems, func(i, j int) bool { return r.set.Problems[i].Path < r.set.Problems[j].Path })
	r.set.Problems = slices.Compact(r.set.Problems)
	return r.set
}

// reader holds the build files by path, and the paths of the snapshot for globs.
type reader struct {
	set   *Set
	text  map[string]*source.File // build files
	lower map[string]string       // path in lower case -> path, of build files and sources
	base  map[string][]string     // base name in lower case -> build files
	c     *paths                  // C sources
	cs    *paths                  // C# sources
	csRaw map[string]*source.File
	trees map[string]*element // parsed XML
	done  map[string]bool     // CMake and Meson files that were run
	sdk   map[string][]*Project
	take  map[string][]*Project // C# file -> projects that name it
	drop  map[string]map[*Project]bool
	objs  map[*Library][]string // names of static libraries that a library links
}

func newReader(s *source.Snapshot) *reader {
	r := &reader{
		set:  &Set{of: map[string]*CS{}, built: map[string][]*Library{}, files: map[string]unmarshalled{}},
		text: map[string]*source.File{}, lower: map[string]string{}, base: map[string][]string{},
		csRaw: map[string]*source.File{}, trees: map[string]*element{}, done: map[string]bool{},
		sdk: map[string][]*Project{}, take: map[string][]*Project{}, drop: map[string]map[*Project]bool{},
		objs: map[*Library][]string{},
	}
	var c, cs []string
	for _, f := range s.Files {
		r.lower[strings.ToLower(f.Path)], r.set.files[f.Path] = f.Path, unmarshalled{}
		switch f.Lang {
		case source.C:
			c = append(c, f.Path)
		case source.CSharp:
			cs = append(cs, f.Path)
			r.csRaw[f.Path] = f
		}
	}
	for _, p := range s.Skimmed {
		if low := strings.ToLower(p); r.csRaw[p] == nil {
			r.lower[low] = p
			cs = append(cs, p)
		}
	}
	for _, f := range s.Build {
		low := strings.ToLower(f.Path)
		r.text[f.Path], r.lower[low] = f, f.Path
		b := low[strings.LastIndexByte(low, '/')+1:]
		r.base[b] = append(r.base[b], f.Path)
	}
	r.c, r.cs = newPaths(c), newPaths(cs)
	return r
}

// file reads one build file that stands for itself; imported files are read where they are imported.
func (r *reader) file(path string) {
	low := strings.ToLower(path)
	base := low[strings.LastIndexByte(low, '/')+1:]
	switch {
	case strings.HasSuffix(base, ".csproj"):
		r.csproj(path)
	case strings.HasSuffix(base, ".vcxproj"):
		r.vcxproj(path)
	case base == "cmakelists.txt":
		r.cmake(path)
	case base == "meson.build":
		r.meson(path)
	case base == "makefile.am":
		r.automake(path)
	}
}

// guard keeps a panic from costing more than one file.
func (r *reader) guard(path string, do func()) {
	defer func() {
		if v := recover(); v != nil {
			r.problem(path, fmt.Sprintf("panic: %v", v))
		}
	}()
	do()
}

// tooMuch says, once, that a build file has more of something than is read.
func (r *reader) tooMuch(path, of string) {
	p := Problem{path, "more " + of + " than are read"}
	if !slices.Contains(r.set.Problems, p) {
		r.set.Problems = append(r.set.Problems, p)
	}
}

func (r *reader) problem(path, text string) {
	r.set.Problems = append(r.set.Problems, Problem{path, text})
}

// index answers Of and LibrariesOf.
func (r *reader) index() {
	s := r.set
	for _, l := range s.Libraries {
		for _, f := range l.Sources {
			s.built[f] = append(s.built[f], l)
		}
	}
	shared := map[string]*CS{} // one CS for each set of projects
	for _, path := range r.cs.all {
		ps := r.projectsOf(path)
		if len(ps) == 0 {
			continue
		}
		key := ""
		for _, p := range ps {
			key += p.Path + "\n"
		}
		if shared[key] == nil {
			shared[key] = &CS{Projects: ps}
		}
		s.of[path] = shared[key]
	}
	r.marshalling()
}

// projectsOf are the projects that name a C# file, and those of the closest folder above it that
// compile all that lies below them.
func (r *reader) projectsOf(path string) []*Project {
	ps := slices.Clone(r.take[path])
	for dir := dirOf(path); ; dir = dirOf(dir) {
		if near := r.sdk[dir]; len(near) > 0 {
			for _, p := range near {
				if !r.drop[path][p] && !slices.Contains(ps, p) {
					ps = append(ps, p)
				}
			}
			break
		}
		if dir == "" {
			break
		}
	}
	slices.SortFunc(ps, func(a, b *Project) int { return strings.Compare(a.Path, b.Path) })
	return ps
}
