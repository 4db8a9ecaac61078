package walk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/internal/outcome"
)

// tree makes files; a name that ends in "/" is a folder, and the part after
// " = " is the content.
func tree(t *testing.T, entries ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, e := range entries {
		name, text, _ := strings.Cut(e, " = ")
		full := filepath.Join(root, filepath.FromSlash(name))
		dir := full
		if !strings.HasSuffix(name, "/") {
			dir = filepath.Dir(full)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if dir != full {
			if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func walk(t *testing.T, root string, paths ...string) *Result {
	t.Helper()
	res, err := Walk(context.Background(), root, paths)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func check(t *testing.T, res *Result, want ...string) {
	t.Helper()
	if !slices.Equal(res.Files, want) {
		t.Errorf("got  %v\nwant %v", res.Files, want)
	}
}

func (r *Result) skipped(p string) outcome.Reason {
	for _, s := range r.Skipped {
		if s.Path == p {
			return s.Reason
		}
	}
	return ""
}

func TestFindsSourcesInOrder(t *testing.T) {
	root := tree(t, "b/z.cs", "b/a.C", "a.h", "c.txt", "x.cpp", ".git/hook.c", "node_modules/m/a.c", "b.cs")
	res := walk(t, root, ".")
	check(t, res, "a.h", "b.cs", "b/a.C", "b/z.cs")
	if res.skipped("x.cpp") != outcome.CPlusPlus {
		t.Errorf("skipped: %v", res.Skipped)
	}
}

func TestNoFileTwice(t *testing.T) {
	root := tree(t, "a/x.c", "a/y.c")
	check(t, walk(t, root, "a/x.c", ".", "a", "a/y.c", filepath.Join(root, "a")), "a/x.c", "a/y.c")
}

func TestGitignore(t *testing.T) {
	root := tree(t, ".git/", ".git/info/exclude = local.c\n",
		".gitignore = [Bb]in/\nobj/\n*.tmp.c\r\n!keep.tmp.c\n# comment\n/only-here.c\n\\#hash.c\n",
		"bin/a.cs", "src/obj/b.cs", "x.tmp.c", "keep.tmp.c", "only-here.c", "src/only-here.c", "local.c", "#hash.c",
		"src/.gitignore = gen*/\n!/x.tmp.c\ndoc/**/old.c\n", "src/x.tmp.c", "src/generated/g.cs", "src/doc/a/b/old.c", "src/a.cs", "gen/ok.cs")
	res := walk(t, root, ".")
	check(t, res, "gen/ok.cs", "keep.tmp.c", "src/a.cs", "src/only-here.c", "src/x.tmp.c")
	if res.skipped("bin/") != outcome.Ignored || res.skipped("local.c") != outcome.Ignored {
		t.Errorf("skipped: %v", res.Skipped)
	}
}

func TestLongLineInGitignore(t *testing.T) {
	root := tree(t, ".gitignore = "+strings.Repeat("x", 1<<17)+"\n*.tmp.c\n", "a.tmp.c", "a.c")
	check(t, walk(t, root, "."), "a.c")
}

func TestRulesFromAboveHold(t *testing.T) {
	root := tree(t, ".git/", ".gitignore = *.tmp.c\nbuild/\n", "sub/a.tmp.c", "sub/a.c", "build/b.c", "build/b.tmp.c")
	sub := filepath.Join(root, "sub")
	check(t, walk(t, sub, "."), "a.c")
	check(t, walk(t, root, "sub"), "sub/a.c")
	// Named on purpose, so it is read although it is ignored.
	check(t, walk(t, root, "build"), "build/b.c", "build/b.tmp.c")
	check(t, walk(t, sub, "../build/b.c"), "../build/b.c")
}

// A file has one name, however the path to it is written.
func TestPathsRelativeToTheCurrentFolder(t *testing.T) {
	root := tree(t, "here/a.c", "there/b.c")
	t.Chdir(filepath.Join(root, "here"))
	check(t, walk(t, ".", filepath.Join(root, "here", "a.c"), ".", "../here"), "a.c")
	check(t, walk(t, ".", filepath.Join(root, "there")), "../there/b.c")
}

func TestCurrentFolderThroughLink(t *testing.T) {
	root := tree(t, "deep/er/here/a.c", "deep/er/there/b.c", "away/c.c")
	link := filepath.Join(root, "link")
	if err := os.Symlink(filepath.Join("deep", "er", "here"), link); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	t.Chdir(link) // sets PWD to the link's name
	check(t, walk(t, ".", filepath.Join(link, "a.c"), filepath.Join(link, "..", "away")), "../../../away/c.c", "a.c")
	check(t, walk(t, ".", "../there"), "../there/b.c")
}

func TestFromAboveTheCurrentFolder(t *testing.T) {
	root := tree(t, "p/q/a.c", "p/b.c", "p/q2/c.c", "p/.gitignore = c.c\n")
	check(t, walk(t, filepath.Join(root, "p", "q"), ".."), "../b.c", "a.c")
	back := func(root string) {
		t.Chdir(filepath.Join(root, "p", "q"))
		check(t, walk(t, ".", ".."), "../b.c", "a.c")
		check(t, walk(t, ".", ".", "../..", "../q", "../q/a.c", ".."), "../b.c", "a.c")
	}
	back(root)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(root, link); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	back(link)
}

func TestNamedFileIsTaken(t *testing.T) {
	root := tree(t, ".git/", ".gitignore = *.c\n", "a.c", "b.cpp")
	check(t, walk(t, root, "a.c"), "a.c")
	res := walk(t, root, "b.cpp")
	if len(res.Files) != 0 || len(res.Problems) != 1 || res.skipped("b.cpp") != outcome.CPlusPlus {
		t.Errorf("%+v", res)
	}
}

func TestMissingPathIsAnError(t *testing.T) {
	_, err := Walk(context.Background(), t.TempDir(), []string{"nowhere"})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v", err)
	}
}

func TestLinksDoNotLoop(t *testing.T) {
	root := tree(t, "a/x.c", "other/y.c")
	if err := os.Symlink("..", filepath.Join(root, "a", "up")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	for link, target := range map[string]string{"a/self.c": "self.c", "a/copy.c": "x.c", "away": "other"} {
		if err := os.Symlink(target, filepath.Join(root, filepath.FromSlash(link))); err != nil {
			t.Fatal(err)
		}
	}
	res := walk(t, root, ".")
	check(t, res, "a/x.c", "other/y.c")
	if res.skipped("a/self.c") != outcome.Link || res.skipped("a/up/") != outcome.Link || res.skipped("away/") != outcome.Link {
		t.Errorf("skipped: %v", res.Skipped)
	}
	check(t, walk(t, root, "away"), "away/y.c")
	if _, err := Walk(context.Background(), root, []string{"a/self.c"}); err == nil {
		t.Error("a link to itself was accepted as an argument")
	}
}

func TestUnreadableFolderIsAProblem(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("permissions do not bind this user")
	}
	root := tree(t, "shut/a.c", "b.c")
	shut := filepath.Join(root, "shut")
	if err := os.Chmod(shut, 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(shut, 0o755)
	res := walk(t, root, ".")
	check(t, res, "b.c")
	if len(res.Problems) != 1 || res.Problems[0].Path != "shut" {
		t.Errorf("problems: %v", res.Problems)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Walk(ctx, tree(t, "a.c"), []string{"."}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestGeneratedName(t *testing.T) {
	for p, want := range map[string]bool{
		"a/Form1.Designer.cs": true, "x.g.cs": true, "Y.G.I.CS": true, "Native.generated.cs": true,
		"Designer.cs": false, "g.cs": false, "config.c": false,
	} {
		if GeneratedName(p) != want {
			t.Errorf("GeneratedName(%q) = %v", p, !want)
		}
	}
}

func TestBuildFiles(t *testing.T) {
	root := tree(t, ".git/", ".gitignore = obj/\nlocal.props\n", "Directory.Build.props", "Directory.Packages.props", "local.props", "src/App/App.csproj",
		"src/App/a.cs", "src/App/obj/x.props", "src/Other/Other.csproj", "native/CMakeLists.txt", "native/lib.def", "native/a.c", "readme.txt")
	builds := func(want []string, paths ...string) {
		t.Helper()
		if res := walk(t, root, paths...); !slices.Equal(res.Build, want) {
			t.Errorf("%v: got  %v\nwant %v", paths, res.Build, want)
		}
	}
	check(t, walk(t, root, "."), "native/a.c", "src/App/a.cs")
	builds([]string{"Directory.Build.props", "native/CMakeLists.txt", "native/lib.def", "src/App/App.csproj", "src/Other/Other.csproj"}, ".")
	// Below the root, what lies above counts too, but not what lies beside.
	builds([]string{"Directory.Build.props", "src/App/App.csproj"}, "src/App/a.cs", "src/App")
}

func TestNamedBuildFile(t *testing.T) {
	root := tree(t, "a/a.csproj", "a/a.cs", "b/CMakeLists.txt")
	res := walk(t, root, "a/a.cs", "b/CMakeLists.txt", "a/a.csproj")
	check(t, res, "a/a.cs")
	if !slices.Equal(res.Build, []string{"a/a.csproj", "b/CMakeLists.txt"}) || len(res.Problems)+len(res.Skipped) > 0 {
		t.Errorf("%v %v %v", res.Build, res.Problems, res.Skipped)
	}
}
