package config

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/editorconfig/editorconfig-core-go/v2"

	"github.com/pinvet/pinvet/internal/outcome"
)

const (
	editorName = ".editorconfig"
	globalName = ".globalconfig"
)

// editor reads .editorconfig and .globalconfig files, each folder once.
type editor struct {
	shown func(string) string

	mu      sync.Mutex
	folders map[string]*folder
	globs   *editorconfig.CachedParser
	told    []outcome.Problem
}

// folder is what holds in one folder, nearest file first.
type folder struct {
	near   []*iniFile // .editorconfig, up to root = true
	global []*iniFile // .globalconfig
}

func newEditor(shown func(string) string) *editor {
	return &editor{shown: shown, folders: map[string]*folder{}, globs: editorconfig.NewCachedParser()}
}

func (e *editor) problems() []outcome.Problem {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.told)
}

// at returns what holds in a folder. The caller holds mu.
func (e *editor) at(dir string) *folder {
	if f := e.folders[dir]; f != nil {
		return f
	}
	up := &folder{}
	if above := filepath.Dir(dir); above != dir {
		up = e.at(above)
	}
	f := &folder{near: up.near, global: up.global}
	if x := e.read(dir, editorName); x != nil {
		f.near = append([]*iniFile{x}, up.near...)
		if x.root {
			f.near = f.near[:1]
		}
	}
	if x := e.read(dir, globalName); x != nil {
		f.global = append([]*iniFile{x}, up.global...)
	}
	e.folders[dir] = f
	return f
}

// read reads a file of a folder; nil when it is not there, or says nothing to pinvet.
func (e *editor) read(dir, name string) *iniFile {
	full := filepath.Join(dir, name)
	text, err := readText(full, e.shown(full))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) && !isNotDir(err) {
			e.tell(full, 0, "not read: "+strings.TrimPrefix(err.Error(), e.shown(full)+": "))
		}
		return nil
	}
	x := parseINI(full, text, func(line int, text string) { e.tell(full, line, text) })
	if name == editorName {
		for i := range x.sections {
			e.check(x, &x.sections[i])
		}
	}
	if !x.root && len(x.sections) == 0 {
		return nil
	}
	return x
}

// check drops a section whose pattern cannot be used.
func (e *editor) check(x *iniFile, s *iniSection) {
	if s.dead {
		return
	}
	if s.glob == "" {
		e.tell(x.path, s.entries[0].line, "this stands before the first section, so it holds for no file: write [*.{cs,c,h}] above it")
		return
	}
	wrong := badGlob(s.glob)
	if wrong == "" {
		if _, err := e.globs.FnmatchCase(s.glob, "/a"); err != nil {
			wrong = "its brackets do not fit"
		}
	}
	if wrong != "" {
		e.tell(x.path, s.line, "the pattern of the section is not understood, "+wrong+noEffect)
		s.glob, s.dead = "", true
	}
}

func (e *editor) tell(full string, line int, text string) {
	e.told = append(e.told, outcome.Problem{
		Kind: outcome.Configuration, Level: outcome.Warning, Path: e.shown(full), Line: line, Text: text,
	})
}

// find returns the entry for a key that counts for a file: of the nearest file that has it in a
// section which matches, the last one.
func (e *editor) find(root, p string, keys ...string) (value string, at Origin, found bool) {
	if e == nil {
		return "", Origin{}, false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	full := filepath.Join(root, filepath.FromSlash(p))
	for _, key := range keys {
		for _, x := range e.at(filepath.Dir(full)).near {
			if en := e.last(x, full, key); en != nil {
				return en.value, Origin{e.shown(x.path), en.line, en.key + " = " + en.value}, en.value != "unset"
			}
		}
	}
	return "", Origin{}, false
}

// last is the last entry of a file for key in sections that match.
func (e *editor) last(x *iniFile, full, key string) *entry {
	for i := len(x.sections) - 1; i >= 0; i-- {
		s := &x.sections[i]
		if en := s.entry(key); en != nil && e.matches(x, s, full) {
			return en
		}
	}
	return nil
}

func (e *editor) matches(x *iniFile, s *iniSection, full string) bool {
	rel, err := filepath.Rel(filepath.Dir(x.path), full)
	if err != nil || s.glob == "" {
		return false
	}
	ok, err := e.globs.FnmatchCase(s.glob, "/"+filepath.ToSlash(rel))
	return ok && err == nil
}

const categoryKey = "dotnet_analyzer_diagnostic.category-pinvet.severity"

func ruleKey(code string) string { return "dotnet_diagnostic." + strings.ToLower(code) + ".severity" }

func (e *editor) level(root, p, code string) (Level, Origin) {
	value, at, ok := e.find(root, p, ruleKey(code), categoryKey)
	if !ok {
		return Unset, Origin{}
	}
	return dotnetLevels[value], at
}

func (e *editor) generated(root, p string) (on bool, at Origin, found bool) {
	value, at, ok := e.find(root, p, "generated_code")
	if !ok || value != "true" && value != "false" {
		return false, Origin{}, false // "auto" too
	}
	return value == "true", at, true
}

// global asks the .globalconfig files.
func (e *editor) global(root, p, code string) (Level, Origin) {
	if e == nil {
		return Unset, Origin{}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	full := filepath.Join(root, filepath.FromSlash(p))
	for _, key := range []string{ruleKey(code), categoryKey} {
		for _, x := range e.at(filepath.Dir(full)).global {
			if en := x.head().entry(key); en != nil && dotnetLevels[en.value] != Unset {
				return dotnetLevels[en.value], Origin{e.shown(x.path), en.line, en.key + " = " + en.value}
			}
		}
	}
	return Unset, Origin{}
}
