package project

import (
	"slices"
	"strings"
)

// vcxproj reads a Visual C++ project: one native target.
func (r *reader) vcxproj(path string) {
	ev := r.evaluate(path)
	l := &Library{File: path, Kind: vcKind(ev), Windows: true, Hidden: true}
	l.target = strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	l.Names = vcNames(ev)
	dir := dirOf(path)
	for _, it := range ev.items {
		switch it.e.name {
		case "ClCompile":
			if vcExcluded(it.e) {
				continue
			}
			for _, p := range ev.paths(it, it.e.attr("Include")) {
				l.Sources = append(l.Sources, r.c.match(p)...)
			}
		case "ProjectReference":
			name := strings.ToLower(strings.ReplaceAll(it.e.attr("Include"), `\`, "/"))
			r.objs[l] = append(r.objs[l], name[strings.LastIndexByte(name, '/')+1:])
		}
	}
	for _, def := range ev.defs {
		switch def.e.name {
		case "Link":
			for _, p := range ev.paths(def, def.e.child("ModuleDefinitionFile")) {
				if l.Exports == nil {
					r.exports(l, p)
				}
			}
			if out := def.e.child("OutputFile"); out != "" {
				for _, v := range ev.expand(strings.ReplaceAll(out, `\`, "/"), path) {
					l.addName(v)
				}
			}
		case "ClCompile":
			if conv := vcConventions[strings.ToLower(def.e.child("CallingConvention"))]; conv != "" {
				l.CallConv = conv
			}
		}
	}
	for _, it := range ev.items {
		if it.e.name == "None" && l.Exports == nil && strings.HasSuffix(strings.ToLower(it.e.attr("Include")), ".def") && dir == dirOf(join(dir, it.e.attr("Include"))) {
			r.exports(l, join(dir, it.e.attr("Include")))
		}
	}
	r.library(l)
}

var vcConventions = map[string]string{"stdcall": "__stdcall", "fastcall": "__fastcall", "vectorcall": "__vectorcall"}

func vcKind(ev *evaluation) LibKind {
	for _, v := range ev.get("ConfigurationType") {
		switch strings.ToLower(v) {
		case "dynamiclibrary":
			return SharedLib
		case "staticlibrary":
			return StaticLib
		case "application", "driver":
			return Program
		}
	}
	if ev.is("_NT_TARGET_TYPE", "DRIVER") {
		return Program
	}
	return UnknownLib
}

// vcNames are the alternatives of TargetName; without one it is the project's.
func vcNames(ev *evaluation) []string {
	l := &Library{}
	for _, v := range ev.get("TargetName") {
		l.addName(v)
	}
	if len(l.Names) == 0 {
		for _, v := range ev.get("MSBuildProjectName") {
			l.addName(v)
		}
	}
	return l.Names
}

// addName adds a file name as built; parts that are not known become "*".
func (l *Library) addName(v string) {
	v = strings.ReplaceAll(v, unknown, "*")
	if i := strings.LastIndexAny(v, `/\`); i >= 0 {
		v = v[i+1:]
	}
	if v = LibName(v); strings.Trim(v, "*-_.") != "" && !slices.Contains(l.Names, v) {
		l.Names = append(l.Names, v)
	}
}

// vcExcluded tells whether a source is excluded from the build whatever the configuration.
func vcExcluded(e *element) bool {
	for _, k := range e.kids {
		if k.name == "ExcludedFromBuild" && k.attr("Condition") == "" && strings.EqualFold(strings.TrimSpace(k.text), "true") {
			return true
		}
	}
	return false
}
