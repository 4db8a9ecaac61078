package main

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// The shapes of win32_resources.json.
type resourceFile struct {
	Types      []resourceType `json:"types"`
	Releasers  []releaser     `json:"releasers"`
	Functions  []resourceFunc `json:"functions"`
	Borrowed   []resourceFunc `json:"borrowed"`
	Predefined []struct {
		Name, Value, Type, Rule string
	} `json:"predefined"`
	ScopePairs []struct {
		Begin, DLL, End, Failed, Note string
	} `json:"scope_pairs"`
	Sinks []struct {
		Fn    string `json:"fn"`
		Param int    `json:"param"`
		Takes string `json:"takes"`
		Note  string `json:"note"`
	} `json:"ownership_sinks"`
}

type resourceType struct {
	Type    string   `json:"type"`
	Release []string `json:"release"`
	Invalid []int64  `json:"return_invalid"`
}

type releaser struct {
	Name  string   `json:"name"`
	Names []string `json:"names"`
	DLL   string   `json:"dll"`
	Param int      `json:"param"`
	ByRef string   `json:"by_ref"`
	Types []string `json:"types"`
	Note  string   `json:"note"`
}

type resourceFunc struct {
	Name     string        `json:"name"`
	Names    []string      `json:"names"`
	DLL      string        `json:"dll"`
	Acquires []acquisition `json:"acquires"`
}

type acquisition struct {
	Where      string   `json:"where"`
	Type       string   `json:"handle_type"`
	Invalid    []int64  `json:"invalid"`
	Release    []string `json:"release"`
	Success    string   `json:"success"`
	Note       string   `json:"note"`
	Borrowed   bool     `json:"borrowed"`
	Array      bool     `json:"array"`
	InOut      bool     `json:"inout"`
	Confidence string   `json:"confidence"`
}

const (
	acquiresHeader = "function where parameter kind class invalid release success when marks confidence note"
	releasesHeader = "function where byref types success invalid when noop note"
	sinksHeader    = "function where takes success invalid when note"
)

func (g *generator) resources() error {
	var f resourceFile
	if err := g.readJSON("win32_resources.json", &f); err != nil {
		return err
	}
	g.releaserModule = map[string]string{}
	g.released = map[string]map[string]bool{}
	g.kindReleases = map[string][]string{}
	for _, r := range f.Releasers {
		g.addReleaser(r)
	}
	for _, list := range [][]resourceFunc{f.Functions, f.Borrowed} {
		for _, fn := range list {
			if err := g.addAcquires(fn); err != nil {
				return err
			}
		}
	}
	t := g.table("constants", "name value type note")
	for _, p := range f.Predefined {
		t.add(p.Name, signed(p.Value, p.Type), p.Type, p.Rule)
	}
	t = g.table("scopes", "function end success note")
	for _, p := range f.ScopePairs {
		if strings.Contains(p.Begin, "(") {
			continue // tells of an argument: in the curated table
		}
		code, err := g.rules.successCode(p.Failed)
		if err != nil {
			return err
		}
		t.add(g.family(p.Begin), g.family(p.End), code, p.Note)
	}
	t = g.table("sinks", sinksHeader)
	for _, s := range f.Sinks {
		if strings.ContainsAny(s.Fn, "(.") {
			continue // messages and .NET members: in the curated tables
		}
		t.add(g.family(s.Fn), strconv.Itoa(s.Param), s.Takes, "always", "-", "-", s.Note)
	}
	return nil
}

// signed writes predefined keys sign-extended from 32 bits, as they are on x64.
func signed(value, typ string) string {
	n, err := strconv.ParseInt(value, 0, 64)
	if err == nil && typ == "HKEY" {
		return strconv.FormatInt(int64(int32(uint32(n))), 10)
	}
	return value
}

func (g *generator) addReleaser(r releaser) {
	family := g.familyOf(r.Name, r.Names)
	g.releaserModule[family] = strings.ToLower(r.DLL)
	g.aliases(family, r.Names, r.DLL)
	byref, where := "-", strconv.Itoa(r.Param)
	switch r.ByRef {
	case "byref":
		byref = "&"
	case "struct":
		byref = "s"
	}
	g.addRelease(family, where, byref, r.Types, r.Note)
}

