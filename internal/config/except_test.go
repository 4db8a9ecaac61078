package config

import (
	"strings"
	"testing"
)

func TestExcept(t *testing.T) {
	for name, c := range map[string]struct{ text, path, want string }{
		"empty": {"", "src/A.cs", "overrides:\n  # why\n  - paths: [\"src/A.cs\"]\n    rules: {PIN301: off}\n"},
		"none":  {"gate: error # as ever\n", "A.cs", "gate: error # as ever\noverrides:\n  # why\n  - paths: [\"/A.cs\"]\n    rules: {PIN301: off}\n"},
		"some": {"overrides:\n# first\n- paths: [tests/**] # all\n  rules:\n    PIN3: advice\n\n# the gate\ngate: error\n", "src/A.cs",
			"overrides:\n# first\n- paths: [tests/**] # all\n  rules:\n    PIN3: advice\n# why\n- paths: [\"src/A.cs\"]\n  rules: {PIN301: off}\n\n# the gate\ngate: error\n"},
		"CRLF":            {"gate: error\r\n", "src/A.cs", "gate: error\r\noverrides:\r\n  # why\r\n  - paths: [\"src/A.cs\"]\r\n    rules: {PIN301: off}\r\n"},
		"in one line":     {"overrides: [{paths: [a], rules: {PIN3: off}}]\n", "src/A.cs", ""},
		"over many lines": {"overrides:\n  - paths: [\n      a\n    ]\n    rules: {PIN3: off\n    }\n", "src/A.cs", ""},
		"null":            {"overrides:\n", "src/A.cs", ""},
		"broken":          {"gate: [\n", "src/A.cs", ""},
		"a pattern":       {"", "src/[a].cs", ""},
		"a word":          {"", "src/é #1: x.cs", "overrides:\n  # why\n  - paths: [\"src/é #1: x.cs\"]\n    rules: {PIN301: off}\n"},
	} {
		line, insert, ok := Except([]byte(c.text), c.path, "PIN301", "why")
		if ok != (c.want != "") {
			t.Errorf("%s: %v %q", name, ok, insert)
		}
		if !ok {
			continue
		}
		if got := string(insertAt([]byte(c.text), line, insert)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
	// A name without folders is no pattern for all folders.
	line, insert, _ := Except(nil, "A.cs", "PIN301", "two\nlines")
	f, err := Parse("", insertAt(nil, line, insert))
	if err != nil || f.Overrides[0].Paths[0].match("src/A.cs", false) || !strings.Contains(insert, "# two lines\n") {
		t.Errorf("%v %q", err, insert)
	}
}
