package project

import (
	"fmt"
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/pinvet/pinvet/analyzers/source"
)

// read makes a snapshot of a txtar archive and reads its build files.
func read(t testing.TB, archive string) *Set {
	t.Helper()
	in := &source.Input{Overlay: map[string][]byte{}}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		in.Overlay[f.Name] = f.Data
		if source.IsBuild(f.Name) {
			in.Build = append(in.Build, f.Name)
		} else {
			in.Paths = append(in.Paths, f.Name)
		}
	}
	return Read(source.Load(in, token.NewFileSet()))
}

func eq(t *testing.T, what string, got any, want string) {
	t.Helper()
	if s := fmt.Sprint(got); s != want {
		t.Errorf("%s:\n got %s\nwant %s", what, s, want)
	}
}

func names(fs []Framework) string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Name)
	}
	return strings.Join(out, " ")
}

func projects(c *CS) string {
	if c == nil {
		return "none"
	}
	var out []string
	for _, p := range c.Projects {
		out = append(out, p.Path)
	}
	return strings.Join(out, " ")
}

func TestFrameworks(t *testing.T) {
	for name, want := range map[string]Framework{
		"net8.0-windows10.0.19041": {Kind: NetCore, Major: 8, OS: "windows"},
		"net10.0":                  {Kind: NetCore, Major: 10},
		"netcoreapp3.1":            {Kind: NetCore, Major: 3, Minor: 1},
		"net472":                   {Kind: NetFramework, Major: 4, Minor: 7, OS: "windows"},
		"net48":                    {Kind: NetFramework, Major: 4, Minor: 8, OS: "windows"},
		"v4.5.1":                   {Kind: NetFramework, Major: 4, Minor: 5, OS: "windows"},
		"netstandard2.1":           {Kind: NetStandard, Major: 2, Minor: 1},
		"net11":                    {Kind: NetFramework, Major: 1, Minor: 1, OS: "windows"},
		"uap10.0":                  {},
		"net":                      {},
		"":                         {},
	} {
		want.Name = name
		if got := ParseFramework(name); got != want {
			t.Errorf("%q: got %+v, want %+v", name, got, want)
		}
	}
	for _, c := range []struct {
		framework, since string
		want             bool
	}{
		{"net5.0", "net5.0", true}, {"netcoreapp3.1", "net5.0", false}, {"net48", "net5.0", false}, {"netstandard2.1", "net5.0", false},
		{"net8.0", "net35, netcore1.0", true}, {"net48", "net35, netcore1.0", true}, {"netstandard2.0", "netcore2.1, ns2.1", false},
		{"netstandard2.1", "netcore2.1, ns2.1", true}, {"net9.0", "net10.0", false}, {"net10.0", "net10.0", true}, {"net8.0", "", false},
		{"net8.0", "net11", false}, {"net45", "net45 (package), netcore1.0", true},
	} {
		if got := ParseFramework(c.framework).Since(c.since); got != c.want {
			t.Errorf("%s since %q: %v", c.framework, c.since, got)
		}
	}
}

