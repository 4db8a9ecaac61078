package models

import (
	"reflect"
	"strings"
	"testing"
)

// One test for each line of the facts' list of what is to be handled with care.

func acquiresOf(t *testing.T, name string) []Acquire {
	t.Helper()
	f := Default().Func(name)
	if f == nil || len(f.Acquires) == 0 {
		t.Fatalf("%s acquires nothing", name)
	}
	return f.Acquires
}

// A handle's type alone does not give its closer.
func TestCareCloserByFunction(t *testing.T) {
	db := Default()
	for name, want := range map[string]string{
		"GetDC": "ReleaseDC", "CreateCompatibleDC": "DeleteDC", "BeginPaint": "EndPaint", // all HDC
		"WinHttpOpen": "WinHttpCloseHandle", "InternetOpenW": "InternetCloseHandle", // all HINTERNET
		"OpenClusterGroup": "CloseClusterGroup", "PeerGroupCreate": "PeerGroupClose", // all HGROUP
		"_popen": "_pclose", "fopen": "fclose", // all FILE*
		"CreateEventW": "CloseHandle", "BCryptRegisterConfigChangeNotify": "BCryptUnregisterConfigChangeNotify",
	} {
		a := acquiresOf(t, name)[0]
		if a.Release[0] != want {
			t.Errorf("%s: released by %v, want %s", name, a.Release, want)
		}
		if !a.ReleasedBy(db.Func(want)) {
			t.Errorf("%s: ReleasedBy(%s) = false", name, want)
		}
	}
	if len(db.Closers("HDC")) < 3 {
		t.Errorf("HDC: closers %v", db.Closers("HDC"))
	}
	if acquiresOf(t, "GetDC")[0].ReleasedBy(db.Func("DeleteDC")) || acquiresOf(t, "OpenProcess")[0].ReleasedBy(nil) {
		t.Error("ReleasedBy is too generous")
	}
}

func TestCareCreateIoCompletionPort(t *testing.T) {
	a := acquiresOf(t, "CreateIoCompletionPort")[0]
	if want := []Cond{{Param: 1, Op: CondNull}}; !reflect.DeepEqual(a.When.Conds, want) {
		t.Errorf("owned when %+v, want ExistingCompletionPort NULL", a.When)
	}
	if f := Default().Func("CreateIoCompletionPort"); len(f.Sink) != 0 {
		t.Error("FileHandle is not consumed")
	}
}

func TestCareDuplicateHandle(t *testing.T) {
	f := Default().Func("DuplicateHandle")
	a, r := f.Acquires[0], f.Releases[0]
	if a.Param != 3 || !hasCond(a.When, Cond{Param: 2, Op: CondSelfProcess}) {
		t.Errorf("the target process owns: %+v", a)
	}
	if r.Param != 1 || r.Success.Test != SuccessAlways || !hasCond(r.When, Cond{Param: 6, Op: CondHasFlags, Value: 1}) {
		t.Errorf("DUPLICATE_CLOSE_SOURCE closes the source even on error: %+v", r)
	}
	if len(f.Sinks) != 0 {
		t.Error("DuplicateHandle is no sink")
	}
}

func hasCond(w When, c Cond) bool {
	for _, x := range w.Conds {
		if x == c {
			return true
		}
	}
	return false
}

func TestCareCreateProcess(t *testing.T) {
	for _, n := range []string{"CreateProcessA", "CreateProcessW", "CreateProcessAsUserW", "CreateProcessWithLogonW", "CreateProcessWithTokenW"} {
		as := acquiresOf(t, n)
		if len(as) != 2 || as[0].Field != "hProcess" || as[1].Field != "hThread" || as[0].Param != as[1].Param {
			t.Errorf("%s: %+v", n, as)
		}
	}
}

func TestCareCertEnum(t *testing.T) {
	for n, param := range map[string]int{
		"CertEnumCertificatesInStore": 1, "CertEnumCRLsInStore": 1, "CertEnumCTLsInStore": 1, "CertFindCertificateInStore": 5,
		"CertFindCRLInStore": 5, "CertFindCTLInStore": 5, "CertFindChainInStore": 5, "CertGetIssuerCertificateFromStore": 2, "CertGetCRLFromStore": 2,
	} {
		f := Default().Func(n)
		if len(f.Releases) != 1 || f.Releases[0].Param != param || f.Releases[0].Success.Test != SuccessAlways {
			t.Errorf("%s frees the context passed in: %+v", n, f.Releases)
		}
		if p := f.Sig.Params[param].Name; !strings.HasPrefix(p, "pPrev") {
			t.Errorf("%s: parameter %d is %s", n, param, p)
		}
		if len(f.Acquires) != 1 || !hasValue(f.Acquires[0].Invalid, 0) {
			t.Errorf("%s: %+v", n, f.Acquires)
		}
	}
}

