package registry

import (
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/internal/ruletest"
)

// TestArchives runs the test archive of each rule; one of them alone runs with
// -run TestArchives/PIN101.
func TestArchives(t *testing.T) {
	for _, r := range All() {
		t.Run(r.Code, func(t *testing.T) {
			t.Parallel()
			ruletest.RunArchive(t, filepath.Join("..", r.Folder, r.Code+".txtar"), Select)
		})
	}
}

// TestExamples runs the examples on the page of each rule.
func TestExamples(t *testing.T) {
	for _, r := range All() {
		family, err := Select([]string{r.Family()})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(r.Code, func(t *testing.T) {
			t.Parallel()
			ruletest.RunPage(t, r, family)
		})
	}
}
