package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/extent"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// EventKind is what happened. Rules select events by it.
type EventKind uint8

// Kinds of events.
const (
	// Leak: an object that must be released is still owned when its last reference goes.
	// How says which way; EveryPath and InLoop qualify.
	Leak EventKind = iota + 1
	// DoubleRelease: released again, on this path.
	DoubleRelease
	// UseAfterRelease: given to a known API after its release.
	UseAfterRelease
	// WrongRelease: released by a function of another kind (API names the one that was called).
	WrongRelease
	// StartedInside: an operation is left pending on the OVERLAPPED in member Field of a structure of the caller, of type Owner.
	StartedInside
	// CancelledThenFreed: operations on a handle of the structure Field, of type Owner, are asked to stop, and it is freed without a wait.
	CancelledThenFreed
	// BorrowedClosed: a handle is released (by API) that is never the caller's. Where says whose it is.
	BorrowedClosed
	// ReleaseOfFailed: the value released is the failure value of an acquisition.
	ReleaseOfFailed
	// ReleaseOfUninit: the variable released was never given a value on this path.
	ReleaseOfUninit
	// WrongSentinel: the result of an acquisition is compared with a value that is not its
	// failure value, and with no other. Value is the wrong one.
	WrongSentinel
	// StorageEnds: storage that a pending operation uses ends. How and Use qualify.
	StorageEnds
	// OperationReused: an OVERLAPPED is given to a second operation while the first is pending.
	OperationReused
	// MarshallerPin: a buffer that only the marshaller pins goes to an operation that stays pending.
	MarshallerPin
	// OverlappedByRef: the OVERLAPPED itself is passed by ref, in or as a class to such an operation.
	OverlappedByRef
	// NullOverlapped: an asynchronous handle is used without OVERLAPPED.
	NullOverlapped
	// CountReadPending: the byte count out parameter is read right after a start that may be pending.
	CountReadPending
	// ResultOfFailedStart: the result of an operation is asked although its start failed.
	ResultOfFailedStart
	// AutoResetResult: an auto-reset event was waited for and GetOverlappedResult waits for it again.
	AutoResetResult
	// NotZeroed: the OVERLAPPED was not initialised before its operation.
	NotZeroed
	// SharedSignal: two operations on one handle without events.
	SharedSignal
	// ThreadpoolIO: an operation was announced to the thread pool, but that was not taken back where
	// it did not start (How: return), or was where it did (How: call).
	ThreadpoolIO
	// UnpinnedAddress: the address of a managed object is taken while nothing pins it. How:
	// NormalHandle, or the member that takes it.
	UnpinnedAddress
	// PinnedPointerEscapes: a pointer into a fixed block outlives it.
	PinnedPointerEscapes
	// CopyReleased: a GCHandle is freed through a copy (readonly field, property, Nullable value).
	CopyReleased
	// AddressAfterFree: an address taken from a pin is used or returned after the pin was freed.
	AddressAfterFree
	// InvertedGuard: a release happens only where the handle is known to be absent.
	InvertedGuard
	// PinStored: a pin of an ordinary array is put into a field or collection (Field names it).
	PinStored
	// ShortPOH: an array on the pinned object heap that does not outlive the call.
	ShortPOH
	// NeedlessPin: a pin whose address is never taken on any path, and which nobody else has.
	NeedlessPin
	// PinDataMismatch: the buffer of the operation is not what was packed with its NativeOverlapped.
	PinDataMismatch
	// FieldAcquired: a resource is stored in a field or struct member (Field). Rules join these
	// with FieldReleased and FieldEscaped over the whole unit.
	FieldAcquired
	FieldReleased
	FieldEscaped
	// FieldStale: a handle that the function put into a field is released, and the field keeps its
	// value when the function returns.
	FieldStale
	// CookiePassed: a GC handle made inline in an argument goes to native code, which keeps nothing
	// but its number.
	CookiePassed
	// ForeignFreed: a GC handle that the function did not make is freed, such as one recovered from
	// the number that native code hands back. Rules join it with CookiePassed over the unit.
	ForeignFreed
	// HandleOfLender: a handle that the function did not make is released by API. It may be what an object hands
	// out that was made over a handle (see Object.Lent). Rules join it with leaks of those over the unit.
	HandleOfLender
	// NativeKeeps: C code keeps a pointer (Where, Until) to storage that ends, or that is pinned for
	// the call only. API is the C function that keeps it; How and Use qualify.
	NativeKeeps
	// NativeCloses: C code closes the handle in a SafeHandle that an import was given (Field), which
	// closes it again.
	NativeCloses
	// LengthMismatch: C code uses more, or less, of a buffer (Field) than C# gives it. Length says how;
	// API is the C function.
	LengthMismatch
	// NativeText: the marshaller makes a string of the result of an import and frees what C returned,
	// which is a block of another allocator (Obj) or no block at all (Obj nil).
	NativeText
	// LastErrorLost: the last error is read after a call that did not keep it (Import, API).
	LastErrorLost
	// LastErrorUnset: the last error is read after a call that reports its error in the result and
	// does not set the last error. How: NotStored or StoredInVain.
	LastErrorUnset
	// LastErrorLate: the last error of the call Field is read after another (API) has set it anew.
	LastErrorLate
	// LastErrorRaw: the native GetLastError is called through an import.
	LastErrorRaw
	// OverDereference: a counted reference to a kernel object is dropped that the path does not hold.
	// How is OfBorrowed when the object was handed out without one.
	OverDereference
	// FinalDereference: a reference is dropped that may be the last one, where the deletion of the
	// object can deadlock. How: AtLocked (Field is the kind of lock, Value the level at which it is
	// held), or OfTransaction.
	FinalDereference
	// CalledRaised: a function that needs PASSIVE_LEVEL is called above it. How: AtLocked (Field is
	// the kind of lock, or "IRQL"), or InRoutine (Field is the kind of routine). Value is the level.
	CalledRaised
	// OwnerDropped: an owner of a native handle (SafeHandle, or a class that holds one) goes without
	// having been disposed. How, EveryPath and InLoop as for Leak.
	OwnerDropped
	// RawOutlives: the raw handle of an owner is used where the owner is disposed (How: dispose), or
	// where nothing keeps it: returned, stored (scope), or given to native code (call). Obj is the
	// owner if it was made in the function, else Field names it.
	RawOutlives
	// TwoOwners: a raw handle gets a second owner (How: overwrite), one although it is that of another
	// owner (handover) or not the caller's to close (call), or is closed by hand under its owner (close).
	// Field names the handle or its owner.
	TwoOwners
	// OwnerCollected: the last use of an object (Obj) is a call that passes a raw handle in its Field to
	// the native function API, while the finalizer of its type, Owner, frees that.
	OwnerCollected
	// CallbackCollected: native code (API) keeps a delegate until Field, and nothing else holds it.
	// Owner: the method it calls. Local: a local holds it for a time. Unsure: the delegate is of a
	// static method, which newer compilers keep.
	CallbackCollected
	// ThrowsIntoNative: an exception leaves a function (Field names it) that native code calls.
	ThrowsIntoNative
	// RefUntested: a reference to an owner (Field) is dropped also where adding it failed, which the
	// local API would say.
	RefUntested
)

