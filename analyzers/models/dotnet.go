package models

import "strings"

// DotNet returns the overloads of a member of the .NET library by its short or
// full name: "GCHandle.Alloc", "System.Runtime.InteropServices.GCHandle.Alloc",
// "SafeFileHandle..ctor". Type parameters may be written or not. nil when
// nothing is known of the member.
func (db *DB) DotNet(member string) []*Member {
	if m, ok := db.members.Load(member); ok {
		return m.([]*Member)
	}
	typ, name := SplitMember(member)
	var out []*Member
	eachRow(db.rows(relDotNetMembers, shortType(typ)+"."+name), func(f []string) {
		if m := decodeMember(f); !strings.Contains(typ, ".") || m.FullType == stripTypeParams(typ) {
			m.Throws = db.DotNetThrows(m.Type + "." + m.Name)
			out = append(out, m)
		}
	})
	got, _ := db.members.LoadOrStore(member, out)
	return got.([]*Member)
}

// SplitMember splits "Type.Member" at the last dot that is outside type
// parameters; constructors are "Type..ctor".
func SplitMember(s string) (typ, member string) {
	if t, ok := strings.CutSuffix(s, "..ctor"); ok {
		return t, ".ctor"
	}
	depth := 0
	for i := len(s) - 1; i > 0; i-- {
		switch s[i] {
		case '>':
			depth++
		case '<':
			depth--
		case '.':
			if depth == 0 {
				return s[:i], stripTypeParams(s[i+1:])
			}
		}
	}
	return "", s
}

