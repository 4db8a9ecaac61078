package walk

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
)

// Takes tells whether Without over root itself takes the source file at rel, a slashed path relative to root, or enters the
// folder there. It looks at what leads to rel only.
func Takes(root, rel string, excluded func(rel string, isFolder bool) bool) bool {
	ignore := rulesAbove(root)
	names := strings.Split(rel, "/")
	at := "."
	for i, name := range names {
		ignore = ignore.enter(filepath.Join(root, filepath.FromSlash(at)))
		at = path.Join(at, name)
		info, err := os.Lstat(filepath.Join(root, filepath.FromSlash(at)))
		switch {
		case err != nil, ignore.match(name, info.IsDir()), excluded(at, info.IsDir()):
			return false
		case info.IsDir() && neverEntered[name]:
			return false
		case !info.IsDir():
			return i == len(names)-1 && info.Mode().IsRegular() && source.LangOf(name) != source.NoLang
		}
		ignore = ignore.child(name)
	}
	return true
}
