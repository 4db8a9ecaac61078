package models

// OverlappedKind says what a function does with its OVERLAPPED (or
// IO_STATUS_BLOCK, event, APC, callback).
type OverlappedKind string

// Kinds of asynchronous functions.
const (
	OvStart         OverlappedKind = "overlapped"      // starts an operation when the handle is asynchronous
	OvStartExt      OverlappedKind = "overlapped-ext"  // same, through a Winsock extension function pointer
	OvSync          OverlappedKind = "overlapped-sync" // takes an OVERLAPPED but completes in the call
	OvIdentify      OverlappedKind = "identify"        // names an operation
	OvPost          OverlappedKind = "post"            // hands the pointer on
	OvWait          OverlappedKind = "wait"            // waits or tests
	OvDequeue       OverlappedKind = "dequeue"         // gives a completed pointer back
	OvCancel        OverlappedKind = "cancel"
	OvReserved      OverlappedKind = "reserved" // the parameter must be NULL
	OvNT            OverlappedKind = "nt"       // IO_STATUS_BLOCK, asynchronous
	OvNTSync        OverlappedKind = "nt-sync"
	OvEventOrAPC    OverlappedKind = "event-or-apc" // asynchronous when an event or APC is given
	OvAPC           OverlappedKind = "apc"
	OvEvent         OverlappedKind = "event"
	OvCallback      OverlappedKind = "callback"
	OvPrepare       OverlappedKind = "prepare"       // locks a header until unprepared
	OvSessionAsync  OverlappedKind = "session-async" // asynchronous when the session handle is
	OvMessage       OverlappedKind = "message"
	OvIORing        OverlappedKind = "ioring"
	OvLock          OverlappedKind = "lock" // locks memory until released
	OvLockExt       OverlappedKind = "lock-ext"
	OvRIOExt        OverlappedKind = "rio-ext"
	OvProvider      OverlappedKind = "provider"
	OvWSACompletion OverlappedKind = "overlapped-wsacompletion"
)

// Starts tells whether a non-NULL OVERLAPPED / IO_STATUS_BLOCK given to a
// function of this kind may leave an operation pending after the return.
func (k OverlappedKind) Starts() bool {
	switch k {
	case OvStart, OvStartExt, OvNT, OvWSACompletion:
		return true
	}
	return false
}

// PendingTest says how a start call tells that the operation is pending.
type PendingTest uint8

// Ways to say pending. Any other failure means that nothing is pending.
const (
	PendingUnknown     PendingTest = iota
	PendingFalseError              // returns FALSE and the last error is PendingError
	PendingSocketError             // returns SOCKET_ERROR (-1) and WSAGetLastError is PendingError
	PendingReturn                  // returns PendingError itself (Win32 error, NTSTATUS, HRESULT; 0 for calls that only queue)
	PendingNonZero                 // any TRUE return: the call only queues, completion comes later
)

// Overlapped describes an asynchronous function. Parameter indices are 0-based,
// -1 = none. The OVERLAPPED / IO_STATUS_BLOCK itself must live until completion.
type Overlapped struct {
	Kind            OverlappedKind
	OverlappedParam int
	HandleParam     int
	RoutineParam    int // completion routine or APC
	EventParam      int
	Buffers         []Buffer
	Pending         PendingTest
	PendingError    int64 // ERROR_IO_PENDING (997), STATUS_PENDING (0x103), 0x800703E5 ...
	LongPin         bool  // by design pending for a long time (lower the severity)
	Note            string
}

// Dir is the direction of the data of a parameter.
type Dir uint8

// Directions.
const (
	DirUnknown Dir = iota
	DirIn
	DirOut
	DirInOut
)

// Until says how long a buffer is used.
type Until uint8

// Lifetimes of buffers.
const (
	UntilReturn                 Until = iota // only during the call
	UntilCompletion                          // until the operation is known to be complete
	UntilCompletionConservative              // the documentation does not say that it is captured: treat as UntilCompletion
)

// Pinned tells whether the buffer must stay valid and unmoved after the return.
func (u Until) Pinned() bool { return u != UntilReturn }

// Buffer is a parameter of an asynchronous function through which data go.
type Buffer struct {
	Param    int
	Name     string
	Dir      Dir
	Until    Until
	Indirect string // memory the parameter points to and that is used until completion, as prose: "WSABUF->buf w until completion"
}

// WaitRole says what a function means for pending operations.
type WaitRole string

