// Command release builds what a release consists of: for each target a static binary in an archive
// with its licences, a list of what is inside (CycloneDX), and SHA256SUMS over all of it.
//
//	go run ./internal/tools/release -out dist
//	go run ./internal/tools/release -out dist -target darwin/arm64
//
// In: the module in the current folder, and a C compiler for each target. Out: files in the folder,
// with the bare binaries below bin/. Two runs over equal sources with the same Go and the same C
// compilers give equal bytes, whatever folder they run in: paths are trimmed, nothing carries a time.
// Nothing is published.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/internal/version"
)

func main() {
	out := flag.String("out", "dist", "folder for the files of the release")
	commit := flag.String("commit", "", "the commit that is built, for pinvet version")
	var targets list
	flag.Var(&targets, "target", "system/processor, repeatable (default: "+strings.Join(defaults, ", ")+")")
	flag.Parse()
	if err := release(*out, *commit, targets); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(s string) error {
	*l = append(*l, s)
	return nil
}

// defaults are the targets that a Debian machine builds.
var defaults = []string{"linux/amd64", "linux/arm64", "windows/amd64"}

func release(out, commit string, targets []string) error {
	if len(targets) == 0 {
		targets = defaults
	}
	if err := os.MkdirAll(filepath.Join(out, "bin"), 0o777); err != nil {
		return err
	}
	for _, name := range targets {
		t, err := targetOf(name)
		if err != nil {
			return err
		}
		if err := t.release(out, commit); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return sums(out)
}

// release makes the files of one target.
func (t target) release(out, commit string) error {
	binary := filepath.Join(out, "bin", "pinvet_"+t.os+"_"+t.arch+t.suffix())
	if err := t.build(binary, commit); err != nil {
		return err
	}
	if err := t.verify(binary); err != nil {
		return err
	}
	parts, err := partsOf(binary)
	if err != nil {
		return err
	}
	name := filepath.Join(out, fmt.Sprintf("pinvet_%s_%s_%s", version.Number, t.os, t.arch))
	bom, err := t.bom(binary, parts)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name+".cdx.json", bom, 0o666); err != nil {
		return err
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	files := []entry{{"pinvet" + t.suffix(), program, 0o755}, {"THIRD-PARTY.txt", licences(parts), 0o644}}
	for _, f := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		text, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		files = append(files, entry{f, text, 0o644})
	}
	return pack(name, t.os, filepath.Base(name), files)
}

// sums writes the hashes of all files of the folder, as sha256sum does.
func sums(out string) error {
	files, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	var lines []string
	for _, f := range files {
		if f.IsDir() || f.Name() == "SHA256SUMS" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(out, f.Name()))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(text)
		lines = append(lines, hex.EncodeToString(sum[:])+"  "+f.Name()+"\n")
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[64:], b[64:]) })
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(strings.Join(lines, "")), 0o666)
}
