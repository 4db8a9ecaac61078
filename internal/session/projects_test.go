package session

import (
	"maps"
	"slices"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// TestFilesOfProjects makes files in a folder that a project compiles, takes them away, and switches the marshalling of the
// project off in one of them: build files stay as they are, but what they say of files does not.
func TestFilesOfProjects(t *testing.T) {
	const (
		project  = `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework><RuntimeIdentifiers>win-x64</RuntimeIdentifiers></PropertyGroup></Project>`
		frame    = "using System.Runtime.InteropServices;\nstruct Frame { public bool First, Second; }\n"
		imported = "static class N { [DllImport(\"native\")] static extern void take(nint place, Frame frame); }\n"
		using    = "using System.Runtime.InteropServices;\n"
		switched = "[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]\n"
	)
	files := map[string][]byte{
		"app/App.csproj": []byte(project),
		"app/Frame.cs":   []byte(frame + imported),
		"native/one.c":   []byte("struct frame { unsigned char first, second; };\nvoid take(long long place, struct frame frame) {}\n"),
	}
	root := write(t, files)
	s := begin(t, root)
	now := maps.Clone(files)
	maps.DeleteFunc(now, func(p string, _ []byte) bool { return source.LangOf(p) == source.NoLang })
	settled(t, s, now)
	var before []string
	for _, step := range []struct{ what, path, text string }{
		{"a new file of the project", "app/New.cs", using + imported},
		{"no marshalling any more", "app/Assembly.cs", switched},
		{"marshalling again", "app/Assembly.cs", "// " + switched},
		{"no marshalling, by an edit", "app/Assembly.cs", switched},
		{"the switch goes", "app/Assembly.cs", ""},
		{"a new file elsewhere", "other/New.cs", using + imported},
	} {
		want := maps.Clone(now)
		if now[step.path] = []byte(step.text); step.text == "" {
			s.Reload(step.path)
			delete(now, step.path)
			want[step.path] = nil
		} else {
			s.Edit(step.path, source.NoLang, now[step.path])
			want[step.path] = now[step.path]
		}
		got := lines(settled(t, s, want).Findings)
		if from := scratch(t, root, now); !slices.Equal(got, from) {
			t.Errorf("%s:\n%s", step.what, diff(got, from))
		}
		if slices.Equal(got, before) {
			t.Errorf("%s changes nothing: %q", step.what, got)
		}
		before = got
	}
}
