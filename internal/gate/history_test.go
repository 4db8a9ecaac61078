package gate

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules/registry"
)

// TestHistory walks through the history of real repositories and asks, commit by commit, whether a finding that lies on a line
// which the commit left alone is still the same one. Which lines those are, git says, not this package.
//
//	PINVET_HISTORY=/path/to/repository go test -run TestHistory -v -timeout 0 ./internal/gate
//
// Several repositories are separated as in PATH. PINVET_COMMITS is the number of commits for each, 30 if not set.
// Those are taken that touch files with findings.
func TestHistory(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("PINVET_HISTORY"))
	if len(dirs) == 0 {
		t.Skip("PINVET_HISTORY names no repository")
	}
	most, err := strconv.Atoi(os.Getenv("PINVET_COMMITS"))
	if err != nil {
		most = 30
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { walkHistory(t, dir, most) })
	}
}

// history counts what happened to the findings of parents.
type history struct {
	commits    int
	there      int // on lines that the commit left alone, with a finding of that code still there
	renamed    int // of those, in files that the commit renamed
	otherPrint int // of those there, the fingerprint is another one
	lost       int // of those there, without partner
	changed    int // on lines that the commit changed, or without finding now
	counted    int // findings that a gate on the commit shows
	known      int // findings that it leaves out
}

func walkHistory(t *testing.T, from string, most int) {
	repo := t.TempDir()
	runGit(t, "", "clone", "-q", "--shared", "--no-checkout", from, repo)
	// A mirror may lack large files that are no source.
	runGit(t, repo, "sparse-checkout", "set", "--no-cone", "*.cs", "*.c", "*.h", "*.csproj", "*.props", "*.targets", "CMakeLists.txt")
	runGit(t, repo, "checkout", "-q", "-f", "HEAD")
	res, err := check.Run(context.Background(), options(t, repo))
	if err != nil {
		t.Fatal(err)
	}
	commits := touching(t, repo, res.Findings, most)
	h := &history{}
	for _, c := range commits {
		h.commit(t, repo, c)
	}
	t.Logf("%d commits: %d findings on lines left alone (%d in renamed files): %d with another fingerprint, %d without partner; %d on changed lines or gone; a gate shows %d and leaves out %d",
		h.commits, h.there, h.renamed, h.otherPrint, h.lost, h.changed, h.counted, h.known)
}

func options(t *testing.T, root string) check.Options {
	all, err := registry.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	return check.Options{Root: root, Paths: []string{"."}, Rules: all}
}

// touching picks commits that change files with findings, the newest first.
func touching(t *testing.T, repo string, fs []*finding.Finding, most int) []string {
	args := []string{"log", "--no-merges", "--format=%H", "--diff-filter=MR", "-M", "--"}
	var files []string
	for _, f := range fs {
		files = append(files, f.Path)
	}
	slices.Sort(files)
	out := strings.Fields(runGit(t, repo, append(args, slices.Compact(files)...)...))
	for len(out) > 3*most && most > 0 { // spread over the history
		n := 0
		for i := 0; i < len(out); i += 2 {
			out[n] = out[i]
			n++
		}
		out = out[:n]
	}
	return out[:min(len(out), most)]
}

// commit compares one commit with its parent.
func (h *history) commit(t *testing.T, repo, id string) {
	ctx := context.Background()
	runGit(t, repo, "checkout", "-q", "-f", id)
	runGit(t, repo, "clean", "-q", "-d", "-f", "-x")
	parent := strings.TrimSpace(runGit(t, repo, "rev-parse", "--verify", id+"^"))
	g, err := begin(ctx, options(t, repo), Options{NewFrom: parent})
	if err != nil && strings.Contains(err.Error(), "unable to read") {
		t.Logf("%.10s: %v", id, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if g.res, err = check.Run(ctx, g.check); err != nil {
		t.Fatal(err)
	}
	g.base.now = g.res
	before, err := g.base.analyse(ctx, g.check, g.now)
	if err != nil {
		t.Fatal(err)
	}
	h.commits++
	left := leftAlone(t, repo, parent, id)
	partner := map[int]int{} // of those before
	for i, p := range pair(candidatesOf(g.res.Findings, func(p string) string { return p }), g.base.known(before)) {
		if p >= 0 {
			partner[p] = i
		}
		if p < 0 || g.base.touches(g.res.Findings[i]) {
			h.counted++
		} else {
			h.known++
		}
	}
	for i, f := range before {
		path, line := left(f.Path, f.Start.Line)
		at := slices.IndexFunc(g.res.Findings, func(n *finding.Finding) bool {
			return n.Path == path && n.Start.Line == line && n.Start.Column == f.Start.Column && n.Code == f.Code
		})
		if line == 0 || at < 0 {
			h.changed++
			continue
		}
		h.there++
		if path != f.Path {
			h.renamed++
		}
		now := g.res.Findings[at]
		if now.Fingerprint != f.Fingerprint {
			h.otherPrint++
			t.Logf("%.10s %s:%d %s: other fingerprint: %q in %s, %q in %s", id, path, line, f.Code,
				finding.Normalise(f.Statement), f.Function, finding.Normalise(now.Statement), now.Function)
		}
		if _, ok := partner[i]; !ok {
			h.lost++
			t.Errorf("%.10s %s:%d %s in %s has no partner", id, path, line, f.Code, f.Function)
		}
	}
}

var hunk = regexp.MustCompile(`^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// leftAlone says where a line of a commit's parent is in the commit: 0 where the commit changed it.
func leftAlone(t *testing.T, repo, parent, id string) func(path string, line int) (string, int) {
	type change struct{ at, count, shift int }
	changes := map[string][]change{}
	names := map[string]string{}
	file := ""
	out := runGit(t, repo, "-c", "core.quotePath=false", "diff", "-M", "-U0", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", parent, id, "--", "*.c", "*.h", "*.cs")
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\r\n\t")
		switch {
		case strings.HasPrefix(line, "--- a/"):
			file = line[len("--- a/"):]
		case strings.HasPrefix(line, "rename from "):
			file = line[len("rename from "):]
		case strings.HasPrefix(line, "rename to "):
			names[file] = line[len("rename to "):]
		}
		m := hunk.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		n := func(i, none int) int {
			if v, err := strconv.Atoi(m[i]); err == nil {
				return v
			}
			return none
		}
		changes[file] = append(changes[file], change{n(1, 0), n(2, 1), n(4, 1) - n(2, 1)})
	}
	return func(path string, line int) (string, int) {
		now := line
		for _, c := range changes[path] {
			switch {
			case line >= c.at && line < c.at+c.count:
				return path, 0
			case line > c.at:
				now += c.shift
			}
		}
		if name, ok := names[path]; ok {
			path = name
		}
		return path, now
	}
}

func runGit(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatal(fmt.Errorf("git %v: %w: %s", args, err, said.String()))
	}
	return out.String()
}
