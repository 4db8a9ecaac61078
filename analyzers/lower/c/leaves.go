package clower

// leaves tells whether every way through the text of the macro ends in a return or a goto: its last
// statement is one, or a use of another such macro, and nothing before it jumps past that.
func (l *lowerer) leaves(m *macro, depth int) bool {
	m.analyse()
	text := m.statements()
	start, open := 0, 0
	for i, t := range text {
		switch t.text {
		case "break", "continue", "case", "default", "##":
			return false
		case "(", "[", "{":
			open++
		case ")", "]", "}":
			open--
		}
		if open == 0 && (t.text == ";" || t.text == "}") && i+1 < len(text) && text[i+1].text != "else" {
			start = i + 1
		}
	}
	if start >= len(text) || open != 0 {
		return false
	}
	switch last := text[start:]; {
	case last[0].text == "return" || last[0].text == "goto":
		return true
	case last[0].kind == tokIdent && len(last) > 2 && last[1].text == "(" && closes(last[1:]) == len(last)-2 && depth < 8:
		return l.allLeave(last[0].text, m, depth)
	}
	return false
}

// allLeave tells whether name is a function-like macro of the file, other than m, which leaves in all its
// definitions.
func (l *lowerer) allLeave(name string, m *macro, depth int) bool {
	for _, u := range l.macros[name] {
		if u == m || !u.function || !l.leaves(u, depth+1) {
			return false
		}
	}
	return len(l.macros[name]) > 0
}

// statements are the tokens of the body without the braces or the "do while (0)" around all of it, and
// without the semicolons at its end.
func (m *macro) statements() []token {
	text := trimEnd(m.toks)
	n := len(text)
	if n > 5 && text[0].text == "do" && text[n-1].text == ")" && text[n-2].text == "0" && text[n-4].text == "while" {
		text = text[1 : n-4]
	}
	if n := len(text); n > 3 && text[0].kind == tokIdent && !notNames[text[0].text] && text[1].text == "{" && closes(text[1:]) == n-3 && text[n-1].kind == tokIdent {
		text = text[1 : n-1] // macros stand for do and while
	}
	if len(text) > 1 && text[0].text == "{" && closes(text) == len(text)-1 {
		text = trimEnd(text[1 : len(text)-1])
	}
	return text
}

func trimEnd(text []token) []token {
	for len(text) > 0 && text[len(text)-1].text == ";" {
		text = text[:len(text)-1]
	}
	return text
}

// closes is the index of the bracket that closes the one at the start of text, -1 if none does.
func closes(text []token) int {
	open := 0
	for i, t := range text {
		switch t.text {
		case "(", "[", "{":
			open++
		case ")", "]", "}":
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}
