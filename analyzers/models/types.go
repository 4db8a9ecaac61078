package models

import "slices"

// Func is what is known of one native function (Win32, CRT or kernel).
type Func struct {
	Name   string // the name that was asked for
	Family string // name without the A/W suffix when both variants exist, else the export's own name
	DLL    string // documented module without extension, lower case; "" when unknown

	Sig        *Signature // nil when the prototype is unknown
	Acquires   []Acquire
	Releases   []Release
	Sink       []int  // parameters (0-based) whose ownership the callee takes without a condition
	Sinks      []Sink // the same and the conditional ones, with details
	Overlapped *Overlapped
	Wait       *Wait
	MayBlock   bool
	Block      *Block     // when it blocks; nil when MayBlock is false
	NoReturn   bool       // never returns to the caller
	MacroOnly  bool       // a macro of a library: a prototype is somebody else's
	Retains    []int      // parameters (0-based) that are kept after the return
	Retained   []Retained // the same, with details
	Holds      []Hold     // memory that is used after the return
	EndsHold   bool       // it ends such a use
	Zeroes     []Zero     // memory that it fills with zeros
	Implies    []Implied  // what its success says of places that it fills
	Scope      *Scope     // this call opens a scope that another call must close
	IRQL       *IRQL      // kernel functions only
}

// Where says which value carries a resource. Param -1 is the returned value.
type Where struct {
	Param int    // 0-based parameter, -1 = return value
	Name  string // parameter name, "" when unknown
	Field string // member path inside the structure the parameter points to ("hProcess"), "" = the whole
}

// IsReturn tells whether the place is the returned value.
func (w Where) IsReturn() bool { return w.Param == ReturnValue }

// ReturnValue is the Param of a Where that means the returned value.
const ReturnValue = -1

// Class groups kinds of resources so that rules can choose.
type Class string

// Classes of resources.
const (
	ClassKernelHandle Class = "kernel-handle" // closed with CloseHandle, NtClose or ZwClose
	ClassFindHandle   Class = "find-handle"
	ClassRegistryKey  Class = "registry-key"
	ClassService      Class = "service"
	ClassGDI          Class = "gdi" // GDI and GDI+
	ClassUser         Class = "user"
	ClassModule       Class = "module"    // usually held as long as the process lives
	ClassResources    Class = "resources" // a file that is mapped for what lies in it, none of whose code runs
	ClassHeapMemory   Class = "heap-memory"
	ClassMappedMemory Class = "mapped-memory" // VirtualAlloc, MapViewOfFile, locked or mapped pages
	ClassCOMRef       Class = "com-ref"
	ClassCrypto       Class = "crypto"
	ClassSecurity     Class = "security" // LSA, SSPI, authz, credentials
	ClassSocket       Class = "socket"
	ClassFileStream   Class = "file-stream" // FILE*, CRT descriptors
	ClassNetwork      Class = "network"     // WinHTTP, WinINet, RPC, LDAP, RAS ...
	ClassDevice       Class = "device"      // SetupAPI, WinUSB, Bluetooth, multimedia
	ClassThreadpool   Class = "threadpool"  // thread-pool objects, timers, wait registrations
	ClassRegistration Class = "registration"
	ClassEventLog     Class = "event-log" // event log, tracing, performance data
	ClassLock         Class = "lock"
	ClassKernelRef    Class = "kernel-ref" // kernel object references
	ClassKernelObject Class = "kernel-object"
	ClassPoolMemory   Class = "pool-memory" // kernel pool, MDLs, IRPs
	ClassDatabase     Class = "database"
	ClassOther        Class = "other"
)

// Confidence says how well a fact was checked.
type Confidence uint8

// Confidences, lowest first.
const (
	Unverified Confidence = iota // stated by one undocumented or unchecked source
	ByType                       // derived from the type of the handle
	ByDocs                       // read from the reference text
	Reviewed                     // reviewed by hand
	UserSaid                     // from the user's own models
)

// Acquire is one resource that the caller owns (or, when Borrowed, only uses)
// after the call.
type Acquire struct {
	Where
	Kind     string   // handle type: "HANDLE:file", "HKEY", "CRT_MEM", "COM:IStream" ...
	Class    Class    //
	Invalid  []int64  // returned values that mean failure; nil when Where is a parameter or the value does not tell
	Release  []string // families of the functions that release it; empty when Borrowed or freed by the system
	Success  Success  // when the resource exists
	When     When     // further condition on the arguments; zero = none
	Borrowed bool     // must not be released by the caller
	InOut    bool     // the parameter is read as well
	Array    bool     // an array of resources

	Confidence Confidence
	Note       string
}

// ReleasedBy tells whether f is one of the functions that release the resource.
func (a *Acquire) ReleasedBy(f *Func) bool {
	if f == nil {
		return false
	}
	for _, r := range a.Release {
		if r == f.Family || r == f.Name {
			return true
		}
	}
	for _, r := range f.Releases {
		if r.UserSaid && slices.ContainsFunc(r.Types, func(typ string) bool { return KindMatches(a.Kind, typ) }) {
			return true
		}
	}
	return false
}

// SuccessTest says how the outcome of a call is read.
type SuccessTest uint8

