// Package archtest keeps the directions in which packages of this module may
// import each other, as ARCHITECTURE.md draws them.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pinvet/pinvet"

// layers says, for each part of the house, which parts it may import. The
// longest prefix wins; a part may always import itself.
var layers = map[string][]string{
	"cmd":       {"lsp", "rules", "internal"},
	"lsp":       {"internal", "rules", "analyzers/source"},
	"rules":     {"analyzers"},
	"internal":  {"analyzers", "rules", "internal"},
	"analyzers": {"analyzers"},

	// What the rules see of the code are events and declarations, no trees.
	// The tests of rules run the whole way, so they may use the harness.
	"internal/tools": {"analyzers", "internal"},
}

// denied names single packages that a part must not import although its layer
// allows it.
var denied = map[string][]string{
	"rules":           {"analyzers/syntax", "analyzers/lower"},
	"internal/driver": {"rules", "internal/report", "internal/finding"},
	"internal/report": {"analyzers/syntax", "analyzers/lower", "analyzers/source"},
}

// stages is the data's way: a stage imports only those before it.
var stages = []string{"source", "syntax", "ir", "skim", "unread", "lower", "models", "project", "link", "abi", "extent", "summary", "lifetime", "inventory"}

// only names who alone may import a package from outside.
var only = map[string]string{
	"github.com/smacker/go-tree-sitter":               "analyzers/syntax",
	"github.com/tree-sitter":                          "analyzers/syntax",
	"github.com/spf13/cobra":                          "cmd",
	"github.com/go-git/go-git/v5":                     "internal/walk",
	"github.com/editorconfig/editorconfig-core-go/v2": "internal/config",
	"github.com/bmatcuk/doublestar/v4":                "internal/config",
	"github.com/owenrumney/go-sarif/v3":               "internal/report",
	"golang.org/x/tools/go/analysis/analysistest":     "nobody: it refuses folders without Go files",
	"golang.org/x/tools/go/analysis/multichecker":     "nobody: it refuses folders without Go files",
	"golang.org/x/tools/go/analysis/checker":          "nobody: a panic of an analyzer kills it",
	"github.com/sourcegraph":                          "lsp",
	"net/http":                                        "nobody: nothing here talks to a network",
}

type pkg struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// list returns the packages of the module with their direct imports.
func list(t *testing.T) []pkg {
	t.Helper()
	readAll(t)
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// readAll reads the Go files of the module, so that the test cache, which does
// not see what go list reads, knows what this test depends on.
func readAll(t *testing.T) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && p != root && strings.HasPrefix(e.Name(), ".") {
			return fs.SkipDir
		}
		if filepath.Ext(p) == ".go" {
			_, err = os.ReadFile(p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// local returns the path below the module, and whether p is in the module.
func local(p string) (string, bool) {
	rest, ok := strings.CutPrefix(p, module)
	return strings.TrimPrefix(rest, "/"), ok && (rest == "" || rest[0] == '/')
}

func within(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

func layerOf(p string) string {
	best := ""
	for l := range layers {
		if within(p, l) && len(l) > len(best) {
			best = l
		}
	}
	return best
}

func stageOf(p string) int {
	rest, ok := strings.CutPrefix(p, "analyzers/")
	if !ok {
		return -1
	}
	name, _, _ := strings.Cut(rest, "/")
	return slices.Index(stages, name)
}

// breach says why from must not import to, or "".
func breach(from, to string) string {
	target, ours := local(to)
	if !ours {
		for outside, owner := range only {
			if within(to, outside) && !within(from, owner) {
				return "only " + owner + " may"
			}
		}
		return ""
	}
	layer := layerOf(from)
	if layer == "" {
		return "its folder is not in the design"
	}
	allowed := func(l string) bool { return within(target, l) }
	if !within(target, layer) && !slices.ContainsFunc(layers[layer], allowed) {
		return layer + " may import only " + strings.Join(layers[layer], ", ")
	}
	for part, bans := range denied {
		if within(from, part) && slices.ContainsFunc(bans, allowed) {
			return part + " must not"
		}
	}
	if a, b := stageOf(from), stageOf(target); b > a && a >= 0 {
		return "the data goes the other way"
	}
	return ""
}

func TestImportDirections(t *testing.T) {
	pkgs := list(t)
	if len(pkgs) < 5 {
		t.Fatalf("go list found %d packages only", len(pkgs))
	}
	for _, p := range pkgs {
		from, ok := local(p.ImportPath)
		if !ok {
			continue
		}
		for _, to := range p.Imports {
			if why := breach(from, to); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, to, why)
			}
		}
		if strings.HasPrefix(from, "rules") {
			continue // their tests run the whole way
		}
		for _, to := range slices.Concat(p.TestImports, p.XTestImports) {
			if _, ours := local(to); ours && strings.HasPrefix(from, "analyzers") && breach(from, to) != "" {
				t.Errorf("tests of %s import %s: %s", p.ImportPath, to, breach(from, to))
			}
		}
	}
}

func TestEveryStageIsKnown(t *testing.T) {
	for _, p := range list(t) {
		from, _ := local(p.ImportPath)
		if rest, ok := strings.CutPrefix(from, "analyzers/"); ok && !within(rest, "internal") && stageOf(from) < 0 {
			t.Errorf("analyzers/%s is no stage of the design", rest)
		}
	}
}

func TestBreachesAreSeen(t *testing.T) {
	for _, c := range [][2]string{
		{"analyzers/ir", module + "/rules"},
		{"analyzers/source", module + "/analyzers/lifetime"},
		{"rules/pins", module + "/analyzers/syntax"},
		{"rules/pins", module + "/internal/finding"},
		{"internal/driver", module + "/rules/registry"},
		{"lsp", module + "/analyzers/lifetime"},
		{"cmd/pinvet", module + "/analyzers/ir"},
		{"lib/new", module + "/rules"},
		{"rules/pins", "github.com/smacker/go-tree-sitter"},
	} {
		if breach(c[0], c[1]) == "" {
			t.Errorf("%s may import %s", c[0], c[1])
		}
	}
	for _, c := range [][2]string{
		{"rules/pins", module + "/analyzers/lifetime"},
		{"internal/check", module + "/rules/registry"},
		{"analyzers/lifetime", module + "/analyzers/ir"},
		{"cmd/pinvet", module + "/internal/report"},
	} {
		if why := breach(c[0], c[1]); why != "" {
			t.Errorf("%s may not import %s: %s", c[0], c[1], why)
		}
	}
}
