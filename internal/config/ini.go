package config

import (
	"bytes"
	"crypto/sha256"
	"regexp"
	"strconv"
	"strings"

	"github.com/editorconfig/editorconfig-core-go/v2"

	"github.com/pinvet/pinvet/analyzers/models/strict"
	"github.com/pinvet/pinvet/rules/registry"
)

// iniFile is an .editorconfig or .globalconfig, with what concerns pinvet.
//
// Lines are told apart as the C# compiler does it. The library reads patterns; it does not read the
// lines, because it tells no line numbers, refuses a whole file for one line without "=", and loses
// the order of sections with the same pattern.
type iniFile struct {
	path     string
	sum      [sha256.Size]byte // of its text
	root     bool
	sections []iniSection // those with entries for pinvet; the one without pattern is the head
}

type iniSection struct {
	glob    string // with a leading slash; "" is the head, or what cannot match
	line    int
	dead    bool
	entries []entry
}

type entry struct {
	key   string // as written
	value string // lower case
	line  int
}

// head is what stands before all sections.
func (x *iniFile) head() *iniSection {
	for i := range x.sections {
		if s := &x.sections[i]; s.glob == "" && !s.dead {
			return s
		}
	}
	return &iniSection{}
}

// entry is the last one for a key, which is in lower case.
func (s *iniSection) entry(key string) *entry {
	for i := len(s.entries) - 1; i >= 0; i-- {
		if strings.EqualFold(s.entries[i].key, key) {
			return &s.entries[i]
		}
	}
	return nil
}

var (
	sectionLine = regexp.MustCompile(`^\s*\[((?:[^#;\\]|\\.)+)\]\s*(?:[#;].*)?$`)
	entryLine   = regexp.MustCompile(`^\s*([\w.\-]+)\s*[=:]\s*(.*?)\s*(?:[#;].*)?$`)
	severityKey = regexp.MustCompile(`(?i)^dotnet_diagnostic\.(pin\w*)\.severity$`)
)

// parseINI reads the text. It never fails; tell is told of what looks like a mistake about pinvet.
func parseINI(path string, text []byte, tell func(line int, text string)) *iniFile {
	x := &iniFile{path: path, sum: sha256.Sum256(text)}
	now := iniSection{}
	end := func() {
		if len(now.entries) > 0 {
			if now.dead {
				tell(now.line, "the head of the section is not understood"+noEffect)
			}
			x.sections = append(x.sections, now)
		}
	}
	n := 0
	for raw := range bytes.Lines(text) {
		n++
		line := strings.TrimSpace(strings.ToValidUTF8(string(raw), "?"))
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[':
			end()
			now = iniSection{line: n, dead: true}
			if m := sectionLine.FindStringSubmatch(line); m != nil && len(m[1]) <= editorconfig.MaxSectionLength {
				now.glob, now.dead = rooted(m[1]), false
			}
		default:
			m := entryLine.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			e := entry{m[1], strings.ToLower(m[2]), n}
			if now.line == 0 && strings.EqualFold(e.key, "root") {
				x.root = e.value == "true"
			}
			if concerns(e, tell) {
				now.entries = append(now.entries, e)
			}
		}
	}
	end()
	return x
}

const noEffect = ": what stands in it about pinvet's rules does not count"

// rooted is a pattern as the library matches it: one without a slash holds at any depth.
func rooted(glob string) string {
	switch {
	case strings.HasPrefix(glob, "/"):
		return glob
	case strings.Contains(glob, "/"):
		return "/" + glob
	}
	return "/**/" + glob
}

// concerns tells whether an entry is for pinvet and right.
func concerns(e entry, tell func(int, string)) bool {
	if strings.EqualFold(e.key, "generated_code") {
		return true
	}
	m := severityKey.FindStringSubmatch(e.key)
	if m == nil && !strings.EqualFold(e.key, categoryKey) {
		return false
	}
	if m != nil {
		if _, err := registry.Find(m[1]); err != nil {
			tell(e.line, err.Error())
			return false
		}
	}
	if _, ok := dotnetLevels[e.value]; !ok {
		tell(e.line, strconv.Quote(clip(e.value))+" is no severity"+strict.Meant(e.value, dotnetWords))
		return false
	}
	return true
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}

var numbers = regexp.MustCompile(`\{([+-]?\d+)\.\.([+-]?\d+)\}`)

// maxNumbers bounds all {1..9} of a pattern: the library writes all of them into one regular expression.
const maxNumbers = 1000

// badGlob says what keeps a pattern from being used, "" if nothing does.
func badGlob(glob string) string {
	sum := 0
	for _, m := range numbers.FindAllStringSubmatch(glob, -1) {
		from, err1 := strconv.Atoi(m[1])
		to, err2 := strconv.Atoi(m[2])
		if err1 != nil || err2 != nil || to > 1e9 || from < -1e9 || sum+to-from > maxNumbers {
			return "its range of numbers is too wide"
		}
		sum += max(to-from, 0)
	}
	return ""
}
