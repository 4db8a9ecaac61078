package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/models/strict"
)

// lookalikes are names that somebody may give the file in vain.
var lookalikes = []string{".pinvet.yaml", "pinvet.yml", ".pinvet.yml"}

// find returns the nearest pinvet.yaml in or above the folder that holds all paths; "" if there is
// none. Paths are absolute.
func find(paths []string) (string, error) {
	for dir := common(paths); ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, Name)
		switch _, err := os.Lstat(name); {
		case err == nil:
			return name, nil
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) && !isNotDir(err):
			return "", err
		}
		for _, other := range lookalikes {
			if _, err := os.Lstat(filepath.Join(dir, other)); err == nil {
				return "", &strict.Error{File: filepath.Join(dir, other), Msg: "a file of this name is not read: call it " + Name}
			}
		}
		if isTop(dir) {
			return "", nil
		}
	}
}

// isNotDir: a path goes through what is no folder, so nothing is there.
func isNotDir(err error) bool {
	return strings.Contains(err.Error(), "not a directory")
}

// isTop tells whether the search ends with dir: the top of a repository or of the file system.
func isTop(dir string) bool {
	if filepath.Dir(dir) == dir {
		return true
	}
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil
}

// common is the deepest folder that holds all paths.
func common(paths []string) string {
	out := ""
	for i, p := range paths {
		if info, err := os.Stat(p); err != nil || !info.IsDir() {
			p = filepath.Dir(p)
		}
		if i == 0 {
			out = p
			continue
		}
		for !within(out, p) && filepath.Dir(out) != out {
			out = filepath.Dir(out)
		}
	}
	return out
}

// within tells whether p is dir or below it.
func within(dir, p string) bool {
	rel, err := filepath.Rel(dir, p)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// absolute makes paths absolute; without any it is the root itself.
func absolute(root string, paths []string) []string {
	if len(paths) == 0 {
		return []string{root}
	}
	out := slices.Clone(paths)
	for i, p := range out {
		if !filepath.IsAbs(p) {
			out[i] = filepath.Join(root, p)
		}
	}
	return out
}

// real is the absolute path of dir without links, as far as it is there.
func real(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if through, err := filepath.EvalSymlinks(abs); err == nil {
		return through, nil
	}
	return abs, nil
}
