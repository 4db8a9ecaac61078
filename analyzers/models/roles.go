package models

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed curated/roles.tsv
var curatedRoles string

// Role is what a call (or the read of a property) means for values, apart from resources.
type Role string

// The roles. The operand is the argument or receiver that Operand names.
const (
	RoleNone            Role = ""
	RoleLastError       Role = "last-error"       // gives the last error
	RoleErrorNumber     Role = "error-number"     // is the error number of the C runtime
	RoleSetLastError    Role = "set-last-error"   // sets the last error to the operand
	RoleGeZero          Role = "ge-zero"          // truth of operand >= 0
	RoleLtZero          Role = "lt-zero"          // truth of operand < 0
	RoleThrowLtZero     Role = "throw-lt-zero"    // throws when the operand is < 0
	RoleFromWin32       Role = "from-win32"       // a negative status of an error that is not 0, else 0
	RoleToWin32         Role = "to-win32"         // an error number of a status that is not 0, else 0
	RoleControl         Role = "control"          // a request to a device
	RoleExceptionCode   Role = "exception-code"   // the code of the exception at hand: a status of failure
	RoleSize            Role = "size"             // the number of elements, at least 1
	RoleCountDown       Role = "count-down"       // one reference less
	RoleSame            Role = "same"             // the operand in another type: the same handle, pointer or memory
	RoleInvalid         Role = "invalid"          // truth of: the handle is one of the failure values of its type
	RoleClosed          Role = "closed"           // truth of: the handle was released
	RoleNonZero         Role = "nonzero"          // truth of operand != 0
	RoleZero            Role = "zero"             // truth of operand == 0
	RoleFill            Role = "fill"             // fills what the operand points to with argument 1
	RoleZeroFill        Role = "zero-fill"        // fills what the operand points to with zeros
	RoleExchange        Role = "exchange"         // stores argument 1 at the operand and gives the old content
	RoleCompareExchange Role = "compare-exchange" // stores argument 1 at the operand if that equals argument 2; gives the old content
	RoleCopy            Role = "copy"             // copies what the operand points to into memory that is not followed
	RoleRead            Role = "read"             // gives what lies where the operand points to
	RoleKeepLast        Role = "keep-last"        // stores the last argument in memory that is not followed
	RoleKeepAlive       Role = "keep-alive"
	RoleMessage         Role = "message"          // takes a message from the queue of the thread
	RoleTarget          Role = "target"           // the object a GC handle refers to
	RoleAssume          Role = "assume"           // the operand is true from here on
	RoleEqual           Role = "equal"            // truth of operand == the argument after it
	RoleBits            Role = "bits"             // some bits of the operand: the same ones each time
	RoleResetEvent      Role = "reset-event"      // the operand is signalled no more
	RoleThrowZero       Role = "throw-zero"       // throws when the operand is null or 0
	RoleFunctionPointer Role = "function-pointer" // native function pointer of the operand, a delegate: good as long as that lives
	RoleDelegate        Role = "delegate"         // delegate of the operand, a native function pointer
	RoleExport          Role = "export"           // address of the native function whose name the operand is

	// The next are of members of any type, where the operand is the status that an acquisition returned.
	RoleSucceeded   Role = "succeeded"    // truth of: the call succeeded
	RoleFailed      Role = "failed"       // truth of: the call failed
	RoleThrowFailed Role = "throw-failed" // throws when the call failed
)

// RoleOperandRecv is the operand that means the receiver.
const RoleOperandRecv = -1

// Role returns the role of a function, "Type.Member" or property, and its operand: the 0-based
// index of an argument or RoleOperandRecv. RoleNone when it has none.
func (db *DB) Role(name string) (r Role, operand int) {
	eachRow(findCurated(curatedRoles, name), func(f []string) {
		r, operand = Role(field(f, 1)), RoleOperandRecv
		if n, err := strconv.Atoi(strings.TrimSpace(field(f, 2))); err == nil {
			operand = n
		}
	})
	return r, operand
}

// ErrorWord tells whether a C function, by its name, makes something of an error.
func ErrorWord(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "err") && (strings.Contains(name, "from") || strings.Contains(name, "to"))
}

// ErrorNumber tells whether a C name is that of the error number that the C runtime keeps, to which a
// function that fails gives a value other than 0.
func (db *DB) ErrorNumber(name string) bool {
	r, _ := db.Role(name)
	return r == RoleErrorNumber
}

// StatusWord tells whether a C function, by its name, gives an NTSTATUS or HRESULT, whatever its type is.
func StatusWord(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "ntstatus_from") || strings.Contains(name, "hresult_from") || strings.HasSuffix(name, "to_ntstatus") || strings.HasSuffix(name, "to_hresult")
}

