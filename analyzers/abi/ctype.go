package abi

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// ctypes lays out C types of the unit on one target. It is not safe for concurrent use.
type ctypes struct {
	native
	p    *link.Program
	recs map[*link.Type]*Record
}

func newCTypes(p *link.Program, t Target) *ctypes {
	return &ctypes{native: native{p.DB, t, map[string]*Record{}}, p: p, recs: map[*link.Type]*Record{}}
}

// value is the view of the C type t as it is written in file.
func (c *ctypes) value(file *ir.File, t ir.Type) Type { return c.resolve(file, t, string(t), 0) }

func (c *ctypes) resolve(file *ir.File, t ir.Type, name string, depth int) Type {
	s := string(t)
	switch {
	case s == "":
		return unknown(name, "its C type was not understood")
	case depth > maxNesting:
		return unknown(name, "the type "+name+" leads too far")
	case strings.HasSuffix(s, "*"):
		return c.pointerTo(file, t[:len(t)-1], name, depth)
	case strings.HasSuffix(s, ")"):
		return c.code("fn", name)
	case strings.HasSuffix(s, "]"):
		elem, _, _ := c.cutArray(file, s)
		return c.pointerTo(file, elem, name, depth)
	}
	code, known := cTypes()[s]
	if c.t.OS == MacOS && s == "BOOL" {
		if known = importsCocoa(file); known {
			code = "b8" // that of Objective-C (objc/objc.h), if the tree has none
		}
	} else if known && standardName(s) {
		return c.code(code, name) // whatever the tree defines for compilers that lack it
	}
	scope := &ir.Func{File: file}
	if u := c.p.Underlying(scope, t); u != t && u != "" {
		return c.resolve(file, u, name, depth+1)
	}
	if d := c.p.TypeDecl(scope, t); d != nil {
		if d.Kind == ir.TypeEnum {
			return integer(4, true, name)
		}
		ty := record(c.record(d))
		ty.Name = name
		return ty
	}
	if known {
		return c.code(code, name)
	}
	if c.t.OS == Windows {
		if c.db.Struct(s) != nil {
			ty := c.code("s:"+s, name)
			ty.Name = name
			return ty
		}
		if ty, ok := c.pointerName(s, name); ok {
			return ty
		}
	}
	return unknown(name, "the C type "+s+" is not declared here")
}

// standardName tells the names of the Windows SDK and of C's headers, which mean one thing, from short
// names that everybody makes up.
func standardName(s string) bool {
	return strings.HasSuffix(s, "_t") || len(s) > 2 && s == strings.ToUpper(s)
}

// pointerName understands the names of pointer types of the Windows SDK by their structure: PFOO and
// LPFOO point to FOO.
func (c *ctypes) pointerName(s, name string) (Type, bool) {
	for _, prefix := range []string{"LPC", "LP", "PC", "P"} {
		rest, ok := strings.CutPrefix(s, prefix)
		if !ok || rest == "" {
			continue
		}
		if _, known := cTypes()[rest]; !known && c.db.Struct(rest) == nil {
			continue
		}
		elem := c.resolve(nil, ir.Type(rest), rest, maxNesting)
		if c.db.Struct(rest) != nil {
			elem = c.code("s:"+rest, rest)
		}
		return c.t.pointer(&elem, name), true
	}
	return Type{}, false
}

func (c *ctypes) pointerTo(file *ir.File, elem ir.Type, name string, depth int) Type {
	if strings.HasSuffix(string(elem), ")") {
		return c.code("fn", name)
	}
	e := c.resolve(file, elem, string(elem), depth+1)
	p := c.t.pointer(&e, name)
	switch {
	case e.Kind == Int && e.Char && e.Size == 2:
		p.Text = Wide
	case e.Kind == Int && e.Size == 1:
		p.Text, p.Buffer = Ansi, !e.Char
	}
	return p
}

// cutArray splits an array type into its element and the number of elements of all dimensions; ok is
// false when that is not known.
func (c *ctypes) cutArray(file *ir.File, s string) (elem ir.Type, count int, ok bool) {
	count, ok = 1, true
	for strings.HasSuffix(s, "]") {
		at := openBracket(s)
		if at < 0 {
			return ir.Type(s), 0, false
		}
		n, known := c.constant(file, s[at+1:len(s)-1])
		if !known {
			ok = false
		}
		count *= n
		s = s[:at]
	}
	return ir.Type(s), count, ok
}

func openBracket(s string) int {
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case ']':
			depth++
		case '[':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// constant is the value of a dimension: a number, a name, or a sum or product of those.
func (c *ctypes) constant(file *ir.File, text string) (int, bool) {
	text = strings.TrimSpace(text)
	for strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") && strings.Count(text, "(") == 1 {
		text = text[1 : len(text)-1]
	}
	for _, op := range "+*" {
		if a, b, two := strings.Cut(text, string(op)); two {
			x, ok := c.constant(file, a)
			y, ok2 := c.constant(file, b)
			if op == '+' {
				return x + y, ok && ok2
			}
			return x * y, ok && ok2
		}
	}
	if text == "" {
		return 0, false
	}
	if n, ok := cNumber(text); ok {
		return n, true
	}
	v, ok := c.p.Const(&ir.Func{File: file}, text)
	return int(v), ok && v >= 0 && v < 1<<28
}

// cNumber reads a C integer without suffix or with U and L.
func cNumber(text string) (int, bool) {
	text = strings.TrimRight(strings.ToLower(text), "ul")
	base := 10
	if rest, ok := strings.CutPrefix(text, "0x"); ok {
		text, base = rest, 16
	}
	n := 0
	for _, r := range text {
		d := strings.IndexRune("0123456789abcdef", r)
		if d < 0 || d >= base || n > 1<<28 {
			return 0, false
		}
		n = n*base + d
	}
	return n, text != ""
}
