package project

import "strings"

// command is one command of a CMake file, its arguments not yet expanded.
type command struct {
	name string // in lower case
	args []cmakeArg
}

type cmakeArg struct {
	text   string
	quoted bool // stays one argument
	raw    bool // bracket argument: nothing is expanded
}

// cmakeCommands reads the commands of a CMake file. A file that ends inside of one loses that one.
func cmakeCommands(s string) (out []command, whole bool) {
	l := &cmakeLexer{s: s}
	for {
		l.blank()
		if l.at >= len(l.s) {
			return out, true
		}
		name := l.word()
		l.blank()
		if name == "" || l.at >= len(l.s) || l.s[l.at] != '(' {
			l.line()
			whole = l.at >= len(l.s)
			if whole {
				return out, false
			}
			continue
		}
		l.at++
		args, ok := l.args()
		if !ok {
			return out, false
		}
		out = append(out, command{strings.ToLower(name), args})
	}
}

type cmakeLexer struct {
	s  string
	at int
}

// blank skips white space and comments.
func (l *cmakeLexer) blank() {
	for l.at < len(l.s) {
		switch c := l.s[l.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			l.at++
		case c == '#':
			l.at++
			if _, ok := l.bracket(); !ok {
				l.line()
			}
		default:
			return
		}
	}
}

func (l *cmakeLexer) line() {
	if i := strings.IndexByte(l.s[l.at:], '\n'); i >= 0 {
		l.at += i + 1
	} else {
		l.at = len(l.s)
	}
}

func (l *cmakeLexer) word() string {
	start := l.at
	for l.at < len(l.s) && (l.s[l.at] == '_' || l.s[l.at] >= '0' && l.s[l.at] <= '9' || l.s[l.at]|32 >= 'a' && l.s[l.at]|32 <= 'z') {
		l.at++
	}
	return l.s[start:l.at]
}

// bracket reads [[text]] or [=[text]=].
func (l *cmakeLexer) bracket() (string, bool) {
	rest := l.s[l.at:]
	if rest == "" || rest[0] != '[' {
		return "", false
	}
	n := 1
	for n < len(rest) && rest[n] == '=' {
		n++
	}
	if n >= len(rest) || rest[n] != '[' {
		return "", false
	}
	close := "]" + rest[1:n] + "]"
	end := strings.Index(rest[n+1:], close)
	if end < 0 {
		return "", false
	}
	l.at += n + 1 + end + len(close)
	return rest[n+1 : n+1+end], true
}

// args reads to the closing parenthesis; parentheses inside (of if) are left out.
func (l *cmakeLexer) args() (out []cmakeArg, ok bool) {
	for depth := 1; ; {
		l.blank()
		if l.at >= len(l.s) {
			return out, false
		}
		switch c := l.s[l.at]; c {
		case '(':
			depth++
			l.at++
		case ')':
			l.at++
			if depth--; depth == 0 {
				return out, true
			}
		case '"':
			text, ok := l.quoted()
			if !ok {
				return out, false
			}
			out = append(out, cmakeArg{text: text, quoted: true})
		default:
			if text, ok := l.bracket(); ok {
				out = append(out, cmakeArg{text: text, quoted: true, raw: true})
				continue
			}
			start := l.at
			for l.at < len(l.s) && !strings.ContainsRune(" \t\r\n()\"#", rune(l.s[l.at])) {
				if l.s[l.at] == '\\' {
					l.at++
				}
				l.at++
			}
			l.at = min(l.at, len(l.s))
			out = append(out, cmakeArg{text: l.s[start:l.at]})
		}
	}
}

func (l *cmakeLexer) quoted() (string, bool) {
	var sb strings.Builder
	for l.at++; l.at < len(l.s); l.at++ {
		switch c := l.s[l.at]; c {
		case '"':
			l.at++
			return sb.String(), true
		case '\\':
			if l.at++; l.at < len(l.s) && l.s[l.at] != '\n' {
				sb.WriteByte(l.s[l.at])
			}
		default:
			sb.WriteByte(c)
		}
	}
	return "", false
}
