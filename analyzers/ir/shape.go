package ir

import (
	"hash/maphash"
	"reflect"
	"strconv"
	"strings"
)

// Shape is what a file declares, without bodies and without places: what other files can see of it,
// apart from what its functions do.
type Shape struct {
	Items []ShapeItem // in the order of the file, kind by kind
}

// ShapeItem is one declaration.
type ShapeItem struct {
	Key   string   // tells it from its neighbours: "M:Ns.T.F(int)"
	Names []string // the words by which code refers to it
	Hash  uint64   // of all that it says
	// Wide: a change of it can change what code means that does not name it: types, usings, includes.
	Wide bool
}

var shapeSeed = maphash.MakeSeed()

// ShapeOf sums a file up.
func ShapeOf(f *File) *Shape {
	s := &Shape{}
	s.add("#file", true, []any{f.Path, f.Lang, f.Usings, f.Includes, f.CPlusPlus})
	for _, d := range f.Types {
		s.add("T:"+d.Name, true, d, last(d.Name))
	}
	for _, d := range f.Typedefs {
		s.add("t:"+d.Name, true, d, d.Name)
	}
	for _, d := range f.Fields {
		s.add("F:"+d.Owner+"."+d.Name, false, d, d.Name)
	}
	for _, d := range f.Props {
		s.add("P:"+d.Owner+"."+d.Name, false, d, d.Name)
	}
	for _, d := range f.Imports {
		s.add("I:"+d.Owner+"."+d.Name, false, d, d.Name)
	}
	for _, d := range f.Consts {
		s.add("C:"+d.Owner+"."+d.Name, false, d, d.Name)
	}
	for _, d := range f.Protos {
		s.add("p:"+d.Name, false, d, d.Name)
	}
	for _, d := range f.Macros {
		s.add("m:"+d.Name, false, d, d.Name)
	}
	for _, d := range f.Heads {
		s.add("h:"+d.Name, false, d, d.Name)
	}
	for _, d := range f.Exits {
		s.add("x:"+d.Name, false, d, d.Name)
	}
	for _, fn := range f.Funcs {
		s.function(f, fn)
	}
	return s
}

// function adds a function: its signature, and its body where that gives fields their values.
func (s *Shape) function(f *File, fn *Func) {
	head := []any{fn.Name, fn.Owner, fn.Kind, fn.Flags, fn.Index, fn.Parent, fn.Ret, fn.Attrs, fn.View, fn.This == NoVar}
	for _, p := range fn.Params {
		head = append(head, fn.Vars[p].Name, fn.Vars[p].Type, fn.Vars[p].Ref, fn.Vars[p].Flags)
	}
	var names []string
	if fn.Kind != FuncLambda && fn.Kind != FuncLocal {
		names = []string{strings.TrimPrefix(strings.TrimPrefix(fn.Name, "get_"), "set_"), last(fn.Owner)}
	}
	s.add(fn.Key(), false, head, names...)
	if fn.Kind == FuncInit || fn.Kind == FuncStaticCtor {
		var fields []string
		for _, d := range f.Fields {
			if d.Owner == fn.Owner {
				fields = append(fields, d.Name)
			}
		}
		s.add("B:"+fn.Owner, false, fn.Blocks(), fields...)
	}
}

// Key tells a function from most of its neighbours.
func (f *Func) Key() string {
	var b strings.Builder
	b.WriteString("M:" + f.FullName() + "(")
	for _, p := range f.Params {
		b.WriteString(string(f.Vars[p].Type) + ",")
	}
	b.WriteString(")" + strconv.Itoa(int(f.View)))
	return b.String()
}

func (s *Shape) add(key string, wide bool, v any, names ...string) {
	var h maphash.Hash
	h.SetSeed(shapeSeed)
	hashValue(&h, reflect.ValueOf(v))
	s.Items = append(s.Items, ShapeItem{Key: key, Names: names, Hash: h.Sum64(), Wide: wide})
}

func last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// Same tells whether two files declare the same in the same order.
func (s *Shape) Same(o *Shape) bool {
	if len(s.Items) != len(o.Items) {
		return false
	}
	for i := range s.Items {
		if s.Items[i].Key != o.Items[i].Key || s.Items[i].Hash != o.Items[i].Hash {
			return false
		}
	}
	return true
}

// Differences are the words by which code refers to what differs between two shapes. wide says that
// code may mean something else without naming any of it.
func (s *Shape) Differences(o *Shape) (names map[string]bool, wide bool) {
	names = map[string]bool{}
	count := map[ShapeKey]int{}
	for i := range s.Items {
		count[s.Items[i].key()]++
	}
	for i := range o.Items {
		count[o.Items[i].key()]--
	}
	for _, items := range [][]ShapeItem{s.Items, o.Items} {
		for i := range items {
			if count[items[i].key()] != 0 {
				wide = wide || items[i].Wide
				for _, n := range items[i].Names {
					names[n] = true
				}
			}
		}
	}
	return names, wide
}

// ShapeKey tells versions of declarations apart.
type ShapeKey struct {
	Key  string
	Hash uint64
}

func (i *ShapeItem) key() ShapeKey { return ShapeKey{i.Key, i.Hash} }

var (
	spanType = reflect.TypeFor[Span]()
	fileType = reflect.TypeFor[*File]()
)

// hashValue hashes by content; places do not count.
func hashValue(h *maphash.Hash, v reflect.Value) {
	if !v.IsValid() || v.Type() == spanType || v.Type() == fileType {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			h.WriteByte(0)
			return
		}
		h.WriteByte(1)
		hashValue(h, v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			hashValue(h, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		maphash.WriteComparable(h, v.Len())
		for i := range v.Len() {
			hashValue(h, v.Index(i))
		}
	case reflect.String:
		maphash.WriteComparable(h, v.Len())
		h.WriteString(v.String())
	case reflect.Bool:
		maphash.WriteComparable(h, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		maphash.WriteComparable(h, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		maphash.WriteComparable(h, v.Uint())
	}
}

// Adopt makes old say what now says. Functions and imports that both have stay the same objects, so
// that whoever knows them sees the new version; where both have the same shape, so does everything
// else. now must not be used afterwards.
func Adopt(old, now *File, sameShape bool) {
	if sameShape {
		now.Types, now.Fields, now.Props = into(old.Types, now.Types), into(old.Fields, now.Fields), into(old.Props, now.Props)
		now.Consts, now.Typedefs = into(old.Consts, now.Consts), into(old.Typedefs, now.Typedefs)
		now.Protos, now.Macros = into(old.Protos, now.Protos), into(old.Macros, now.Macros)
		now.Heads, now.Exits = into(old.Heads, now.Heads), into(old.Exits, now.Exits)
	}
	now.Imports = match(old.Imports, now.Imports, func(i *Import) string { return i.Owner + "." + i.Name })
	now.Funcs = match(old.Funcs, now.Funcs, (*Func).Key)
	*old = *now
	for _, f := range old.Funcs {
		f.File = old
	}
}

// into puts new contents into old objects, one by one.
func into[T any](old, now []*T) []*T {
	for i := range now {
		*old[i] = *now[i]
	}
	return old
}

// match puts new contents into the old objects of the same key, in order.
func match[T any](old, now []*T, key func(*T) string) []*T {
	have := map[string][]*T{}
	for _, o := range old {
		have[key(o)] = append(have[key(o)], o)
	}
	out := make([]*T, len(now))
	for i, n := range now {
		k := key(n)
		if list := have[k]; len(list) > 0 {
			*list[0] = *n
			out[i], have[k] = list[0], list[1:]
		} else {
			out[i] = n
		}
	}
	return out
}
