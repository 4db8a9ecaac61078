package source

import (
	"context"
	"errors"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestLoad(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{"b.c": "int x;\n", "a.cs": "class A {}", "bin.cs": "MZ\x00\x01\x02"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, workers := range []int{1, 8} {
		fset := token.NewFileSet()
		s := Load(&Input{
			Root: root, Workers: workers, Limits: Limits{MaxSize: 64},
			Paths:   []string{"b.c", "a.cs", "b.c", "gone.c", "bin.cs", "new.c", "big.c"},
			Overlay: map[string][]byte{"new.c": []byte("int y;"), "big.c": make([]byte, 65), "a.cs": []byte("class B {}")},
		}, fset)
		if len(s.Files) != 3 || s.Files[0].Path != "a.cs" || s.Files[2].Path != "new.c" {
			t.Fatalf("files: %v", s.Files)
		}
		if got := string(s.File("a.cs").Text()); got != "class B {}" {
			t.Errorf("the overlay does not stand in for the disk: %q", got)
		}
		want := map[string]error{"big.c": ErrTooLarge, "bin.cs": ErrBinary, "gone.c": fs.ErrNotExist}
		if len(s.Failed) != len(want) {
			t.Errorf("failed: %v", s.Failed)
		}
		for _, f := range s.Failed {
			if !errors.Is(f.Err, want[f.Path]) {
				t.Errorf("%s: %v, want %v", f.Path, f.Err, want[f.Path])
			}
		}
		pos := fset.Position(s.Pos("b.c", 4))
		if pos.Filename != "b.c" || pos.Line != 1 || pos.Column != 5 {
			t.Errorf("position %v", pos)
		}
		if s.Pos("gone.c", 0) != token.NoPos || s.File("gone.c") != nil {
			t.Error("a file that was not read has a position")
		}
	}
}

func TestLoadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := Load(&Input{Context: ctx, Paths: []string{"a.c"}}, token.NewFileSet())
	if len(s.Files)+len(s.Failed) != 0 {
		t.Errorf("%v, %v", s.Files, s.Failed)
	}
}

func TestBuildFilesAreNoSources(t *testing.T) {
	in := &Input{Root: t.TempDir(), Paths: []string{"a.cs"}, Build: []string{"b.props", "a.csproj", "no.def", "bin.props"}, Overlay: map[string][]byte{
		"a.cs": []byte("class A {}"), "a.csproj": []byte("\xef\xbb\xbf<Project/>"), "b.props": []byte("<Project>"), "bin.props": {0, 1, 2},
	}}
	s := Load(in, token.NewFileSet())
	if len(s.Files) != 1 || len(s.Build) != 2 || s.Build[0].Path != "a.csproj" || string(s.Build[0].Text()) != "<Project/>" {
		t.Errorf("%+v", s)
	}
	if len(s.Failed) != 0 || len(s.BuildFailed) != 2 || s.File("a.csproj") != nil {
		t.Errorf("failed %v, %v", s.Failed, s.BuildFailed)
	}
	for name, want := range map[string]bool{"x/Y.CSPROJ": true, "CMakeLists.txt": true, `a\b.def`: true, "x.vbproj": false, "a.vcxproj.filters": false, "meson.build": true, "Directory.Packages.props": false} {
		if IsBuild(name) != want {
			t.Errorf("IsBuild(%q) = %v", name, !want)
		}
	}
}
