package abi

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
)

// managed lays out C# types on one target. It keeps what it has laid out, and is not safe for
// concurrent use.
type managed struct {
	native
	p    *link.Program
	recs map[recKey]*Record
}

type recKey struct {
	t   *link.Type
	raw bool
}

func newManaged(p *link.Program, t Target) *managed {
	return &managed{native: native{p.DB, t, map[string]*Record{}}, p: p, recs: map[recKey]*Record{}}
}

// site is where a C# type is written, and which rules hold there.
type site struct {
	file  *ir.File
	owner string // full name of the type around
	// raw: the bytes cross as they are (behind a pointer, in generated marshalling code): bool has one
	// byte, char two.
	raw bool
	// generated: LibraryImport, which wants bool, char and string to be said.
	generated bool
	field     bool // a member of a struct
	chars     Text // by CharSet; NoText = not to be told
}

// scope stands for the place in questions to link.
func (s site) scope() *ir.Func { return &ir.Func{File: s.file, Owner: s.owner} }

// charset is the encoding of strings that a CharSet asks for.
func charset(name string) Text {
	switch name {
	case "", "Ansi", "None", "Utf8":
		return Ansi
	case "Unicode", "Auto", "Utf16":
		return Wide
	}
	return NoText
}

// value is the native form of a C# value of type t at s.
func (m *managed) value(s site, t ir.Type, ma *marshalAs) Type {
	name := shortName(t)
	if t == "" || t == "var" {
		return unknown(name, "its type was not understood")
	}
	t = libraryType(m.p.Underlying(s.scope(), t))
	for strings.HasSuffix(string(t), "?") {
		t = t[:len(t)-1]
	}
	if ty, ok := m.forced(s, name, ma); ok {
		ty.Bool = ty.Kind == Int && t == "bool"
		ty.Writes = t == "StringBuilder"
		return ty
	}
	switch {
	case strings.HasPrefix(string(t), "delegate*") && strings.HasSuffix(string(t), ">"):
		p := m.t.pointer(nil, name)
		p.Func = true
		return p
	case strings.HasSuffix(string(t), "*"):
		return m.pointerTo(s, t[:len(t)-1], name)
	case strings.HasSuffix(string(t), "]"):
		return m.array(s, t, name, ma)
	}
	return m.plain(s, t, name, ma)
}

// libraryNamespaces are those of the types that the marshaller knows by themselves.
var libraryNamespaces = map[string]bool{
	"System": true, "System.Drawing": true, "System.Numerics": true, "System.Text": true, "System.Threading": true,
	"System.Runtime.InteropServices": true, "System.Runtime.InteropServices.ComTypes": true,
}

// libraryType is the short name of t when t is the full name of a type that the marshaller knows by
// itself: the sources at hand may be those of the library.
func libraryType(t ir.Type) ir.Type {
	at := strings.LastIndexByte(string(t), '.')
	if at < 0 || !libraryNamespaces[string(t[:at])] {
		return t
	}
	switch short := t[at+1:]; short {
	case "String", "Object":
		return ir.Type(strings.ToLower(string(short)))
	case "Boolean":
		return "bool"
	case "Char":
		return "char"
	case "StringBuilder":
		return short
	default:
		if _, ok := dotnetTypes()[string(short)]; ok {
			return short
		}
	}
	return t
}

// pointerTo is a C# pointer: what it points to is not marshalled.
func (m *managed) pointerTo(s site, elem ir.Type, name string) Type {
	s.raw, s.generated = true, false
	e := m.value(s, elem, nil)
	p := m.t.pointer(&e, name)
	p.Writes, p.Array = true, true
	if e.Char {
		p.Text = Wide
	}
	if e.Kind == Int && e.Size == 1 {
		p.Buffer = true
	}
	return p
}

func (m *managed) array(s site, t ir.Type, name string, ma *marshalAs) Type {
	at := strings.LastIndexByte(string(t), '[')
	if s.field {
		return unknown(name, "an array without MarshalAs")
	}
	if s.generated {
		s.raw, s.generated = true, false
	}
	var elemMA *marshalAs
	if ma != nil && ma.sub != "" {
		elemMA = &marshalAs{kind: ma.sub}
	}
	e := m.value(s, t[:at], elemMA)
	p := m.t.pointer(&e, name)
	p.Array = true
	p.Writes = e.Kind == Int && !e.Bool && !(e.Char && e.Size == 1) || e.Kind == Word || e.Kind == Float
	if e.Char {
		p.Text = map[int]Text{1: Ansi, 2: Wide}[e.Size]
	} else if e.Kind == Int && e.Size == 1 {
		p.Buffer = true
	}
	return p
}

