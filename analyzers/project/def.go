package project

import (
	"strconv"
	"strings"
)

// readDef reads the EXPORTS of a module definition file: "name[=internal] [@ordinal [NONAME]] [DATA]".
func readDef(text string) (out []Export) {
	in := false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, ";")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		switch strings.ToUpper(words[0]) {
		case "EXPORTS":
			in = true
			words = words[1:]
		case "LIBRARY", "NAME", "DESCRIPTION", "STACKSIZE", "HEAPSIZE", "SECTIONS", "SEGMENTS", "IMPORTS", "VERSION", "STUB":
			in = false
		}
		if in && len(words) > 0 {
			if e, ok := defExport(words); ok {
				out = append(out, e)
			}
		}
	}
	return out
}

func defExport(words []string) (e Export, ok bool) {
	// "name = internal" may have blanks around the sign.
	joined := strings.ReplaceAll(strings.ReplaceAll(strings.Join(words, " "), " =", "="), "= ", "=")
	words = strings.Fields(joined)
	name, internal, _ := strings.Cut(words[0], "=")
	e = Export{Name: strings.Trim(name, `"`), Internal: strings.Trim(internal, `"`)}
	for i := 1; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "@" && i+1 < len(words):
			i++
			e.Ordinal, _ = strconv.Atoi(words[i])
		case w[0] == '@':
			e.Ordinal, _ = strconv.Atoi(w[1:])
		case strings.EqualFold(w, "NONAME"):
			e.NoName = true
		case strings.EqualFold(w, "DATA"), strings.EqualFold(w, "CONSTANT"):
			return e, false
		}
	}
	if strings.Contains(e.Internal, ".") {
		return e, false // forwarded to another library
	}
	if e.Internal == "" {
		e.Internal = e.Name
	}
	return e, e.Name != ""
}