// stripTypeParams removes "<...>" groups.
func stripTypeParams(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '<':
			depth++
		case r == '>':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// shortType is a type's name without namespace and type parameters.
func shortType(s string) string {
	s = stripTypeParams(s)
	return s[strings.LastIndexByte(s, '.')+1:]
}

// dotnet_members: Type.Member fullType arity kind release releaseArg params flags since note
// params: "type name=const" joined by ", "; "-" for a property; flags: o open, v verified.
func decodeMember(f []string) *Member {
	typ, name := SplitMember(f[0])
	m := &Member{
		Type: typ, Name: name, FullType: field(f, 1), Arity: atoi(field(f, 2), 0), Kind: MemberKind(field(f, 3)),
		Release: list(field(f, 4)), ReleaseArg: atoi(field(f, 5), -1),
		Open: strings.Contains(field(f, 7), "o"), Verified: strings.Contains(field(f, 7), "v"),
		Since: field(f, 8), Note: field(f, 9),
	}
	if field(f, 6) == "-" {
		m.Property = true
		return m
	}
	for _, p := range strings.Split(field(f, 6), ";") {
		if p == "" {
			continue
		}
		p, c, _ := strings.Cut(p, "=")
		i := strings.LastIndexByte(p, ' ')
		if i < 0 || strings.HasSuffix(p[:i], "ref") || strings.HasSuffix(p[:i], "out") {
			i = len(p)
		}
		m.Params = append(m.Params, MemberParam{Type: p[:i], Name: strings.TrimSpace(p[i:]), Const: c})
	}
	return m
}

// Overload picks the overload that fits the arguments best: constants that
// select an overload first, then the number of arguments. nil when ms is empty
// or when no overload can take the arguments.
func Overload(ms []*Member, args []Arg) *Member {
	var best *Member
	bestScore := -1
	for _, m := range ms {
		if s := m.fits(args); s > bestScore {
			best, bestScore = m, s
		}
	}
	return best
}

// fits scores how well the arguments fit, -1 when they cannot.
func (m *Member) fits(args []Arg) int {
	score := 0
	switch {
	case m.Property:
		return 0
	case len(args) == len(m.Params):
		score = 2
	case m.Open:
	case len(args) > len(m.Params):
		return -1
	default:
		score = 0 // optional parameters
	}
	for i, p := range m.Params {
		a, given := m.argFor(args, i)
		switch {
		case p.Const != "" && (!given || a.Const == ""):
			return -1
		case p.Const != "" && !sameConst(a.Const, p.Const):
			return -1
		case p.Const != "":
			score += 4
		case given && a.Type != "" && shortType(a.Type) == shortType(p.Type):
			score++
		}
	}
	return score
}

// argFor finds the argument of parameter i, by name or position.
func (m *Member) argFor(args []Arg, i int) (Arg, bool) {
	for _, a := range args {
		if a.Name != "" && a.Name == m.Params[i].Name {
			return a, true
		}
	}
	if i < len(args) && args[i].Name == "" {
		return args[i], true
	}
	return Arg{}, false
}

// sameConst compares constants; a qualified name may be given with more or fewer
// qualifiers ("Pinned", "InteropServices.GCHandleType.Pinned").
func sameConst(given, want string) bool {
	return given == want || strings.HasSuffix(given, "."+want) || strings.HasSuffix(want, "."+given)
}

// DotNetBorrows tells whether the member never takes ownership of a handle,
// pointer or buffer given as receiver or argument: calling it lets nothing
// escape. Unknown members give false.
func (db *DB) DotNetBorrows(typ, member string) bool {
	typ = shortType(typ)
	block := db.rows(relDotNetBorrows, typ)
	if block == "" {
		return false
	}
	borrows := false
	eachRow(block, func(f []string) {
		for _, m := range list(field(f, 1)) {
			switch {
			case m == "*":
				borrows = true
			case m == member, strings.HasSuffix(m, "*") && strings.HasPrefix(member, m[:len(m)-1]):
				borrows = true
			}
		}
		for _, m := range list(field(f, 2)) {
			if m == member || strings.HasSuffix(m, "*") && strings.HasPrefix(member, m[:len(m)-1]) {
				borrows = false
			}
		}
	})
	return borrows
}

var throwKinds = map[string]ThrowKind{
	"may": ThrowMay, "never": ThrowNever, "always": ThrowAlways, "conditional": ThrowConditional, "arguments": ThrowArguments, "exit": ThrowExit,
}

// DotNetThrows tells how a member ("Type.Member", short or full) throws.
// "Type.*" rows hold for all members of a type.
func (db *DB) DotNetThrows(member string) ThrowKind {
	typ, name := SplitMember(member)
	typ = shortType(typ)
	for _, k := range []string{typ + "." + name, typ + ".*"} {
		if block := db.rows(relDotNetThrows, k); block != "" {
			t := ThrowMay
			eachRow(block, func(f []string) { t = throwKinds[field(f, 1)] })
			return t
		}
	}
	return ThrowMay
}

// DotNetType returns what is known of a type of the .NET library, by short or
// full name, nil if nothing is.
func (db *DB) DotNetType(name string) *TypeInfo {
	if t, ok := db.types.Load(name); ok {
		return t.(*TypeInfo)
	}
	var out *TypeInfo
	full := stripTypeParams(name)
	eachRow(db.rows(relDotNetTypes, shortType(name)), func(f []string) {
		t := decodeTypeInfo(f)
		if out == nil && (!strings.Contains(full, ".") || full == t.FullName) {
			out = t
		}
	})
	got, _ := db.types.LoadOrStore(name, out)
	return got.(*TypeInfo)
}

// dotnet_types: name namespace flags invalid release note
// flags: s struct, r ref struct, h SafeHandle, d disposable, n owns native,
// f finalizer, p pointer-like, b blittable, w wrapper class.
func decodeTypeInfo(f []string) *TypeInfo {
	has := func(c string) bool { return strings.Contains(field(f, 2), c) }
	t := &TypeInfo{
		Name: f[0], FullName: f[0], Struct: has("s") || has("r"), RefStruct: has("r"), SafeHandle: has("h"),
		Disposable: has("d"), OwnsNative: has("n"), Finalizer: has("f"), Pointer: has("p"), Blittable: has("b"), Wrapper: has("w"),
		Invalid: ints(field(f, 3)), Release: dash(field(f, 4)), Note: field(f, 5),
	}
	if ns := field(f, 1); ns != "" && ns != "-" {
		t.FullName = ns + "." + f[0]
	}
	return t
}

// WrapperExport maps a call on a wrapper class to the export behind it: CsWin32's
// PInvoke.X and Windows.Win32.PInvoke.X, Vanara's Kernel32.X. "" when typ is no
// known wrapper class or the export is unknown.
func (db *DB) WrapperExport(typ, method string) string {
	t := db.DotNetType(shortType(typ))
	if t == nil || !t.Wrapper || db.Func(method) == nil {
		return ""
	}
	return method
}