// Tests on the returned value (unless they say otherwise).
const (
	SuccessUnknown  SuccessTest = iota
	SuccessValue                // the returned value is not one of Acquire.Invalid
	SuccessNonZero              // BOOL, BOOLEAN, counts: != 0
	SuccessZero                 // LSTATUS, errno_t, GpStatus, MMRESULT ...: == 0
	SuccessHResult              // HRESULT >= 0 (also SECURITY_STATUS)
	SuccessNTStatus             // NTSTATUS >= 0
	SuccessAlways               // whatever is returned
	SuccessOneOf                // one of Success.Values
	SuccessNotOneOf             // none of Success.Values
	SuccessOutValue             // the out value itself is not 0, even if the call failed
)

// Success is a test with its operand.
type Success struct {
	Test   SuccessTest
	Values []int64 // for SuccessOneOf and SuccessNotOneOf
	Type   string  // the type named by the source: "LSTATUS", "GpStatus" ...; may be ""
}

// Holds applies the test to a returned value. invalid are the failure values of
// the acquisition for SuccessValue. known is false when the returned value does
// not decide.
func (s Success) Holds(ret int64, invalid []int64) (ok, known bool) {
	switch s.Test {
	case SuccessValue:
		if len(invalid) == 0 {
			return false, false
		}
		return !hasValue(invalid, ret), true
	case SuccessNonZero:
		return ret != 0, true
	case SuccessZero:
		return ret == 0, true
	case SuccessHResult, SuccessNTStatus:
		return int32(ret) >= 0, true
	case SuccessAlways:
		return true, true
	case SuccessOneOf:
		return hasValue(s.Values, ret), true
	case SuccessNotOneOf:
		return !hasValue(s.Values, ret), true
	}
	return false, false
}

// CondOp compares an argument.
type CondOp uint8

// Operators of conditions.
const (
	CondNull         CondOp = iota + 1 // argument is NULL / 0
	CondNotNull                        // argument is not NULL / 0
	CondEqual                          // == Value
	CondNotEqual                       // != Value
	CondHasFlags                       // all bits of Value are set
	CondLacksFlags                     // none of the bits of Value is set
	CondLacksRare                      // likewise, and the bits are given so rarely that an argument which is not known counts as without
	CondSelfProcess                    // argument is the current process (pseudo) handle
	CondOtherProcess                   // argument is another process
)

// Cond is one condition on an argument.
type Cond struct {
	Param int    // 0-based
	Field string // member of the structure the argument points to, "" = the argument
	Op    CondOp
	Value int64
}

// When is a condition on the arguments of a call: all of Conds, or one of them
// when Any is set. No Conds means always.
type When struct {
	Any   bool
	Conds []Cond
}

// Always tells whether there is no condition.
func (w When) Always() bool { return len(w.Conds) == 0 }

// Release is one resource that the call ends.
type Release struct {
	Param int    // 0-based; -1: none (the resource is implicit, or carried by an object)
	Field string // member of the structure the argument points to
	ByRef bool   // the argument is the address of the handle
	// ViaStruct: the argument is the structure that the acquiring call filled
	// (EndPaint takes the PAINTSTRUCT of BeginPaint), not the handle.
	ViaStruct bool
	UserSaid  bool     // from the user's own models: right for all kinds that it names
	Types     []string // kinds it releases (see KindMatches)
	// Success says when the resource is gone. SuccessAlways is usual: after a failed
	// close the handle cannot be used either. Invalid has the failure values for
	// SuccessValue (realloc: NULL leaves the old block alive).
	Success Success
	Invalid []int64
	When    When    // condition on the arguments
	NoOp    []int64 // values documented as harmless: free(NULL)
	Note    string
}

// Sink is a parameter whose resource the callee takes over.
type Sink struct {
	Param   int
	Field   string
	Takes   string // kind
	Success Success
	Invalid []int64
	When    When
	Note    string
}

// Retained is a parameter that the callee keeps after its return.
type Retained struct {
	Param int
	Until string // what ends it: a function, "operation", "process", "handle" ...
	Note  string
}

// Zero is memory that is all zeros after the call: the returned block. What fills
// the memory behind a parameter has a Role.
type Zero struct {
	Where
	When When
}

// Implied is what lies in a place that the function fills, when it succeeds.
type Implied struct {
	Where
	What Implication
}

// Implication is what is known of such a place.
type Implication string

// The implications.
const (
	ImpliesResult  Implication = "result"  // the result of the call
	ImpliesNonZero Implication = "nonzero" // a number that is not 0
	ImpliesStatus  Implication = "status"  // a second NTSTATUS: if it is an error, nothing is handed out
)

// Block says when a function may block.
type Block struct {
	When  string // prose: "always", "dwMilliseconds != 0" ...
	Bound string // what bounds the time; "" or "unbounded"
}

// Scope is a pair of calls that open and close something without a handle.
type Scope struct {
	End     string // function that ends it
	Success Success
	Note    string
}

// IRQL are the interrupt request levels at which a kernel function may be
// called. Max is the lower of the documented and the annotated level.
type IRQL struct {
	Min, Max string // "PASSIVE_LEVEL" ...; "" = no bound
	Raises   string // level to which the function raises, "" = none
}