func TestProjectOfFile(t *testing.T) {
	s := read(t, `
-- Directory.Build.props --
<Project><PropertyGroup><Tfm>net8.0</Tfm><AllowUnsafeBlocks>true</AllowUnsafeBlocks></PropertyGroup></Project>
-- src/App/App.csproj --
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>$(Tfm)</TargetFramework><OutputType>Exe</OutputType><RuntimeIdentifiers>win-x64;linux-arm64</RuntimeIdentifiers><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><Compile Remove="Old\**" /><Compile Include="..\Shared\Common.cs" Link="Common.cs"/>
    <Using Include="My.Native" /><Using Include="My.Consts" Static="true" /><Using Include="System.IntPtr" Alias="Ptr" /><Using Remove="System.Linq" /></ItemGroup>
</Project>
-- src/App/Program.cs --
-- src/App/Old/Gone.cs --
-- src/Shared/Common.cs --
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]
-- src/Lib/Lib.csproj --
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>net472;netstandard2.0;net6.0-windows</TargetFrameworks></PropertyGroup>
<Import Project="..\Shared\Shared.projitems" Label="Shared" /></Project>
-- src/Lib/a/b/Deep.cs --
-- src/Shared/Shared.projitems --
<Project><ItemGroup><Compile Include="$(MSBuildThisFileDirectory)Items.cs" /></ItemGroup></Project>
-- src/Shared/Items.cs --
-- alone/x.cs --
`)
	eq(t, "problems", s.Problems, "[]")
	for path, want := range map[string]string{
		"src/App/Program.cs": "src/App/App.csproj", "src/App/Old/Gone.cs": "none", "src/Shared/Common.cs": "src/App/App.csproj",
		"src/Lib/a/b/Deep.cs": "src/Lib/Lib.csproj", "src/Shared/Items.cs": "src/Lib/Lib.csproj", "alone/x.cs": "none",
	} {
		eq(t, path, projects(s.Of(path)), want)
	}
	app, lib := s.Of("src/App/Program.cs"), s.Of("src/Lib/a/b/Deep.cs")
	eq(t, "app", names(app.Frameworks()), "net8.0")
	eq(t, "lib", names(lib.Frameworks()), "net472 netstandard2.0 net6.0-windows")
	eq(t, "targets of app", app.Targets(), "[{linux arm64} {windows x64}]")
	eq(t, "targets of lib", lib.Targets(), "[{ } {windows }]")
	p := app.Projects[0]
	eq(t, "unsafe, marshalling, output", fmt.Sprint(p.AllowUnsafe, p.NoMarshalling, p.Output), "true true 1")
	eq(t, "usings", len(p.Usings), "9")
	eq(t, "own usings", p.Usings[6:], "[{My.Native  false} {My.Consts  true} {System.IntPtr Ptr false}]")
	if !app.Has(POH) || app.Has(PinnedGCHandle) || lib.Has(POH) || lib.Has(NativeMemory) || !app.Has(LibraryImport) || !app.Has(GetLastPInvokeError) {
		t.Error("features")
	}
	if s.Of("alone/x.cs").Has(POH) || s.Of("alone/x.cs").Targets() != nil || (*Set)(nil).Of("x") != nil {
		t.Error("a file without project claims something")
	}
}

func TestOldStyleProject(t *testing.T) {
	s := read(t, `
-- P.csproj --
<?xml version="1.0" encoding="utf-8"?>
<Project ToolsVersion="14.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <PropertyGroup>
    <Configuration Condition=" '$(Configuration)' == '' ">Debug</Configuration>
    <OutputType>WinExe</OutputType><TargetFrameworkVersion>v4.5.2</TargetFrameworkVersion><DefineConstants>A;B</DefineConstants>
  </PropertyGroup>
  <PropertyGroup Condition="'$(Configuration)|$(Platform)' == 'Debug|x86'"><PlatformTarget>x86</PlatformTarget><DefineConstants>DEBUG</DefineConstants></PropertyGroup>
  <PropertyGroup Condition="'$(Configuration)|$(Platform)' == 'Debug|x64'"><PlatformTarget>x64</PlatformTarget></PropertyGroup>
  <PropertyGroup Condition="'$(OutputType)' == 'Library'"><PlatformTarget>ARM64</PlatformTarget></PropertyGroup>
  <ItemGroup><Compile Include="A.cs" /><Compile Include="sub\*.cs" Exclude="sub\No.cs" /></ItemGroup>
</Project>
-- A.cs --
-- B.cs --
-- sub/C.cs --
-- sub/No.cs --
-- sub/deep/D.cs --
`)
	for path, want := range map[string]string{"A.cs": "P.csproj", "B.cs": "none", "sub/C.cs": "P.csproj", "sub/No.cs": "none", "sub/deep/D.cs": "none"} {
		eq(t, path, projects(s.Of(path)), want)
	}
	a := s.Of("A.cs")
	eq(t, "frameworks", names(a.Frameworks()), "v4.5.2")
	eq(t, "targets", a.Targets(), "[{windows x64} {windows x86}]")
	eq(t, "defines", a.Projects[0].Defines, "[A B DEBUG]")
	if a.Has(POH) {
		t.Error(".NET Framework has no pinned object heap")
	}
}

func TestConditions(t *testing.T) {
	for cond, want := range map[string]string{
		`'$(Set)' == 'one'`: "new", `'$(Set)' != 'one'`: "old", `'$(Set)'=='two'`: "old", `'$(Other)' == ''`: "new", `'$(Other)' == 'x'`: "old new",
		`'$(Configuration)' == 'Debug'`: "old new", `'$(Set)' == 'one' and '$(Other)' != ''`: "old", `('$(Set)' == 'x' or '$(Set)' == 'ONE')`: "new",
		`!('$(Set)' == 'one')`: "old", `$(Yes)`: "new", `Exists('a')`: "old new", `$([MSBuild]::IsOSPlatform('Windows'))`: "old new",
		`'$(Set)' == 'one`: "old new", `((((`: "old new", `'$(Ver)' >= '3'`: "old new",
	} {
		s := read(t, `
-- P.csproj --
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><Set>one</Set><Yes>true</Yes><TargetFrameworks>old</TargetFrameworks></PropertyGroup>
<PropertyGroup Condition="`+cond+`"><TargetFrameworks>new</TargetFrameworks></PropertyGroup></Project>
`)
		eq(t, cond, names(s.Projects[0].Frameworks), want)
	}
}

