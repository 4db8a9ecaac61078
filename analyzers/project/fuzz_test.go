package project

import (
	"fmt"
	"go/token"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// buildNames are the kinds of build files; the second of two can be read by the first.
var buildNames = []string{"p/a.csproj", "p/Directory.Build.props", "p/n.vcxproj", "p/CMakeLists.txt", "p/meson.build", "p/Makefile.am", "p/n.def"}

// FuzzBuild gives two build files of any kinds to the stage: one that is read, and one that it may name.
func FuzzBuild(f *testing.F) {
	f.Add(uint8(0), "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFrameworks>net8.0;net48</TargetFrameworks></PropertyGroup><ItemGroup><Compile Include=\"**/*.cs\" Exclude=\"b/**\"/></ItemGroup></Project>",
		uint8(1), "<Project><PropertyGroup Condition=\"'$(A)'=='' and Exists('x')\"><DisableRuntimeMarshalling>true</DisableRuntimeMarshalling></PropertyGroup></Project>")
	f.Add(uint8(2), "<Project><PropertyGroup><TargetName>n</TargetName></PropertyGroup><ItemGroup><ClCompile Include=\"a.c;b\\*.c\"/></ItemGroup><Link><ModuleDefinitionFile>n.def</ModuleDefinitionFile></Link></Project>",
		uint8(6), "LIBRARY n\nEXPORTS\n  f @1 NONAME\n  g=h DATA ; why\n")
	f.Add(uint8(3), "set(S a.c ${B})\nforeach(x IN LISTS S)\n list(APPEND T \"${x}\")\nendforeach()\nif(WIN32 AND NOT A)\n add_library(n SHARED ${T} n.def)\nendif()\nfile(GLOB G *.c)\ntarget_sources(n PRIVATE $<$<BOOL:1>:b/c.c>)\n", uint8(6), "EXPORTS f=g.h")
	f.Add(uint8(4), "project('x', 'c')\nsrc = files('a.c') + ['b/c.c']\nif get_option('x')\n shared_library('n', src, vs_module_defs : 'n.def')\nendif\nforeach s : src\n  subdir('b')\nendforeach\n", uint8(6), "")
	f.Add(uint8(5), "lib_LTLIBRARIES = libn.la\nlibn_la_SOURCES = a.c \\\n  b/c.c\nif A\nlibn_la_LDFLAGS = -export-symbols $(srcdir)/n.def\nendif\ninclude x.am\n", uint8(6), "EXPORTS\nf")
	f.Fuzz(func(t *testing.T, kind uint8, text string, other uint8, second string) {
		a, b := buildNames[int(kind)%len(buildNames)], buildNames[int(other)%len(buildNames)]
		first := outline(t, a, text, b, second)
		if again := outline(t, a, text, b, second); first != again {
			t.Errorf("read twice:\n%s\n%s", first, again)
		}
	})
}

// outline is what the stage makes of build files beside a few sources.
func outline(t *testing.T, a, text, b, second string) string {
	in := &source.Input{Overlay: map[string][]byte{b: []byte(second), a: []byte(text)}, Paths: []string{"p/a.c", "p/b/c.c", "p/a.cs", "p/b/c.cs"}}
	for path := range in.Overlay {
		in.Build = append(in.Build, path)
	}
	for _, p := range in.Paths {
		in.Overlay[p] = []byte("\n")
	}
	snap := source.Load(in, token.NewFileSet())
	s := Read(snap)
	var out strings.Builder
	for _, p := range s.Projects {
		fmt.Fprintf(&out, "%s\n", p.Path)
	}
	for _, l := range s.Libraries {
		fmt.Fprintf(&out, "%s %s %q\n", l.File, l.Names, l.Sources)
		for _, src := range l.Sources {
			if snap.File(src) == nil {
				t.Errorf("%s: %q is no file of the tree", l.File, src)
			}
		}
	}
	for _, p := range in.Paths {
		c := s.Of(p)
		fmt.Fprintf(&out, "%s: %v %v %d\n", p, c.Frameworks(), c.Targets(), len(s.LibrariesOf(p)))
	}
	for _, p := range s.Problems {
		fmt.Fprintf(&out, "%s: %s\n", p.Path, p.Text)
		if strings.HasPrefix(p.Text, "panic") {
			t.Errorf("%s: %s", p.Path, p.Text)
		}
	}
	return out.String()
}
