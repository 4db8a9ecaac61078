package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/internal/version"
)

// part is a module that is linked into a binary.
type part struct {
	path, version string
	licence       string // an SPDX expression; "" where it was not recognised
	text          []byte // of the licence
}

// partsOf reads from a binary which modules are in it, and finds their licences.
func partsOf(binary string) (out []part, err error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		p := part{path: m.Path, version: m.Version}
		dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", m.Path).Output()
		if err != nil {
			return nil, fmt.Errorf("go list -m %s: %w", m.Path, err)
		}
		if p.text, err = licenceIn(strings.TrimSpace(string(dir))); err != nil {
			return nil, err
		}
		p.licence = spdx(p.text)
		out = append(out, p)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	std := part{path: "std", version: strings.TrimPrefix(info.GoVersion, "go"), licence: "BSD-3-Clause"}
	if std.text, err = licenceIn(strings.TrimSpace(string(root))); err != nil {
		return nil, err
	}
	return append(out, std), nil
}

// licenceIn reads the licences in a module's folder.
func licenceIn(dir string) (text []byte, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name := strings.ToUpper(f.Name())
		if f.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "NOTICE") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		text = append(append(text, bytes.ReplaceAll(bytes.TrimSpace(b), []byte("\r\n"), []byte("\n"))...), '\n')
	}
	if text == nil {
		return nil, fmt.Errorf("%s has no licence", dir)
	}
	return text, nil
}

// spdx recognises the usual licences by the sentences that only they have.
func spdx(text []byte) string {
	flat := strings.Join(strings.Fields(string(text)), " ")
	has := func(s string) bool { return strings.Contains(flat, s) }
	var out []string
	if has("Apache License") && has("Version 2.0") {
		out = append(out, "Apache-2.0")
	}
	if has("Redistribution and use in source and binary forms") {
		if has("Neither the name") {
			out = append(out, "BSD-3-Clause")
		} else {
			out = append(out, "BSD-2-Clause")
		}
	}
	if has("Permission is hereby granted, free of charge") {
		out = append(out, "MIT")
	}
	if has("Mozilla Public License") {
		out = append(out, "MPL-2.0")
	}
	return strings.Join(out, " AND ")
}

// licences is the file that goes with a binary: whose code is in it, on which terms.
func licences(parts []part) []byte {
	var b bytes.Buffer
	b.WriteString("pinvet contains code of others.\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "\n%s\n%s %s\n\n%s", strings.Repeat("-", 72), p.path, p.version, p.text)
	}
	return b.Bytes()
}

// CycloneDX 1.6, as far as it is written.
type (
	cdx struct {
		Format       string          `json:"bomFormat"`
		Spec         string          `json:"specVersion"`
		Serial       string          `json:"serialNumber"`
		Version      int             `json:"version"`
		Metadata     cdxMetadata     `json:"metadata"`
		Components   []cdxComponent  `json:"components"`
		Dependencies []cdxDependency `json:"dependencies"`
	}
	cdxMetadata struct {
		Component  cdxComponent  `json:"component"`
		Properties []cdxProperty `json:"properties"`
	}
	cdxComponent struct {
		Type     string       `json:"type"`
		Ref      string       `json:"bom-ref"`
		Name     string       `json:"name"`
		Version  string       `json:"version"`
		Hashes   []cdxHash    `json:"hashes,omitempty"`
		Licenses []cdxLicense `json:"licenses,omitempty"`
		PURL     string       `json:"purl"`
	}
	cdxHash struct {
		Alg     string `json:"alg"`
		Content string `json:"content"`
	}
	cdxLicense struct {
		Expression string `json:"expression"`
	}
	cdxProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	cdxDependency struct {
		Ref string   `json:"ref"`
		On  []string `json:"dependsOn,omitempty"`
	}
)

// bom lists what is in a binary. Its serial number is made of the binary, so that equal binaries have
// equal lists.
func (t target) bom(binary string, parts []part) ([]byte, error) {
	text, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	cc, err := exec.Command(t.compiler(), "-dumpfullversion").Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.compiler(), err)
	}
	sum := sha256.Sum256(text)
	self := purl("github.com/pinvet/pinvet", "v"+version.Number)
	doc := cdx{
		Format: "CycloneDX", Spec: "1.6", Serial: "urn:uuid:" + uuid(sum[:16]), Version: 1,
		Metadata: cdxMetadata{
			Component: cdxComponent{
				Type: "application", Ref: self, Name: "pinvet", Version: version.Number, PURL: self,
				Hashes: []cdxHash{{"SHA-256", hex.EncodeToString(sum[:])}}, Licenses: []cdxLicense{{"Apache-2.0"}},
			},
			Properties: []cdxProperty{
				{"pinvet:target", t.os + "/" + t.arch},
				{"pinvet:c-compiler", filepath.Base(t.compiler()) + " " + strings.TrimSpace(string(cc))},
			},
		},
		Components: []cdxComponent{},
	}
	var refs []string
	for _, p := range parts {
		c := cdxComponent{Type: "library", Ref: purl(p.path, p.version), Name: p.path, Version: p.version, PURL: purl(p.path, p.version)}
		if p.licence != "" {
			c.Licenses = []cdxLicense{{p.licence}}
		}
		doc.Components = append(doc.Components, c)
		refs = append(refs, c.Ref)
	}
	slices.Sort(refs)
	doc.Dependencies = []cdxDependency{{self, refs}}
	for _, r := range refs {
		doc.Dependencies = append(doc.Dependencies, cdxDependency{Ref: r})
	}
	out, err := json.MarshalIndent(doc, "", "  ")
	return append(out, '\n'), err
}

func purl(path, version string) string { return "pkg:golang/" + path + "@" + version }

// uuid makes a UUID (version 8: of one's own making) of 16 bytes.
func uuid(b []byte) string {
	b = slices.Clone(b)
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