func TestCareInteriorPointers(t *testing.T) {
	for _, n := range []string{"GetSecurityInfo", "GetNamedSecurityInfoW"} {
		for _, a := range acquiresOf(t, n) {
			if a.Borrowed == (a.Param == 7) {
				t.Errorf("%s parameter %d: borrowed %v", n, a.Param, a.Borrowed)
			}
		}
	}
}

func TestCareBeginThread(t *testing.T) {
	ex, plain := acquiresOf(t, "_beginthreadex")[0], acquiresOf(t, "_beginthread")[0]
	if ex.Borrowed || ex.Release[0] != "CloseHandle" || !reflect.DeepEqual(ex.Invalid, []int64{0}) {
		t.Errorf("_beginthreadex: %+v", ex)
	}
	if !plain.Borrowed || len(plain.Release) != 0 || !reflect.DeepEqual(plain.Invalid, []int64{-1}) {
		t.Errorf("_beginthread: %+v", plain)
	}
}

func TestCareByRefAndHeapFree(t *testing.T) {
	for n, want := range map[string]Release{
		"RpcStringFreeA": {Param: 0, ByRef: true}, "RpcStringFreeW": {Param: 0, ByRef: true}, "RpcBindingFree": {Param: 0, ByRef: true},
		"DestroyPrivateObjectSecurity": {Param: 0, ByRef: true}, "NtFreeVirtualMemory": {Param: 1, ByRef: true},
		"FwpmFreeMemory0": {Param: 0, ByRef: true}, "EndPaint": {Param: 1, ViaStruct: true}, "HeapFree": {Param: 2}, "RtlFreeHeap": {Param: 2},
		"UnmapViewOfFile2": {Param: 1}, "CloseHandle": {Param: 0},
	} {
		r := Default().Func(n).Releases
		if len(r) == 0 || r[0].Param != want.Param || r[0].ByRef != want.ByRef || r[0].ViaStruct != want.ViaStruct {
			t.Errorf("%s: %+v", n, r)
		}
	}
}

func TestCareFailureValues(t *testing.T) {
	minusOne := `CreateFileA CreateFileW CreateFile2 FindFirstFileW FindFirstFileExW FindFirstVolumeW FindFirstVolumeMountPointW FindFirstChangeNotificationW
		FindFirstStreamW FindFirstFileNameW CreateToolhelp32Snapshot CreateNamedPipeW CreateMailslotW SetupDiGetClassDevsW SetupDiGetClassDevsExW
		SetupDiCreateDeviceInfoList SetupDiOpenDevRegKey SetupDiCreateDevRegKeyW socket accept WSASocketA WSAAccept CreateConsoleScreenBuffer _open _dup`
	for _, n := range strings.Fields(minusOne) {
		if a := acquiresOf(t, n)[0]; !reflect.DeepEqual(a.Invalid, []int64{-1}) {
			t.Errorf("%s fails with -1, not %v", n, a.Invalid)
		}
	}
	zero := `CreateEventW CreateMutexW OpenProcess OpenThread CreateThread CreateFileMappingA CreateFileMappingW OpenFileMappingW CreateJobObjectW
		CreateIoCompletionPort LoadLibraryA OpenSCManagerA OpenServiceW GetDC malloc fopen HeapAlloc WSACreateEvent`
	for _, n := range strings.Fields(zero) {
		if a := acquiresOf(t, n)[0]; !reflect.DeepEqual(a.Invalid, []int64{0}) {
			t.Errorf("%s fails with 0, not %v", n, a.Invalid)
		}
	}
	if v, ok := Default().Pseudo("GetCurrentProcess"); !ok || v != -1 || !acquiresOf(t, "GetCurrentProcess")[0].Borrowed {
		t.Error("GetCurrentProcess is the borrowed pseudo handle -1")
	}
}

