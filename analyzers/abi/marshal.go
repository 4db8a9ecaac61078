package abi

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// marshalAs is what a MarshalAs attribute says.
type marshalAs struct {
	kind   string // name of the UnmanagedType: "U1", "LPWStr"; "" = it cannot be read
	sub    string // ArraySubType
	size   *ir.AttrArg
	custom bool // MarshalUsing or a custom marshaller
}

// marshalling reads the attributes that say how a value crosses; nil if none does.
func marshalling(attrs []ir.Attr) *marshalAs {
	if ir.Find(attrs, "MarshalUsing") != nil {
		return &marshalAs{custom: true}
	}
	a := ir.Find(attrs, "MarshalAs")
	if a == nil {
		return nil
	}
	m := &marshalAs{size: a.Arg("SizeConst")}
	if arg := a.Arg(""); arg != nil {
		m.kind = unmanagedType(arg.Text)
	}
	if arg := a.Arg("ArraySubType"); arg != nil {
		m.sub = unmanagedType(arg.Text)
	}
	m.custom = m.kind == "CustomMarshaler"
	return m
}

func unmanagedType(text string) string {
	if !strings.Contains(text, "UnmanagedType") && strings.ContainsAny(text, "()0123456789 ") && text != "" {
		return ""
	}
	return text[strings.LastIndexByte(text, '.')+1:]
}

// unmanagedCodes are the type codes of the values of UnmanagedType that fix the native form alone.
var unmanagedCodes = map[string]string{
	"I1": "i8", "U1": "u8", "I2": "i16", "U2": "u16", "I4": "i32", "U4": "u32", "I8": "i64", "U8": "u64",
	"R4": "f32", "R8": "f64", "SysInt": "ip", "SysUInt": "up", "Bool": "b32", "VariantBool": "b16", "Error": "hr",
	"LPStr": "lpstr", "LPUTF8Str": "lpstr", "LPWStr": "lpwstr", "BStr": "bstr", "TBStr": "bstr", "AnsiBStr": "lpstr", "VBByRefStr": "lpstr",
	"Interface": "com", "IUnknown": "com", "IDispatch": "com", "IInspectable": "com", "FunctionPtr": "fn",
	"HString": "h", "SafeArray": "com", "AsAny": "com", "Currency": "i64",
}

// forced is the native form that MarshalAs gives to a value whatever its type; ok is false when the
// type has a say.
func (m *managed) forced(s site, name string, ma *marshalAs) (Type, bool) {
	switch {
	case ma == nil:
		return Type{}, false
	case ma.custom:
		return unknown(name, "a custom marshaller passes `"+name+"`"), true
	case ma.kind == "LPTStr":
		return m.code(map[bool]string{true: "lpwstr", false: "lpstr"}[m.t.OS == Windows && s.chars != Ansi], name), true
	case ma.kind == "AsAny" || ma.kind == "SafeArray":
		return m.t.pointer(nil, name), true
	}
	code, ok := unmanagedCodes[ma.kind]
	if !ok {
		return Type{}, false
	}
	ty := m.code(code, name)
	if ma.kind == "VBByRefStr" {
		ty.Text = s.chars
	}
	return ty, true
}
