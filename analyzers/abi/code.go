package abi

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/models"
)

// native lays out the types that the models and the tables of this package describe by codes (see
// analyzers/models/data/SOURCES.md), on one target.
type native struct {
	db   *models.DB
	t    Target
	done map[string]*Record // structures that were laid out; nil = not kept
}

//go:embed data/ctypes.tsv
var cTypesText string

//go:embed data/dotnet.tsv
var dotnetText string

// cTypes are the type names of C, its library and the Windows SDK; dotnetTypes the types of the
// .NET library with a layout. The values are codes.
var (
	cTypes      = sync.OnceValue(func() map[string]string { return readTable(cTypesText) })
	dotnetTypes = sync.OnceValue(func() map[string]string { return readTable(dotnetText) })
)

func readTable(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		name, code, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && !strings.HasPrefix(line, "#") {
			out[name] = code
		}
	}
	return out
}

// code decodes a type code; name is how to spell the type, "" = by the code.
func (n native) code(code, name string) Type { return n.decode(code, name, 0) }

const maxNesting = 12

func (n native) decode(code, name string, depth int) Type {
	if name == "" {
		name = spellCode(code)
	}
	if strings.HasPrefix(code, "*") {
		elem := n.decode(code[1:], "", depth+1)
		p := n.t.pointer(&elem, name)
		switch {
		case elem.Kind == Int && elem.Char && elem.Size == 2:
			p.Text = Wide
		case elem.Kind == Int && elem.Size == 1:
			p.Text = Ansi
		}
		return p
	}
	base, sub, _ := strings.Cut(code, ":")
	switch base {
	case "v":
		return Type{Kind: Void, Name: name}
	case "ip", "up":
		return n.t.word(false, name)
	case "h":
		return n.t.word(true, name)
	case "com":
		return n.t.pointer(nil, name)
	case "fn":
		p := n.t.pointer(nil, name)
		p.Func = true
		return p
	case "lpstr", "lpwstr", "bstr":
		p := n.t.pointer(nil, name)
		p.Text = map[string]Text{"lpstr": Ansi, "lpwstr": Wide, "bstr": BSTR}[base]
		elem := integer(map[bool]int{true: 1, false: 2}[base == "lpstr"], false, "")
		elem.Char = true
		p.Elem = &elem
		return p
	case "guid":
		return record(&Record{Name: "GUID", Size: 16, Align: 4, Model: true})
	case "s":
		return n.structure(sub, depth)
	case "size": // size86,size64/align of the .NET library
		return n.sized(sub, name)
	case "long":
		return n.t.eight(integer(n.t.Long(), sub != "u", name))
	case "wchar":
		w := integer(n.t.WChar(), false, name)
		w.Char = true
		return w
	}
	return n.scalar(base, name, code)
}

// scalar decodes numbers: a letter or two and the width in bits.
func (n native) scalar(base, name, code string) Type {
	switch base {
	case "hr", "nt":
		return integer(4, true, name)
	}
	at := strings.IndexAny(base, "0123456789")
	if at < 1 {
		return unknown(name, "nothing is known of the native type "+spellCode(code))
	}
	width, _ := strconv.Atoi(base[at:])
	out := n.t.eight(integer(width/8, base[0] == 'i', name))
	switch base[:at] {
	case "f":
		out.Kind = Float
	case "b":
		out.Bool = true
	case "c":
		out.Char = true
	}
	return out
}

func (n native) sized(sub, name string) Type {
	sizes, align, _ := strings.Cut(sub, "/")
	small, large, two := strings.Cut(sizes, ",")
	if two && n.t.Ptr() == 8 {
		small = large
	}
	size, _ := strconv.Atoi(small)
	a, _ := strconv.Atoi(align)
	return record(&Record{Name: name, Size: size, Align: a, Model: true})
}

// structure is the layout of a Windows structure.
func (n native) structure(name string, depth int) Type {
	if r := n.done[name]; r != nil {
		return record(r)
	}
	r := n.layOut(name, depth)
	if n.done != nil {
		n.done[name] = r
	}
	return record(r)
}

func (n native) layOut(name string, depth int) *Record {
	opaque := func(why string) *Record { return &Record{Name: name, Model: true, Why: why} }
	if depth > maxNesting {
		return opaque("structures nest too deeply")
	}
	s := n.db.Struct(name)
	if s == nil || n.t.OS != Windows {
		return opaque("the layout of " + name + " is not known")
	}
	i := 0
	if n.t.Ptr() == 8 {
		i = 1
	}
	if s.Size[i] < 0 {
		return opaque(name + " does not exist there")
	}
	r := &Record{Name: s.Name, Size: s.Size[i], Align: s.Align[i], Pack: max(s.Pack[i], 0), Union: s.Union, Model: true}
	for k := range s.Fields {
		f := &s.Fields[k]
		if f.Offset[i] < 0 || f.Kind == "{s}" || f.Kind == "{u}" {
			continue
		}
		n.member(r, f, f.Offset[i], depth)
	}
	return r
}

func (n native) member(r *Record, f *models.Field, offset, depth int) {
	kind, count, tail := cutArray(f.Kind)
	ty := n.t.pointer(nil, "") // what members point to is not compared
	if strings.HasPrefix(kind, "*") {
		ty.Name = spellCode(kind)
	} else {
		ty = n.decode(kind, "", depth+1)
	}
	if tail {
		r.Tail, count = true, 1
	}
	r.Fields = append(r.Fields, Field{Name: f.Name, Offset: offset, Type: ty, Count: count})
}

// cutArray splits "u8[16]"; for "u8[]" tail is set.
func cutArray(kind string) (elem string, count int, tail bool) {
	if !strings.HasSuffix(kind, "]") {
		return kind, 0, false
	}
	at := strings.IndexByte(kind, '[')
	count = 1
	for _, dim := range strings.Split(kind[at+1:len(kind)-1], "][") {
		if dim == "" {
			tail = true
			continue
		}
		n, _ := strconv.Atoi(dim)
		count *= n
	}
	return kind[:at], count, tail
}

var codeNames = map[string]string{
	"v": "void", "i8": "INT8", "u8": "BYTE", "i16": "SHORT", "u16": "WORD", "i32": "LONG", "u32": "DWORD", "i64": "LONGLONG", "u64": "ULONGLONG",
	"f32": "float", "f64": "double", "c8": "char", "c16": "WCHAR", "b32": "BOOL", "b8": "BOOLEAN", "b16": "VARIANT_BOOL",
	"e8": "8-bit enum", "e16": "16-bit enum", "e32": "32-bit enum", "e64": "64-bit enum", "hr": "HRESULT", "nt": "NTSTATUS",
	"ip": "LONG_PTR", "up": "ULONG_PTR", "h": "HANDLE", "lpstr": "LPSTR", "lpwstr": "LPWSTR", "bstr": "BSTR", "guid": "GUID",
	"fn": "function pointer", "com": "IUnknown*",
}

// spellCode writes a code the way a header would.
func spellCode(code string) string {
	stars := len(code) - len(strings.TrimLeft(code, "*"))
	base, sub, named := strings.Cut(code[stars:], ":")
	name := codeNames[base]
	switch {
	case named && base == "com":
		name = sub + "*"
	case named:
		name = sub
	case name == "":
		name = base
	}
	return name + strings.Repeat("*", stars)
}