func TestCarePending(t *testing.T) {
	for n, want := range map[string]struct {
		test PendingTest
		err  int64
	}{
		"ReadFile": {PendingFalseError, 997}, "WriteFile": {PendingFalseError, 997}, "DeviceIoControl": {PendingFalseError, 997},
		"WSARecv": {PendingSocketError, 997}, "WSASendTo": {PendingSocketError, 997}, "AcceptEx": {PendingFalseError, 997},
		"ConnectEx": {PendingFalseError, 997}, "LPFN_CONNECTEX": {PendingFalseError, 997}, "WSARecvMsg": {PendingSocketError, 997},
		"NtReadFile": {PendingReturn, 0x103}, "ZwWriteFile": {PendingReturn, 0x103}, "HttpReceiveHttpRequest": {PendingReturn, 997},
		"FilterGetMessage": {PendingReturn, -2147023899}, "NotifyAddrChange": {PendingReturn, 997}, "GetAddrInfoExW": {PendingReturn, 997},
		"ReadFileEx": {PendingNonZero, 0}, "ReadDirectoryChangesW": {PendingNonZero, 0},
	} {
		o := Default().Func(n).Overlapped
		if o == nil || o.Pending != want.test || o.PendingError != want.err {
			t.Errorf("%s: %+v", n, o)
		}
	}
	for _, f := range allOverlapped() {
		if f.Overlapped.Kind.Starts() && (f.Overlapped.Pending == PendingUnknown || f.Overlapped.OverlappedParam < 0) {
			t.Errorf("%s: no sign of pending", f.Name)
		}
	}
}

func allOverlapped() []*Func {
	var out []*Func
	for _, n := range Default().keysOf(relOverlapped) {
		out = append(out, Default().Func(n))
	}
	return out
}

func TestCareNotCompletion(t *testing.T) {
	for n, role := range map[string]WaitRole{
		"CancelIo": RoleCancels, "CancelIoEx": RoleCancels, "CloseHandle": RoleNotCompletion, "closesocket": RoleNotCompletion, "GetOverlappedResult": RoleCompletes,
	} {
		if w := Default().Func(n).Wait; w == nil || w.Role != role {
			t.Errorf("%s: %+v, want %s", n, w, role)
		}
	}
	wait := Default().Func("WaitForSingleObjectEx").Wait
	if wait.ResultOf(258, nil, false) == WaitComplete || wait.ResultOf(0xC0, nil, true) == WaitComplete {
		t.Error("WAIT_TIMEOUT and WAIT_IO_COMPLETION are no completion")
	}
	incomplete := int64(996)
	if got := Default().Func("GetOverlappedResult").Wait.ResultOf(0, &incomplete, false); got != WaitPending {
		t.Errorf("ERROR_IO_INCOMPLETE means %s", got)
	}
}

func TestCareWSABUF(t *testing.T) {
	for _, n := range []string{"WSARecv", "WSASend", "WSARecvFrom", "WSASendTo"} {
		b := Default().Func(n).Overlapped.Buffers[0]
		if b.Until.Pinned() || !strings.Contains(b.Indirect, "WSABUF->buf") || !strings.Contains(b.Indirect, "until completion") {
			t.Errorf("%s: the WSABUF array is captured, its memory is not: %+v", n, b)
		}
	}
	from := Default().Func("WSARecvFrom").Overlapped.Buffers
	if !from[1].Until.Pinned() || !from[2].Until.Pinned() {
		t.Errorf("lpFrom and lpFromlen are written at completion: %+v", from)
	}
	for _, n := range []string{"LPFN_CONNECTEX", "LPFN_ACCEPTEX", "LPFN_WSARECVMSG", "LPFN_DISCONNECTEX", "LPFN_TRANSMITPACKETS"} {
		if f := Default().Func(n); f == nil || f.Overlapped == nil || !f.Overlapped.Kind.Starts() {
			t.Errorf("%s: %+v", n, f)
		}
	}
}

