package config

import (
	"errors"
	"fmt"
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
		if _, err := e.fnmatch(s.glob, "/a"); err != nil {
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

// entries lists what is said with a key for a file, strongest first: what the nearest file says in
// the last section that matches, then the files above it. "unset" takes back what they say.
func (e *editor) entries(full, key string) (out []found) {
	for _, x := range e.at(filepath.Dir(full)).near {
		en := e.last(x, full, key)
		switch {
		case en == nil:
		case en.value == "unset":
			return out
		default:
			out = append(out, e.found(x, en))
		}
	}
	return out
}

// found is an entry and where it stands.
type found struct {
	value string
	at    Origin
}

func (e *editor) found(x *iniFile, en *entry) found {
	return found{en.value, Origin{e.shown(x.path), en.line, en.key + " = " + en.value}}
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
	ok, err := e.fnmatch(s.glob, "/"+filepath.ToSlash(rel))
	return ok && err == nil
}

// fnmatch asks the library, which panics on some brackets that do not fit.
func (e *editor) fnmatch(glob, name string) (ok bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			ok, err = false, fmt.Errorf("panic: %v", v)
		}
	}()
	return e.globs.FnmatchCase(glob, name)
}

const categoryKey = "dotnet_analyzer_diagnostic.category-pinvet.severity"

func ruleKey(code string) string { return "dotnet_diagnostic." + strings.ToLower(code) + ".severity" }

// said is what .editorconfig files say about a rule, strongest first.
func (e *editor) said(root, p, code string) []Said { return e.levels(root, p, code, e.entries) }

// global is what .globalconfig files say about it.
func (e *editor) global(root, p, code string) []Said { return e.levels(root, p, code, e.globals) }

// levels asks for what is said about a rule by its own key, then by that of its category.
func (e *editor) levels(root, p, code string, ask func(full, key string) []found) (out []Said) {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	full := filepath.Join(root, filepath.FromSlash(p))
	for _, key := range []string{ruleKey(code), categoryKey} {
		for _, f := range ask(full, key) {
			out = append(out, Said{dotnetLevels[f.value], f.at})
		}
	}
	return out
}

// globals lists what .globalconfig files say with a key, nearest first.
func (e *editor) globals(full, key string) (out []found) {
	for _, x := range e.at(filepath.Dir(full)).global {
		if en := x.head().entry(key); en != nil && en.value != "unset" {
			out = append(out, e.found(x, en))
		}
	}
	return out
}

// generated is what is said by generated_code; ok is false where nothing is, and for auto.
func (e *editor) generated(root, p string) (on bool, at Origin, ok bool) {
	if e == nil {
		return false, Origin{}, false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	fs := e.entries(filepath.Join(root, filepath.FromSlash(p)), "generated_code")
	if len(fs) == 0 || fs[0].value != "true" && fs[0].value != "false" {
		return false, Origin{}, false
	}
	return fs[0].value == "true", fs[0].at, true
}
