package finding

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// Ignores are the comments of one file that silence findings:
//
//	// pinvet:ignore PIN101 -- why that is right here
//	// pinvet:ignore-file PIN301, PIN302 -- why they are right in this file
//
// in both languages, also as /* */. A comment that stands alone on its line speaks of the next line
// that is no comment, another one of its own line. Rules are named by code or name. Without a reason
// a comment silences nothing; it is in Broken.
type Ignores struct {
	Broken []int // lines (from 1) of comments that silence nothing

	file  []string
	lines map[int][]string
}

var (
	ignoreMark    = []byte("pinvet:ignore")
	ignoreComment = regexp.MustCompile(`(?://|/\*)[ \t]*pinvet:ignore(-file)?\b[ \t]*([^\r\n]*)`)
	ignoreBody    = regexp.MustCompile(`^([A-Za-z0-9-]+(?:[ \t]*,[ \t]*[A-Za-z0-9-]+)*)[ \t]+--[ \t]+\S`)
)

// ParseIgnores reads the comments of a text (UTF-8).
func ParseIgnores(text []byte) *Ignores {
	g := &Ignores{}
	if !bytes.Contains(text, ignoreMark) {
		return g
	}
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	for i, line := range lines {
		at := ignoreComment.FindStringSubmatchIndex(line)
		if at == nil {
			continue
		}
		whole, body := line[:at[0]], strings.TrimSuffix(strings.TrimSpace(line[at[4]:]), "*/")
		m := ignoreBody.FindStringSubmatch(body)
		switch {
		case m == nil:
			g.Broken = append(g.Broken, i+1)
		case at[2] >= 0:
			g.file = append(g.file, ruleNames(m[1])...)
		case strings.TrimSpace(whole) == "":
			g.add(nextLine(lines, i), ruleNames(m[1]))
		default:
			g.add(i+1, ruleNames(m[1]))
		}
	}
	return g
}

func (g *Ignores) add(line int, names []string) {
	if g.lines == nil {
		g.lines = map[int][]string{}
	}
	g.lines[line] = append(g.lines[line], names...)
}

// nextLine is the number (from 1) of the first line after lines[i] that is not blank and no comment.
func nextLine(lines []string, i int) int {
	for i++; i < len(lines); i++ {
		if t := strings.TrimSpace(lines[i]); t != "" && !strings.HasPrefix(t, "//") {
			break
		}
	}
	return i + 1
}

func ruleNames(list string) []string {
	out := strings.Split(list, ",")
	for i := range out {
		out[i] = strings.ToLower(strings.TrimSpace(out[i]))
	}
	return out
}

// Suppress is what a comment of the file does to f; nil: nothing.
func (g *Ignores) Suppress(f *Finding) *Suppression {
	if g.silences(f) {
		return &Suppression{Kind: InSource}
	}
	return nil
}

func (g *Ignores) silences(f *Finding) bool {
	is := func(name string) bool { return strings.EqualFold(name, f.Code) || strings.EqualFold(name, f.Name) }
	return slices.ContainsFunc(g.file, is) || slices.ContainsFunc(g.lines[f.Start.Line], is)
}
