package registry

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/rules"
)

var codePattern = regexp.MustCompile(`^PIN[0-8][0-9]{2}$`)

// headings are those that every page has, in this order.
var headings = []string{"What it does", "Why it is bad", "Example", "Use instead", "Fix safety", "Known limits"}

func TestCardsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range All() {
		for _, id := range []string{r.Code, r.Name} {
			if seen[id] {
				t.Errorf("%s is there twice", id)
			}
			seen[id] = true
		}
		switch {
		case !codePattern.MatchString(r.Code):
			t.Errorf("%s: no code", r.Code)
		case !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`).MatchString(r.Name):
			t.Errorf("%s: name %q", r.Code, r.Name)
		case r.Title == "" || strings.HasSuffix(r.Title, "."):
			t.Errorf("%s: title %q", r.Code, r.Title)
		case len(r.Langs) == 0 || r.Severity == 0 || r.Since == "" || r.Analyzer == nil:
			t.Errorf("%s: the card lacks languages, severity, since or an analyzer", r.Code)
		}
	}
}

func TestPages(t *testing.T) {
	for _, r := range All() {
		if !strings.HasPrefix(r.Doc, "# "+r.Code+" "+r.Name+"\n") {
			t.Errorf("%s: the page must begin with %q", r.Code, "# "+r.Code+" "+r.Name)
		}
		at := 0
		for _, h := range headings {
			i := strings.Index(r.Doc[at:], "\n## "+h+"\n")
			if i < 0 {
				t.Errorf("%s: no heading %q in its place", r.Code, h)
				continue
			}
			at += i
		}
	}
}

// TestFoldersAndListAgree holds the list against what stands on the disk.
func TestFoldersAndListAgree(t *testing.T) {
	listed := map[string]bool{}
	for _, r := range All() {
		for _, ext := range []string{".md", ".txtar"} {
			name := filepath.Join("..", r.Folder, r.Code+ext)
			text, err := os.ReadFile(name)
			if err != nil {
				t.Errorf("%s: %v", r.Code, err)
			}
			if ext == ".md" && string(text) != r.Doc {
				t.Errorf("%s: its card embeds another page than %s", r.Code, name)
			}
			listed[r.Folder+"/"+r.Code+ext] = true
		}
	}
	for _, pattern := range []string{"*.md", "*.txtar"} {
		files, err := filepath.Glob(filepath.Join("..", "*", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			rel, _ := filepath.Rel("..", f)
			if !listed[filepath.ToSlash(rel)] {
				t.Errorf("rules/%s belongs to no listed rule", filepath.ToSlash(rel))
			}
		}
	}
	dirs, _ := os.ReadDir("..")
	for _, d := range dirs {
		known := slices.ContainsFunc(families, func(f family) bool { return f.folder == d.Name() })
		if d.IsDir() && !known && d.Name() != "registry" {
			t.Errorf("rules/%s is not in families.go", d.Name())
		}
	}
}

// TestPlanIsComplete keeps the set of codes that this release promises.
func TestPlanIsComplete(t *testing.T) {
	if len(families) == 0 {
		t.Skip("no family is listed yet")
	}
	for _, want := range []struct{ first, last int }{
		{101, 115}, {201, 211}, {301, 310}, {401, 407}, {410, 410}, {412, 412}, {414, 414},
	} {
		for n := want.first; n <= want.last; n++ {
			code := "PIN" + string(rune('0'+n/100)) + string(rune('0'+n/10%10)) + string(rune('0'+n%10))
			if _, err := Find(code); err != nil {
				t.Error(err)
			}
		}
	}
}

func samples() []*rules.Rule {
	return []*rules.Rule{
		{Code: "PIN101", Name: "fixed-ends-pending", Langs: []ir.Lang{ir.CSharp}},
		{Code: "PIN301", Name: "pin-leak"}, {Code: "PIN306", Name: "long-lived-pin"}, {Code: "PIN401", Name: "handle-leak"},
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct{ selectors, want string }{
		{"", "PIN101 PIN301 PIN306 PIN401"},
		{"PIN3", "PIN301 PIN306"},
		{"pin301 handle-leak", "PIN301 PIN401"},
		{"-PIN306", "PIN101 PIN301 PIN401"},
		{"PIN3 -long-lived-pin", "PIN301"},
		{"-PIN3 PIN301", "PIN101 PIN301 PIN401"},
		{"PIN9", `no rule is called "PIN9"`},
		{"PIN302", "did you mean PIN301?"},
		{"handel-leak", "did you mean handle-leak?"},
		{"-PIN", "no rule is left"},
		{"", "PIN101 PIN301 PIN306 PIN401"},
		{"P", `no rule is called "P"`},
	} {
		got, err := choose(samples(), strings.Fields(c.selectors))
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %s", c.selectors, err, c.want)
			}
			continue
		}
		var codes []string
		for _, r := range got {
			codes = append(codes, r.Code)
		}
		if strings.Join(codes, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.selectors, codes, c.want)
		}
	}
}

func TestFind(t *testing.T) {
	for _, what := range []string{"PIN401", "pin401", "Handle-Leak"} {
		if r, err := find(samples(), what); err != nil || r.Code != "PIN401" {
			t.Errorf("%s: %v, %v", what, r, err)
		}
	}
	if _, err := find(samples(), "PIN4011"); err == nil || !strings.Contains(err.Error(), "PIN401?") {
		t.Errorf("error %v", err)
	}
}
