package project

import (
	"fmt"
	"strings"
	"testing"
)

// libs prints the libraries: "names: sources".
func libs(s *Set) string {
	var sb strings.Builder
	for _, l := range s.Libraries {
		fmt.Fprintf(&sb, "%s kind %d: %s\n", strings.Join(l.Names, ","), l.Kind, strings.Join(l.Sources, " "))
	}
	return strings.TrimSpace(sb.String())
}

func TestCMake(t *testing.T) {
	s := read(t, `
-- CMakeLists.txt --
cmake_minimum_required(VERSION 3.10) # comment ( with ) "signs
project(Top C)
#[[ add_library(no SHARED a.c) ]]
set(SRC src/a.c
    "${CMAKE_CURRENT_SOURCE_DIR}/src/b.c")
if(WIN32)
  set(PLAT src/win.c)
else()
  set(PLAT src/posix.c)
endif()
add_library(${PROJECT_NAME} SHARED ${SRC} ${PLAT} src/top.def $<$<BOOL:${X}>:src/gen.c>)
set_target_properties(${PROJECT_NAME} PROPERTIES OUTPUT_NAME "native-top" C_VISIBILITY_PRESET hidden)
target_link_libraries(Top PRIVATE helper)
add_subdirectory(sub)
function(skipped) add_library(skipped SHARED src/a.c) endfunction()
-- src/a.c --
-- src/b.c --
-- src/win.c --
-- src/posix.c --
-- src/gen.c --
-- src/top.def --
LIBRARY top
EXPORTS
  top_open
  top_close = close_impl @7
  top_hidden @8 NONAME
  top_data DATA
  fwd = other.func
-- sub/CMakeLists.txt --
file(GLOB ALL "*.c")
file(GLOB_RECURSE DEEP ${CMAKE_CURRENT_SOURCE_DIR}/deep/*.c)
add_library(helper STATIC ${ALL})
add_library(objs OBJECT)
target_sources(objs PRIVATE ${DEEP})
add_library(plug MODULE $<TARGET_OBJECTS:objs>)
set_property(TARGET plug PROPERTY OUTPUT_NAME "plug$<$<CONFIG:Debug>:d>")
add_executable(tool tool.c)
-- sub/h.c --
-- sub/tool.c --
-- sub/deep/x/y.c --
`)
	eq(t, "problems", s.Problems, "[]")
	eq(t, "libraries", libs(s), `native-top,top kind 1: src/a.c src/b.c src/gen.c src/posix.c src/win.c sub/h.c sub/tool.c
helper kind 2: sub/h.c sub/tool.c
objs kind 2: sub/deep/x/y.c
plug*,plug kind 1: sub/deep/x/y.c
tool kind 3: sub/tool.c`)
	top := s.Library("libnative-top.so")
	if len(top) != 1 || !top[0].Hidden || s.Library("helper") != nil || len(s.Library("plugd.dll")) != 1 {
		t.Errorf("library: %v", top)
	}
	eq(t, "exports", top[0].Exports, "[{top_open top_open 0 false} {top_close close_impl 7 false} {top_hidden top_hidden 8 true}]")
	if e := top[0].Export("", 8); e == nil || e.Internal != "top_hidden" || top[0].Export("top_hidden", 0) != nil {
		t.Error("ordinals")
	}
	eq(t, "built", len(s.LibrariesOf("sub/tool.c")), "3")
}

func TestVcxproj(t *testing.T) {
	s := read(t, `
-- build/common.props --
<Project><PropertyGroup Condition="'$(Platform)'=='x64'"><MyArch>x64</MyArch></PropertyGroup></Project>
-- build/Dll.vcxproj --
<Project><Import Project="common.props" />
<PropertyGroup><ConfigurationType>DynamicLibrary</ConfigurationType><TargetName>dev-$(MyArch)-$(Flavour)</TargetName></PropertyGroup>
<ItemDefinitionGroup><ClCompile><CallingConvention>StdCall</CallingConvention></ClCompile><Link><ModuleDefinitionFile>..\src\dll.def</ModuleDefinitionFile></Link></ItemDefinitionGroup>
<ItemGroup><ClCompile Include="..\src\One.c" /><ClCompile Include="..\src\two.c"><ExcludedFromBuild>true</ExcludedFromBuild></ClCompile></ItemGroup>
<ItemGroup><ProjectReference Include="Stat.vcxproj" /></ItemGroup></Project>
-- build/Stat.vcxproj --
<Project><PropertyGroup><ConfigurationType>StaticLibrary</ConfigurationType></PropertyGroup><ItemGroup><ClCompile Include="..\src\s.c" /></ItemGroup></Project>
-- src/one.c --
-- src/two.c --
-- src/s.c --
-- src/dll.def --
EXPORTS a = b
`)
	eq(t, "libraries", libs(s), "dev-x64-* kind 1: src/one.c src/s.c\nstat kind 2: src/s.c")
	l := s.Library("DEV-x64-release")
	if len(l) != 1 || l[0].CallConv != "__stdcall" || !l[0].Hidden || l[0].Export("a", 0) == nil {
		t.Errorf("%+v", l)
	}
}

