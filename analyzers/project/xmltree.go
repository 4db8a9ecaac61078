package project

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// element is an XML element. Names keep their case; MSBuild ignores it in names of properties.
type element struct {
	name  string
	attrs []xml.Attr
	text  string
	kids  []*element
}

// The bounds of one XML file.
const (
	maxElements = 200_000
	maxDepth    = 64
)

func (e *element) attr(name string) string {
	for i := range e.attrs {
		if strings.EqualFold(e.attrs[i].Name.Local, name) {
			return e.attrs[i].Value
		}
	}
	return ""
}

// child is the text of the first child of that name, or the attribute: metadata can be either.
func (e *element) child(name string) string {
	for _, k := range e.kids {
		if strings.EqualFold(k.name, name) {
			return strings.TrimSpace(k.text)
		}
	}
	return e.attr(name)
}

// What was too much: the rest is left out.
var (
	errElements = errors.New("more elements than are read")
	errDepth    = errors.New("elements inside each other more deeply than is read")
)

// parseXML reads the elements of text. What stands before an error is kept.
func parseXML(text string) (*element, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // the text is UTF-8 by now
	root := &element{}
	stack := []*element{root}
	skip := 0 // open elements below maxDepth
	var deep error
	for n := 0; n < maxElements; n++ {
		tok, err := d.RawToken()
		if err == io.EOF {
			return root, deep
		}
		if err != nil {
			return root, err
		}
		top := stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			if len(stack) > maxDepth {
				skip++
				deep = errDepth
				continue
			}
			e := &element{name: t.Name.Local, attrs: t.Copy().Attr}
			top.kids = append(top.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			if skip > 0 {
				skip--
			} else if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		case xml.CharData:
			if len(top.kids) == 0 && len(t) < 1<<16 {
				top.text += string(t)
			}
		}
	}
	return root, errElements
}