// How qualifies an event.
type How string

// The ways a leak or an end of storage comes about.
const (
	AtReturn    How = "return"    // the function returns
	AtThrow     How = "throw"     // an exception leaves the function
	AtOverwrite How = "overwrite" // the last reference is overwritten
	AtDiscard   How = "discard"   // the result is not kept at all
	AtHandover  How = "handover"  // given inline to a call that then failed
	AtScope     How = "scope"     // the block of the variable ends
	AtUnfix     How = "unfix"     // the fixed block ends
	AtUnpin     How = "unpin"     // the pin is released
	AtDispose   How = "dispose"   // the pin is disposed by using
	AtFree      How = "free"      // the memory is freed
	AtPool      How = "pool"      // the array goes back to its pool
	AtClose     How = "close"     // the event is closed
	AtCall      How = "call"      // for the extent of the call only
	AtCatch     How = "catch"     // a catch clause swallows the exception of some call; pins and GC handles only
	AtYield     How = "yield"     // an iterator hands a value out and may never be resumed

	NotStored    How = "not-stored" // LastErrorUnset: by an import without SetLastError
	StoredInVain How = "in-vain"    // LastErrorUnset: by an import with SetLastError

	NormalHandle How = "normal-gchandle" // UnpinnedAddress: of a GC handle that does not pin
	OfReadonly   How = "readonly"        // CopyReleased: of a readonly field
	OfProperty   How = "property"        // CopyReleased: of a property
	OfNullable   How = "nullable"        // CopyReleased: of the Value of a nullable

	OfNumber How = "number" // WrongSentinel: of the raw handle in a SafeHandle

	OfBorrowed    How = "borrowed"    // OverDereference: of an object without a reference
	AtLocked      How = "locked"      // FinalDereference, CalledRaised: while a lock is held
	OfTransaction How = "transaction" // FinalDereference: of an object of the transaction manager
	InRoutine     How = "routine"     // CalledRaised: in a routine that the system calls raised
)

