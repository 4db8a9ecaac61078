package models

import (
	"slices"
	"strings"
)

// inert are the roles of members that only compute with values: with nothing of interest at hand,
// nothing comes of a call of them.
var inert = map[Role]bool{
	RoleGeZero: true, RoleLtZero: true, RoleNonZero: true, RoleZero: true, RoleEqual: true, RoleSize: true, RoleBits: true, RoleKeepAlive: true,
	RoleAssume: true, RoleThrowZero: true, RoleThrowLtZero: true, RoleFromWin32: true, RoleToWin32: true, RoleSucceeded: true, RoleFailed: true,
	RoleThrowFailed: true, RoleInvalid: true, RoleClosed: true, RoleSame: true, RoleErrorNumber: true, RoleExceptionCode: true,
}

// Inert tells whether a member ("Type.Member") only computes with values, or throws, by all that the
// models know of it.
func (db *DB) Inert(member string) bool {
	typ, name := SplitMember(member)
	if len(db.DotNet(member)) > 0 || db.MemberRelease(typ, name) != nil {
		return false
	}
	if o, _ := db.Ownership(member); o != OwnNone {
		return false
	}
	if _, ok := db.DotNetAsync(member); ok {
		return false
	}
	r, _ := db.Role(member)
	return r == RoleNone || inert[r]
}

// MemberKeys are the members of the .NET library ("Type.Member", short) that are not inert. Sorted, each once.
func (db *DB) MemberKeys() []string {
	var out []string
	add := func(key string) {
		if typ, _ := SplitMember(key); typ != "" && !db.Inert(key) {
			out = append(out, key)
		}
	}
	for _, k := range db.keysOf(relDotNetMembers) {
		add(k)
	}
	for _, table := range []string{curatedDotnetReleases, curatedOwnership, curatedDotnetAsync, curatedRoles} {
		eachRow(table, func(f []string) { add(f[0]) })
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// EachFuncName calls do for the names for which Func may know something: all of those, some twice, and few others.
func (db *DB) EachFuncName(do func(string)) {
	each := func(name string) {
		do(name)
		if twin := ntTwin(name); twin != "" {
			do(twin)
		}
	}
	for _, l := range db.layers {
		for _, r := range []relation{relSignatures, relAcquires, relReleases, relSinks, relRetains, relHolds, relOverlapped, relWaits, relBlocks, relNoReturn,
			relScopes, relIRQL, relZeroes, relImplied, relAliases, relModules} {
			last := ""
			eachRow(l[r], func(f []string) {
				name := f[0]
				if name == last {
					return
				}
				last = name
				each(name)
				if n := len(name); n > 1 && (name[n-1] == 'W' || name[n-1] == 'A') {
					each(name[:n-1])
				}
			})
		}
	}
}

// KindWords are the words by which C# names the members of some kinds.
func (db *DB) KindWords(kinds ...MemberKind) (out []string) {
	for _, k := range db.keysOf(relDotNetMembers) {
		if slices.ContainsFunc(db.DotNet(k), func(m *Member) bool { return slices.Contains(kinds, m.Kind) }) {
			typ, name := SplitMember(k)
			out = append(out, wordOf(typ, name))
		}
	}
	return out
}

// RoleWords are the words by which C# names the members of some roles.
func (db *DB) RoleWords(roles ...Role) (out []string) {
	eachRow(curatedRoles, func(f []string) {
		if typ, name := SplitMember(f[0]); slices.Contains(roles, Role(field(f, 1))) {
			out = append(out, wordOf(typ, name))
		}
	})
	return out
}

// OwnershipWords are the words by which C# names the members with some effects on ownership.
func (db *DB) OwnershipWords(effects ...Ownership) (out []string) {
	eachRow(curatedOwnership, func(f []string) {
		if typ, name := SplitMember(f[0]); slices.Contains(effects, Ownership(field(f, 1))) {
			out = append(out, wordOf(typ, name))
		}
	})
	return out
}

// LastErrorWords are the words by which C# names the members that read the last error.
func (db *DB) LastErrorWords() (out []string) {
	eachRow(curatedLastError, func(f []string) {
		if typ, name := SplitMember(f[0]); strings.TrimSuffix(field(f, 1), "-") == string(LastErrorReads) {
			out = append(out, wordOf(typ, name))
		}
	})
	return out
}

// wordOf is how code names a member of a type.
func wordOf(typ, name string) string {
	if name == ".ctor" {
		return shortType(typ)
	}
	return name
}

// HandleTypes are the short names of the library types that are SafeHandles.
func (db *DB) HandleTypes() []string {
	return db.typesThat(func(t *TypeInfo) bool { return t.SafeHandle })
}

// WrapperTypes are the short names of the library types whose methods are exports of system libraries.
func (db *DB) WrapperTypes() []string {
	return db.typesThat(func(t *TypeInfo) bool { return t.Wrapper })
}

func (db *DB) typesThat(is func(*TypeInfo) bool) (out []string) {
	for _, k := range db.keysOf(relDotNetTypes) {
		if t := db.DotNetType(k); t != nil && is(t) {
			out = append(out, shortType(k))
		}
	}
	return out
}
