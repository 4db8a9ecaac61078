package walk

import (
	"path"
	"strings"
)

// GeneratedName says whether a file's name is one that tools give to the code
// that they write. What the head of a file says is for the lowering to see.
func GeneratedName(p string) bool {
	name := strings.ToLower(path.Base(p))
	for _, suffix := range generatedSuffixes {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return strings.HasPrefix(name, "temporarygeneratedfile_")
}

var generatedSuffixes = []string{".g.cs", ".g.i.cs", ".designer.cs", ".generated.cs", "_generated.cs", ".generated.c", ".generated.h"}
