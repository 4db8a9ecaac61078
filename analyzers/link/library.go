package link

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// library is what link must know of .NET library types to tell static types: base types, result
// types of members, keyword names. The facts are the tables under data; they were written from the
// public reference. What a member does is not said here but in package models.
type library struct {
	bases    map[string][]string      // type -> base types and interfaces
	members  map[string]libraryMember // "Type.Member"
	types    map[string]bool          // types that have a row of any kind
	structs  map[string]bool
	enums    map[string]bool
	keywords map[string]string // Int32 -> int
	names    map[string]string // int -> Int32
	modules  []string          // system libraries that the models name no function of
}

type libraryMember struct {
	typ   ir.Type // may hold $1, $2: type arguments of the receiver, $T: of the call
	field bool
	prop  bool
	value int64
	known bool // value is the constant's
}

//go:embed data/members.tsv
var membersTable string

//go:embed data/types.tsv
var typesTable string

//go:embed data/modules.tsv
var modulesTable string

var loadLibrary = sync.OnceValue(func() *library {
	l := &library{
		bases: map[string][]string{}, members: map[string]libraryMember{}, types: map[string]bool{},
		structs: map[string]bool{}, enums: map[string]bool{}, keywords: map[string]string{}, names: map[string]string{},
	}
	eachLine(typesTable, l.addType)
	eachLine(membersTable, l.addMember)
	eachLine(modulesTable, func(f []string) { l.modules = append(l.modules, f[0]) })
	return l
})

func eachLine(table string, do func(f []string)) {
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && line[0] != '#' {
			do(strings.Split(line, "\t"))
		}
	}
}

// addType reads "name kind bases": kind is s (struct), e (enum), c (class), i (interface), or
// "k:word" for a struct and "kc:word" for a class that has a keyword, "a:word" for one more name.
func (l *library) addType(f []string) {
	if len(f) < 2 {
		return
	}
	name := f[0]
	l.types[name] = true
	kind, word, _ := strings.Cut(f[1], ":")
	if kind == "a" {
		l.keywords[name] = word
		return
	}
	switch kind {
	case "s", "e", "k":
		l.structs[name] = true
	}
	l.enums[name] = kind == "e"
	if word != "" {
		l.keywords[name] = word
		l.names[word] = name
	}
	if len(f) > 2 && f[2] != "" {
		l.bases[name] = strings.Split(f[2], ",")
	}
}

// addMember reads "Type.Member kind type value": kind is m (method), p (property), f (field).
func (l *library) addMember(f []string) {
	if len(f) < 3 {
		return
	}
	m := libraryMember{typ: ir.Type(f[2]), field: f[1] == "f", prop: f[1] == "p"}
	if len(f) > 3 && f[3] != "" {
		if v, err := strconv.ParseInt(f[3], 0, 64); err == nil {
			m.value, m.known = v, true
		}
	}
	l.members[f[0]] = m
	if t, _, ok := strings.Cut(f[0], "."); ok {
		l.types[t] = true
	}
}

func (l *library) hasType(name string) bool { return l.types[name] }

// keyword returns the C# keyword of a primitive type given by keyword or by name.
func (l *library) keyword(name string) (string, bool) {
	if _, ok := l.names[name]; ok {
		return name, true
	}
	short, ok := strings.CutPrefix(name, "System.")
	if !ok && strings.Contains(name, ".") {
		return "", false
	}
	k, ok := l.keywords[short]
	return k, ok
}

// typeOfKeyword is the library name of a keyword type ("Int32").
func (l *library) typeOfKeyword(word string) (string, bool) {
	n, ok := l.names[word]
	return n, ok
}

// chain calls do for a library type and its base types, nearest first, until it returns true.
func (l *library) chain(name string, depth int, do func(name string) bool) bool {
	if name == "" || depth > maxDepth {
		return false
	}
	if do(name) {
		return true
	}
	for _, b := range l.bases[name] {
		if l.chain(b, depth+1, do) {
			return true
		}
	}
	return false
}

// derives tells whether library type name is base or derives from it.
func (l *library) derives(name, base string) bool {
	return l.chain(name, 0, func(n string) bool { return n == base })
}

// member finds a member of a library type or of its bases.
func (l *library) member(typ, name string) (m libraryMember, owner string, ok bool) {
	l.chain(typ, 0, func(n string) bool {
		m, ok = l.members[n+"."+name]
		owner = n
		return ok
	})
	if !ok {
		if m, ok = l.members["Object."+name]; ok {
			owner = "Object"
		}
	}
	return m, owner, ok
}

// instantiate puts type arguments into the type of a member: args of the receiver for $1, $2 ...,
// and of the call for $T. Where one is missing inside of a larger type the type parameter T stands
// for it ("T[]"); a type that is nothing else becomes "".
func instantiate(t ir.Type, recv, call []ir.Type) ir.Type {
	s := string(t)
	if !strings.ContainsRune(s, '$') {
		return t
	}
	for i, a := range recv {
		s = strings.ReplaceAll(s, "$"+strconv.Itoa(i+1), string(a))
	}
	if len(call) > 0 {
		s = strings.ReplaceAll(s, "$T", string(call[0]))
	}
	for i := strings.IndexByte(s, '$'); i >= 0; i = strings.IndexByte(s, '$') {
		if i == 0 && len(s) <= 3 && !strings.ContainsAny(s, "[<") || s == "$last" {
			return ""
		}
		s = s[:i] + "T" + s[i+2:]
	}
	return ir.Type(s)
}
