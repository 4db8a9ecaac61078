package models

import (
	"sort"
	"strings"
	"sync"
)

// DB is a set of models. It is immutable and safe for concurrent use.
type DB struct {
	layers []*layer
	filter keyFilter // of the keys of all layers

	funcs   sync.Map // name -> *Func (nil pointer when unknown)
	members sync.Map // Type.Member -> []*Member
	types   sync.Map // type -> *TypeInfo
}

var defaultDB = sync.OnceValue(func() *DB {
	return &DB{layers: []*layer{dataLayer(), curatedLayer()}}
})

// Default returns the models that come with pinvet.
func Default() *DB { return defaultDB() }

// Func returns what is known of a function, nil if nothing is. The name is that
// used at the call or in EntryPoint: an export (CreateFileW), a family name
// without its suffix (CreateFile), or a name that stands for a function
// (LPFN_CONNECTEX for ConnectEx).
func (db *DB) Func(name string) *Func {
	if f, ok := db.funcs.Load(name); ok {
		return f.(*Func)
	}
	f := db.build(name)
	got, _ := db.funcs.LoadOrStore(name, f)
	return got.(*Func)
}

// Family returns the name without its A or W suffix when both variants are
// exported, else the name itself.
func (db *DB) Family(name string) string {
	if len(name) < 2 {
		return name
	}
	base, last := name[:len(name)-1], name[len(name)-1]
	switch {
	case last == 'W' && db.rows(relSignatures, base+"A") != "",
		last == 'A' && db.rows(relSignatures, base+"W") != "":
		if db.rows(relSignatures, name) != "" {
			return base
		}
	}
	return name
}

// canonical resolves aliases.
func (db *DB) canonical(name string) string {
	if row := db.rows(relAliases, name); row != "" {
		to := name
		eachRow(row, func(f []string) { to = field(f, 1) })
		return to
	}
	return name
}

// keys are the names under which facts of a function may be filed, best first.
// A name that is no export itself may be a macro over one with the suffix W.
func (db *DB) keys(name, family string) []string {
	keys := []string{name}
	if family != name {
		keys = append(keys, family)
	} else if db.rows(relSignatures, name) == "" && db.rows(relSignatures, name+"W") != "" {
		keys = append(keys, name+"W")
	}
	for _, k := range keys[:len(keys):len(keys)] {
		if twin := ntTwin(k); twin != "" {
			keys = append(keys, twin)
		}
	}
	return keys
}

// ntTwin returns the other name of a system call: NtX for ZwX and the reverse.
func ntTwin(name string) string {
	switch {
	case strings.HasPrefix(name, "Zw"):
		return "Nt" + name[2:]
	case strings.HasPrefix(name, "Nt") && len(name) > 2 && name[2] >= 'A' && name[2] <= 'Z':
		return "Zw" + name[2:]
	}
	return ""
}

func (db *DB) build(name string) *Func {
	if name == "" {
		return nil
	}
	canon := db.canonical(name)
	f := &Func{Name: name, Family: db.Family(canon)}
	f.Sig = db.signature(canon)
	if f.Sig != nil {
		f.DLL = f.Sig.DLL
	}
	keys := db.keys(canon, f.Family)
	known := f.Sig != nil
	facts := func(r relation, decode func(fields []string)) {
		for _, k := range keys {
			if block := db.rows(r, k); block != "" {
				known = true
				eachRow(block, func(s []string) {
					if field(s, 1) != "none" { // "none" hides the rows of lower layers
						decode(s)
					}
				})
				return
			}
		}
	}
	facts(relModules, func(s []string) { f.DLL = field(s, 1) })
	facts(relAcquires, func(s []string) { f.Acquires = append(f.Acquires, decodeAcquire(s)) })
	if f.Sig != nil {
		f.Sig.mendDirections(f.Acquires)
	}
	facts(relReleases, func(s []string) { f.Releases = append(f.Releases, decodeRelease(s)) })
	facts(relSinks, func(s []string) { f.Sinks = append(f.Sinks, decodeSink(s)) })
	facts(relRetains, func(s []string) {
		f.Retained = append(f.Retained, Retained{Param: atoi(field(s, 1), -1), Until: field(s, 2), Note: field(s, 3)})
	})
	facts(relHolds, func(s []string) { f.Holds = append(f.Holds, decodeHold(s)) })
	facts(relOverlapped, func(s []string) { f.Overlapped = decodeOverlapped(s) })
	facts(relWaits, func(s []string) { f.Wait = decodeWait(s) })
	facts(relBlocks, func(s []string) {
		f.MayBlock, f.Block = true, &Block{When: field(s, 1), Bound: field(s, 2)}
	})
	facts(relNoReturn, func(s []string) { f.NoReturn, f.MacroOnly = true, field(s, 2) == "macro" })
	facts(relZeroes, func(s []string) {
		z := Zero{When: decodeWhen(field(s, 2))}
		z.Param, z.Field = decodeWhere(field(s, 1))
		f.Zeroes = append(f.Zeroes, z)
	})
	facts(relImplied, func(s []string) {
		g := Implied{What: Implication(field(s, 2))}
		g.Param, g.Field = decodeWhere(field(s, 1))
		f.Implies = append(f.Implies, g)
	})
	facts(relScopes, func(s []string) {
		f.Scope = &Scope{End: field(s, 1), Success: decodeSuccess(field(s, 2)), Note: field(s, 3)}
	})
	facts(relIRQL, func(s []string) { f.IRQL = &IRQL{Min: field(s, 1), Max: field(s, 2), Raises: field(s, 3)} })
	if !known {
		return nil
	}
	f.Sink = plainSinks(f.Sinks)
	f.Retains = retainedParams(f.Retained)
	f.EndsHold = holdEnds()[f.Family]
	return f
}

