package project

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/models"
)

// Feature is something that not every target framework has, named by a member of it: the models know
// since when that is there.
type Feature string

// The features that advice is about.
const (
	POH                  Feature = "GC.AllocateArray" // pinned object heap
	PinnedGCHandle       Feature = "PinnedGCHandle..ctor"
	NativeMemory         Feature = "NativeMemory.Alloc"
	LibraryImport        Feature = "LibraryImportAttribute..ctor"
	GetLastPInvokeError  Feature = "Marshal.GetLastPInvokeError"
	SuppressGCTransition Feature = "SuppressGCTransitionAttribute..ctor"
)

// Has tells whether all target frameworks of all projects of the file have a feature, so that it can
// be advised. For a file of no known project, or of a project whose frameworks are not all known, it
// is false: such a file gets no advice to use what its runtime may not have.
func (c *CS) Has(f Feature) bool {
	if c == nil || len(c.Projects) == 0 {
		return false
	}
	since := models.Default().Since(string(f))
	for _, p := range c.Projects {
		if p.Unknown || len(p.Frameworks) == 0 {
			return false
		}
		for _, fw := range p.Frameworks {
			if !fw.Since(since) {
				return false
			}
		}
	}
	return true
}

// Frameworks are the target frameworks of all projects of the file, each once.
func (c *CS) Frameworks() (out []Framework) {
	if c == nil {
		return nil
	}
	for _, p := range c.Projects {
		for _, f := range p.Frameworks {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// Language tells whether all projects of the file are written in C# of at least that major version:
// they say so, or their target frameworks bring it (major 11 came with .NET 7, and so on). "latest"
// is the language of the compiler, which is taken to be a current one.
func (c *CS) Language(major int) bool {
	if c == nil || len(c.Projects) == 0 {
		return false
	}
	for _, p := range c.Projects {
		for _, v := range p.LangVersion {
			switch n, _, _ := strings.Cut(v, "."); strings.ToLower(n) {
			case "latest", "latestmajor", "preview":
			default:
				if k, err := strconv.Atoi(n); err != nil || k < major {
					return false
				}
			}
		}
		if len(p.LangVersion) > 0 {
			continue
		}
		for _, fw := range p.Frameworks {
			if fw.Kind != NetCore || fw.Major < major-4 {
				return false
			}
		}
		if p.Unknown || len(p.Frameworks) == 0 {
			return false
		}
	}
	return true
}

// Target is a system and processor that code runs on.
type Target struct {
	OS   string // "windows", "linux", "osx", "android" ...; "" any
	Arch string // "x86", "x64", "arm", "arm64" ...; "" any, of 32 and of 64 bits
}

// Targets are the systems and processors that the projects of the file are built for, each once, by
// OS and Arch; nil when nothing is known. Runtime identifiers count first, then the platform target
// and the platforms; AnyCPU is any processor.
func (c *CS) Targets() (out []Target) {
	if c == nil {
		return nil
	}
	for _, p := range c.Projects {
		for _, t := range p.targets() {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	slices.SortFunc(out, func(a, b Target) int {
		if d := strings.Compare(a.OS, b.OS); d != 0 {
			return d
		}
		return strings.Compare(a.Arch, b.Arch)
	})
	return out
}

func (p *Project) targets() (out []Target) {
	archs := p.archs()
	for _, rid := range p.RuntimeIDs {
		if t := parseRID(rid); t.OS != "" {
			out = append(out, t)
		}
	}
	// Runtime identifiers of a library say what was tested, not what it is used on.
	if len(out) > 0 && p.Output != LibraryOutput {
		return out
	}
	out = nil
	systems := []string{}
	for _, f := range p.Frameworks {
		if !slices.Contains(systems, f.OS) {
			systems = append(systems, f.OS)
		}
	}
	if len(systems) == 0 {
		systems = []string{""}
	}
	for _, os := range systems {
		for _, a := range archs {
			out = append(out, Target{os, a})
		}
	}
	return out
}

// archs are the processors: those of PlatformTarget, else of Platforms.
func (p *Project) archs() (out []string) {
	words := p.PlatformTarget
	if len(words) == 0 {
		words = p.Platforms
	}
	for _, w := range words {
		a := ""
		switch strings.ToLower(strings.ReplaceAll(w, " ", "")) {
		case "x86", "win32":
			a = "x86"
		case "x64":
			a = "x64"
		case "arm":
			a = "arm"
		case "arm64":
			a = "arm64"
		case "anycpu":
			if p.Prefer32Bit && p.Output == Exe {
				a = "x86"
			}
		}
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	if len(out) == 0 {
		out = []string{""}
	}
	return out
}

// parseRID reads a runtime identifier: "win10-x64", "linux-musl-arm64", "osx.11.0-x64".
func parseRID(rid string) Target {
	parts := strings.Split(strings.ToLower(rid), "-")
	os := strings.TrimRight(parts[0], "0123456789.")
	switch os {
	case "win":
		os = "windows"
	case "ubuntu", "debian", "alpine", "rhel", "centos", "fedora":
		os = "linux"
	}
	t := Target{OS: os}
	switch a := parts[len(parts)-1]; a {
	case "x86", "x64", "arm", "arm64":
		t.Arch = a
	}
	return t
}
