package config

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Except is how a pinvet.yaml says that a rule is off in one file: text to insert at the start of a line
// (from 1). The rest of the file, comments and all, stays as it is. path is relative to the folder of the
// configuration; reason becomes a comment. false where that cannot be said: the file has mistakes, its
// overrides are written in one line, something later in it wins, or the path lies outside of the folder.
func Except(text []byte, path, code, reason string) (line int, insert string, ok bool) {
	if strings.ContainsAny(path, `*?[]{}!\"`+"\n") || !fs.ValidPath(path) || path == "." {
		return 0, "", false
	}
	before, err := Parse("", text)
	if err != nil {
		return 0, "", false
	}
	pattern := path
	if !strings.Contains(path, "/") {
		pattern = "/" + path // a bare name holds in all folders
	}
	indent, line := "  ", strings.Count(string(text), "\n")+1
	end := "\n"
	if i := strings.Index(string(text), "\r\n"); i >= 0 {
		end = "\r\n"
	}
	if list := overridesOf(text); list == nil {
		if len(text) > 0 && text[len(text)-1] != '\n' {
			return 0, "", false
		}
		insert = "overrides:" + end
	} else if list.Kind != yaml.SequenceNode || list.Style&yaml.FlowStyle != 0 || len(list.Content) == 0 {
		return 0, "", false
	} else {
		indent = strings.Repeat(" ", max(list.Column-1, 0))
		line = lastLine(list) + 1
	}
	insert += fmt.Sprintf("%s# %s%s%s- paths: [%q]%s%s  rules: {%s: off}%s", indent, strings.Join(strings.Fields(reason), " "), end, indent, pattern, end, indent, code, end)

	after, err := Parse("", insertAt(text, line, insert))
	if err != nil || len(after.Overrides) != len(before.Overrides)+1 {
		return 0, "", false
	}
	last := after.Overrides[len(after.Overrides)-1]
	if len(last.Paths) != 1 || !last.Paths[0].match(path, false) || last.Rules.of(code).Level != Off {
		return 0, "", false
	}
	return line, insert, true
}

// overridesOf is the value of the key overrides, nil if there is none.
func overridesOf(text []byte) *yaml.Node {
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil
	}
	m := doc.Content[0].Content
	for i := 0; i+1 < len(m); i += 2 {
		if m[i].Value == "overrides" {
			return m[i+1]
		}
	}
	return nil
}

// lastLine is the last line on which something of a node begins.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}

func insertAt(text []byte, line int, insert string) []byte {
	lines := strings.SplitAfter(string(text), "\n")
	at := min(line-1, len(lines))
	return []byte(strings.Join(slices.Insert(lines, at, insert), ""))
}

// Except does the same for the pinvet.yaml that counts, and a path relative to the root of the settings.
// file is its name on disk.
func (s *Settings) Except(p, code, reason string) (file string, line int, insert string, ok bool) {
	if s.File() == "" {
		return "", 0, "", false
	}
	below, inside := s.below(p)
	file = filepath.FromSlash(s.File())
	if !filepath.IsAbs(file) {
		file = filepath.Join(s.root, file)
	}
	text, err := os.ReadFile(file)
	if err != nil || !inside || len(text) > MaxSize {
		return "", 0, "", false
	}
	line, insert, ok = Except(text, below, code, reason)
	return file, line, insert, ok
}
