package source

import (
	"path"
	"strings"
)

// IsBuild says whether a path names a build file: it is read beside the sources of a unit, to know
// which project a file belongs to, and is not analysed itself.
func IsBuild(name string) bool {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	switch base {
	case "cmakelists.txt", "meson.build", "makefile.am":
		return true
	case "directory.packages.props":
		return false // versions of packages only
	}
	switch path.Ext(base) {
	case ".csproj", ".projitems", ".vcxproj", ".vcxitems", ".props", ".targets", ".def", ".cmake":
		return true
	}
	return false
}
