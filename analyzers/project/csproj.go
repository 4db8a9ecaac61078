package project

import (
	"slices"
	"strings"
)

// Output is what a C# project is built as.
type Output uint8

// Kinds of output.
const (
	LibraryOutput Output = iota
	Exe
	Test
)

// Using is a global using of a project file.
type Using struct {
	Name   string // namespace or type
	Alias  string
	Static bool
}

// Project is a C# project.
type Project struct {
	Path       string
	Frameworks []Framework // all alternatives; none when they cannot be told
	// Unknown says that a part of the frameworks cannot be told.
	Unknown        bool
	RuntimeIDs     []string // "win-x64"
	LangVersion    []string // "latest", "12.0": alternatives, as written; none = that of the frameworks
	PlatformTarget []string // "AnyCPU", "x64" ...: alternatives, as written
	Platforms      []string
	Prefer32Bit    bool // in some configuration
	AllowUnsafe    bool
	// NoMarshalling says that the assembly disables the marshalling of the runtime, NoMarshallingIf what #if asks where it says so.
	NoMarshalling   bool
	NoMarshallingIf string   // "": always
	Usings          []Using  // global ones, implicit ones included
	Defines         []string // of all configurations
	Output          Output
}

func (r *reader) csproj(path string) {
	ev := r.evaluate(path)
	p := &Project{Path: path}
	r.set.Projects = append(r.set.Projects, p)
	p.frameworks(ev)
	p.RuntimeIDs = append(ev.words("RuntimeIdentifiers"), ev.known("RuntimeIdentifier")...)
	p.LangVersion = ev.known("LangVersion")
	p.PlatformTarget = ev.known("PlatformTarget")
	p.Platforms = ev.words("Platforms")
	p.Prefer32Bit = ev.is("Prefer32Bit", "true")
	p.AllowUnsafe = ev.is("AllowUnsafeBlocks", "true")
	p.Defines = defines(ev)
	switch {
	case ev.is("IsTestProject", "true") || ev.is("TestProjectType", "UnitTest") || ev.references("Microsoft.NET.Test.Sdk"):
		p.Output = Test
	case ev.is("OutputType", "Exe") || ev.is("OutputType", "WinExe") || ev.is("OutputType", "AppContainerExe"):
		p.Output = Exe
	}
	p.usings(ev)
	for _, it := range ev.items {
		if it.e.name == "AssemblyAttribute" && strings.Contains(it.e.attr("Include"), "DisableRuntimeMarshalling") {
			p.NoMarshalling = true
		}
	}
	r.compile(p, ev)
}

func (p *Project) frameworks(ev *evaluation) {
	written := ev.get("TargetFrameworks")
	written = append(slices.Clone(written), ev.get("TargetFramework")...)
	if !ev.sdk || len(written) == 0 {
		written = append(slices.Clone(written), ev.get("TargetFrameworkVersion")...)
	}
	for _, v := range written {
		for _, w := range strings.Split(v, ";") {
			w = strings.TrimSpace(w)
			switch {
			case w == "":
			case strings.Contains(w, unknown):
				p.Unknown = true
			case !slices.ContainsFunc(p.Frameworks, func(f Framework) bool { return f.Name == w }):
				p.Frameworks = append(p.Frameworks, ParseFramework(w))
			}
		}
	}
}

func defines(ev *evaluation) (out []string) {
	for _, v := range ev.get("DefineConstants") {
		for _, w := range strings.FieldsFunc(v, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
			if !strings.Contains(w, unknown) && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

func (ev *evaluation) references(pkg string) bool {
	return slices.ContainsFunc(ev.items, func(it item) bool {
		return it.e.name == "PackageReference" && strings.EqualFold(it.e.attr("Include"), pkg)
	})
}

// implicitUsings are what ImplicitUsings brings in for Microsoft.NET.Sdk.
// Source: Microsoft Learn, "MSBuild reference for .NET SDK projects", ImplicitUsings.
var implicitUsings = []string{
	"System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
}

func (p *Project) usings(ev *evaluation) {
	if ev.is("ImplicitUsings", "enable") || ev.is("ImplicitUsings", "true") {
		for _, ns := range implicitUsings {
			p.Usings = append(p.Usings, Using{Name: ns})
		}
	}
	for _, it := range ev.items {
		if it.e.name != "Using" {
			continue
		}
		for _, name := range strings.Split(it.e.attr("Include"), ";") {
			if name = strings.TrimSpace(name); name != "" && !strings.Contains(name, "$(") {
				p.Usings = append(p.Usings, Using{name, it.e.child("Alias"), strings.EqualFold(it.e.child("Static"), "true")})
			}
		}
		gone := strings.TrimSpace(it.e.attr("Remove"))
		p.Usings = slices.DeleteFunc(p.Usings, func(u Using) bool { return u.Name == gone })
	}
}

// compile notes which C# files the project compiles.
func (r *reader) compile(p *Project, ev *evaluation) {
	dir := dirOf(p.Path)
	if ev.sdk && !ev.is("EnableDefaultCompileItems", "false") && !ev.is("EnableDefaultItems", "false") {
		r.sdk[dir] = append(r.sdk[dir], p)
	}
	for _, it := range ev.items {
		if it.e.name != "Compile" {
			continue
		}
		exclude := ev.paths(it, it.e.attr("Exclude"))
		for _, pattern := range ev.paths(it, it.e.attr("Include")) {
			for _, f := range r.cs.match(pattern) {
				if !matches(exclude, f) && !slices.Contains(r.take[f], p) {
					r.take[f] = append(r.take[f], p)
				}
			}
		}
		for _, pattern := range ev.paths(it, it.e.attr("Remove")) {
			if it.cond != yes {
				continue // compiled in some configuration
			}
			for _, f := range r.cs.match(pattern) {
				r.take[f] = slices.DeleteFunc(r.take[f], func(q *Project) bool { return q == p })
				if r.drop[f] == nil {
					r.drop[f] = map[*Project]bool{}
				}
				r.drop[f][p] = true
			}
		}
	}
}

func matches(patterns []string, path string) bool {
	path = strings.ToLower(path)
	return slices.ContainsFunc(patterns, func(p string) bool { return globMatch(strings.ToLower(p), path) })
}

// marshalling finds the assembly attribute that disables marshalling; it can stand in any file.
func (r *reader) marshalling() {
	for _, path := range r.cs.all {
		f := r.csRaw[path]
		if f == nil {
			continue
		}
		u := disables(f)
		r.set.files[path] = u
		if cs := r.set.of[path]; cs != nil && u.says {
			for _, p := range cs.Projects {
				if !p.NoMarshalling {
					p.NoMarshallingIf = u.when
				} else if p.NoMarshallingIf != u.when {
					p.NoMarshallingIf = ""
				}
				p.NoMarshalling = true
			}
		}
	}
}
