package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestArchivesAreReproducible(t *testing.T) {
	files := []entry{{"pinvet", []byte("program"), 0o755}, {"LICENSE", []byte("text"), 0o644}}
	for system, ending := range map[string]string{"linux": ".tar.gz", "windows": ".zip"} {
		var made [2][]byte
		for i := range made {
			name := filepath.Join(t.TempDir(), "pinvet_1")
			if err := pack(name, system, "pinvet_1", files); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(name + ending)
			if err != nil {
				t.Fatal(err)
			}
			made[i] = b
		}
		if !bytes.Equal(made[0], made[1]) {
			t.Errorf("%s: two archives of the same files differ", system)
		}
		got := unpack(t, ending, made[0])
		want := map[string]string{"pinvet_1/pinvet": "-rwxr-xr-x program", "pinvet_1/LICENSE": "-rw-r--r-- text"}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", system, got)
		}
	}
}

func unpack(t *testing.T, ending string, b []byte) map[string]string {
	t.Helper()
	out := map[string]string{}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if ending == ".zip" {
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		must(err)
		for _, f := range z.File {
			r, err := f.Open()
			must(err)
			text, err := io.ReadAll(r)
			must(err)
			out[f.Name] = f.Mode().String() + " " + string(text)
		}
		return out
	}
	g, err := gzip.NewReader(bytes.NewReader(b))
	must(err)
	for r := tar.NewReader(g); ; {
		h, err := r.Next()
		if err == io.EOF {
			return out
		}
		must(err)
		text, err := io.ReadAll(r)
		must(err)
		out[h.Name] = h.FileInfo().Mode().String() + " " + string(text)
	}
}

func TestSPDX(t *testing.T) {
	for text, want := range map[string]string{
		"                                 Apache License\n                           Version 2.0, January 2004": "Apache-2.0",
		"Permission is hereby granted, free\nof charge, to any":                                                 "MIT",
		"Redistribution and use in source and binary\nforms, ... Neither the name of Google":                    "BSD-3-Clause",
		"Redistribution and use in source and binary forms, with or without":                                    "BSD-2-Clause",
		"do what you like": "",
	} {
		if got := spdx([]byte(text)); got != want {
			t.Errorf("%.30q is %q, want %q", text, got, want)
		}
	}
}

// TestTheListNamesWhatIsInside makes the list of this test's own binary, which is static neither.
func TestTheListNamesWhatIsInside(t *testing.T) {
	if _, err := exec.LookPath(target{"plan9", "386"}.compiler()); err != nil {
		t.Skip("no C compiler")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parts := []part{{path: "example.com/a", version: "v1.2.3", licence: "MIT", text: []byte("MIT text\n")}, {path: "std", version: "1.26"}}
	one, err := target{"plan9", "386"}.bom(self, parts)
	if err != nil {
		t.Fatal(err)
	}
	var doc cdx
	if err := json.Unmarshal(one, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Components) != 2 || doc.Components[0].PURL != "pkg:golang/example.com/a@v1.2.3" || doc.Components[0].Licenses[0].Expression != "MIT" {
		t.Errorf("%s", one)
	}
	if len(doc.Dependencies) != 3 || len(doc.Dependencies[0].On) != 2 || len(doc.Metadata.Component.Hashes[0].Content) != 64 {
		t.Errorf("%s", one)
	}
	if text := string(licences(parts)); !strings.Contains(text, "example.com/a v1.2.3\n\nMIT text") {
		t.Error(text)
	}
}

// built is the folder of a release that was built; make release-test sets it.
func built(t *testing.T) string {
	dir := os.Getenv("PINVET_RELEASE")
	if dir == "" {
		t.Skip("PINVET_RELEASE names no built release: make release-test runs this")
	}
	return dir
}

func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not installed", program)
	}
}