func (g *generator) addRelease(fn, where, byref string, types []string, note string) {
	g.table("releases", releasesHeader).add(fn, where, byref, join(types), "always", "-", "-", orDash(g.rules.noop[fn]), note)
	if g.released[fn] == nil {
		g.released[fn] = map[string]bool{}
	}
	for _, t := range types {
		g.released[fn][t] = true
	}
}

// familyOf names the family as lookups do: by the exports where these exist.
func (g *generator) familyOf(name string, names []string) string {
	for _, n := range names {
		if f := g.family(n); f != n {
			return f
		}
	}
	return g.family(name)
}

// aliases maps exports that lookups would not find by their family, and records
// the module of functions without a signature.
func (g *generator) aliases(family string, names []string, dll string) {
	known := g.exports[family] || g.exports[family+"W"] || g.exports[family+"A"]
	if !known && dll != "" && !strings.Contains(dll, "(") {
		g.table("modules", "function module").add(family, module(dll))
	}
	for _, n := range names {
		if n != family && g.family(n) != family {
			g.table("aliases", "name function").add(n, family)
		}
	}
}

func (g *generator) addAcquires(fn resourceFunc) error {
	family := g.familyOf(fn.Name, fn.Names)
	g.aliases(family, fn.Names, fn.DLL)
	for _, a := range fn.Acquires {
		if err := g.addAcquire(family, a); err != nil {
			return fmt.Errorf("%s: %w", fn.Name, err)
		}
	}
	return nil
}

func (g *generator) addAcquire(family string, a acquisition) error {
	where, pname, err := place(a.Where)
	if err != nil {
		return err
	}
	success, err := g.rules.successCode(a.Success)
	if err != nil {
		return err
	}
	var release []string
	for _, r := range a.Release {
		release = append(release, g.familyOf(r, []string{r}))
		if r == "NtClose" { // the same service under its kernel name
			release = append(release, "ZwClose")
		}
	}
	kind := a.Type
	if kind == "HANDLE" {
		kind = g.rules.handleKind(family, where)
	}
	dll := ""
	if len(release) > 0 {
		dll = g.releaserModule[release[0]]
		g.countReleases(kind, release)
	}
	g.table("acquires", acquiresHeader).add(family, where, orDash(pname), kind,
		g.rules.class(a.Type, release, dll), numbers(a.Invalid), join(release), success, "-",
		marks(a), confidence(a.Confidence), a.Note)
	return nil
}

// place turns "param:9:lpProcessInformation.hProcess" into "9.hProcess".
func place(where string) (at, name string, err error) {
	if where == "return" {
		return where, "", nil
	}
	p := strings.SplitN(where, ":", 3)
	if len(p) != 3 || p[0] != "param" {
		return "", "", fmt.Errorf("cannot read place %q", where)
	}
	name, field, _ := strings.Cut(p[2], ".")
	if field != "" {
		return p[1] + "." + field, name, nil
	}
	return p[1], name, nil
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func numbers(ns []int64) string {
	var s []string
	for _, n := range ns {
		s = append(s, strconv.FormatInt(n, 10))
	}
	return join(s)
}

func marks(a acquisition) string {
	s := "-"
	if a.Borrowed {
		s += "b"
	}
	if a.InOut {
		s += "i"
	}
	if a.Array {
		s += "a"
	}
	return s
}

func confidence(s string) string {
	switch {
	case s == "reviewed":
		return "r"
	case s == "docs-text":
		return "d"
	case strings.HasPrefix(s, "type"):
		return "t"
	}
	return "u"
}

// countReleases remembers which functions release a kind.
func (g *generator) countReleases(kind string, release []string) {
	for _, k := range []string{kind, base(kind)} {
		g.kindReleases[k] = append(g.kindReleases[k], release...)
		if base(kind) == kind {
			break
		}
	}
}

func base(kind string) string {
	if strings.HasPrefix(kind, "HANDLE:") {
		return "HANDLE"
	}
	return kind
}

// kinds writes one row per kind: class and usual releases, most frequent first.
func (g *generator) kinds() error {
	t := g.table("kinds", "kind class release")
	for _, kind := range sortedKeys(g.kindReleases) {
		count := map[string]int{}
		for _, r := range g.kindReleases[kind] {
			count[r]++
		}
		names := sortedKeys(count)
		sort.SliceStable(names, func(i, j int) bool { return count[names[i]] > count[names[j]] })
		t.add(kind, g.rules.class(base(kind), names, g.releaserModule[names[0]]), join(names))
	}
	return nil
}