func TestMesonAndAutomake(t *testing.T) {
	s := read(t, `
-- meson.build --
project('x', 'c') # comment 'quote
src = ['a.c', 'b.c']
if host_machine.system() == 'windows'
  src += files('win.c')
endif
helper = static_library('helper', 'h.c')
lib = shared_library('xx', src, 'c.c', link_with : helper, gnu_symbol_visibility: 'hidden', vs_module_defs: 'x.def', install: true)
subdir('sub')
-- a.c --
-- b.c --
-- c.c --
-- h.c --
-- win.c --
-- x.def --
EXPORTS
f
-- sub/meson.build --
library('inner', files('in.c') + src)
-- sub/in.c --
-- am/Makefile.am --
lib_LTLIBRARIES = libam.la
noinst_LTLIBRARIES = libbits.la
common = one.c \
  two.c
libam_la_SOURCES = $(common) $(srcdir)/three.c
libam_la_LIBADD = libbits.la
libbits_la_SOURCES = bits.c $(LOOP)
LOOP = $(LOOP) $(LOOP)
-- am/one.c --
-- am/two.c --
-- am/three.c --
-- am/bits.c --
`)
	eq(t, "libraries", libs(s), `am kind 1: am/bits.c am/one.c am/three.c am/two.c
bits kind 2: am/bits.c
helper kind 2: h.c
xx kind 1: a.c b.c c.c h.c win.c
inner kind 1: sub/in.c win.c`)
	if l := s.Library("xx")[0]; !l.Hidden || l.Export("f", 0) == nil {
		t.Errorf("%+v", l)
	}
}

func TestLibName(t *testing.T) {
	for in, want := range map[string]string{
		"libfoo.so.1": "foo", "Foo.DLL": "foo", `bin\x\foo.dll`: "foo", "libfoo.dylib": "foo", "lib": "lib", "lz4": "lz4", "foo.soap": "foo.soap", "./libA-b": "a-b",
	} {
		eq(t, in, LibName(in), want)
	}
}

// What is broken costs its own file only, and no input takes long.
func TestHostileInput(t *testing.T) {
	deep := strings.Repeat("<a>", 5000)
	s := read(t, `
-- a/Broken.csproj --
<Project Sdk="x"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><Compile <<<
-- a/x.cs --
-- b/Deep.csproj --
`+deep+`
-- c/Loop.csproj --
<Project Sdk="x"><Import Project="Loop.csproj"/><Import Project="l.props"/></Project>
-- c/l.props --
<Project><Import Project="l.props"/><PropertyGroup><A>xxxxxxxxxxxxxxxxxxxxxxxx</A>`+strings.Repeat("<A>$(A)$(A)</A>", 100)+strings.Repeat(`<A Condition="'$(OS)'=='`+"1"+`'">$(A)1$(A)</A>`, 200)+`</PropertyGroup></Project>
-- d/CMakeLists.txt --
add_subdirectory(.)
include(CMakeLists.txt)
set(A xxxxxxxxxx)
`+strings.Repeat("set(A ${A}${A}${${A}})\nlist(APPEND A ${A})\n", 200)+`
add_library(ok SHARED o.c)
add_library(lost SHARED "o.c
-- d/o.c --
-- e/meson.build --
x = [[[[[[[[(((((
subdir('.')
shared_library(
-- f/Makefile.am --
A = $(A) $(A) $(A)
lib_LTLIBRARIES = $(A) $(
-- g/x.def --
EXPORTS
 = = @ @ NONAME
-- g/G.vcxproj --
<Project><ItemGroup><ClCompile/><None Include="x.def"/><ProjectReference/></ItemGroup></Project>
-- h/H.csproj --
<Project Sdk="x"><PropertyGroup Condition="`+strings.Repeat("(!", 5000)+`"><A/></PropertyGroup></Project>
`)
	eq(t, "kept before the break", names(s.Of("a/x.cs").Frameworks()), "net8.0")
	if got := s.LibrariesOf("d/o.c"); len(got) != 1 || got[0].Names[0] != "ok" {
		t.Errorf("CMake before the break: %v", got)
	}
	var paths []string
	for _, p := range s.Problems {
		paths = append(paths, p.Path)
	}
	eq(t, "problems", paths, "[a/Broken.csproj b/Deep.csproj c/l.props d/CMakeLists.txt d/CMakeLists.txt]")
}
