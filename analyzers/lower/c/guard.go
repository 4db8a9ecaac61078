package clower

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// guard tells when the macro leaves the function that uses it: it is one if statement that does nothing else,
// without an else or with nothing in front of that, or one use of another macro.
func (m *macro) guard() *ir.Guard {
	m.analyse()
	text := m.statements()
	if g := m.via(text); g != nil {
		return g
	}
	if len(text) < 2 || text[0].text != "if" || text[1].text != "(" {
		return nil
	}
	end := closes(text[1:]) + 1
	if end < 3 {
		return nil
	}
	then, otherwise := elseOfNothing(text[end+1:])
	if !leavesAtEnd(then, m.tok(0) != "do") {
		return nil
	}
	g := &ir.Guard{Param: -1, Not: otherwise}
	m.test(text[2:end], g)
	if g.Param < 0 {
		return nil
	}
	return g
}

// elseOfNothing is what follows else where nothing is done in front of it: if (ok) {} else return.
func elseOfNothing(text []token) (then []token, otherwise bool) {
	n := slices.IndexFunc(text, func(t token) bool { return t.text != "{" && t.text != "}" && t.text != ";" })
	if n > 0 && text[n].text == "else" {
		return text[n+1:], true
	}
	return text, false
}

// via is the guard of a text that is one use of another macro.
func (m *macro) via(text []token) *ir.Guard {
	if len(text) < 3 || text[0].kind != tokIdent || notNames[text[0].text] || m.isParam(text[0].text) || text[1].text != "(" || closes(text[1:]) != len(text)-2 {
		return nil
	}
	g := &ir.Guard{Param: -1, Via: text[0].text}
	from, open := 2, 0
	for i := 2; i < len(text); i++ {
		switch {
		case strings.Contains("([{", text[i].text):
			open++
		case strings.Contains(")]}", text[i].text) && open > 0:
			open--
		case open == 0 && (text[i].text == "," || i == len(text)-1):
			g.Args = append(g.Args, m.paramOf(text[from:i]))
			from = i + 1
		}
	}
	return g
}

// leavesAtEnd tells whether the statement ends in a jump, with nothing in it that may jump past that. A break
// counts where it leaves what is around the macro.
func leavesAtEnd(text []token, breaks bool) bool {
	if len(text) > 1 && text[0].text == "{" && closes(text) == len(text)-1 {
		text = trimEnd(text[1 : len(text)-1])
	} else if i := slices.IndexFunc(text, func(t token) bool { return t.text == ";" }); i >= 0 {
		return false // something follows the if
	}
	start, open := 0, 0
	for i, t := range text {
		switch t.text {
		case "if", "else", "for", "while", "switch", "##":
			return false
		case "(", "[", "{":
			open++
		case ")", "]", "}":
			open--
		case ";":
			if open == 0 {
				start = i + 1
			}
		}
	}
	if start >= len(text) || open != 0 {
		return false
	}
	switch text[start].text {
	case "return", "goto":
		return true
	case "break", "continue":
		return breaks
	}
	return false
}

// test reads the condition into g: a parameter, a function of one, or a comparison of one.
func (m *macro) test(cond []token, g *ir.Guard) {
	cond = m.bare(cond, g)
	if p := m.paramOf(cond); p >= 0 {
		g.Param = p
		return
	}
	if len(cond) > 3 && cond[0].kind == tokIdent && cond[1].text == "(" && closes(cond[1:]) == len(cond)-2 {
		if p := m.paramOf(cond[2 : len(cond)-1]); p >= 0 {
			g.Param, g.Test = p, cond[0].text
		}
		return
	}
	open := 0
	for i, t := range cond {
		switch t.text {
		case "(", "[":
			open++
		case ")", "]":
			open--
		case "&&", "||", "?", ",", "=", "&", "|":
			return
		case "==", "!=", "<", ">", "<=", ">=":
			if p := m.paramOf(cond[:i]); p >= 0 && open == 0 {
				g.Param, g.Test, g.Than = p, t.text, joinTokens(unwrapped(cond[i+1:]))
			}
			return
		}
	}
}

// bare takes off the brackets, negations and hints around a condition.
func (m *macro) bare(cond []token, g *ir.Guard) []token {
	for {
		cond = unwrapped(cond)
		switch {
		case len(cond) > 1 && cond[0].text == "!" && (len(cond) == 2 || cond[1].text == "!" || cond[1].text == "(" && closes(cond[1:]) == len(cond)-2 ||
			cond[2].text == "(" && closes(cond[2:]) == len(cond)-3):
			g.Not = !g.Not
			cond = cond[1:]
		case len(cond) > 3 && strings.HasSuffix(strings.ToLower(strings.TrimRight(cond[0].text, "_")), "likely") && cond[1].text == "(" && closes(cond[1:]) == len(cond)-2:
			cond = cond[1:]
		case len(cond) > 5 && cond[0].text == "__builtin_expect" && closes(cond[1:]) == len(cond)-2 && cond[len(cond)-3].text == ",":
			cond = cond[2 : len(cond)-3]
		default:
			return cond
		}
	}
}

// unwrapped is the text without the brackets around all of it.
func unwrapped(text []token) []token {
	for len(text) > 2 && text[0].text == "(" && closes(text) == len(text)-1 {
		text = text[1 : len(text)-1]
	}
	return text
}

// paramOf is the index of the parameter that the text is, -1 if it is none.
func (m *macro) paramOf(text []token) int {
	if text = unwrapped(text); len(text) != 1 {
		return -1
	}
	return slices.Index(m.params, text[0].text)
}
