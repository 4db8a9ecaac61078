package config

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"maps"
	"path"
	"path/filepath"
	"slices"
)

// Digest is the hash of all that the settings say about files of these paths, and of what they say about reading: equal digests
// mean equal answers to Generated, Level and Models. The files that it reads are told by Problems.
func (s *Settings) Digest(paths []string) (sum [sha256.Size]byte) {
	h := sha256.New()
	if s == nil {
		fmt.Fprint(h, "none")
		return [sha256.Size]byte(h.Sum(nil))
	}
	fmt.Fprintf(h, "%q %q %q %v\n", s.way, s.text, s.models, slices.Sorted(maps.Keys(s.asked)))
	s.editor.digest(h, s.root, paths)
	return [sha256.Size]byte(h.Sum(nil))
}

// digest adds the .editorconfig and .globalconfig files that hold for paths. A .globalconfig names files by their
// absolute paths, so where there is one the root counts.
func (e *editor) digest(h hash.Hash, root string, paths []string) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	last, global := "", false
	seen := map[string]bool{}
	told := map[*iniFile]bool{}
	for _, p := range paths {
		dir := path.Dir(p)
		if dir == last || seen[dir] {
			continue
		}
		last, seen[dir] = dir, true
		f := e.at(filepath.Join(root, filepath.FromSlash(dir)))
		if len(f.near)+len(f.global) == 0 {
			continue
		}
		fmt.Fprintf(h, "%q:", dir)
		for _, x := range slices.Concat(f.near, f.global) {
			fmt.Fprintf(h, " %q", e.shown(x.path))
			if !told[x] {
				told[x] = true
				fmt.Fprintf(h, "=%x", x.sum)
			}
		}
		fmt.Fprintln(h)
		global = global || len(f.global) > 0
	}
	if global {
		fmt.Fprintf(h, "%q\n", root)
	}
}
