package models

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// function writes the rows of one function.
func (w *userWriter) function(f userFunc) {
	if f.Name == "" {
		w.errorf(f.line, "a function without a name")
		return
	}
	if strings.ContainsAny(f.Name, " \t\r\n#") {
		w.errorf(f.line, "%q is no function name", f.Name)
		return
	}
	if f.Like != "" {
		w.row(relAliases, f.Name, f.Like)
	}
	if f.Params != nil || f.Returns != "" {
		w.signature(f)
	}
	for _, a := range f.Acquires {
		w.acquire(f, a)
	}
	for _, r := range f.Releases {
		if len(r.Kinds) == 0 {
			w.errorf(r.line, "%s: a release needs kinds", f.Name)
		}
		byref := ""
		if r.ByRef {
			byref = "&"
		}
		w.row(relReleases, f.Name, orDefault(r.Param, "0"), byref, strings.Join(r.Kinds, ","), orDefault(r.Success, "always"),
			strings.Join(r.Invalid, ","), r.When, "", r.Note)
	}
	for _, s := range f.Takes {
		w.row(relSinks, f.Name, s.Param, strings.Join(s.Kinds, ","), orDefault(s.Success, "always"),
			strings.Join(s.Invalid, ","), s.When, s.Note)
	}
	for _, k := range f.Keeps {
		w.row(relRetains, f.Name, strconv.Itoa(k.Param), orDefault(k.Until, "process"), k.Note)
	}
	if f.Overlapped != nil {
		w.overlapped(f.Name, f.Overlapped)
	}
	if x := f.Wait; x != nil {
		w.row(relWaits, f.Name, x.Role, x.Params, x.WithFlag, x.Outcomes, "", x.Note)
	}
	if f.MayBlock != "" {
		w.row(relBlocks, f.Name, f.MayBlock)
	}
	if f.NoReturn {
		w.row(relNoReturn, f.Name)
	}
}

func orDefault(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

func (w *userWriter) signature(f userFunc) {
	flags := "-"
	if f.LastError {
		flags += "E"
	}
	if f.Cdecl {
		flags += "c"
	}
	row := []string{f.Name, f.Module, flags, orDefault(f.Returns, "v")}
	for _, p := range f.Params {
		if !strings.Contains(p, ":") {
			p += ":up"
		}
		row = append(row, p)
	}
	w.row(relSignatures, row...)
}

func (w *userWriter) acquire(f userFunc, a userAcquire) {
	where := orDefault(a.Where, "return")
	success := a.Success
	if success == "" && where == "return" {
		success = "value"
	}
	switch {
	case a.Kind == "":
		w.errorf(a.line, "%s: an acquisition needs a kind", f.Name)
	case success == "":
		w.errorf(a.line, "%s: say by success when parameter %s holds the resource (nonzero, zero, hr, nt, always ...)", f.Name, where)
	case success == "value" && len(a.Invalid) == 0 && !a.Borrowed:
		w.errorf(a.line, "%s: say by invalid which returned values mean failure", f.Name)
	case len(a.Release) == 0 && !a.Borrowed:
		w.errorf(a.line, "%s: say by release which functions end it, or that it is borrowed", f.Name)
	}
	marks := "-"
	if a.Borrowed {
		marks = "-b"
	}
	class := orDefault(a.Class, string(ClassOther))
	w.row(relAcquires, f.Name, where, "", a.Kind, class, strings.Join(a.Invalid, ","), strings.Join(a.Release, ","),
		success, a.When, marks, "x", a.Note)
	if !a.Borrowed {
		w.kind(a.Kind, class, a.Release)
	}
}

// kind makes the kind known; known kinds of the lower layers keep their rows
// because one more row with their name would hide them.
func (w *userWriter) kind(kind, class string, release []string) {
	if Default().rows(relKinds, kind) != "" || (w.tables[relKinds] != nil && w.tables[relKinds][kind] != nil) {
		return
	}
	w.row(relKinds, kind, class, strings.Join(release, ","))
}

func (w *userWriter) overlapped(name string, o *userOverlapped) {
	index := func(p *int) string {
		if p == nil {
			return "-1"
		}
		return strconv.Itoa(*p)
	}
	pending := o.Pending
	if o.LongPin {
		pending += "+long"
	}
	row := []string{name, orDefault(o.Kind, string(OvStart)), index(o.Overlapped), index(o.Handle), index(o.Routine),
		index(o.Event), pending, o.Note}
	for _, b := range o.Buffers {
		row = append(row, fmt.Sprintf("%d:%s:%s:%s", b.Param, b.Name, orDefault(b.Dir, "inout"), orDefault(b.Until, "completion")))
	}
	w.row(relOverlapped, row...)
}

// strictDecoder fills structs from YAML and reports unknown keys and wrong types
// with their lines. A struct field named line receives the line of its mapping.
type strictDecoder struct {
	file string
	errs []error
}

func (d *strictDecoder) errorf(n *yaml.Node, format string, args ...any) {
	d.errs = append(d.errs, &UserError{File: d.file, Line: n.Line, Msg: fmt.Sprintf(format, args...)})
}

func (d *strictDecoder) decode(n *yaml.Node, out any) { d.value(n, reflect.ValueOf(out).Elem()) }

func (d *strictDecoder) value(n *yaml.Node, v reflect.Value) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem())
	case reflect.Struct:
		d.mapping(n, v)
	case reflect.Slice:
		d.sequence(n, v)
	default:
		if n.Kind != yaml.ScalarNode {
			d.errorf(n, "expected a single value")
			return
		}
		if v.Kind() == reflect.String {
			v.SetString(n.Value)
			return
		}
		if err := n.Decode(v.Addr().Interface()); err != nil {
			d.errorf(n, "%q is no %s", n.Value, v.Kind())
		}
	}
}

func (d *strictDecoder) mapping(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.errorf(n, "expected keys and values")
		return
	}
	fields := map[string]int{}
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag.Get("yaml"); tag != "" {
			fields[tag] = i
		}
	}
	d.setLine(n, v)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at, ok := fields[key.Value]
		if !ok {
			d.errorf(key, "unknown key %q", key.Value)
			continue
		}
		d.value(n.Content[i+1], v.Field(at))
	}
}

// lined is implemented by the structs that remember their line.
type lined interface{ setLine(int) }

func (d *strictDecoder) setLine(n *yaml.Node, v reflect.Value) {
	if l, ok := v.Addr().Interface().(lined); ok {
		l.setLine(n.Line)
	}
}

func (f *userFunc) setLine(n int)    { f.line = n }
func (f *userAcquire) setLine(n int) { f.line = n }
func (f *userRelease) setLine(n int) { f.line = n }
func (f *userConst) setLine(n int)   { f.line = n }

// sequence takes a single value for a list of one.
func (d *strictDecoder) sequence(n *yaml.Node, v reflect.Value) {
	items := n.Content
	if n.Kind != yaml.SequenceNode {
		items = []*yaml.Node{n}
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		d.value(item, v.Index(i))
	}
}
