package report

import (
	"path"
	"strings"
)

// Tree says where the folder of a run lies in its repository. Sites that show findings beside the code
// count paths from the top of the repository; what is shown on a terminal counts from the folder.
// The zero value is a run at the top.
type Tree struct {
	Dir string // absolute, with slashes: the folder that relative paths start at
	Top string // absolute, with slashes: the top of the repository; "" is Dir
}

// Path returns p, a path as findings have it, from the top of the repository. What lies outside keeps
// the path that it has.
func (t Tree) Path(p string) string {
	p = strings.ReplaceAll(p, `\`, "/")
	top := t.Top
	if top == "" {
		top = t.Dir
	}
	full := p
	if !isAbs(p) {
		full = path.Join(t.Dir, p)
	}
	if top == "" {
		return path.Clean(full)
	}
	if rest, ok := strings.CutPrefix(path.Clean(full), strings.TrimSuffix(top, "/")+"/"); ok {
		return rest
	}
	return path.Clean(p)
}

// isAbs knows absolute paths of all systems, with slashes.
func isAbs(p string) bool {
	return path.IsAbs(p) || len(p) > 2 && p[1] == ':' && p[2] == '/'
}
