//go:build unix

package walk

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe without a writer would be waited for forever.
func TestPipes(t *testing.T) {
	root := tree(t, "a.c")
	for _, name := range []string{".gitignore", "pipe.cs"} {
		if err := syscall.Mkfifo(filepath.Join(root, name), 0o644); err != nil {
			t.Skip("no pipes here: ", err)
		}
	}
	res := walk(t, root, ".")
	check(t, res, "a.c")
	if len(res.Problems) != 1 || res.Problems[0].Path != "pipe.cs" {
		t.Errorf("problems: %v", res.Problems)
	}
}
