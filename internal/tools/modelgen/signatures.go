package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

func (g *generator) read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(g.dir, name))
}

func (g *generator) readJSON(name string, v any) error {
	b, err := g.read(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (g *generator) copyLines(file, tableName, header string, each func(fields []string)) error {
	b, err := g.read(file)
	if err != nil {
		return err
	}
	t := g.table(tableName, header)
	for _, f := range rowsOf(string(b)) {
		if each != nil {
			each(f)
		}
		t.add(f...)
	}
	return nil
}

// signatures are copied but for unkinded ones; only the order changes (bytewise).
func (g *generator) signatures() error {
	structs, err := g.structNames()
	if err != nil {
		return err
	}
	b, err := g.read("win32_signatures.tsv")
	if err != nil {
		return err
	}
	t := g.table("signatures", "export module flags return parameter...")
	rows := rowsOf(string(b))
	for _, f := range rows {
		g.exports[f[0]] = true
		g.returns[f[0]] = f[3]
	}
	for _, f := range rows {
		if g.unkinded(f) {
			for i := 3; i < len(f); i++ {
				f[i] = ansiStruct.ReplaceAllStringFunc(f[i], func(s string) string {
					if wide := strings.TrimSuffix(s, "A") + "W"; structs[strings.TrimPrefix(wide, "s:")] {
						return wide
					}
					return s
				})
			}
		}
		t.add(f...)
	}
	return nil
}

var ansiStruct = regexp.MustCompile(`\bs:\w+A\b`)

// unkinded tells whether a function has no form for each kind of text, and no 8-bit text: where the facts let it take the
// 8-bit form of a structure, they were read from a header without UNICODE; Windows itself takes the UTF-16 one
// (PTConvertDevModeToPrintTicket, CfGetPlaceholderStateFromFindData).
func (g *generator) unkinded(f []string) bool {
	if strings.HasSuffix(f[0], "A") || strings.HasSuffix(f[0], "UTF8") || g.exports[f[0]+"W"] || f[0] == "freeaddrinfo" { // twin of getaddrinfo
		return false
	}
	return !slices.ContainsFunc(f[4:], func(p string) bool { return strings.Contains(p, "lpstr") })
}

func (g *generator) structNames() (map[string]bool, error) {
	var all map[string]json.RawMessage
	names := map[string]bool{}
	err := g.readJSON("win32_structs.json", &all)
	for name := range all {
		names[name] = true
	}
	return names, err
}

func (g *generator) callbacks() error {
	return g.copyLines("win32_callbacks.tsv", "callbacks", "type arch return parameter...", nil)
}

// layout is a structure as win32_structs.json writes it.
type layout struct {
	S   [2]*int  `json:"s"`
	A   [2]*int  `json:"a"`
	P   [2]*int  `json:"p"`
	U   int      `json:"u"`
	F   [][4]any `json:"f"`
	F86 [][3]any `json:"f86"`
	F64 [][3]any `json:"f64"`
	V   string   `json:"v"`
}

func (g *generator) structs() error {
	var all map[string]json.RawMessage
	if err := g.readJSON("win32_structs.json", &all); err != nil {
		return err
	}
	var aliases map[string]json.RawMessage
	if err := json.Unmarshal(all["@alias"], &aliases); err != nil {
		return err
	}
	ta := g.table("structaliases", "name [x86 name] name")
	for _, name := range sortedKeys(aliases) {
		var one string
		var two []string
		switch {
		case json.Unmarshal(aliases[name], &one) == nil:
			ta.add(name, one)
		case json.Unmarshal(aliases[name], &two) == nil:
			ta.add(append([]string{name}, two...)...)
		}
	}
	t := g.table("structs", "name size align pack flags field... (pairs are x86,x64; a field is name:kind:offset; flags u union, k layout checked)")
	for _, name := range sortedKeys(all) {
		if name == "_" || name == "@alias" {
			continue
		}
		var l layout
		if err := json.Unmarshal(all[name], &l); err != nil {
			return fmt.Errorf("struct %s: %w", name, err)
		}
		flags := "-"
		if l.U == 1 {
			flags += "u"
		}
		if l.V != "" {
			flags += "k"
		}
		t.add(append([]string{name, pairText(l.S, "-"), pairText(l.A, "-"), pairText(l.P, "0"), flags}, l.fields()...)...)
	}
	return nil
}

// fields writes the members; members that one target lacks have offset "-" there.
func (l *layout) fields() []string {
	var out []string
	for _, f := range l.F {
		out = append(out, fmt.Sprintf("%v:%v:%s", f[0], f[1], pairOf(number(f[2]), number(f[3]))))
	}
	used := map[string]bool{}
	for _, f := range l.F64 {
		x86 := "-"
		for _, o := range l.F86 {
			if o[0] == f[0] && o[1] == f[1] {
				x86 = number(o[2])
				used[fmt.Sprint(f[0])] = true
			}
		}
		out = append(out, fmt.Sprintf("%v:%v:%s", f[0], f[1], pairOf(x86, number(f[2]))))
	}
	for _, f := range l.F86 {
		if !used[fmt.Sprint(f[0])] {
			out = append(out, fmt.Sprintf("%v:%v:%s", f[0], f[1], pairOf(number(f[2]), "-")))
		}
	}
	return out
}

func number(v any) string {
	if f, ok := v.(float64); ok {
		return strconv.Itoa(int(f))
	}
	return "-"
}

func pairText(p [2]*int, missing string) string {
	s := [2]string{missing, missing}
	for i, v := range p {
		if v != nil {
			s[i] = strconv.Itoa(*v)
		}
	}
	return pairOf(s[0], s[1])
}

func pairOf(a, b string) string {
	if a == b {
		return a
	}
	return a + "," + b
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func join(list []string) string {
	if len(list) == 0 {
		return "-"
	}
	return strings.Join(list, ",")
}
