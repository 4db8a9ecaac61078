package models

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSelfCheck(t *testing.T) {
	problems := Default().Check()
	for i, p := range problems {
		if i == 300 {
			t.Fatalf("... and %d more", len(problems)-i)
		}
		t.Error(p)
	}
}

// Hand-written tables are searched like the generated ones: out of order, a row is
// never found.
func TestHandWrittenTablesSorted(t *testing.T) {
	files, err := filepath.Glob("curated/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no tables", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		eachRow(string(b), func(f []string) {
			if f[0] < last {
				t.Errorf("%s: %q stands after %q (order is bytewise)", name, f[0], last)
			}
			last = f[0]
		})
	}
}
