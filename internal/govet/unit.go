package govet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

// unitConfig is the description of a package, as far as it matters here.
type unitConfig struct {
	ID           string
	Dir          string
	GoFiles      []string
	IgnoredFiles []string
	Standard     map[string]bool
	ImportPath   string
	VetxOnly     bool
	VetxOutput   string
	Stdout       string
}

func readConfig(name string) (*unitConfig, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	c := &unitConfig{}
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

func (c *unitConfig) run(ctx context.Context, o options, stdout, stderr io.Writer) (found bool, err error) {
	if c.VetxOutput != "" {
		if err := os.WriteFile(c.VetxOutput, nil, 0o666); err != nil {
			return false, err
		}
	}
	if c.VetxOnly { // a dependency, of which nothing is to be said
		return false, nil
	}
	res, dir, err := c.check(ctx, o)
	if err != nil || res == nil {
		return false, err
	}
	if !o.json {
		plain(stderr, res, dir)
		return len(res.Findings) > 0, nil
	}
	out := stdout
	if c.Stdout != "" {
		f, err := os.Create(c.Stdout)
		if err != nil {
			return false, err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	return false, c.json(out, res, dir)
}

// check runs the rules over the C files of the package; no result where there are none.
func (c *unitConfig) check(ctx context.Context, o options) (*check.Result, string, error) {
	dir, cgo := c.folder()
	if !cgo {
		return nil, "", nil
	}
	files, err := c.sources(dir)
	if err != nil || len(files) == 0 {
		return nil, "", err
	}
	var selectors []string
	if o.rules != "" {
		selectors = strings.Split(o.rules, ",")
	}
	rs, err := registry.Select(selectors)
	if err != nil {
		return nil, "", fmt.Errorf("-rule: %w", err)
	}
	severity, err := rules.ParseSeverity(o.severity)
	if err != nil {
		return nil, "", fmt.Errorf("-severity: %w", err)
	}
	settings, err := config.Load(config.Options{Root: dir, Paths: files})
	if err != nil {
		return nil, "", err
	}
	res, err := check.Run(ctx, check.Options{Root: dir, Paths: files, Rules: rs, MinSeverity: severity, Config: settings})
	if err == nil && res.Incomplete() {
		err = errors.New("a stage failed, so the result is not complete")
	}
	return res, dir, err
}

// folder is where the sources of a package that uses cgo are. The Go files that cgo wrote lie in a
// folder of the build, and say in their //line comments what they were made of.
func (c *unitConfig) folder() (dir string, cgo bool) {
	for _, f := range c.GoFiles {
		if filepath.Base(f) == "_cgo_gotypes.go" {
			cgo = true
		}
	}
	if !cgo {
		return "", false
	}
	for _, f := range c.GoFiles {
		if !strings.HasSuffix(f, ".cgo1.go") {
			continue
		}
		if name := madeOf(f); name != "" {
			if !filepath.IsAbs(name) {
				name = filepath.Join(c.Dir, name)
			}
			return filepath.Dir(name), true
		}
	}
	return c.Dir, c.Dir != ""
}

// madeOf is the file that the first //line comment of a file names, or "".
func madeOf(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range bytes.Lines(text) {
		rest, ok := strings.CutPrefix(strings.TrimRight(string(line), "\r\n"), "//line ")
		if !ok {
			continue
		}
		for range 2 { // :line and :column
			i := strings.LastIndexByte(rest, ':')
			if i < 0 || strings.Trim(rest[i+1:], "0123456789") != "" || i == len(rest)-1 {
				break
			}
			rest = rest[:i]
		}
		return rest
	}
	return ""
}

// sources lists the C files of a folder by name, but for those that build constraints leave out.
func (c *unitConfig) sources(dir string) (names []string, err error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		ext := strings.ToLower(filepath.Ext(e.Name()))
		ignored := slices.ContainsFunc(c.IgnoredFiles, func(p string) bool { return filepath.Base(p) == e.Name() })
		if (ext == ".c" || ext == ".h") && e.Type().IsRegular() && !ignored {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
