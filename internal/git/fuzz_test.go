package git

import (
	"strings"
	"testing"
)

// FuzzRaw reads what git says about changed files. All of it is taken or refused, and each change has
// what its status promises.
func FuzzRaw(f *testing.F) {
	id := strings.Repeat("a", 40)
	f.Add([]byte(":100644 100644 " + id + " " + id + " M\x00a.c\x00:000000 100644 " + strings.Repeat("0", 40) + " " + id + " A\x00b\x00"))
	f.Add([]byte(":100644 100644 " + id + " " + id + " R100\x00a\nb\x00c\x00:100644 120000 " + id + " " + id + " T\x00d\x00"))
	f.Fuzz(func(t *testing.T, out []byte) {
		list, err := parseRaw(out)
		if err != nil {
			return
		}
		if n := strings.Count(string(out), "\x00"); len(list) > n {
			t.Errorf("%d changes of %d fields", len(list), n)
		}
		for _, c := range list {
			if c.Was() == "" || c.Path == "" {
				t.Errorf("a change without path: %+v", c)
			}
			if (c.Status == Renamed) != (c.Old != "") {
				t.Errorf("%+v", c)
			}
		}
	})
}