// Asserts tells whether a C function or macro checks, by its name, that its first argument holds, and does
// not go on where it does not.
func Asserts(name string) bool {
	name = strings.TrimRight(name, "_")
	return strings.EqualFold(name, "assert") || endsFold(name, "_assert")
}

// endsFold tells whether name ends like that, whatever the case.
func endsFold(name, end string) bool {
	n := len(name) - len(end)
	return n >= 0 && strings.EqualFold(name[n:], end)
}

// Expects tells whether a C function or macro gives, by its name, its argument as it is, and only says
// how often it is true.
func Expects(name string) bool {
	return endsFold(strings.TrimRight(name, "_"), "likely")
}

// AnyRole returns the role of a member of this name, and its operand, whatever its type is: types that
// are generated, or declared in a package, name their tests and look-ups alike.
func (db *DB) AnyRole(member string) (Role, int) { return db.Role("*." + member) }

//go:embed curated/constantnames.tsv
var curatedConstantNames string

// ConstantName is the value of a C# constant of which only the name is seen, such as HANDLE.Null. ok is
// false when the name does not tell.
func ConstantName(name string) (value int64, ok bool) {
	eachRow(find(curatedConstantNames, name), func(f []string) {
		n, err := strconv.ParseInt(field(f, 1), 10, 64)
		value, ok = n, err == nil
	})
	return value, ok
}

//go:embed curated/needs.tsv
var curatedNeeds string

// Needs is the parameter for which a function takes no failure value: its result is 0 then. ok is false when there is none.
func Needs(name string) (param int, ok bool) {
	eachRow(find(curatedNeeds, name), func(f []string) { param, ok = atoi(field(f, 1), -1), true })
	return param, ok
}

//go:embed curated/noreturnheaders.tsv
var curatedNoReturnHeaders string

// NoReturnHeader is the header of the function of that name which never returns; "" when there is none.
func NoReturnHeader(name string) (header string) {
	eachRow(find(curatedNoReturnHeaders, name), func(f []string) { header = field(f, 1) })
	return header
}

//go:embed curated/standsfor.tsv
var curatedStandsFor string

// StandsFor returns the native functions that a .NET member releases by, nil if it is not known to.
func (db *DB) StandsFor(member string) (natives []string) {
	eachRow(find(curatedStandsFor, member), func(f []string) { natives = strings.Split(field(f, 1), ",") })
	return natives
}

//go:embed curated/openflags.tsv
var curatedOpenFlags string

// Flag is some bits of an argument.
type Flag struct {
	Param int // 0-based
	Mask  int64
}

// OpenFlag says how a function that opens a handle is told whether it is for overlapped I/O.
type OpenFlag struct {
	Flag      // Param -1: the handle is always synchronous
	Sync bool // any of the bits makes the handle synchronous; without them a call may be pending, but few are. Else they make it asynchronous.
}

// OpenFlag returns how the function of that name is told, nil when it is not one of which that is known.
func (db *DB) OpenFlag(name string) (flag *OpenFlag) {
	eachRow(find(curatedOpenFlags, name), func(f []string) {
		mask, _ := strconv.ParseInt(field(f, 2), 0, 64)
		flag = &OpenFlag{Flag{atoi(field(f, 1), -1), mask}, field(f, 3) == "async"}
	})
	return flag
}

// MemberRelease describes a .NET member that is the release of some other member.
type MemberRelease struct {
	Arg    int  // 0-based argument that is released, -1: the receiver
	Resets bool // the receiver is a struct that zeroes itself: of copies only the one at hand
	Strict bool // throws when the receiver holds nothing
}

//go:embed curated/dotnet_releases.tsv
var curatedDotnetReleases string

// MemberRelease returns how the member releases, nil when it is no release.
func (db *DB) MemberRelease(typ, member string) (r *MemberRelease) {
	eachRow(find(curatedDotnetReleases, typ+"."+member), func(f []string) {
		how := list(field(f, 2))
		r = &MemberRelease{Arg: atoi(field(f, 1), -1), Resets: slices.Contains(how, "resets"), Strict: slices.Contains(how, "strict")}
	})
	return r
}

//go:embed curated/errornames.tsv
var curatedErrorNames string

// ErrorName says what the name of a constant that is defined nowhere means by convention:
// "negative", "nonzero", "zero" or "" (nothing).
func ErrorName(name string) (means string) {
	if strings.ToUpper(name) != name {
		return ""
	}
	for _, row := range errorNames() {
		suffix, ends := strings.CutPrefix(row[0], "*")
		if ends && strings.HasSuffix(name, suffix) || !ends && strings.HasPrefix(name, row[0]) {
			if means = row[1]; means != "" {
				return means
			}
		}
	}
	return ""
}

var errorNames = sync.OnceValue(func() (rows [][2]string) {
	eachRow(curatedErrorNames, func(f []string) { rows = append(rows, [2]string{f[0], field(f, 1)}) })
	return rows
})
