package main

import (
	"fmt"
	"strconv"
	"strings"
)

// The shape of dotnet.json.
type dotnetFile struct {
	Members []dotnetMember `json:"members"`
}

type dotnetMember struct {
	Member, Kind, Release, Notes, Since, Verified string
}

// parsedMember is a member split into its parts.
type parsedMember struct {
	full, short, name string
	arity             int
	params            string
	open              bool
}

func (g *generator) dotnet() error {
	var f dotnetFile
	if err := g.readJSON("dotnet.json", &f); err != nil {
		return err
	}
	t := g.table("dotnet_members", "member type arity kind release argument parameters flags since note")
	var releases []string
	for _, m := range f.Members {
		for _, text := range g.spellings(m.Member) {
			p, err := parseMember(text)
			if err != nil {
				return err
			}
			rel := g.releases(m.Release, p.short)
			releases = append(releases, rel...)
			kind, _, _ := strings.Cut(m.Kind, " / ")
			flags := "-"
			if p.open {
				flags += "o"
			}
			if m.Verified != "" && !strings.HasPrefix(m.Verified, "no") {
				flags += "v"
			}
			arg := -1
			if len(rel) > 0 {
				arg = g.releaseArg(rel[0])
			}
			if kind == "release" || kind == "pool-return" {
				arg = g.releaseArg(p.short + "." + p.name)
			}
			t.add(p.short+"."+p.name, p.full, strconv.Itoa(p.arity), kind, join(rel), strconv.Itoa(arg), p.params, flags, m.Since, m.Notes)
		}
	}
	g.addReleaseMembers(t, releases)
	return nil
}

// addReleaseMembers adds what the facts name as a release only.
func (g *generator) addReleaseMembers(t *table, releases []string) {
	for _, r := range releases {
		if !strings.Contains(r, ".") || t.has(r) {
			continue
		}
		typ, _, _ := strings.Cut(r, ".")
		arg := g.releaseArg(r)
		t.add(r, typ, "0", "release", "-", strconv.Itoa(arg), "", "-o")
	}
}

func (g *generator) spellings(member string) []string {
	if list, ok := g.rules.dotnet[member]; ok {
		return list[0]
	}
	return []string{member}
}

func (g *generator) releaseArg(name string) int {
	for _, f := range g.rules.dotnetReleases {
		if glob(f[0], name) {
			n, _ := strconv.Atoi(f[1])
			return n
		}
	}
	return -1
}

// parseMember reads "Ns.Type<T>.Member<U>(type name, bool pinned: true)".
func parseMember(s string) (parsedMember, error) {
	var p parsedMember
	head, params, call := strings.Cut(s, "(")
	p.params = "-"
	if call {
		if !strings.HasSuffix(params, ")") {
			return p, fmt.Errorf("member %q: no closing parenthesis (see rules/dotnet.tsv)", s)
		}
		p.params, p.open = memberParams(strings.TrimSuffix(params, ")"))
	}
	if strings.ContainsAny(head, " /") && !strings.Contains(head, "<") {
		return p, fmt.Errorf("member %q is prose (see rules/dotnet.tsv)", s)
	}
	typ, name := splitMember(head)
	if typ == "" {
		return p, fmt.Errorf("member %q has no type", s)
	}
	if i := strings.IndexByte(typ, '<'); i >= 0 {
		p.arity = strings.Count(typ[i:], ",") + 1
		typ = typ[:i]
	}
	p.full, p.short = typ, typ[strings.LastIndexByte(typ, '.')+1:]
	p.name, _, _ = strings.Cut(name, "<")
	return p, nil
}

// splitMember splits at the last dot outside "<...>".
func splitMember(s string) (typ, name string) {
	if t, ok := strings.CutSuffix(s, "..ctor"); ok {
		return t, ".ctor"
	}
	depth := 0
	for i := len(s) - 1; i > 0; i-- {
		switch {
		case s[i] == '>':
			depth++
		case s[i] == '<':
			depth--
		case s[i] == '.' && depth == 0:
			return s[:i], s[i+1:]
		}
	}
	return "", s
}

// memberParams writes parameters as "type name=const" joined by ";". Open tells
// that the list is not complete.
func memberParams(s string) (text string, open bool) {
	var out []string
	for _, p := range splitTop(s) {
		p = strings.TrimSpace(p)
		switch {
		case p == "":
		case strings.HasSuffix(p, "..."):
			open = true
		case strings.Contains(p, ": "): // named argument with the constant that matters
			decl, c, _ := strings.Cut(p, ": ")
			out = append(out, decl+"="+c)
		case strings.HasPrefix(p, "GCHandleType."):
			out = append(out, "GCHandleType type="+p)
		default:
			out = append(out, p)
		}
	}
	return strings.Join(out, ";"), open
}

// splitTop splits at commas outside "<...>".
func splitTop(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '<', '[':
			depth++
		case '>', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, s[start:i])
				start = i + 1
			}
		}
	}
	return append(out, s[start:])
}

// releases normalises prose like "Marshal.ReleaseComObject / FinalReleaseComObject"
// to "Type.Member" names and native exports. What is not a call is left out.
func (g *generator) releases(text, typ string) []string {
	var out []string
	owner := typ
	for _, r := range strings.Split(text, " / ") {
		r = strings.TrimSpace(r)
		if strings.HasPrefix(r, "(") {
			_, r, _ = strings.Cut(r, ")")
			r = strings.TrimSpace(r)
		}
		r = withoutTypeParams(strings.Replace(r, "FromIntPtr(..).", "", 1))
		r, _, _ = strings.Cut(r, " ")
		switch {
		case r == "" || r == "end":
		case strings.Contains(r, "."):
			owner, _, _ = strings.Cut(r, ".")
			out = append(out, r)
		case g.exports[r]:
			out = append(out, r)
		case r == "IDisposable":
			out = append(out, typ+".Dispose")
		default:
			out = append(out, owner+"."+r)
		}
	}
	return out
}

// withoutTypeParams removes "<...>".
func withoutTypeParams(s string) string {
	for {
		i, j := strings.IndexByte(s, '<'), strings.IndexByte(s, '>')
		if i < 0 || j < i {
			return s
		}
		s = s[:i] + s[j+1:]
	}
}
