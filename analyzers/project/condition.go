package project

import "strings"

// truth is what is known of a condition.
type truth uint8

const (
	no truth = iota
	maybe
	yes
)

func (a truth) and(b truth) truth { return min(a, b) }
func (a truth) or(b truth) truth  { return max(a, b) }
func (a truth) not() truth        { return yes - a }

// free are properties that the caller of the build sets.
var free = map[string]bool{"configuration": true, "platform": true, "targetframework": true, "runtimeidentifier": true, "os": true}

// condition evaluates the Condition of an element as far as it can.
func (ev *evaluation) condition(e *element, file string) truth {
	s := strings.TrimSpace(e.attr("Condition"))
	if s == "" {
		return yes
	}
	if e.name == "Import" && strings.Contains(strings.ToLower(s), "exists(") {
		return maybe // whether it is there shows when it is loaded
	}
	c := &conditionReader{ev: ev, file: file, s: s}
	return c.or()
}

// conditionReader is a recursive descent over "and", "or", "!", parentheses and comparisons of strings.
type conditionReader struct {
	ev   *evaluation
	file string
	s    string
	deep int
}

func (c *conditionReader) or() truth {
	t := c.and()
	for c.word("or") {
		t = t.or(c.and())
	}
	return t
}

func (c *conditionReader) and() truth {
	t := c.one()
	for c.word("and") {
		t = t.and(c.one())
	}
	return t
}

func (c *conditionReader) word(w string) bool {
	c.s = strings.TrimSpace(c.s)
	if len(c.s) > len(w) && strings.EqualFold(c.s[:len(w)], w) && strings.ContainsRune(" ('!$\t\r\n", rune(c.s[len(w)])) {
		c.s = c.s[len(w):]
		return true
	}
	return false
}

func (c *conditionReader) one() truth {
	c.s = strings.TrimSpace(c.s)
	if c.deep++; c.deep > 100 {
		c.s = ""
		return maybe
	}
	switch {
	case strings.HasPrefix(c.s, "!") && !strings.HasPrefix(c.s, "!="):
		c.s = c.s[1:]
		return c.one().not()
	case strings.HasPrefix(c.s, "("):
		c.s = c.s[1:]
		t := c.or()
		c.s = strings.TrimPrefix(strings.TrimSpace(c.s), ")")
		return t
	}
	left, ok := c.operand()
	if !ok {
		return maybe
	}
	c.s = strings.TrimSpace(c.s)
	op := ""
	for _, o := range []string{"==", "!="} {
		if strings.HasPrefix(c.s, o) {
			op, c.s = o, c.s[2:]
		}
	}
	if op == "" {
		if len(c.s) > 0 && (c.s[0] == '<' || c.s[0] == '>') {
			c.s = strings.TrimLeft(c.s, "<>=")
			c.operand()
			return maybe
		}
		return truthOf(left)
	}
	right, ok := c.operand()
	if !ok {
		return maybe
	}
	t := equal(left, right)
	if op == "!=" {
		t = t.not()
	}
	return t
}

// operand reads a quoted string, a property or a bare word; a function is understood by no one here.
func (c *conditionReader) operand() ([]string, bool) {
	c.s = strings.TrimSpace(c.s)
	if c.s == "" {
		return nil, false
	}
	if c.s[0] == '\'' {
		end := strings.IndexByte(c.s[1:], '\'')
		if end < 0 {
			c.s = ""
			return nil, false
		}
		v := c.s[1 : 1+end]
		c.s = c.s[end+2:]
		return c.values(v), true
	}
	end := 0
	if strings.HasPrefix(c.s, "$(") {
		end = min(closing(c.s, 2)+1, len(c.s))
	}
	for end < len(c.s) && !strings.ContainsRune(" \t\r\n=!<>)(", rune(c.s[end])) {
		end++
	}
	v := c.s[:end]
	c.s = c.s[end:]
	if strings.HasPrefix(c.s, "(") { // Exists(...), HasTrailingSlash(...)
		c.s = c.s[min(closing(c.s, 1)+1, len(c.s)):]
		return []string{unknown}, true
	}
	if end == 0 {
		c.s = ""
		return nil, false
	}
	return c.values(v), true
}

// values expands an operand. What nothing sets is empty, unless the caller of the build sets it.
func (c *conditionReader) values(v string) []string {
	if name, ok := strings.CutPrefix(v, "$("); ok && strings.HasSuffix(name, ")") && strings.Count(v, "$(") == 1 {
		name = strings.ToLower(strings.TrimSuffix(name, ")"))
		if free[name] {
			return []string{unknown}
		}
		if len(c.ev.get(name)) == 0 && !strings.ContainsAny(name, "[].:(") {
			return []string{unset}
		}
	}
	vals := c.ev.expand(v, c.file)
	for name := range free {
		if strings.Contains(strings.ToLower(v), "$("+name+")") {
			return []string{unknown}
		}
	}
	return vals
}

// unset is a property that nothing seen sets: empty, as far as that can be said.
const unset = "\x02"

// equal compares sets of alternatives.
func equal(a, b []string) truth {
	var same, differ bool
	for _, x := range a {
		for _, y := range b {
			switch {
			case strings.Contains(x, unknown), strings.Contains(y, unknown):
				return maybe
			case x == unset && y == "", y == unset && x == "":
				same = true
			case x == unset, y == unset:
				return maybe // the caller or a file that is not here may set it
			case strings.EqualFold(x, y):
				same = true
			default:
				differ = true
			}
		}
	}
	switch {
	case same && !differ:
		return yes
	case differ && !same:
		return no
	}
	return maybe
}

func truthOf(vals []string) truth {
	return equal(vals, []string{"true"})
}
