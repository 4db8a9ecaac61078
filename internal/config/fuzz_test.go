package config

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/models/strict"
)

// FuzzYAML reads a pinvet.yaml and asks it about a path. A mistake has a place in the file; what
// [Except] puts in reads back as it is meant, and twice does no harm.
func FuzzYAML(f *testing.F) {
	f.Add("paths:\n  exclude: [obj/**]\nrules:\n  PIN301: off\noverrides:\n- paths: [src/*.cs]\n  rules: {PIN3: error}\n", "src/a.cs")
	f.Add("generated: [\"*.g.cs\"]\nmodels:\n  functions:\n  - name: F\n    acquires: [{kind: k, invalid: 0, release: [G]}]\n", "a.cs")
	f.Add("gate: warning\nbaseline: b.json\n", "x/y.c")
	f.Add(string(Template), "a.c")
	f.Fuzz(func(t *testing.T, text, path string) {
		file, err := Parse("pinvet.yaml", []byte(text))
		for _, e := range strict.Errors(err) {
			if e.Line < 0 || e.Column < 0 || e.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+2 || e.Msg == "" {
				t.Errorf("%+v", e)
			}
		}
		if err != nil {
			return
		}
		s := &Settings{root: "/r", base: "/r", name: "pinvet.yaml", path: "/r/pinvet.yaml", asked: map[string]bool{}, file: file, db: models.Default()}
		s.editor = newEditor(s.shown)
		if _, err := models.NewUser(s.name, &file.Models.Here); err != nil {
			return
		}
		for range 2 {
			s.Excluded(path, false)
			s.Generated(path, false)
			s.Said(path, "PIN301")
			if level, at := s.Level(path, "PIN301"); level != Unset && at.String() == "" {
				t.Errorf("%v comes from nowhere", level)
			}
		}
		line, insert, ok := Except([]byte(text), path, "PIN301", "why")
		if !ok {
			return
		}
		now := insertAt([]byte(text), line, insert)
		after, err := Parse("pinvet.yaml", now)
		if err != nil {
			t.Fatalf("%v in\n%s", err, now)
		}
		s.file = after
		if level, _ := s.Level(path, "PIN301"); level != Off {
			t.Errorf("%v for %q with\n%s", level, path, now)
		}
	})
}