func TestCareReservedAndLongPins(t *testing.T) {
	for _, n := range []string{"HttpSetServiceConfiguration", "HttpQueryServiceConfiguration", "HttpDeleteServiceConfiguration", "WSAConnectByNameW", "WSAConnectByList"} {
		if o := Default().Func(n).Overlapped; o.Kind != OvReserved || o.Kind.Starts() || o.OverlappedParam < 0 {
			t.Errorf("%s demands a NULL OVERLAPPED: %+v", n, o)
		}
	}
	for _, n := range []string{"ReadDirectoryChangesW", "WaitCommEvent", "NotifyAddrChange"} {
		if !Default().Func(n).Overlapped.LongPin {
			t.Errorf("%s pins for long by design", n)
		}
	}
	if Default().Func("ReadFile").Overlapped.LongPin {
		t.Error("ReadFile does not pin for long")
	}
	if k := Default().DotNet("PreAllocatedOverlapped..ctor"); len(k) == 0 || !strings.Contains(k[0].Note, "long-lived") {
		t.Errorf("PreAllocatedOverlapped: %+v", k)
	}
}

func TestCareDotNet(t *testing.T) {
	db := Default()
	if m := db.DotNet("Overlapped.Unpack"); len(m) != 1 || m[0].Kind != KindRecover {
		t.Errorf("Overlapped.Unpack does not free: %+v", m)
	}
	if m := db.DotNet("ThreadPoolBoundHandle.FreeNativeOverlapped"); len(m) != 1 || m[0].Kind != KindRelease || m[0].ReleaseArg != 0 || !strings.Contains(m[0].Note, "failed synchronously") {
		t.Errorf("FreeNativeOverlapped: %+v", m)
	}
	for name, kind := range map[string]MemberKind{
		"Unsafe.AsPointer": KindRefToPointer, "MemoryMarshal.GetReference": KindRefOnly, "Marshal.UnsafeAddrOfPinnedArrayElement": KindNeedsPinned,
	} {
		for _, m := range db.DotNet(name) {
			if m.Kind != kind || len(m.Release) != 0 {
				t.Errorf("%s does not pin: %+v", name, m)
			}
		}
		if len(db.DotNet(name)) == 0 {
			t.Errorf("%s is unknown", name)
		}
	}
	if m := db.DotNet("SuppressGCTransitionAttribute..ctor"); len(m) != 1 || !strings.Contains(m[0].Note, "locks") {
		t.Errorf("SuppressGCTransition: %+v", m)
	}
	if m := db.DotNet("Memory.Pin"); len(m) != 1 || m[0].Verified || !strings.HasPrefix(m[0].Since, "netcore2.1") {
		t.Errorf("since is general knowledge unless verified: %+v", m)
	}
}

func TestCareKernel(t *testing.T) {
	as := acquiresOf(t, "IoGetDeviceObjectPointer")
	if len(as) != 2 || as[0].Param != 2 || as[0].Release[0] != "ObDereferenceObject" || as[1].Param != 3 || !as[1].Borrowed {
		t.Errorf("IoGetDeviceObjectPointer references the file object: %+v", as)
	}
	for _, n := range []string{"MmAllocatePagesForMdl", "MmAllocatePagesForMdlEx", "MmAllocateNodePagesForMdlEx"} {
		as := acquiresOf(t, n)
		if len(as) != 2 || as[0].Release[0] != "MmFreePagesFromMdl" || as[1].Release[0] != "ExFreePool" {
			t.Errorf("%s needs two frees: %+v", n, as)
		}
	}
	// The annotation of the header (PASSIVE) is below the document (APC): the lower counts.
	if q := Default().Func("IoBuildSynchronousFsdRequest").IRQL; q == nil || q.Max != "PASSIVE_LEVEL" {
		t.Errorf("IoBuildSynchronousFsdRequest: %+v", q)
	}
	// Here the document is the lower one.
	if q := Default().Func("IoAttachDevice").IRQL; q == nil || q.Max != "PASSIVE_LEVEL" {
		t.Errorf("IoAttachDevice: %+v", q)
	}
	if q := Default().Func("KeAcquireInterruptSpinLock").IRQL; q == nil || q.Raises == "" && q.Max == "" {
		t.Errorf("KeAcquireInterruptSpinLock: %+v", q)
	}
}

func TestCareCountOutputs(t *testing.T) {
	for _, b := range Default().Func("ReadFile").Overlapped.Buffers {
		if b.Name == "lpNumberOfBytesRead" && b.Until != UntilReturn || b.Name == "lpBuffer" && b.Until != UntilCompletion {
			t.Errorf("ReadFile: %+v", b)
		}
	}
}
