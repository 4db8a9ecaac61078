package normalize

import (
	"bytes"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
)

// record keeps what the directives say besides choosing arms.
func (o *Output) record(src []byte, lang source.Lang, dirs []directive, views int) {
	next := 0
	var open []int // the arms around the current directive
	for _, d := range dirs {
		for next < len(o.Arms) && o.Arms[next].Start <= d.start {
			open = append(open, next)
			next++
		}
		for len(open) > 0 && o.Arms[open[len(open)-1]].End <= d.start {
			open = open[:len(open)-1]
		}
		taken := uint8(1)<<views - 1
		if len(open) > 0 {
			taken = o.Arms[open[len(open)-1]].Taken
		}
		switch d.name {
		case "define", "undef":
			if def, ok := readDefine(src, d); ok {
				def.Views = taken
				o.Defines = append(o.Defines, def)
			}
		case "include", "include_next", "import":
			if inc, ok := readInclude(src, d); ok && lang == source.C {
				inc.Views = taken
				o.Includes = append(o.Includes, inc)
			}
		}
	}
}

func readDefine(src []byte, d directive) (Define, bool) {
	line := src[d.arg:d.end]
	name := firstWord(string(line))
	def := Define{Name: name, Undef: d.name == "undef", Start: d.start, End: d.end, NameAt: d.arg}
	if name == "" {
		return def, false
	}
	rest := line[len(name):]
	if len(rest) > 0 && rest[0] == '(' && !def.Undef {
		def.Function = true
		end := bytes.IndexByte(rest, ')')
		if end < 0 {
			return def, false
		}
		for p := range strings.SplitSeq(stripComments(rest[1:end]), ",") {
			p = strings.TrimSpace(p)
			if strings.HasSuffix(p, "...") {
				def.Variadic = true
				p = strings.TrimSpace(strings.TrimSuffix(p, "..."))
			}
			if p != "" {
				def.Params = append(def.Params, p)
			}
		}
		rest = rest[end+1:]
	}
	def.Body = stripComments(rest)
	return def, true
}

func readInclude(src []byte, d directive) (Include, bool) {
	text := stripComments(src[d.arg:d.end])
	inc := Include{Start: d.start, End: d.end}
	if len(text) < 3 {
		return inc, false
	}
	closing := byte('"')
	if text[0] == '<' {
		closing, inc.System = '>', true
	} else if text[0] != '"' {
		return inc, false
	}
	end := strings.IndexByte(text[1:], closing)
	if end < 0 {
		return inc, false
	}
	inc.Path = text[1 : 1+end]
	return inc, true
}
