package project

import (
	"path"
	"sort"
	"strings"
)

// dirOf is the folder of a slashed path, "" for one at the root.
func dirOf(p string) string {
	i := strings.LastIndexByte(p, '/')
	if i < 0 {
		return ""
	}
	return p[:i]
}

// join makes name, as written in a file of folder dir, a path relative to the root of the run. One
// that leaves the root keeps its "..", and is no path of the snapshot; so is an absolute one.
func join(dir, name string) string {
	name = strings.ReplaceAll(strings.TrimSpace(name), `\`, "/")
	if strings.HasPrefix(name, rootMark) {
		dir, name = "", strings.TrimLeft(name[len(rootMark):], "/")
	} else if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' {
		return "/" + name
	}
	p := path.Clean(path.Join(dir, name))
	if p == "." {
		return ""
	}
	return p
}

// rootMark begins a value that is already relative to the root of the run.
const rootMark = "\x00/"

// rooted marks a path relative to the root, so that join does not take it for one of the file's folder.
func rooted(p string) string { return rootMark + p }

// paths are source files, to be found by name or pattern without regard to case.
type paths struct {
	all []string // by lower case
	low []string // all in lower case, same order
}

func newPaths(all []string) *paths {
	p := &paths{all: all, low: make([]string, len(all))}
	for i, s := range all {
		p.low[i] = strings.ToLower(s)
	}
	sort.Sort(p)
	return p
}

func (p *paths) Len() int { return len(p.all) }

func (p *paths) Less(i, j int) bool {
	return p.low[i] < p.low[j] || p.low[i] == p.low[j] && p.all[i] < p.all[j]
}

func (p *paths) Swap(i, j int) {
	p.all[i], p.all[j] = p.all[j], p.all[i]
	p.low[i], p.low[j] = p.low[j], p.low[i]
}

// match returns the files that a pattern relative to the root names: "*" and "?" within a folder,
// "**" over folders.
func (p *paths) match(pattern string) (out []string) {
	pattern = strings.ToLower(pattern)
	star := strings.IndexAny(pattern, "*?")
	if star < 0 {
		if i := sort.SearchStrings(p.low, pattern); i < len(p.low) && p.low[i] == pattern {
			return p.all[i : i+1]
		}
		return nil
	}
	prefix := pattern[:star]
	for i := sort.SearchStrings(p.low, prefix); i < len(p.low) && strings.HasPrefix(p.low[i], prefix); i++ {
		if globMatch(pattern[star:], p.low[i][star:]) {
			out = append(out, p.all[i])
		}
	}
	return out
}

// below returns the files under a folder, at any depth.
func (p *paths) below(dir string) []string {
	if dir == "" {
		return p.all
	}
	return p.match(dir + "/**")
}

// globMatch matches a name against a pattern in time that is at most the product of their lengths: it
// goes back to the last star of each kind only.
func globMatch(pattern, name string) bool {
	pi, ni := 0, 0
	starP, starN := -1, 0 // last "*"
	deepP, deepN := -1, 0 // last "**"
	folders := false      // that one is "**/": whole folders
	for ni < len(name) || pi < len(pattern) {
		if strings.HasPrefix(pattern[pi:], "**") {
			for pi < len(pattern) && pattern[pi] == '*' {
				pi++
			}
			if folders = pi < len(pattern) && pattern[pi] == '/'; folders {
				pi++ // also no folder at all
			}
			deepP, deepN, starP = pi, ni, -1
			continue
		}
		if pi < len(pattern) && pattern[pi] == '*' {
			pi++
			starP, starN = pi, ni
			continue
		}
		if pi < len(pattern) && ni < len(name) && (pattern[pi] == name[ni] || pattern[pi] == '?' && name[ni] != '/') {
			pi++
			ni++
			continue
		}
		switch {
		case starP >= 0 && starN < len(name) && name[starN] != '/':
			starN++
			pi, ni = starP, starN
		case deepP >= 0 && deepN < len(name):
			if deepN++; folders {
				i := strings.IndexByte(name[deepN-1:], '/')
				if i < 0 {
					return false
				}
				deepN += i
			}
			pi, ni, starP = deepP, deepN, -1
		default:
			return false
		}
	}
	return true
}