func plainSinks(sinks []Sink) []int {
	var out []int
	for _, s := range sinks {
		if s.When.Always() && s.Field == "" {
			out = append(out, s.Param)
		}
	}
	return out
}

func retainedParams(rs []Retained) []int {
	var out []int
	for _, r := range rs {
		out = append(out, r.Param)
	}
	return out
}

// Closers returns the functions that release a kind of resource, best first;
// nil when the kind is unknown. A function's own Acquire.Release is more exact:
// 123 outputs need another function than the usual one of their type.
func (db *DB) Closers(kind string) []string {
	for _, k := range []string{kind, kindBase(kind)} {
		if block := db.rows(relKinds, k); block != "" {
			var out []string
			eachRow(block, func(f []string) { out = list(field(f, 2)) })
			return out
		}
	}
	return nil
}

// ClassOf returns the class of a kind, ClassOther when it is unknown.
func (db *DB) ClassOf(kind string) Class {
	for _, k := range []string{kind, kindBase(kind)} {
		if block := db.rows(relKinds, k); block != "" {
			c := ClassOther
			eachRow(block, func(f []string) { c = Class(field(f, 1)) })
			return c
		}
	}
	return ClassOther
}

// KindMatches tells whether a resource of kind is one that a release of type typ
// takes: equal, or a refinement ("HANDLE:file" for "HANDLE").
func KindMatches(kind, typ string) bool {
	return kind == typ || (strings.HasPrefix(kind, typ) && len(kind) > len(typ) && kind[len(typ)] == ':')
}

func kindBase(kind string) string {
	if i := strings.IndexByte(kind, ':'); i > 0 {
		return kind[:i]
	}
	return kind
}

// IsReleaser tells whether the function releases a resource.
func (db *DB) IsReleaser(name string) bool {
	f := db.Func(name)
	return f != nil && len(f.Releases) > 0
}

// Predefined returns the value of a well-known constant (INVALID_HANDLE_VALUE is
// -1, ERROR_IO_PENDING 997). Values are sign-extended from the width of the
// constant's own type: HKEY_LOCAL_MACHINE is -2147483646, HRESULTs and NTSTATUS
// failures are negative, DWORDs are not.
func (db *DB) Predefined(name string) (int64, bool) {
	block := db.rows(relConstants, name)
	if block == "" {
		return 0, false
	}
	var v int64
	ok := false
	eachRow(block, func(f []string) { v, ok = parseInt(field(f, 1)) })
	return v, ok
}

// Pseudo tells whether the function returns a handle that is a constant and must
// never be closed (GetCurrentProcess), and that constant.
func (db *DB) Pseudo(name string) (value int64, ok bool) {
	return db.Predefined(name + "()")
}

// Names returns every name whose presence in a file makes it worth reading, in
// order: functions that acquire, release, start, wait for, or take a resource,
// and the types and members of .NET that do. Family names stand for their A and
// W variants, which contain them.
func (db *DB) Names() []string {
	out := append(db.NativeNames(), db.DotNetNames()...)
	sort.Strings(out)
	return dedupe(out)
}

// NativeNames is the part of Names that C and imports use.
func (db *DB) NativeNames() []string {
	return db.keysOf(relAcquires, relReleases, relOverlapped, relWaits, relSinks, relRetains, relAliases)
}

// DotNetNames is the part of Names that C# uses: short names of types.
func (db *DB) DotNetNames() []string {
	names := db.keysOf(relDotNetMembers)
	for i, n := range names {
		names[i], _, _ = strings.Cut(n, ".")
	}
	names = append(names, "fixed", "stackalloc")
	sort.Strings(names)
	return dedupe(names)
}

func (db *DB) keysOf(rels ...relation) []string {
	var out []string
	for _, l := range db.layers {
		for _, r := range rels {
			eachKey(l[r], func(key string) { out = append(out, key) })
		}
	}
	sort.Strings(out)
	return dedupe(out)
}

// dedupe removes repeated neighbours.
func dedupe(s []string) []string {
	out := s[:0]
	for i, x := range s {
		if i == 0 || x != s[i-1] {
			out = append(out, x)
		}
	}
	return out
}
