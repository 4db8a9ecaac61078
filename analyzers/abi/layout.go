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
	To           *Field // of the native struct; nil for TotalSize
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

type recordPair struct{ h, w *Record }

// comparer compares structs, and each pair of nested ones once.
type comparer map[recordPair]compared

type compared struct {
	diff   *StructDiff
	named  bool        // the names of most fields agree, so that the two certainly mean the same
	nested []fieldPair // structs among the fields
}

// of returns the first difference between the C# struct h and the native struct w, none if they agree
// or cannot be set side by side.
func (c comparer) of(h, w *Record) compared {
	key := recordPair{h, w}
	x, ok := c[key]
	if !ok {
		x.diff, x.named, x.nested = c.compute(h, w)
		c[key] = x
	}
	return x
}

func (c comparer) compute(h, w *Record) (diff *StructDiff, named bool, nested []fieldPair) {
	p := pair(h, w)
	for _, x := range p.pairs {
		if x.h.Type.Rec != nil && x.w.Type.Rec != nil && x.h.Type.Rec.Decl != nil {
			nested = append(nested, x)
		}
	}
	for _, x := range nested {
		if c.of(x.h.Type.Rec, x.w.Type.Rec).diff != nil {
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
	d = &StructDiff{Field: x.h.Name, NativeField: x.w.Name, To: x.w, Span: x.h.Span, File: x.h.File, Type: spellField(x.h), Native: spellField(x.w)}
	switch {
	case strings.Contains(strings.ToLower(x.w.Name), "reserved"):
		return nil, false // room that versions of a header cut up in other ways
	case x.h.Offset != x.w.Offset:
		d.Kind, d.Have, d.Want = FieldOffset, x.h.Offset, x.w.Offset
	case x.w.Type.Kind == Unknown, x.h.Size() == x.w.Size(), x.tail(p.w), x.intoPadding(p.w), x.w.Bits > 0, shares(p.w, x.w), strings.Contains(x.w.Name, "bitfield"),
		x.h.Type.Kind == Struct && strings.Contains(x.w.Name, "."):
		return nil, false
	case x.h.Type.Kind == Struct && x.w.Type.Kind == Struct && x.h.Count == 0:
		return nil, true // structs of other kinds
	default:
		d.Kind, d.Have, d.Want = FieldWidth, x.h.Size(), x.w.Size()
	}
	return d, true
}

// shares tells whether another field of r lies in the same room: of a union, each has its own width.
func shares(r *Record, f *Field) bool {
	for i := range r.Fields {
		o := &r.Fields[i]
		if o != f && o.Offset < f.Offset+f.Size() && f.Offset < o.Offset+o.Size() {
			return true
		}
	}
	return false
}

// tail tells whether the field is an array at the end that stands for any number of elements.
func (x fieldPair) tail(w *Record) bool {
	last := &w.Fields[len(w.Fields)-1]
	return x.w == last && (w.Tail || x.w.Count == 1)
}

// intoPadding tells whether the field is a longer array only by room that the native struct leaves before the next field.
func (x fieldPair) intoPadding(w *Record) bool {
	if x.h.Count < x.w.Count || x.w.Count == 0 || x.h.Size()*x.w.Count != x.w.Size()*x.h.Count {
		return false
	}
	end, next := x.w.Offset+x.h.Size(), w.Size
	for i := range w.Fields {
		if at := w.Fields[i].Offset; at > x.w.Offset {
			next = min(next, at)
		}
	}
	return end <= next
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

// pair finds the counterparts: by place when both have the same number of fields, but not all names of the other, else by name.
func pair(h, w *Record) *pairing {
	p := &pairing{h: h, w: w}
	byName := match(h, w)
	hits := 0
	for i := range h.Fields {
		if byName[&h.Fields[i]] != nil {
			hits++
		}
	}
	p.named = len(h.Fields) > 0 && hits*2 >= len(h.Fields)
	p.complete = len(h.Fields) == len(w.Fields) && !overlaps(w) && !overlaps(h)
	if p.complete && !allNamed(byName, h) {
		for i := range h.Fields {
			p.pairs = append(p.pairs, fieldPair{&h.Fields[i], &w.Fields[i]})
		}
		return p
	}
	if hits*3 < len(h.Fields)*2 || hits < 2 {
		return p
	}
	p.named = true
	for i := range h.Fields {
		if f := byName[&h.Fields[i]]; f != nil {
			p.pairs = append(p.pairs, fieldPair{&h.Fields[i], f})
		}
	}
	return p
}

// allNamed tells whether every field of h has a counterpart of its own.
func allNamed(byName map[*Field]*Field, h *Record) bool {
	seen := map[*Field]bool{}
	for i := range h.Fields {
		f := byName[&h.Fields[i]]
		if f == nil || seen[f] {
			return false
		}
		seen[f] = true
	}
	return true
}

// match finds fields of the same name: exactly but for case, else without the prefix that tells the
// type, if that is clear on both sides.
func match(h, w *Record) map[*Field]*Field {
	out := map[*Field]*Field{}
	for _, key := range []func(string) string{plainKey, fieldKey} {
		have, want := index(h, key), index(w, key)
		for i := range h.Fields {
			f := &h.Fields[i]
			k := key(f.Name)
			if out[f] == nil && len(have[k]) == 1 && len(want[k]) == 1 {
				out[f] = want[k][0]
			}
		}
	}
	return out
}

func index(r *Record, key func(string) string) map[string][]*Field {
	out := map[string][]*Field{}
	for i := range r.Fields {
		k := key(r.Fields[i].Name)
		out[k] = append(out[k], &r.Fields[i])
	}
	return out
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

// plainKey is a name without case and underscores.
func plainKey(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "m_"), "_", ""))
}

// fieldKey is plainKey without the lower-case prefix that tells the type.
func fieldKey(name string) string {
	name = strings.TrimPrefix(name[strings.LastIndexByte(name, '.')+1:], "m_")
	for i := 0; i < len(name)-1 && i <= 4; i++ {
		if c := name[i]; c >= 'A' && c <= 'Z' {
			return plainKey(name[i:])
		} else if c < 'a' || c > 'z' {
			break
		}
	}
	return plainKey(name)
}

// sameName tells whether two structs bear one name: but for case, underscores, a tag's prefix and
// the A or W of a family.
func sameName(h, w string) bool {
	h, w = typeKey(h), typeKey(w)
	return h == w || h+"w" == w || h+"a" == w || w+"w" == h || w+"a" == h
}

// typeKey is the name of a struct without what only tells that it is one: a tag's prefix or suffix.
func typeKey(name string) string {
	for _, suffix := range []string{"_s", "_t", "_st", "_tag", "_struct"} {
		if short, ok := strings.CutSuffix(name, suffix); ok && short != "" {
			name = short
			break
		}
	}
	return plainKey(strings.TrimPrefix(strings.TrimPrefix(name, "_"), "tag"))
}

// variant tells whether one name continues the other: an older version, an extended struct, the
// layout of another word size. Such structs differ on purpose.
func variant(h, w string) bool {
	h, w = typeKey(h), typeKey(w)
	digits := func(s string) string { return strings.TrimRight(s, "0123456789") }
	return !sameName(h, w) && (strings.HasPrefix(h, w) || strings.HasPrefix(w, h) || digits(h) == digits(w))
}
