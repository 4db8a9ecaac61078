package registry_test

import (
	"path/filepath"
	"testing"

	"github.com/pinvet/pinvet/internal/ruletest"
	"github.com/pinvet/pinvet/rules/registry"
	"github.com/pinvet/pinvet/rules/suppressions"
)

// TestArchives runs the test archive of each rule; one of them alone runs with
// -run TestArchives/PIN101.
func TestArchives(t *testing.T) {
	for _, r := range registry.All() {
		t.Run(r.Code, func(t *testing.T) {
			t.Parallel()
			ruletest.RunArchive(t, filepath.Join("..", r.Folder, r.Code+".txtar"), registry.Select)
		})
	}
}

// TestExamples runs the examples on the page of each rule.
func TestExamples(t *testing.T) {
	for _, r := range registry.All() {
		family, err := registry.Select([]string{r.Family()})
		if suppressions.About(r.Code) {
			family = registry.All() // it is about all of them
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Run(r.Code, func(t *testing.T) {
			t.Parallel()
			ruletest.RunPage(t, r, family)
		})
	}
}
