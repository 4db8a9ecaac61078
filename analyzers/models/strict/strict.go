package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/agnivade/levenshtein"
	"gopkg.in/yaml.v3"
)

// Place is a place in the text; both count from 1, and 0 is unknown.
type Place struct {
	Line, Column int
}

// Error is one mistake.
type Error struct {
	File string
	Place
	Msg string
}

func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return fmt.Sprintf("%s: %s", e.File, e.Msg)
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Msg)
}

// Errors lists the mistakes that an error joins.
func Errors(err error) (out []*Error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			out = append(out, Errors(e)...)
		}
		return out
	}
	var e *Error
	if errors.As(err, &e) {
		out = append(out, e)
	}
	return out
}

// Value is a value that reads itself.
type Value interface {
	FromYAML(d *Decoder, n *yaml.Node)
}

// Placed is a struct that wants to know where its mapping begins.
type Placed interface {
	SetPlace(Place)
}

const (
	maxErrors = 20
	maxValues = 200_000 // after aliases
	maxDepth  = 64
)

// Decoder is the state of one reading.
type Decoder struct {
	file   string
	errs   []error
	values int
	depth  int
}

// Decode reads text into the struct that out points to. file is used in messages. The error joins
// an *Error for each mistake.
func Decode(file string, text []byte, out any) error {
	d := &Decoder{file: file}
	if n := d.parse(text); n != nil {
		d.Value(n, reflect.ValueOf(out).Elem())
	}
	return errors.Join(d.errs...)
}

// parse returns the content of the only document; nil if there is none.
func (d *Decoder) parse(text []byte) (content *yaml.Node) {
	defer func() {
		if v := recover(); v != nil {
			d.add(Place{}, "this is no YAML: %v", v)
			content = nil
		}
	}()
	if e := unreadable(text); e != nil {
		d.add(e.Place, "%s", e.Msg)
		return nil
	}
	in := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	switch err := in.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		at, msg := syntax(text, err)
		d.add(at, "%s", msg)
		return nil
	}
	switch err := in.Decode(&more); {
	case err == nil:
		d.Errorf(&more, "a second document begins here: write all into one")
		return nil
	case !errors.Is(err, io.EOF):
		at, msg := syntax(text, err)
		d.add(at, "%s", msg)
		return nil
	}
	if len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

// Errorf tells a mistake at n.
func (d *Decoder) Errorf(n *yaml.Node, format string, args ...any) {
	d.add(PlaceOf(n), format, args...)
}

func (d *Decoder) add(at Place, format string, args ...any) {
	if len(d.errs) < maxErrors {
		d.errs = append(d.errs, &Error{File: d.file, Place: at, Msg: fmt.Sprintf(format, args...)})
	}
}

// PlaceOf is where n begins.
func PlaceOf(n *yaml.Node) Place { return Place{n.Line, n.Column} }

// Value reads n into v.
func (d *Decoder) Value(n *yaml.Node, v reflect.Value) {
	if n = d.resolve(n); n == nil {
		return
	}
	defer func() { d.depth-- }()
	d.depth++
	if x, ok := v.Addr().Interface().(Value); ok {
		x.FromYAML(d, n)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.Value(n, v.Elem())
	case reflect.Struct:
		d.mapping(n, v)
	case reflect.Slice:
		d.sequence(n, v)
	default:
		d.scalar(n, v)
	}
}

// resolve follows an alias; nil where there is no value, or no end.
func (d *Decoder) resolve(n *yaml.Node) *yaml.Node {
	at := n
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if d.values++; d.values == maxValues || d.depth > maxDepth {
		d.Errorf(at, "too much, or too deep: an alias may contain itself")
		d.values = maxValues
	}
	if d.values >= maxValues || n.Tag == "!!null" {
		return nil
	}
	return n
}

func (d *Decoder) scalar(n *yaml.Node, v reflect.Value) {
	switch {
	case n.Kind != yaml.ScalarNode:
		d.Errorf(n, "expected %s, found %s", kindOf(v), Found(n))
	case v.Kind() == reflect.String:
		v.SetString(n.Value)
	case n.Decode(v.Addr().Interface()) != nil:
		d.Errorf(n, "expected %s, found %s", kindOf(v), Found(n))
	}
}

func kindOf(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Uint8:
		return "a number"
	}
	return "a single value"
}

// Found says what n is, for messages.
func Found(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	const most = 40
	if r := []rune(n.Value); len(r) > most {
		return fmt.Sprintf("%q", string(r[:most])+"...")
	}
	return fmt.Sprintf("%q", n.Value)
}

func (d *Decoder) mapping(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.Errorf(n, "expected keys and values, found %s", Found(n))
		return
	}
	if p, ok := v.Addr().Interface().(Placed); ok {
		p.SetPlace(PlaceOf(n))
	}
	fields := map[string]reflect.Value{}
	names := Keys(v, fields)
	d.Pairs(n, func(key, value *yaml.Node) {
		if at, ok := fields[key.Value]; ok {
			d.Value(value, at)
			return
		}
		d.Errorf(key, "unknown key %q%s", key.Value, Meant(key.Value, names))
	})
}

// Keys lists the keys of a struct, in the order of its fields; into receives the fields, unless nil.
func Keys(v reflect.Value, into map[string]reflect.Value) (names []string) {
	for i := range v.NumField() {
		switch tag := v.Type().Field(i).Tag.Get("yaml"); tag {
		case "":
		case ",inline":
			names = append(names, Keys(v.Field(i), into)...)
		default:
			names = append(names, tag)
			if into != nil {
				into[tag] = v.Field(i)
			}
		}
	}
	return names
}

// Pairs calls do for each key with its value; keys that are there twice are mistakes.
func (d *Decoder) Pairs(n *yaml.Node, do func(key, value *yaml.Node)) {
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch line, double := first[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			d.Errorf(key, "expected a key, found %s", Found(key))
		case key.Tag == "!!merge":
			d.Errorf(key, "keys are not merged here: write them out")
		case double:
			d.Errorf(key, "%q is there twice, first in line %d", key.Value, line)
		default:
			first[key.Value] = key.Line
			do(key, n.Content[i+1])
		}
	}
}

// Meant is ": did you mean X?" with the nearest of the known words, or the list of them.
func Meant(word string, known []string) string {
	if best := Nearest(word, known); best != "" {
		return fmt.Sprintf(": did you mean %s?", best)
	}
	if len(known) > 12 {
		return ""
	}
	return ": use " + OneOf(known)
}

// OneOf lists words: a, b or c.
func OneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// Nearest is the word that is spelled most like word, "" if none is near.
func Nearest(word string, known []string) (best string) {
	word = strings.ToLower(word)
	distance := min(len(word), 12)/2 + 1
	if len(word) > 100 {
		return ""
	}
	for _, k := range known {
		if d := levenshtein.ComputeDistance(word, strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// sequence takes a single value for a list of one.
func (d *Decoder) sequence(n *yaml.Node, v reflect.Value) {
	items := n.Content
	if n.Kind != yaml.SequenceNode {
		items = []*yaml.Node{n}
	}
	before := len(d.errs)
	out := reflect.MakeSlice(v.Type(), 0, len(items))
	for _, item := range items {
		one := reflect.New(v.Type().Elem()).Elem()
		d.Value(item, one)
		out = reflect.Append(out, one)
	}
	if len(d.errs) == before {
		v.Set(out)
	}
}