// Roles.
const (
	RoleCompletes      WaitRole = "completes"       // tells that the named operation is complete
	RoleWaitsEvent     WaitRole = "waits-event"     // waits for an event or other waitable object
	RoleDequeues       WaitRole = "dequeue"         // takes a completed operation from a port
	RoleAlertable      WaitRole = "alertable"       // runs completion routines
	RoleCancels        WaitRole = "cancels"         // asks for cancellation; not completion
	RoleNotCompletion  WaitRole = "not-completion"  // taken for completion by mistake
	RoleCompletesOther WaitRole = "completes-other" // ends a pending operation of another call
	RoleBlocking       WaitRole = "blocking"
)

// WaitResult is the meaning of an outcome of a wait.
type WaitResult string

// Meanings of outcomes.
const (
	WaitComplete  WaitResult = "complete"  // the operation is over (well or not), or the object was signalled
	WaitAbandoned WaitResult = "abandoned" // a mutex was abandoned
	WaitTimedOut  WaitResult = "timeout"   // not complete yet
	WaitPending   WaitResult = "pending"   // not complete yet, asked without waiting
	WaitAPC       WaitResult = "apc"       // some completion routine ran, not necessarily this one
	WaitMessageIn WaitResult = "message"   // a window message arrived
	WaitFailed    WaitResult = "failed"    // the wait itself failed: nothing is known
	WaitNone      WaitResult = "none"      // nothing was dequeued
	WaitNotFound  WaitResult = "notfound"  // nothing to cancel
	WaitRequested WaitResult = "requested" // cancellation was requested; the operation is still pending
	WaitUnknown   WaitResult = "unknown"   // the returned value alone does not tell
)

// Outcome gives a meaning to a returned value, and to the last error or an out
// pointer where these are needed.
type Outcome struct {
	Result     WaitResult
	Not        bool    // the value is outside Min..Max
	Min, Max   int64   // range of the returned value
	AnyReturn  bool    // any value
	Errors     []int64 // last error must be one of these; empty = any
	OutParam   int     // out pointer that must be (non-)NULL, -1 = none
	OutNonNull bool
}

// Matches tells whether the outcome applies to a returned value and last error
// (nil when it is not known). sure is false when the unknown error would decide.
func (o *Outcome) Matches(ret int64, err *int64) (ok, sure bool) {
	if !o.AnyReturn && (ret >= o.Min && ret <= o.Max) == o.Not {
		return false, true
	}
	if len(o.Errors) == 0 {
		return true, true
	}
	if err == nil {
		return false, false
	}
	return hasValue(o.Errors, *err), true
}

// Wait describes a function that waits for, tests, dequeues or cancels
// operations. Parameter indices are 0-based, -1 = none.
type Wait struct {
	Role            WaitRole
	HandleParam     int // file, socket, port or waited object
	HandlesParam    int // array of waited objects
	CountParam      int // its length
	WaitAllParam    int // BOOL: wait for all
	OverlappedParam int // OVERLAPPED* (for dequeues: address of the pointer, or array of entries)
	WaitFlagParam   int // BOOL that selects WithFlag: "wait until complete" for most
	TimeoutParam    int // milliseconds, INFINITE = for ever; 0 = test
	DueParam        int // address of a time-out (native API), NULL = for ever
	AlertableParam  int // BOOL
	// WithFlag are the outcomes when the wait flag is TRUE, the timeout INFINITE
	// or the due time NULL; Outcomes otherwise. The first that matches counts.
	WithFlag []Outcome
	Outcomes []Outcome
	When     string // prose of the source
	Note     string
}

// Select returns the outcomes to look at: those of an unlimited wait, or the
// others.
func (w *Wait) Select(unlimited bool) []Outcome {
	if unlimited && len(w.WithFlag) > 0 {
		return w.WithFlag
	}
	return w.Outcomes
}

// ResultOf gives the meaning of a returned value. err is the last error, nil when
// it is not known; unlimited as in Select. The answer is WaitUnknown when only
// the error could tell, WaitFailed for values that are listed nowhere. Outcomes
// that look at an out pointer are unknown here: callers that follow the pointer
// use Select.
func (w *Wait) ResultOf(ret int64, err *int64, unlimited bool) WaitResult {
	list := w.Select(unlimited)
	for i := range list {
		ok, sure := list[i].Matches(ret, err)
		if !sure || (ok && list[i].OutParam >= 0) {
			return WaitUnknown
		}
		if ok {
			return list[i].Result
		}
	}
	return WaitFailed
}
