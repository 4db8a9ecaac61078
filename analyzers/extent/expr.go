package extent

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Scale is a product of one unknown and a number.
type scaled struct {
	key   string // names the unknown; "" for a plain number
	param int    // C: the parameter that the unknown is, else -1
	times int64
}

// vars are the stores to the variables of a function.
type vars struct {
	f      *ir.Func
	stores []int
	value  []ir.Temp // the only value stored, when stores is 1
	taken  []bool    // the address goes somewhere
}

func newVars(f *ir.Func) *vars {
	v := &vars{f: f, stores: make([]int, f.NumVars()), value: make([]ir.Temp, f.NumVars()), taken: make([]bool, f.NumVars())}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			v.note(&f.Blocks()[i].Instrs[j])
		}
	}
	return v
}

func (v *vars) note(in *ir.Instr) {
	switch in.Op {
	case ir.OpStore:
		if d := v.f.Def(in.A); d != nil && d.Op == ir.OpVarAddr {
			v.stores[d.Var]++
			v.value[d.Var] = in.B
		}
		v.takes(in.B)
	case ir.OpFixed:
		v.stores[in.Var]++
		v.value[in.Var] = in.A
	case ir.OpCall, ir.OpUnknown:
		if in.Call != nil {
			for i := range in.Call.Args {
				v.takes(in.Call.Args[i].Val)
			}
		}
	}
}

func (v *vars) takes(t ir.Temp) {
	if d := v.f.Def(t); d != nil && d.Op == ir.OpVarAddr {
		v.taken[d.Var] = true
	}
}

// isParam is the index of the parameter that variable x is, -1 if it is none.
func (v *vars) isParam(x ir.VarID) int {
	for i, p := range v.f.Params {
		if p == x {
			return i
		}
	}
	return -1
}

// source goes back from temp t through casts and variables that are set once: to a parameter (its
// index) or to the instruction that made the value.
func (v *vars) source(t ir.Temp) (def *ir.Instr, param int) {
	for range 16 {
		d := v.f.Def(t)
		if d == nil {
			return nil, -1
		}
		switch d.Op {
		case ir.OpCast:
			t = d.A
			continue
		case ir.OpLoad:
			a := v.f.Def(d.A)
			if a == nil || a.Op != ir.OpVarAddr {
				return d, -1
			}
			if v.taken[a.Var] {
				return d, -1
			}
			if p := v.isParam(a.Var); p >= 0 {
				if v.stores[a.Var] == 0 {
					return nil, p
				}
				return d, -1
			}
			if v.stores[a.Var] == 1 && v.value[a.Var] != 0 {
				t = v.value[a.Var]
				continue
			}
		}
		return d, -1
	}
	return nil, -1
}

// product reads temp t as an unknown times numbers; leaf names an unknown that is no parameter.
func (v *vars) product(t ir.Temp, leaf func(*ir.Instr) string) (scaled, bool) {
	def, param := v.source(t)
	if param >= 0 {
		return scaled{key: "param:" + v.f.Var(v.f.Params[param]).Name, param: param, times: 1}, true
	}
	if def == nil {
		return scaled{}, false
	}
	switch {
	case def.Op == ir.OpConst && def.Const == ir.ConstInt:
		return scaled{param: -1, times: def.Int}, true
	case def.Op == ir.OpConst && def.Const == ir.ConstSizeof:
		n := SizeOf(def.Type)
		return scaled{param: -1, times: n}, n > 0
	case def.Op == ir.OpBin && def.Sub == ir.Mul:
		a, okA := v.product(def.A, leaf)
		b, okB := v.product(def.B, leaf)
		if !okA || !okB || a.key != "" && b.key != "" {
			return scaled{}, false
		}
		if a.key == "" {
			a, b = b, a
		}
		a.times *= b.times
		return a, true
	case def.Op == ir.OpBin && def.Sub == ir.Shl:
		a, okA := v.product(def.A, leaf)
		b, okB := v.product(def.B, leaf)
		if !okA || !okB || b.key != "" || b.times < 0 || b.times > 16 {
			return scaled{}, false
		}
		a.times <<= b.times
		return a, true
	}
	if leaf != nil {
		if k := leaf(def); k != "" {
			return scaled{key: k, param: -1, times: 1}, true
		}
	}
	return scaled{}, false
}

// sizes are the bytes of types that have the same size wherever C# and C meet.
var sizes = map[ir.Type]int64{
	"char": 1, "signed char": 1, "unsigned char": 1, "bool": 1, "_Bool": 1, "int8_t": 1, "uint8_t": 1, "BYTE": 1, "UCHAR": 1, "CHAR": 1, "u8": 1, "UINT8": 1, "INT8": 1,
	"short": 2, "unsigned short": 2, "short int": 2, "unsigned short int": 2, "int16_t": 2, "uint16_t": 2, "WORD": 2, "USHORT": 2, "SHORT": 2, "WCHAR": 2, "wchar_t": 2,
	"UINT16": 2, "INT16": 2, "int": 4, "unsigned int": 4, "unsigned": 4, "int32_t": 4, "uint32_t": 4, "DWORD": 4, "INT": 4, "UINT": 4, "UINT32": 4, "INT32": 4, "float": 4, "FLOAT": 4,
	"LONG": 4, "ULONG": 4, "long long": 8, "unsigned long long": 8, "int64_t": 8, "uint64_t": 8, "double": 8, "UINT64": 8, "INT64": 8, "LONGLONG": 8, "ULONGLONG": 8,
}

// SizeOf is the size of a C type in bytes, 0 when it is not known or differs between systems.
func SizeOf(t ir.Type) int64 { return sizes[t] }

// managedSizes are the bytes of the unmanaged types of C#.
var managedSizes = map[string]int64{
	"byte": 1, "sbyte": 1, "short": 2, "ushort": 2, "char": 2, "int": 4, "uint": 4, "long": 8, "ulong": 8, "float": 4, "double": 8,
	"Byte": 1, "SByte": 1, "Int16": 2, "UInt16": 2, "Char": 2, "Int32": 4, "UInt32": 4, "Int64": 8, "UInt64": 8, "Single": 4, "Double": 8,
}

// ManagedSize is the size of a C# type in bytes, 0 when it is not known.
func ManagedSize(t ir.Type) int64 { return managedSizes[strings.TrimPrefix(string(t), "System.")] }
