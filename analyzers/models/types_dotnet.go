package models

// MemberKind is what a member of the .NET library does with pins, handles and
// native memory.
type MemberKind string

// Kinds of members.
const (
	KindPin              MemberKind = "pin"            // pins until released
	KindPinScope         MemberKind = "pin-scope"      // pins lexically
	KindAddressOfPin     MemberKind = "address-of-pin" // pointer valid while pinned
	KindNeedsPinned      MemberKind = "needs-pinned"   // only legal on pinned memory
	KindPinnedAlloc      MemberKind = "pinned-alloc"
	KindRefOnly          MemberKind = "ref-only"       // managed reference, not pinned
	KindRefToPointer     MemberKind = "ref-to-pointer" // pointer without pin
	KindNativeOverlapped MemberKind = "native-overlapped"
	KindNativeAlloc      MemberKind = "native-alloc"
	KindNativeRealloc    MemberKind = "native-realloc"
	KindNativeFields     MemberKind = "native-fields"
	KindGCHandle         MemberKind = "gchandle" // GC handle without pin
	KindCOMRef           MemberKind = "com-ref"
	KindRCW              MemberKind = "rcw"
	KindHandleOwn        MemberKind = "handle-own"
	KindHandleBorrow     MemberKind = "handle-borrow"
	KindHandleDuplicate  MemberKind = "handle-duplicate"
	KindHandleDisown     MemberKind = "handle-disown"
	KindHandleRef        MemberKind = "handle-ref"
	KindPointerRef       MemberKind = "pointer-ref"
	KindCallback         MemberKind = "callback"
	KindNativeLibrary    MemberKind = "native-library"
	KindPool             MemberKind = "pool"
	KindPoolReturn       MemberKind = "pool-return"
	KindLock             MemberKind = "lock"
	KindNativeHandle     MemberKind = "native-handle"
	KindBind             MemberKind = "bind"
	KindRelease          MemberKind = "release" // ends what another member began
	KindEscape           MemberKind = "escape"  // the handle travels as a number
	KindRecover          MemberKind = "recover"
	KindKeepAlive        MemberKind = "keepalive"
	KindPointerBorrow    MemberKind = "pointer-borrow"
	KindPinsInternally   MemberKind = "pins-internally"
	KindDisposable       MemberKind = "disposable"
	KindWaitRegistration MemberKind = "wait-registration"
	KindCopy             MemberKind = "copy"
	KindPost             MemberKind = "post"
	KindQuery            MemberKind = "query"
	KindStack            MemberKind = "stack"
	KindPointerCall      MemberKind = "pointer-call"
	KindPointerToRef     MemberKind = "pointer-to-ref"
	KindCallbackIn       MemberKind = "callback-in"
	KindCallbackStatic   MemberKind = "callback-static"
	KindGCTransition     MemberKind = "gc-transition"
	KindAddress          MemberKind = "address"
	KindScope            MemberKind = "scope"
	KindWait             MemberKind = "wait" // waits for its receiver or first argument
)

// ThrowKind says whether a member throws.
type ThrowKind uint8

// How a member throws. May is the default: any managed call may throw.
const (
	ThrowMay         ThrowKind = iota
	ThrowNever                 // cannot throw with valid arguments (plain reads, arithmetic)
	ThrowAlways                // never returns normally
	ThrowConditional           // throws when its argument says so (ThrowExceptionForHR, ThrowIfNull)
	ThrowArguments             // throws where its arguments are wrong, nothing but what says that
	ThrowExit                  // ends the process (Environment.FailFast)
)

// Member is one overload of a member of the .NET library.
type Member struct {
	FullType string // "System.Runtime.InteropServices.GCHandle"
	Type     string // short name without type parameters: "GCHandle"
	Name     string // "Alloc", ".ctor"
	Arity    int    // type parameters of the type
	Property bool   // no parameter list
	Kind     MemberKind
	Release  []string // "Type.Member" short names ("GCHandle.Free"), or native exports ("DeleteObject")
	// ReleaseArg is the 0-based argument of the release that takes the resource
	// when the release is static or on another object, -1 when the resource is
	// its receiver.
	ReleaseArg int
	Params     []MemberParam
	Open       bool // more overloads than listed: do not test the number of arguments
	Since      string
	Verified   bool
	Note       string
	Throws     ThrowKind
}

// MemberParam is a parameter of a member. Const is the constant that selects the
// overload ("GCHandleType.Pinned", "true"), "" when any value does.
type MemberParam struct {
	Type  string
	Name  string
	Const string
}

// Arg is an argument at a call, as far as it is known, to choose an overload.
type Arg struct {
	Name  string // named argument, "" when positional
	Type  string // static type, "" when unknown
	Const string // constant as written or "Enum.Member", "" when not constant
}

// TypeInfo is what is known of a .NET type.
type TypeInfo struct {
	Name       string // short name
	FullName   string
	Struct     bool
	RefStruct  bool
	SafeHandle bool
	Disposable bool
	OwnsNative bool // its Dispose or finalizer releases a native resource or a pin
	Finalizer  bool // the resource is released some time later even when not disposed
	Pointer    bool // IntPtr-like: a raw address or handle
	Blittable  bool
	Wrapper    bool    // class of CsWin32, Vanara or dotnet/pinvoke whose methods are exports
	Invalid    []int64 // SafeHandle: raw values for which IsInvalid holds
	Release    string  // native function that its ReleaseHandle calls, "" when unknown
	Note       string
}
