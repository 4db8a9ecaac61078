//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/models"
)

// row is one thing to measure.
type row struct {
	name    string
	command func() ([]string, error)
	env     []string
	before  func() (after func(), err error) // may be nil
}

type sized struct {
	path string
	size int64
}

func processors() int { return runtime.NumCPU() }

// median is the file in the middle by size; of those of one size the first by path.
func median(files []sized) string {
	slices.SortFunc(files, func(a, b sized) int {
		if a.size != b.size {
			return int(a.size - b.size)
		}
		return strings.Compare(a.path, b.path)
	})
	return files[len(files)/2].path
}

func always(command ...string) func() ([]string, error) {
	return func() ([]string, error) { return command, nil }
}

func csRows(o options, in *inputs) []row {
	return append(common(o, in, "*.cs"), astGrep(o, in, "C#", "cs", "GCHandle.Alloc($$$)"))
}

// astGrep looks for one pattern in the files of one language.
func astGrep(o options, in *inputs, language, lang, pattern string) row {
	return row{
		name:    "ast-grep, one " + language + " pattern",
		command: always(append([]string{o.astGrep, "run", "--lang", lang, "--pattern", pattern}, in.trees...)...),
	}
}

func cRows(o options, in *inputs) []row {
	clang := []string{
		o.clang, "--analyze", "--target=x86_64-w64-mingw32", "-nostdlibinc", "-isystem", o.headers,
		"-Wno-everything", "-ferror-limit=0", "-Xclang", "-analyzer-output=text",
	}
	return append(common(o, in, "*.{c,h}"), astGrep(o, in, "C", "c", "CloseHandle($$$)"),
		row{name: "cppcheck --library=windows, .c files", command: func() ([]string, error) {
			files, err := listFile(o.work, in.c)
			return []string{o.cppcheck, "--quiet", "--library=windows", fmt.Sprint("-j", processors()), "--file-list=" + files}, err
		}},
		row{name: "clang --analyze with mingw headers, .c files", command: func() ([]string, error) {
			files, err := listFile(o.work, in.c)
			run := append([]string{"xargs", "-a", files, "-d", "\\n", "-n", "1", "-P", fmt.Sprint(processors())}, clang...)
			return run, err
		}},
	)
}

// common are the rows for both languages.
func common(o options, in *inputs, glob string) []row {
	cache := "PINVET_CACHE=" + filepath.Join(o.work, "cache-"+strings.Trim(glob, "*.{}"))
	check := append([]string{o.pinvet, "check", "--format", "json"}, in.trees...)
	none := append(slices.Clone(check), "--no-cache")
	return []row{
		{name: "ripgrep, the names of the models", command: func() ([]string, error) {
			words, err := wordsFile(o.work)
			return append([]string{o.ripgrep, "--no-ignore", "--count", "--fixed-strings", "--word-regexp", "--file", words, "--glob", glob}, in.trees...), err
		}},
		{name: "parsing alone", command: func() ([]string, error) {
			self, err := os.Executable()
			return append([]string{self, "-parse"}, in.trees...), err
		}},
		{name: "**pinvet check**, no cache", command: always(none...)},
		{name: "pinvet check, fills the cache", command: always(check...), env: []string{cache}},
		{name: "pinvet check, nothing changed", command: always(check...), env: []string{cache}},
		{name: "pinvet check, one file changed", command: always(check...), env: []string{cache}, before: func() (func(), error) { return edit(in.one) }},
	}
}

// edit writes a line at the end of a file; after puts its text back.
func edit(path string) (after func(), err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	changed := append(bytes.Clone(text), "\n// changed\n"...)
	return func() { os.WriteFile(path, text, 0o644) }, os.WriteFile(path, changed, 0o644)
}

// wordsFile writes the names of the models, one a line.
func wordsFile(work string) (string, error) {
	seen := map[string]bool{"DllImport": true, "LibraryImport": true, "fixed": true, "stackalloc": true}
	db := models.Default()
	for _, name := range append(db.NativeNames(), db.DotNetMembers()...) {
		seen[name[strings.LastIndexByte(name, '.')+1:]] = true
	}
	var lines []string
	for name := range seen {
		if len(name) > 3 {
			lines = append(lines, name)
		}
	}
	slices.Sort(lines)
	return listFile(work, lines)
}

// listFile writes lines to a new file and returns its path.
func listFile(work string, lines []string) (string, error) {
	f, err := os.CreateTemp(work, "list-")
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = f.WriteString(strings.Join(lines, "\n") + "\n")
	return f.Name(), err
}
