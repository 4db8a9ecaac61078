package models

import "strings"

// Struct returns the layout of a Windows structure by its name, nil if unknown.
func (db *DB) Struct(name string) *Struct {
	block := db.rows(relStructs, name)
	if block == "" {
		eachRow(db.rows(relStructAliases, name), func(f []string) { block = db.rows(relStructs, f[len(f)-1]) })
	}
	var out *Struct
	eachRow(block, func(f []string) { out = decodeStruct(f) })
	return out
}

// structs: name size86,size64 align86,align64 pack86,pack64 flags field...
// a field is "name:kind:off86:off64"; "-" for absent; flags: u union, k checked.
func decodeStruct(f []string) *Struct {
	s := &Struct{Name: f[0], Size: pair(field(f, 1)), Align: pair(field(f, 2)), Pack: pair(field(f, 3))}
	s.Union = strings.Contains(field(f, 4), "u")
	s.Checked = strings.Contains(field(f, 4), "k")
	for i := 5; i < len(f); i++ {
		name, rest, _ := strings.Cut(f[i], ":")
		kind, offs := rest, ""
		if j := strings.LastIndexByte(rest, ':'); j >= 0 {
			kind, offs = rest[:j], rest[j+1:]
		}
		s.Fields = append(s.Fields, Field{Name: name, Kind: kind, Offset: pair(offs)})
	}
	return s
}

// pair reads "20,32"; "-" is -1, one number stands for both.
func pair(s string) [2]int {
	a, b, two := strings.Cut(s, ",")
	if !two {
		b = a
	}
	return [2]int{atoi(a, -1), atoi(b, -1)}
}

// Callback returns a function pointer type by its name, nil if unknown.
func (db *DB) Callback(name string) *Callback {
	var out *Callback
	eachRow(db.rows(relCallbacks, name), func(f []string) {
		arch := archNames(strings.TrimPrefix(dash(field(f, 1)), "@"))
		if out != nil && archRank(out.Arch) >= archRank(arch) {
			return
		}
		out = &Callback{Name: f[0], Arch: arch, Return: decodeType(field(f, 2))}
		for i := 3; i < len(f); i++ {
			out.Params = append(out.Params, decodeParam(f[i]))
		}
	})
	return out
}