func TestUnknownFrameworkIsNoPromise(t *testing.T) {
	s := read(t, `
-- P.csproj --
<Project Sdk="x"><PropertyGroup><TargetFrameworks>net8.0;$(More)</TargetFrameworks></PropertyGroup></Project>
-- a.cs --
`)
	if c := s.Of("a.cs"); names(c.Frameworks()) != "net8.0" || c.Has(POH) {
		t.Errorf("%+v", c.Projects[0])
	}
}

func TestImports(t *testing.T) {
	s := read(t, `
-- Directory.Build.props --
<Project><PropertyGroup><Outer>net9.0</Outer></PropertyGroup></Project>
-- eng/versions.props --
<Project><PropertyGroup><Mine>net7.0</Mine></PropertyGroup></Project>
-- src/Directory.Build.props --
<Project><Import Project="$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))" />
<Import Project="$(RepoRoot)eng\Versions.props" /><Import Project="Directory.Build.props" /></Project>
-- src/P.csproj --
<Project Sdk="x"><PropertyGroup><TargetFrameworks>$(Mine);$(Outer)</TargetFrameworks></PropertyGroup></Project>
`)
	eq(t, "frameworks", names(s.Projects[0].Frameworks), "net7.0 net9.0")
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a/*.c", "a/b.c", true}, {"a/*.c", "a/b/c.c", false}, {"a/**/*.c", "a/b/c.c", true}, {"a/**/*.c", "a/c.c", true}, {"a/**/b.c", "a/xb.c", false},
		{"**", "a/b", true}, {"a/**", "a/b/c", true}, {"*x*", "axb", true}, {"?.c", "a.c", true}, {"?.c", "/.c", false}, {"", "", true}, {"a", "", false},
		{"**/**/*.c", "x.c", true}, {"*", "", true}, {"**/b/*.c", "a/b/c/b/x.c", true},
	} {
		if got := globMatch(c.pattern, c.name); got != c.want {
			t.Errorf("%q %q: %v", c.pattern, c.name, got)
		}
	}
}

// TestAgain: which files make it necessary to read build files again, and which of two sets say something else of other files.
func TestAgain(t *testing.T) {
	const tree = `
-- app/App.csproj --
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>
-- app/A.cs --
-- lib/CMakeLists.txt --
file(GLOB all *.c)
add_library(lib SHARED ${all})
-- lib/a.c --
`
	const switched = "-- app/B.cs --\n[assembly: DisableRuntimeMarshalling]\n"
	s := read(t, tree)
	with := func(more string) *Set { return read(t, tree+more) }
	file := func(path, text string) *source.File {
		f, err := source.FromBytes(path, source.LangOf(path), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, c := range []struct {
		set  *Set
		path string
		file *source.File
		want bool
	}{
		{s, "app/A.cs", file("app/A.cs", "class A {}"), false},
		{s, "app/A.cs", file("app/A.cs", "// DisableRuntimeMarshalling"), false},
		{s, "app/A.cs", file("app/A.cs", "[assembly: DisableRuntimeMarshalling]"), true},
		{s, "app/A.cs", nil, true},
		{s, "app/B.cs", file("app/B.cs", ""), true},
		{s, "app/B.cs", nil, false},
		{with(switched), "app/B.cs", file("app/B.cs", "[assembly: DisableRuntimeMarshalling]"), false},
		{with(switched), "app/B.cs", file("app/B.cs", ""), true},
	} {
		if got := c.set.Concerns(c.path, c.file); got != c.want {
			t.Errorf("%s (%v): %t", c.path, c.file != nil, got)
		}
	}
	but := map[string]bool{"app/B.cs": true, "lib/b.c": true}
	for more, want := range map[string]bool{
		"": true, "-- app/B.cs --\n-- lib/b.c --\n": true, switched: false, "-- app/C.cs --\n": false, "-- lib/c.c --\n": false,
	} {
		if o := with(more); s.Same(o, but) != want || o.Same(s, but) != want {
			t.Errorf("%q: not %t", more, want)
		}
	}
}