// Use is what an operation does with a piece of storage.
type Use string

// The uses.
const (
	UseBuffer     Use = "buffer"
	UseOverlapped Use = "overlapped"
	UseEvent      Use = "event"
)

// ObjectKind tells objects apart.
type ObjectKind uint8

// Kinds of objects.
const (
	Handle           ObjectKind = iota + 1
	Memory                      // native memory
	Pin                         // pinned GCHandle, MemoryHandle, PinnedGCHandle, PreAllocatedOverlapped
	FixedPin                    // fixed statement
	GCHandle                    // GC handle that does not pin
	Operation                   // overlapped operation
	NativeOverlapped            // managed NativeOverlapped*, allocated by Pack and its like
	Pooled                      // array or memory of a pool
	POHArray                    // array on the pinned object heap
	SafeHandle                  // SafeHandle returned by an import
	Stack                       // stackalloc
	Owner                       // object of a class of the unit that owns a native handle
	Announcement                // of an operation to a thread pool
	Reference                   // counted reference to a kernel object
	Unknown                     // came in from outside; its releases are tracked
)

// StepKind is the kind of a step of a trace.
type StepKind uint8

// Kinds of steps.
const (
	StepAcquire StepKind = iota + 1
	StepRelease
	StepStart
	StepWait
	StepCancel
	StepBranch
	StepPin
	StepUnpin
	StepStore
	StepCall // enters a helper whose steps follow
	StepEnd
	StepNote
)

// Step is one transition on the way to an event. Steps form a chain from the last to the first.
type Step struct {
	Prev *Step
	File *ir.File
	Span ir.Span
	Kind StepKind
	Text string
}

