package session

import (
	"maps"
	"os"
	"path/filepath"
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

// TestProjectChangesWhileAFileIsEdited: what was lowered for another project is no measure for where things are after the next edit.
func TestProjectChangesWhileAFileIsEdited(t *testing.T) {
	project := func(target string) []byte {
		return []byte(`<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>` + target + `</TargetFramework></PropertyGroup></Project>`)
	}
	const app = "using System.Runtime.InteropServices;\nstatic class N { [DllImport(\"native\")] static extern void take(int place); }\n"
	files := map[string][]byte{
		"app/App.csproj": project("net8.0"),
		"app/App.cs":     []byte(app),
		"native/one.c":   []byte("void take(long long place) {}\n"),
	}
	root := write(t, files)
	s := begin(t, root)
	edit := func(top string) map[string][]byte {
		now := map[string][]byte{"app/App.cs": []byte(top + app)}
		s.Edit("app/App.cs", source.NoLang, now["app/App.cs"])
		return now
	}
	settled(t, s, edit("// one\n"))
	if err := os.WriteFile(filepath.Join(root, "app", "App.csproj"), project("net6.0"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.Changed("app/App.csproj")
	settled(t, s, edit("// one\n// two\n// three\n"))
	now := edit("// one\n// two\n// three\n// four\n")
	got := lines(settled(t, s, now).Findings)
	if from := scratch(t, root, now); len(got) == 0 || !slices.Equal(got, from) {
		t.Errorf("%q\n%s", got, diff(got, from))
	}
}
