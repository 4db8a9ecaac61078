package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// TestReadmeScreen holds the screen in the README against what the command prints: each finding
// that it shows must be there to the letter.
func TestReadmeScreen(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, screen, _ := strings.Cut(string(readme), "<!-- screen: begin -->\n")
	screen, _, found := strings.Cut(screen, "<!-- screen: end -->")
	if !found {
		t.Fatal("README.md has no screen")
	}
	t.Chdir("../..")
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), []string{"check", "testdata/projects/tour"}, &stdout, &stderr); code != exitFindings {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	blocks := 0
	for block := range strings.SplitSeq(strings.Trim(screen, "`\n"), "\n\n") {
		if strings.HasPrefix(block, "$ ") {
			continue
		}
		blocks++
		if !strings.Contains(stdout.String(), strings.TrimRight(block, "`\n")) {
			t.Errorf("the README shows what is not printed:\n%s", block)
		}
	}
	if blocks < 3 {
		t.Errorf("%d blocks on the screen", blocks)
	}
}
