package models

import (
	_ "embed"
	"strings"
)

//go:embed curated/keptcallbacks.tsv
var curatedKeptCallbacks string

// KeptCallback is a function pointer that native code keeps after the call.
type KeptCallback struct {
	Param int    // 0-based
	Field string // member of the structure the argument points to, "" = the argument
	Until string // what ends it: a function, or process, thread, operation, callback
	When  When   // condition on the arguments
}

// KeptCallbacks returns the callbacks that a native function keeps, nil if it is not known to keep
// any. The name is that of an export or of its family.
func (db *DB) KeptCallbacks(name string) (out []KeptCallback) {
	eachRow(db.interopRows(curatedKeptCallbacks, name), func(f []string) {
		out = append(out, KeptCallback{
			Param: atoi(field(f, 1), -1), Field: dash(field(f, 2)), Until: field(f, 3), When: decodeWhen(field(f, 4)),
		})
	})
	return out
}

//go:embed curated/transition.tsv
var curatedTransition string

// Transition says whether a native function may be called without a GC transition.
type Transition string

// What a function does that matters to a call without transition.
const (
	TransitionUnknown   Transition = ""
	TransitionLeaf      Transition = "leaf"       // a short query or store
	TransitionBlocks    Transition = "blocks"     // waits, does I/O, takes locks or works long
	TransitionCallsBack Transition = "calls-back" // may run managed code before it returns
)

// Transition returns what speaks for or against a call of the function without a GC transition,
// with the reason in a few words. What is told by hand goes before what the tables of waits and
// blocking calls say. runtime says that the library is the C runtime of some system.
func (db *DB) Transition(name string, runtime bool) (t Transition, why string) {
	eachRow(db.interopRows(curatedTransition, name), func(f []string) {
		if runtime || field(f, 3) != "runtime" {
			t, why = Transition(field(f, 1)), field(f, 2)
		}
	})
	if t != TransitionUnknown {
		return t, why
	}
	fn := db.Func(name)
	switch {
	case fn == nil:
	case fn.MayBlock:
		return TransitionBlocks, "may block"
	case fn.Wait != nil && fn.Wait.Blocks():
		return TransitionBlocks, "waits"
	case fn.Overlapped != nil && fn.Overlapped.Kind.Starts():
		return TransitionBlocks, "does I/O"
	}
	return TransitionUnknown, ""
}

// Blocks tells whether a function of this role waits.
func (w *Wait) Blocks() bool {
	switch w.Role {
	case RoleWaitsEvent, RoleCompletes, RoleBlocking, RoleDequeues, RoleAlertable:
		return true
	}
	return false
}

// RuntimeLibrary tells whether a library of that name (lower case, without ".dll") is the C runtime
// of some system.
func RuntimeLibrary(name string) bool { return portable(name) == "runtime" }

//go:embed curated/stringreturns.tsv
var curatedStringReturns string

// StringOwner returns who owns the string that a native function returns: the library by its name, "static"
// for the library that holds the function, "free()" for what the function free must free, "" when
// only that is known that it is not for CoTaskMemFree. ok is false when the function
// is not known to return a string, or returns one that the caller frees with CoTaskMemFree.
func (db *DB) StringOwner(name string) (owner string, ok bool) {
	eachRow(find(curatedStringReturns, name), func(f []string) { owner, ok = field(f, 1), true })
	if ok {
		return owner, true
	}
	if fn := db.Func(name); fn != nil && fn.Sig != nil {
		switch fn.Sig.Return.Base {
		case "lpstr", "lpwstr", "bstr":
			return "", fn.Sig.Return.Base != "bstr" && fn.Sig.Return.PtrDepth == 0
		}
	}
	return "", false
}

// interopRows looks a function up under its own name and that of its family.
func (db *DB) interopRows(table, name string) string {
	if block := find(table, name); block != "" {
		return block
	}
	if fam := db.Family(name); fam != name {
		return find(table, fam)
	}
	return ""
}

//go:embed curated/dotnet_lasterror.tsv
var curatedLastError string

// LastErrorUse is what a .NET member does with the last error that the runtime keeps for imports.
type LastErrorUse string

// The uses.
const (
	LastErrorNone    LastErrorUse = ""
	LastErrorReads   LastErrorUse = "reads"
	LastErrorSets    LastErrorUse = "sets"    // to the value given
	LastErrorChanges LastErrorUse = "changes" // calls native functions that set it
)

// LastErrorUse returns what a member ("Type.Member" with short names) does with the last error.
func (db *DB) LastErrorUse(member string) (u LastErrorUse) {
	typ, name := SplitMember(member)
	typ = shortType(typ)
	for _, k := range []string{typ + "." + name, typ + ".*"} {
		if block := find(curatedLastError, k); block != "" {
			eachRow(block, func(f []string) { u = LastErrorUse(strings.TrimSuffix(field(f, 1), "-")) })
			return u
		}
	}
	return LastErrorNone
}

//go:embed curated/statusreturns.tsv
var curatedStatusReturns string

// ReturnsStatus tells whether a function that returns a number returns its error by the custom of its
// family, and does not set the last error.
func (db *DB) ReturnsStatus(fn *Func) (yes bool) {
	eachRow(find(curatedStatusReturns, fn.DLL), func(f []string) {
		for _, prefix := range strings.Split(field(f, 1), ",") {
			yes = yes || strings.HasPrefix(fn.Family, prefix)
		}
	})
	return yes
}

//go:embed curated/guardexceptions.tsv
var curatedGuardExceptions string

// GuardException tells whether an exception type says that a caller gave wrong arguments, or that
// code cannot be reached.
func GuardException(name string) (yes bool) {
	eachRow(curatedGuardExceptions, func(f []string) { yes = yes || strings.HasSuffix(name, f[0]) })
	return yes
}
