package difftest

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// pair is one case of a rule: its first C# file and its first C file; either may be empty.
type pair struct{ cs, c []byte }

// cases are those of all rules, in order of their names.
func cases(t testing.TB) (out []pair) {
	for _, tree := range Archives(t) {
		byCase := map[string]*pair{}
		var names []string
		for path := range tree.Files {
			names = append(names, path)
		}
		slices.Sort(names)
		var order []string
		for _, path := range names {
			name, rest, _ := strings.Cut(path, "/")
			if byCase[name] == nil {
				byCase[name] = &pair{}
				order = append(order, name)
			}
			switch p := byCase[name]; {
			case strings.HasSuffix(rest, ".cs") && p.cs == nil:
				p.cs = tree.Files[path]
			case strings.HasSuffix(rest, ".c") && p.c == nil:
				p.c = tree.Files[path]
			}
		}
		for _, name := range order {
			out = append(out, *byCase[name])
		}
	}
	return out
}

// splice carries out a script on a case. Each step takes four bytes: what is done (of the line, or of one
// word of it; the third bit says in which file), where, and what with: a line of another case, or a word
// of the same file.
func splice(pool []pair, p pair, script []byte) (cs, c []byte) {
	texts := [2][][]byte{bytes.SplitAfter(p.cs, []byte("\n")), bytes.SplitAfter(p.c, []byte("\n"))}
	for steps := 0; len(script) >= 5 && steps < 12; steps++ {
		op, at, with, more := script[0], int(script[1])|int(script[4]&1)<<8, int(script[2]), int(script[3])
		script = script[5:]
		side := int(op>>2) & 1
		other := pool[(with<<8|more)%len(pool)]
		lines := texts[side]
		i := at % len(lines)
		switch op & 3 {
		case 0: // a line goes, or comes twice
			if more&1 == 0 {
				lines = slices.Delete(slices.Clone(lines), i, i+1)
			} else {
				lines = slices.Insert(slices.Clone(lines), with%len(lines), lines[i])
			}
			if len(lines) == 0 {
				lines = [][]byte{nil}
			}
		case 1: // lines of another case
			from := bytes.SplitAfter([][]byte{other.cs, other.c}[side], []byte("\n"))
			j := with % len(from)
			lines = slices.Insert(slices.Clone(lines), i, from[j:min(j+1+more%6, len(from))]...)
		default: // a word of the line becomes another word of the file
			lines = slices.Clone(lines)
			here, all := words(lines[i]), words(bytes.Join(lines, nil))
			if len(here) > 0 && len(all) > 0 {
				w, by := here[with%len(here)], all[(more<<1|int(op>>7))%len(all)]
				text := bytes.Join(lines, nil)
				new := string(lines[i][:w[0]]) + string(text[by[0]:by[1]])
				if op&3 == 3 && more%3 == 0 {
					new = string(lines[i][:w[0]]) // it goes
				}
				lines[i] = append([]byte(new), lines[i][w[1]:]...)
			}
		}
		texts[side] = lines
	}
	return bytes.Join(texts[0], nil), bytes.Join(texts[1], nil)
}

// words are the places of names, numbers and single marks.
func words(text []byte) (out [][2]int) {
	name := func(b byte) bool {
		return b == '_' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
	}
	for i := 0; i < len(text); {
		j := i + 1
		if name(text[i]) {
			for j < len(text) && name(text[j]) {
				j++
			}
		}
		if text[i] > ' ' {
			out = append(out, [2]int{i, j})
		}
		i = j
	}
	return out
}