// plain is the native form of a type without suffix.
func (m *managed) plain(s site, t ir.Type, name string, ma *marshalAs) Type {
	switch t {
	case "bool":
		return m.boolean(s, name)
	case "char":
		return m.char(s, name)
	case "string", "StringBuilder":
		return m.text(s, t, name)
	case "object":
		if ma != nil && ma.kind == "Struct" {
			return m.code("size:16,24/8", name)
		}
		return unknown(name, "how an `object` crosses depends on its value")
	}
	if d := m.p.TypeDecl(s.scope(), t); d != nil && libraryType(ir.Type(d.Name)) == ir.Type(d.Name) {
		return m.declared(s, d, t, name, ma)
	}
	return m.library(s, string(t), name, ma)
}

func (m *managed) boolean(s site, name string) Type {
	switch {
	case s.raw:
		ty := integer(1, false, name)
		ty.Bool = true
		return ty
	case s.generated:
		return unknown(name, "LibraryImport wants a bool to be marshalled explicitly")
	}
	return m.code("b32", name)
}

func (m *managed) char(s site, name string) Type {
	ty := integer(2, false, name)
	ty.Char = true
	switch {
	case s.raw:
	case s.chars == NoText:
		return unknown(name, "its CharSet was not understood")
	case s.chars == Ansi:
		ty.Size, ty.Align = 1, 1
	}
	return ty
}

func (m *managed) text(s site, t ir.Type, name string) Type {
	ty := m.t.pointer(nil, name)
	elem := integer(1, false, "char")
	elem.Char = true
	if s.chars == Wide {
		elem.Size = 2
	}
	ty.Text, ty.Writes, ty.Elem = s.chars, t == "StringBuilder", &elem
	if s.generated && s.chars == NoText {
		ty.Elem = nil
	}
	return ty
}

// declared is the native form of a type of the unit.
func (m *managed) declared(s site, d *link.Type, t ir.Type, name string, ma *marshalAs) Type {
	if strings.ContainsRune(string(t), '<') {
		return unknown(name, "`"+name+"` is generic")
	}
	switch d.Kind {
	case ir.TypeEnum:
		code := "i32"
		if len(d.Bases) > 0 {
			if c := dotnetTypes()[d.Bases[0]]; c != "" {
				code = c
			}
		}
		ty := m.code(code, name)
		ty.Decl = d
		return ty
	case ir.TypeDelegate:
		return m.code("fn", name)
	case ir.TypeInterface:
		return m.t.pointer(nil, name)
	case ir.TypeStruct, ir.TypeRecordStruct:
		r := record(m.record(d, s.raw || s.generated))
		r.Name, r.Decl = name, d
		if ma != nil && (ma.kind == "LPStruct" || ma.kind == "LPArray") {
			return m.t.pointer(&r, name)
		}
		return r
	}
	return m.class(s, d, name, ma)
}

func (m *managed) class(s site, d *link.Type, name string, ma *marshalAs) Type {
	switch {
	case d.IsSafeHandle:
		return m.t.word(true, name)
	case s.generated:
		return unknown(name, "the marshaller of `"+name+"` decides how it crosses")
	case layoutOf(d) == "":
		return unknown(name, "the class `"+name+"` has no layout")
	}
	r := record(m.record(d, false))
	r.Name = name
	if s.field {
		return r
	}
	p := m.t.pointer(&r, name)
	p.Writes = m.blittable(d, 0)
	return p
}

// library is the native form of a type that the unit does not declare.
func (m *managed) library(s site, t, name string, ma *marshalAs) Type {
	base, args, generic := strings.Cut(t, "<")
	if generic {
		switch base {
		case "Span", "ReadOnlySpan":
			if s.generated {
				return m.array(s, ir.Type(strings.TrimSuffix(args, ">")+"[]"), name, nil)
			}
		case "Func", "Action", "EventHandler":
			return m.code("fn", name)
		}
		return unknown(name, "`"+name+"` is generic")
	}
	if code, ok := s.libraryCode(base); ok {
		ty := m.code(code, name)
		if ma != nil && ma.kind == "LPStruct" {
			return m.t.pointer(&ty, name)
		}
		return ty
	}
	info := m.p.DB.DotNetType(base)
	switch {
	case info != nil && info.SafeHandle, strings.HasPrefix(base, "Safe") && strings.HasSuffix(base, "Handle"):
		return m.t.word(true, name)
	case len(base) > 2 && base[0] == 'I' && base[1] >= 'A' && base[1] <= 'Z' && base[2] >= 'a' && base[2] <= 'z':
		return m.t.pointer(nil, name) // an interface by its name
	}
	return unknown(name, "the type `"+name+"` is not declared here")
}

// libraryCode is the type code of the .NET type of that name, as s sees it.
func (s site) libraryCode(name string) (code string, ok bool) {
	if code, ok = dotnetTypes()[name]; ok || strings.Contains(name, ".") {
		return code, ok
	}
	for _, u := range s.file.Usings {
		if code, ok = dotnetTypes()[u.Name+"."+name]; ok && !u.Static {
			return code, true
		}
	}
	return "", false
}

// shortName is how a type is written in messages: without namespaces.
func shortName(t ir.Type) string {
	s := string(t)
	if strings.ContainsAny(s, "<(") {
		return s
	}
	return s[strings.LastIndexByte(s, '.')+1:]
}
