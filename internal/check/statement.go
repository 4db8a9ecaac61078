package check

import "bytes"

// statement returns the text round a span that its identity rests on: from the end of the statement before it to its own
// end. It is found by the characters that end statements in both languages, and is the same however
// the lines are broken, and whatever comments and directives (#region, #pragma, #endif) stand before it.
func statement(text []byte, start, end int) string {
	start = min(max(start, 0), len(text))
	end = min(max(end, start), len(text))
	const most = 4096 // a table of numbers is no statement
	from := statementStart(text, start, max(0, start-most))
	to := min(len(text), end+most)
	if i := bytes.IndexAny(text[end:to], statementEnds); i >= 0 {
		to = end + i
	}
	return string(withoutDirectives(text[from:start])) + string(text[start:to])
}

const statementEnds = ";{}"

// statementStart looks back from start for the end of the statement before, no further than to lowest. Ends in comments and
// directives are none.
func statementStart(text []byte, start, lowest int) int {
	for at := start; ; {
		i := bytes.LastIndexAny(text[lowest:at], statementEnds)
		if i < 0 {
			return lowest
		}
		at = lowest + i
		line := text[bytes.LastIndexAny(text[:at], "\r\n")+1 : at]
		switch open := bytes.LastIndex(text[lowest:at], []byte("/*")); {
		case isDirective(line):
			at -= len(line)
		case lineComment(line) >= 0:
			at -= len(line) - lineComment(line)
		case open >= 0 && !bytes.Contains(text[lowest+open:at], []byte("*/")):
			at = lowest + open
		default:
			return at + 1
		}
	}
}

// lineComment is where a comment begins that ends with the line, or -1; the // of an address begins none.
func lineComment(line []byte) int {
	for i := 0; i+1 < len(line); i++ {
		if line[i] == '/' && line[i+1] == '/' && (i == 0 || line[i-1] != ':') {
			return i
		}
	}
	return -1
}

func isDirective(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	return len(line) > 0 && line[0] == '#'
}

// withoutDirectives drops the whole lines that are directives.
func withoutDirectives(text []byte) []byte {
	if bytes.IndexByte(text, '#') < 0 {
		return text
	}
	var out []byte
	for line := range bytes.Lines(text) {
		if !isDirective(line) || line[len(line)-1] != '\n' {
			out = append(out, line...)
		}
	}
	return out
}