// sample is the sample project, in a folder of its own, with the line ends of Windows.
func sample(t *testing.T) string {
	dir := t.TempDir()
	from := os.DirFS(filepath.Join("..", "..", "..", "testdata", "projects", "tour"))
	if err := os.CopyFS(filepath.Join(dir, "tour"), from); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		return os.WriteFile(p, bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

type result struct {
	Findings []map[string]any
	Stats    map[string]any
}

// run lets a program check the sample, in its folder; what finds nothing wrong with it is broken.
func run(t *testing.T, dir string, env []string, command ...string) (r result) {
	t.Helper()
	c := exec.Command(command[0], append(command[1:], "check", "-q", "--no-cache", "--format", "json")...)
	paths := []string{"tour/DeviceTool", "tour/native"}
	if strings.HasSuffix(command[len(command)-1], ".exe") {
		paths = []string{`tour\DeviceTool`, `tour\native`}
	}
	c.Args = append(c.Args, paths...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	out, err := c.Output()
	if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 {
		t.Fatalf("%v: %v", command, err)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func linux(t *testing.T, dir string) result {
	program, err := filepath.Abs(filepath.Join(built(t), "bin", "pinvet_linux_amd64"))
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, dir, nil, program)
	if len(r.Findings) < 10 {
		t.Fatalf("%d findings", len(r.Findings))
	}
	return r
}

// TestOnArm64 runs the binary for arm64 in an emulator: it finds what that for amd64 finds.
func TestOnArm64(t *testing.T) {
	dir := sample(t)
	want := linux(t, dir)
	need(t, "qemu-aarch64")
	program, err := filepath.Abs(filepath.Join(built(t), "bin", "pinvet_linux_arm64"))
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, dir, nil, "qemu-aarch64", program); !reflect.DeepEqual(got, want) {
		t.Errorf("other findings: %v", got)
	}
}

// TestOnWindows runs the binary for Windows under Wine, with paths as they are written there.
func TestOnWindows(t *testing.T) {
	dir := sample(t)
	want := linux(t, dir)
	need(t, "wine")
	need(t, "wineboot")
	cc := target{"windows", "amd64"}.compiler()
	need(t, cc)
	env := []string{"WINEPREFIX=" + filepath.Join(dir, "wine"), "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml="}
	boot := exec.Command("wineboot", "--init")
	boot.Env = append(os.Environ(), env...)
	if out, err := boot.CombinedOutput(); err != nil {
		t.Skipf("wine does not start here: %v\n%s", err, out)
	}
	defer func() {
		stop := exec.Command("wineserver", "-k")
		stop.Env = boot.Env
		_ = stop.Run() // it may have ended by itself
	}()
	stub := filepath.Join(dir, "wine", "drive_c", "windows", "system32", "bcryptprimitives.dll")
	if out, err := exec.Command(cc, "-shared", "-Os", "-o", stub, filepath.Join("testdata", "bcryptprimitives.c"), "-ladvapi32").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program, err := filepath.Abs(filepath.Join(built(t), "bin", "pinvet_windows_amd64.exe"))
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, dir, env, "wine", program); !reflect.DeepEqual(got, want) {
		t.Errorf("other findings: %v", got)
	}
}

// TestTwoFolders builds a target a second time, from a copy in another folder with an empty cache:
// the bytes are the same. PINVET_RELEASE_TARGETS names the targets.
func TestTwoFolders(t *testing.T) {
	first := built(t)
	targets := strings.Fields(os.Getenv("PINVET_RELEASE_TARGETS"))
	if len(targets) == 0 {
		t.Skip("PINVET_RELEASE_TARGETS is empty: this takes minutes")
	}
	dir := t.TempDir()
	files, err := exec.Command("git", "-C", filepath.Join("..", "..", ".."), "ls-files", "-co", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("not in a repository: %v", err)
	}
	for f := range strings.Lines(string(files)) {
		f = strings.TrimSuffix(f, "\n")
		text, err := os.ReadFile(filepath.Join("..", "..", "..", f))
		if err != nil {
			continue // deleted, or a folder
		}
		to := filepath.Join(dir, "another folder", f)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	second := filepath.Join(dir, "dist")
	args := []string{"run", "./internal/tools/release", "-out", second, "-commit", os.Getenv("PINVET_RELEASE_COMMIT")}
	for _, name := range targets {
		args = append(args, "-target", name)
	}
	c := exec.Command("go", args...)
	c.Dir = filepath.Join(dir, "another folder")
	c.Env = append(os.Environ(), "GOCACHE="+filepath.Join(dir, "cache"))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made, err := filepath.Glob(filepath.Join(second, "pinvet_*"))
	if err != nil || len(made) != 2*len(targets) {
		t.Fatalf("%v %v", made, err)
	}
	for _, f := range made {
		a, errA := os.ReadFile(f)
		b, errB := os.ReadFile(filepath.Join(first, filepath.Base(f)))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs between two folders (%v, %v)", filepath.Base(f), errA, errB)
		}
	}
}
