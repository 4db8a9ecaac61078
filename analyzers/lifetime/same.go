package lifetime

import (
	"reflect"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// sameToCallers tells whether callers of a function see the same as before, places in steps
// included. It may say no where they do.
func sameToCallers(a, b *funcResult) bool {
	if a.interest != b.interest || a.crossing != b.crossing || a.waits != b.waits || a.readsError != b.readsError {
		return false
	}
	return a.sum == b.sum || same(reflect.ValueOf(a.sum), reflect.ValueOf(b.sum), 0)
}

// byIdentity are pointers to what is not part of a summary.
var byIdentity = map[reflect.Type]bool{
	reflect.TypeFor[*ir.File](): true, reflect.TypeFor[*ir.Func](): true, reflect.TypeFor[*ir.Import](): true, reflect.TypeFor[*ir.Instr](): true,
	reflect.TypeFor[*link.Target](): true, reflect.TypeFor[*link.Type](): true, reflect.TypeFor[*link.NativeBinding](): true,
	reflect.TypeFor[*models.Func](): true, reflect.TypeFor[*models.Acquire](): true, reflect.TypeFor[*models.Member](): true,
}

// maxSame bounds the depth of what is compared; deeper structures count as different.
const maxSame = 400

// same compares two values by content.
func same(a, b reflect.Value, depth int) bool {
	if depth > maxSame {
		return false
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.Pointer() == b.Pointer() {
			return true
		}
		if a.IsNil() || b.IsNil() || byIdentity[a.Type()] {
			return false
		}
		return same(a.Elem(), b.Elem(), depth+1)
	case reflect.Struct:
		for i := range a.NumField() {
			if !same(a.Field(i), b.Field(i), depth+1) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		if a.Len() > 0 && a.Pointer() == b.Pointer() {
			return true
		}
		fallthrough
	case reflect.Array:
		for i := range a.Len() {
			if !same(a.Index(i), b.Index(i), depth+1) {
				return false
			}
		}
		return true
	case reflect.Bool:
		return a.Bool() == b.Bool()
	case reflect.String:
		return a.String() == b.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return a.Int() == b.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return a.Uint() == b.Uint()
	}
	return false // nothing else is in a summary: maps, interfaces, functions
}