// List returns the steps in the order in which they happened.
func (s *Step) List() []*Step {
	var out []*Step
	for ; s != nil; s = s.Prev {
		out = append(out, s)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// Object is what a rule may know of a tracked object. It is not changed once made.
type Object struct {
	Kind     ObjectKind
	API      string // what made it: "CreateFileW", "GCHandle.Alloc", "ReadFile"
	Native   *models.Func
	Acquire  *models.Acquire // native acquisition, nil otherwise
	Member   *models.Member  // .NET acquisition, nil otherwise
	Release  []string        // what releases it: "CloseHandle", "GCHandle.Free"
	Var      string          // variable or field that received it first, "" if none
	Target   string          // pins: what is pinned, as written; references: the type asked for, of the transaction manager
	Func     *ir.Func        // where it was made
	Span     ir.Span         // the call that made it
	NameSpan ir.Span
	InLoop   bool     // made in a loop
	Implicit bool     // disposed by a using declaration or statement
	ViaCall  *ir.Func // made inside this helper, nil otherwise
	FromC    bool     // made by a C function that C# code called; CType is how that returns it
	CType    ir.Type
	Added    bool // Reference: to an object that the function knew already
	Lent     bool // Handle: an object made over it, which does not own it, is returned or stored
	used     bool // Handle that is borrowed: a call used it

	made           *ir.File // FromC: where
	arena          int      // memory: the heap it lies in, see arenaOf
	id             objID
	site           int32
	role           int16
	sym            symID
	path           path         // Unknown: where it came from
	freedHere      bool         // the function itself releases it by a local, whatever else has its value
	alsoIn         []ownerField // members of local structs that hold it, too: whoever gets such a struct may close it by them
	severalClosers bool         // Unknown: a helper releases it by one of several functions
	targets        []value      // pins: what they pin
	op             *opInfo      // Operation
	async          bool         // opened for overlapped I/O, when asyncKnown
	asyncKnown     bool
	autoReset      bool // an event object that resets itself
	ownerGuess     bool // SafeHandle: no declaration says so
	dataKnown      bool // NativeOverlapped: targets are all that was packed
	targetLocal    bool // pins: the target was made in the same function
	targetArray    bool // pins: the target is an array
	movableTarget  bool // FixedPin: the target can move
}

// Event is one finding of the interpreter, or one fact for rules that look at the whole unit.
type Event struct {
	Kind   EventKind
	How    How
	Use    Use
	Func   *ir.Func
	Span   ir.Span    // where it shows (for leaks: where the object was acquired)
	End    ir.Span    // leaks and ends of storage: the place of the end
	Obj    *Object    // nil if none
	Op     *Object    // StorageEnds etc.: the operation
	Import *ir.Import // OverlappedByRef: the declaration that passes it so
	API    string     // the call at hand
	Value  int64      // WrongSentinel
	Field  string     // FieldX, PinStored: member name
	Owner  string     // FieldX, PinStored: its type, "" when unknown
	Static bool       // FieldX, PinStored: static field or global
	Steps  []*Step
	// EveryPath: no path through the function ends well. InLoop: the site lies in a loop.
	EveryPath bool
	InLoop    bool
	// Untested: the status that decides whether the object exists was never tested on this path.
	Untested bool
	// Cancelled and TimedOut: the operation was cancelled, or a wait for it timed out, before.
	Cancelled, TimedOut bool
	// ByNative: the releases of this event are by native functions, or by members that stand for
	// such; what they release is a native handle or block, no pin.
	ByNative bool
	// Control: the call is a request to a device, of which most complete in the call.
	Control bool
	// CallbacksDropped: before that, callbacks of the operation were dropped, which does not end it.
	CallbacksDropped bool
	// KnownAsync: the handle was seen to be opened for overlapped I/O.
	KnownAsync bool
	// ErrorRead and ResultTested: the last error (result) of the operation's start was looked at
	// on some path.
	ErrorRead, ResultTested bool
	// AsyncSeen: something in the function shows that the operation is meant to be asynchronous:
	// an event, a wait, a cancellation, a test for "pending", storage that outlives the function.
	// Without it, and without KnownAsync, a synchronous handle with an offset is as likely.
	// PendingTested: "pending" was told from other errors on some path.
	AsyncSeen, PendingTested bool
	block                    ir.BlockID // WrongRelease
	status                   symID      // ReleaseOfUninit: the result that says whether the variable was filled
	// Unsure: the proof rests on something that is usual, not certain: that no caller outside pins
	// an array, that a span lies on the heap.
	Unsure bool
	// Forgotten: FieldAcquired of a pin, GC handle or native handle that nothing in the unit can free.
	Forgotten bool
	// Where names the global or member in which C keeps a pointer, "" if that is not followed; Until
	// is what ends it by a model: "thread", "callback", "operation", or "".
	Where, Until string
	// HeldBy says how what ends is still in use, when that is no operation on a handle: "waveOutWrite may still use it".
	HeldBy string
	Length *extent.Mismatch // LengthMismatch
	// Unfreed: Leak of a block that C allocated with the C runtime: the exported C function that
	// frees such blocks and that no C# code calls; "" otherwise.
	Unfreed string
	// Local: the storage that ends is a local of the function (OVERLAPPED or buffer). PinStored: what
	// is pinned is an array made in the function.
	Local bool

	result symID // UnpinnedAddress: the address
	// Kernel: the function runs in kernel mode.
	Kernel bool
	// Paired: Leak: another path through the function releases it. PairedLater: and does so behind the place of the end.
	Paired, PairedLater bool
	// Asked: Leak: on this path calls were given it, and have not failed.
	Asked             bool
	ofParam, returned bool // UnpinnedAddress: of a parameter; the address is returned
}
