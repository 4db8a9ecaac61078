package normalize

import (
	"strconv"
	"strings"
)

// cond is a parsed condition of #if or #elif.
type cond struct {
	op   byte // '|', '&', '!', 'a' atom, '0', '1'
	x, y *cond
	atom string // a macro's name, or the text of a comparison
	cmp  comparison
}

// comparison is "name op number" (op is 0 if the atom is a bare name).
type comparison struct {
	name, op string
	value    int64
}

type constValue int8

const (
	notConst constValue = iota
	constTrue
	constFalse
)

// constCondition says whether a condition has a value that no configuration changes.
func constCondition(text string) constValue {
	return parseCondition(text).constant()
}

func (c *cond) constant() constValue {
	return c.decide(func(*cond) constValue { return notConst })
}

// decide is the value of a condition of which some atoms have one.
func (c *cond) decide(atom func(*cond) constValue) constValue {
	switch c.op {
	case '1':
		return constTrue
	case '0':
		return constFalse
	case 'a':
		return atom(c)
	case '!':
		switch c.x.decide(atom) {
		case constTrue:
			return constFalse
		case constFalse:
			return constTrue
		}
	case '&':
		x, y := c.x.decide(atom), c.y.decide(atom)
		if x == constFalse || y == constFalse {
			return constFalse
		}
		if x == constTrue && y == constTrue {
			return constTrue
		}
	case '|':
		x, y := c.x.decide(atom), c.y.decide(atom)
		if x == constTrue || y == constTrue {
			return constTrue
		}
		if x == constFalse && y == constFalse {
			return constFalse
		}
	}
	return notConst
}

// condParser reads conditions of C and C#. What it does not understand
// becomes one atom, so that equal text still means an equal value.
type condParser struct {
	text  string
	pos   int
	depth int
	bad   bool
}

// maxCondDepth bounds the nesting of a condition.
const maxCondDepth = 64

func parseCondition(text string) *cond {
	p := &condParser{text: text}
	c := p.or()
	p.space()
	if p.bad || p.pos < len(p.text) {
		return &cond{op: 'a', atom: strings.Join(strings.Fields(text), " ")}
	}
	return c
}

func (p *condParser) space() {
	for p.pos < len(p.text) && p.text[p.pos] <= ' ' {
		p.pos++
	}
}

func (p *condParser) eat(s string) bool {
	p.space()
	if strings.HasPrefix(p.text[p.pos:], s) {
		p.pos += len(s)
		return true
	}
	return false
}

func (p *condParser) or() *cond {
	c := p.and()
	for p.eat("||") {
		c = &cond{op: '|', x: c, y: p.and()}
	}
	return c
}

func (p *condParser) and() *cond {
	c := p.not()
	for p.eat("&&") {
		c = &cond{op: '&', x: c, y: p.not()}
	}
	return c
}

func (p *condParser) not() *cond {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxCondDepth {
		p.bad = true
		return &cond{op: '0'}
	}
	p.space()
	if strings.HasPrefix(p.text[p.pos:], "!") && !strings.HasPrefix(p.text[p.pos:], "!=") {
		p.pos++
		return &cond{op: '!', x: p.not()}
	}
	if p.eat("(") {
		c := p.or()
		if !p.eat(")") {
			p.bad = true
		}
		return c
	}
	return p.comparison()
}

func (p *condParser) comparison() *cond {
	name := p.word()
	if name == "" {
		p.bad = true
		return &cond{op: '0'}
	}
	if name == "defined" {
		paren := p.eat("(")
		name = p.word()
		if name == "" || paren && !p.eat(")") {
			p.bad = true
		}
		return atom(comparison{name: name})
	}
	for _, op := range []string{"==", "!=", ">=", "<=", ">", "<"} {
		if !p.eat(op) {
			continue
		}
		right := p.word()
		value, ok := number(right)
		if !ok {
			p.bad = true
		}
		if left, ok := number(name); ok {
			return truth(compare(left, op, value))
		}
		return atom(comparison{name, op, value})
	}
	if v, ok := number(name); ok {
		return truth(v != 0)
	}
	switch name {
	case "true":
		return truth(true)
	case "false":
		return truth(false)
	}
	return atom(comparison{name: name})
}

func atom(c comparison) *cond {
	text := c.name
	if c.op != "" {
		text += c.op + strconv.FormatInt(c.value, 10)
	}
	return &cond{op: 'a', atom: text, cmp: c}
}

func truth(b bool) *cond {
	if b {
		return &cond{op: '1'}
	}
	return &cond{op: '0'}
}

func (p *condParser) word() string {
	p.space()
	start := p.pos
	for p.pos < len(p.text) && isIdentByte(p.text[p.pos]) {
		p.pos++
	}
	return p.text[start:p.pos]
}

func number(s string) (int64, bool) {
	s = strings.TrimRight(s, "uUlL")
	if s == "" || !isDigit(s[0]) {
		return 0, false
	}
	v, err := strconv.ParseInt(s, 0, 64)
	return v, err == nil
}

func compare(x int64, op string, y int64) bool {
	switch op {
	case "==":
		return x == y
	case "!=":
		return x != y
	case ">=":
		return x >= y
	case "<=":
		return x <= y
	case ">":
		return x > y
	}
	return x < y
}

// walk calls f for every atom; positive says whether the atom being true
// helps the condition to be true.
func (c *cond) walk(positive bool, f func(a *cond, positive bool)) {
	switch c.op {
	case 'a':
		f(c, positive)
	case '!':
		c.x.walk(!positive, f)
	case '&', '|':
		c.x.walk(positive, f)
		c.y.walk(positive, f)
	}
}

// eval computes the condition from the values of its atoms.
func (c *cond) eval(value func(*cond) bool) bool {
	switch c.op {
	case 'a':
		return value(c)
	case '!':
		return !c.x.eval(value)
	case '&':
		return c.x.eval(value) && c.y.eval(value)
	case '|':
		return c.x.eval(value) || c.y.eval(value)
	}
	return c.op == '1'
}
