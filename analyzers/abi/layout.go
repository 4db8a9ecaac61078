package abi

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// StructDiffKind tells how two layouts differ.
type StructDiffKind uint8

// Kinds of differences between structs.
const (
	FieldWidth  StructDiffKind = iota + 1 // a field has another width
	FieldOffset                           // a field lies at another offset
	TotalSize                             // only the size as a whole differs
)

func (k StructDiffKind) String() string { return [...]string{"", "width", "offset", "size"}[k] }

// StructDiff is the first place where two layouts part on some targets.
type StructDiff struct {
	Kind         StructDiffKind
	Field        string // of the C# struct; "" for TotalSize
	NativeField  string
	Span         ir.Span // of the field, or of the struct's name
	File         *ir.File
	Have, Want   int    // widths, offsets or sizes in bytes, on the first of the targets
	Type, Native string // types of the fields, spelled for people
	Targets      TargetSet
}

// pairing sets the fields of two structs side by side.
type pairing struct {
	h, w     *Record
	pairs    []fieldPair
	named    bool // most names agree
	complete bool // every field has its counterpart
}

type fieldPair struct{ h, w *Field }

// CompareStruct returns the first difference between the C# struct h and the native struct w, nil if
// they agree or cannot be set side by side. named tells that the names of most fields agree, so that
// they certainly mean the same; nested are the pairs of structs among the fields.
func CompareStruct(h, w *Record) (diff *StructDiff, named bool, nested []fieldPair) {
	p := pair(h, w)
	for _, x := range p.pairs {
		if x.h.Type.Rec != nil && x.w.Type.Rec != nil && x.h.Type.Rec.Decl != nil {
			nested = append(nested, x)
		}
	}
	for _, x := range nested {
		if inner, _, _ := CompareStruct(x.h.Type.Rec, x.w.Type.Rec); inner != nil {
			return nil, p.named, nested // what is wrong here follows from that
		}
	}
	for _, x := range p.pairs {
		if d, stop := x.compare(p); stop {
			return d, p.named, nested
		}
	}
	if p.complete && !w.Tail && h.Size != w.Size && !paddedOnly(h, w) {
		d := &StructDiff{Kind: TotalSize, Have: h.Size, Want: w.Size, Type: h.Name, Native: w.Name, File: h.File}
		if h.Decl != nil {
			d.Span = h.Decl.NameSpan
		}
		return d, p.named, nested
	}
	return nil, p.named, nested
}

// paddedOnly tells whether h merely has room behind the last field that w lacks, and no field that
// states its size: whoever gets such a struct does not see it.
func paddedOnly(h, w *Record) bool {
	first := fieldKey(w.Fields[0].Name)
	states := strings.Contains(first, "size") || strings.HasPrefix(w.Fields[0].Name, "cb") || strings.Contains(first, "length")
	return h.Size > w.Size && h.Size-w.Size < 8 && !states
}

// compare returns how one pair differs; stop says that the fields after it tell nothing more.
func (x fieldPair) compare(p *pairing) (d *StructDiff, stop bool) {
	d = &StructDiff{Field: x.h.Name, NativeField: x.w.Name, Span: x.h.Span, File: x.h.File, Type: spellField(x.h), Native: spellField(x.w)}
	switch {
	case x.h.Offset != x.w.Offset:
		d.Kind, d.Have, d.Want = FieldOffset, x.h.Offset, x.w.Offset
	case x.w.Type.Kind == Unknown, x.h.Size() == x.w.Size(), x.tail(p.w), x.w.Bits > 0:
		return nil, false
	case x.h.Type.Kind == Struct && x.w.Type.Kind == Struct && x.h.Count == 0:
		return nil, true // structs of other kinds
	default:
		d.Kind, d.Have, d.Want = FieldWidth, x.h.Size(), x.w.Size()
	}
	return d, true
}

// tail tells whether the field is an array at the end that stands for any number of elements.
func (x fieldPair) tail(w *Record) bool {
	last := &w.Fields[len(w.Fields)-1]
	return x.w == last && (w.Tail || x.w.Count == 1)
}

func spellField(f *Field) string {
	if f.Count > 0 && !strings.HasSuffix(f.Type.Name, "]") {
		return f.Type.Name + "[" + itoa(f.Count) + "]"
	}
	return f.Type.Name
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// pair finds the counterparts: by place when both have the same number of fields, else by name.
func pair(h, w *Record) *pairing {
	p := &pairing{h: h, w: w}
	byName := map[string]*Field{}
	for i := range w.Fields {
		f := &w.Fields[i]
		key := fieldKey(f.Name)
		if byName[key] == nil {
			byName[key] = f
		}
	}
	hits := 0
	for i := range h.Fields {
		if byName[fieldKey(h.Fields[i].Name)] != nil {
			hits++
		}
	}
	p.named = len(h.Fields) > 0 && hits*2 >= len(h.Fields)
	if len(h.Fields) == len(w.Fields) && !overlaps(w) && !overlaps(h) {
		for i := range h.Fields {
			p.pairs = append(p.pairs, fieldPair{&h.Fields[i], &w.Fields[i]})
		}
		p.complete = true
		return p
	}
	if hits*3 < len(h.Fields)*2 || hits < 2 {
		return p
	}
	p.named = true
	for i := range h.Fields {
		if f := byName[fieldKey(h.Fields[i].Name)]; f != nil {
			p.pairs = append(p.pairs, fieldPair{&h.Fields[i], f})
		}
	}
	return p
}

// overlaps tells whether fields share room, so that their number says nothing.
func overlaps(r *Record) bool {
	end := 0
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.Offset < end {
			return true
		}
		end = f.Offset + f.Size()
	}
	return false
}

// fieldKey is a name without case, underscores and the lower-case prefix that tells its type.
func fieldKey(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	name = strings.TrimPrefix(name, "m_")
	for i := 1; i < len(name)-1; i++ {
		if c := name[i]; c >= 'A' && c <= 'Z' && name[i-1] >= 'a' && name[i-1] <= 'z' && i <= 4 {
			name = name[i:]
			break
		} else if c < 'a' || c > 'z' {
			break
		}
	}
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}
