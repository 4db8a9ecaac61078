package models

import (
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
)

// One line per function: what it acquires, releases, starts and takes. The text is
// written by hand from the reference pages, not from the tables.
var handPicked = []struct{ name, want string }{
	// failure values: -1
	{"CreateFileW", "+return HANDLE:file kernel-handle inv=-1 by CloseHandle"},
	{"CreateFileA", "+return HANDLE:file kernel-handle inv=-1 by CloseHandle"},
	{"CreateFile", "+return HANDLE:file kernel-handle inv=-1 by CloseHandle"},
	{"CreateNamedPipeW", "+return HANDLE:pipe kernel-handle inv=-1 by CloseHandle"},
	{"CreateMailslotA", "+return HANDLE:mailslot kernel-handle inv=-1 by CloseHandle"},
	{"CreateToolhelp32Snapshot", "+return HANDLE:snapshot kernel-handle inv=-1 by CloseHandle"},
	{"FindFirstFileW", "+return FindFileHandle find-handle inv=-1 by FindClose"},
	{"FindFirstFileExA", "+return FindFileHandle find-handle inv=-1 by FindClose"},
	{"FindFirstVolumeW", "+return FindVolumeHandle find-handle inv=-1 by FindVolumeClose"},
	{"FindFirstChangeNotificationW", "+return FindChangeNotificationHandle find-handle inv=-1 by FindCloseChangeNotification"},
	{"SetupDiGetClassDevsW", "+return HDEVINFO device inv=-1 by SetupDiDestroyDeviceInfoList"},
	{"SetupDiCreateDeviceInfoList", "+return HDEVINFO device inv=-1 by SetupDiDestroyDeviceInfoList"},
	{"SetupDiOpenDevRegKey", "+return HKEY registry-key inv=-1 by RegCloseKey"},
	{"SetupOpenInfFileW", "+return HINF device inv=-1 by SetupCloseInfFile"},
	{"socket", "+return SOCKET socket inv=-1 by closesocket"},
	{"accept", "+return SOCKET socket inv=-1 by closesocket"},
	{"WSASocketW", "+return SOCKET socket inv=-1 by closesocket"},
	{"WSAAccept", "+return SOCKET socket inv=-1 by closesocket"},
	// failure value 0
	{"CreateEventW", "+return HANDLE:event kernel-handle inv=0 by CloseHandle"},
	{"CreateMutexA", "+return HANDLE:mutex kernel-handle inv=0 by CloseHandle"},
	{"CreateSemaphoreW", "+return HANDLE:semaphore kernel-handle inv=0 by CloseHandle"},
	{"OpenProcess", "+return HANDLE:process kernel-handle inv=0 by CloseHandle"},
	{"OpenThread", "+return HANDLE:thread kernel-handle inv=0 by CloseHandle"},
	{"CreateThread", "+return HANDLE:thread kernel-handle inv=0 by CloseHandle keeps 3"},
	{"CreateRemoteThread", "+return HANDLE:thread kernel-handle inv=0 by CloseHandle takes 3 keeps 4"},
	{"CreateFileMappingW", "+return HANDLE:section kernel-handle inv=0 by CloseHandle"},
	{"OpenFileMappingA", "+return HANDLE:section kernel-handle inv=0 by CloseHandle"},
	{"CreateJobObjectW", "+return HANDLE:job kernel-handle inv=0 by CloseHandle"},
	{"CreateWaitableTimerW", "+return HANDLE:timer kernel-handle inv=0 by CloseHandle"},
	{"LoadLibraryW", "+return HMODULE module inv=0 by FreeLibrary,FreeLibraryAndExitThread"},
	{"OpenSCManagerW", "+return SC_HANDLE service inv=0 by CloseServiceHandle"},
	{"OpenServiceW", "+return SC_HANDLE service inv=0 by CloseServiceHandle"},
	{"WinHttpOpen", "+return HINTERNET network inv=0 by WinHttpCloseHandle"},
	{"InternetOpenW", "+return HINTERNET network inv=0 by InternetCloseHandle"},
	{"CreateSolidBrush", "+return HBRUSH gdi inv=0 by DeleteObject"},
	{"CreateCompatibleDC", "+return HDC gdi inv=0 by DeleteDC"},
	{"GetDC", "+return WINDOW_DC gdi inv=0 by ReleaseDC"},
	{"CertOpenSystemStoreW", "+return HCERTSTORE crypto inv=0 by CertCloseStore"},
	{"RegisterEventSourceW", "+return EventSourceHandle event-log inv=0 by DeregisterEventSource"},
	{"WSACreateEvent", "+return WSAEVENT kernel-handle inv=0 by WSACloseEvent"},
	{"CreateThreadpoolIo", "+return PTP_IO threadpool inv=0 by CloseThreadpoolIo keeps 0,2"},
	{"MapViewOfFile", "+return MEMORY_MAPPED_VIEW_ADDRESS mapped-memory inv=0 by UnmapViewOfFile,UnmapViewOfFileEx,UnmapViewOfFile2"},
	{"HeapCreate", "+return HeapHandle heap-memory inv=0 by HeapDestroy"},
	{"HeapAlloc", "+return HEAP_MEM heap-memory inv=0 by HeapFree"},
	{"LocalAlloc", "+return HLOCAL heap-memory inv=0 by LocalFree"},
	{"GlobalAlloc", "+return HGLOBAL heap-memory inv=0 by GlobalFree"},
	{"CoTaskMemAlloc", "+return COTASKMEM heap-memory inv=0 by CoTaskMemFree"},
	{"SysAllocString", "+return BSTR heap-memory inv=0 by SysFreeString"},
	// out parameters
	{"RegOpenKeyExW", "+4 HKEY registry-key zero by RegCloseKey"},
	{"RegCreateKeyExA", "+7 HKEY registry-key zero by RegCloseKey"},
	{"OpenProcessToken", "+2 HANDLE:token kernel-handle nonzero by CloseHandle"},
	{"CreatePipe", "+0 HANDLE:anonymous-pipe kernel-handle nonzero by CloseHandle +1 HANDLE:anonymous-pipe kernel-handle nonzero by CloseHandle"},
	{"CreateProcessW", "+9.hProcess HANDLE:process kernel-handle nonzero by CloseHandle +9.hThread HANDLE:thread kernel-handle nonzero by CloseHandle"},
	{"CreateProcessAsUserW", "+10.hProcess HANDLE:process kernel-handle nonzero by CloseHandle +10.hThread HANDLE:thread kernel-handle nonzero by CloseHandle"},
	{"CryptAcquireContextW", "+0 HCRYPTPROV crypto nonzero by CryptReleaseContext when p4!&?0x10"},
	{"RpcBindingInqAuthClientW", "+2 RPC_STRING heap-memory zero by RpcStringFree"},
	{"BCryptOpenAlgorithmProvider", "+0 BCRYPT_ALG_HANDLE crypto nt by BCryptCloseAlgorithmProvider"},
	{"getaddrinfo", "+3 ADDRINFO heap-memory zero by freeaddrinfo"},
	{"WinUsb_Initialize", "+1 WINUSB_INTERFACE_HANDLE device nonzero by WinUsb_Free"},
	{"NtOpenKey", "+0 HANDLE:key kernel-handle nt by NtClose,ZwClose,CloseHandle"},
	// conditions on arguments
	{"CreateIoCompletionPort", "+return HANDLE:completion-port kernel-handle inv=0 by CloseHandle when p1=null keeps 2"},
	{"FormatMessageW", "+4 LOCAL_MEM heap-memory nonzero by LocalFree when p0&0x100"},
	{"VirtualAlloc", "+return VIRTUAL_MEM mapped-memory inv=0 by VirtualFree when p0=null or p2&0x2000"},
	{"DuplicateHandle", "+3 HANDLE kernel-handle nonzero by CloseHandle when p2=self and p3!=null -1 HANDLE when p6&0x1 and p0=self"},
	// borrowed
	{"GetCurrentProcess", "~return HANDLE:process"},
	{"GetStdHandle", "~return HANDLE"},
	{"GetModuleHandleW", "~return HMODULE"},
	{"GetStockObject", "~return HGDIOBJ"},
	{"LoadCursorW", "~return HCURSOR"},
	{"_beginthread", "~return HANDLE:thread keeps 2"},
	{"_get_osfhandle", "~return HANDLE"},
	{"GetSecurityInfo", "~3 SID ~4 SID ~5 ACL ~6 ACL +7 LOCAL_MEM heap-memory zero by LocalFree"},
	// releasers
	{"CloseHandle", "-0 HANDLE,HFILE"},
	{"NtClose", "-0 HANDLE"},
	{"RegCloseKey", "-0 HKEY"},
	{"FindClose", "-0 FindFileHandle,FindFileNameHandle,FindStreamHandle"},
	{"closesocket", "-0 SOCKET"},
	{"HeapFree", "-2 HEAP_MEM,MEM:HeapFree"},
	{"VirtualFree", "-0 VIRTUAL_MEM when p2&0x8000 and p2!&0x2"},
	{"ReleaseDC", "-1 WINDOW_DC"},
	{"RpcStringFreeW", "-0& MEM:RpcStringFree,RPC_STRING"},
	{"RpcBindingFree", "-0& RPC_BINDING_HANDLE"},
	{"KillTimer", "-1 TIMER_ID"},
	{"free", "-0 CRT_MEM"},
	{"fclose", "-0 FILE*"},
	{"CertFindCertificateInStore", "+return PCCERT_CONTEXT crypto inv=0 by CertFreeCertificateContext -5 PCCERT_CONTEXT"},
	{"CertEnumCertificatesInStore", "+return PCCERT_CONTEXT crypto inv=0 by CertFreeCertificateContext -1 PCCERT_CONTEXT"},
	// CRT
	{"malloc", "+return CRT_MEM heap-memory inv=0 by free"},
	{"calloc", "+return CRT_MEM heap-memory inv=0 by free"},
	{"realloc", "+return CRT_MEM heap-memory inv=0 by free -0 CRT_MEM unless 0"},
	{"_strdup", "+return CRT_MEM heap-memory inv=0 by free"},
	{"fopen", "+return FILE* file-stream inv=0 by fclose"},
	{"_wfopen", "+return FILE* file-stream inv=0 by fclose"},
	{"fopen_s", "+0 FILE* file-stream zero by fclose"},
	{"_popen", "+return FILE* file-stream inv=0 by _pclose"},
	{"_open", "+return fd file-stream inv=-1 by _close"},
	{"_open_osfhandle", "+return fd file-stream inv=-1 by _close takes 0"},
	{"_fdopen", "+return FILE* file-stream inv=0 by fclose takes 0"},
	{"_beginthreadex", "+return HANDLE:thread kernel-handle inv=0 by CloseHandle keeps 3"},
	{"_aligned_malloc", "+return CRT_ALIGNED heap-memory inv=0 by _aligned_free"},
	// kernel
	{"ZwCreateFile", "+0 HANDLE:file kernel-handle nt by ZwClose"},
	{"ObReferenceObjectByHandle", "+4 K:object reference kernel-ref nt by ObDereferenceObject,ObDereferenceObjectDeferDelete"},
	{"IoGetDeviceObjectPointer", "+2 K:file object reference kernel-ref nt by ObDereferenceObject ~3 K:device object"},
	{"ExAllocatePoolWithTag", "+return K:pool memory pool-memory inv=0 by ExFreePoolWithTag,ExFreePool"},
	{"MmAllocatePagesForMdl", "+return K:MDL pages pool-memory inv=0 by MmFreePagesFromMdl +return K:MDL of pages pool-memory inv=0 by ExFreePool"},
	{"ObDereferenceObject", "-0 K:object reference,K:file object reference,K:device object reference,K:token reference"},
	// sinks
	{"SetClipboardData", "~return HANDLE takes 1"},
	{"SetWindowRgn", "takes 1"},
}

func TestHandPicked(t *testing.T) {
	for _, tt := range handPicked {
		f := Default().Func(tt.name)
		if f == nil {
			t.Errorf("%s: unknown", tt.name)
			continue
		}
		if got := describe(f); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	if n := len(handPicked); n < 100 {
		t.Errorf("only %d functions", n)
	}
}

// describe renders the ownership facts of a function on one line.
func describe(f *Func) string {
	var out []string
	for _, a := range f.Acquires {
		out = append(out, describeAcquire(a))
	}
	releases := map[string]int{}
	for _, r := range f.Releases {
		s := "-" + itoa(r.Param)
		if r.ByRef {
			s += "&"
		}
		tail := whenText(r.When)
		if len(r.Invalid) > 0 {
			tail += " unless " + intsText(r.Invalid)
		}
		if at, ok := releases[s+tail]; ok { // one kind a row in the kernel's table
			out[at] += "," + strings.Join(r.Types, ",")
			continue
		}
		releases[s+tail] = len(out)
		out = append(out, s+" "+strings.Join(r.Types, ",")+tail)
	}
	if len(f.Sink) > 0 {
		out = append(out, "takes "+intsText(toInt64(f.Sink)))
	}
	if len(f.Retains) > 0 {
		out = append(out, "keeps "+intsText(toInt64(f.Retains)))
	}
	return strings.Join(out, " ")
}

func describeAcquire(a Acquire) string {
	where := "return"
	if !a.IsReturn() {
		where = itoa(a.Param)
		if a.Field != "" {
			where += "." + a.Field
		}
	}
	if a.Borrowed {
		return "~" + where + " " + a.Kind
	}
	test := "inv=" + intsText(a.Invalid)
	if a.Success.Test != SuccessValue {
		for text, code := range successTests {
			if code == a.Success.Test {
				test = text
			}
		}
	}
	return "+" + where + " " + a.Kind + " " + string(a.Class) + " " + test + " by " + strings.Join(a.Release, ",") + whenText(a.When)
}

func whenText(w When) string {
	if w.Always() {
		return ""
	}
	var parts []string
	for _, c := range w.Conds {
		s := "p" + itoa(c.Param)
		if c.Field != "" {
			s += "." + c.Field
		}
		switch c.Op {
		case CondNull:
			s += "=null"
		case CondNotNull:
			s += "!=null"
		case CondHasFlags:
			s += "&0x" + hex(c.Value)
		case CondLacksFlags:
			s += "!&0x" + hex(c.Value)
		case CondLacksRare:
			s += "!&?0x" + hex(c.Value)
		case CondEqual:
			s += "=" + itoa(int(c.Value))
		case CondSelfProcess:
			s += "=self"
		}
		parts = append(parts, s)
	}
	sep := " and "
	if w.Any {
		sep = " or "
	}
	return " when " + strings.Join(parts, sep)
}

func TestUnknown(t *testing.T) {
	for _, name := range []string{"", "NoSuchFunction", "createfilew", "CreateFil", "CreateFileWW", "#", "# function", "\t", "CreateFileW\t"} {
		if f := Default().Func(name); f != nil {
			t.Errorf("%q is known: %+v", name, f)
		}
	}
	if _, ok := Default().Predefined("NO_SUCH_CONSTANT"); ok {
		t.Error("NO_SUCH_CONSTANT is known")
	}
	if Default().Struct("NO_SUCH_STRUCT") != nil || Default().Callback("NO_SUCH_CALLBACK") != nil || Default().DotNetType("NoSuch") != nil {
		t.Error("unknown names are known")
	}
}

func TestFamily(t *testing.T) {
	for name, want := range map[string]string{
		"CreateFileW": "CreateFile", "CreateFileA": "CreateFile", "ReadDirectoryChangesW": "ReadDirectoryChangesW",
		"CloseHandle": "CloseHandle", "GetMessageW": "GetMessage", "Nope": "Nope", "W": "W", "CreateProcessWithTokenW": "CreateProcessWithTokenW",
	} {
		if got := Default().Family(name); got != want {
			t.Errorf("Family(%s) = %s, want %s", name, got, want)
		}
	}
}

func TestPredefined(t *testing.T) {
	for name, want := range map[string]int64{
		"INVALID_HANDLE_VALUE": -1, "INVALID_SOCKET": -1, "SOCKET_ERROR": -1, "NULL": 0, "TRUE": 1, "FALSE": 0,
		"ERROR_IO_PENDING": 997, "ERROR_IO_INCOMPLETE": 996, "WSA_IO_PENDING": 997, "STATUS_PENDING": 0x103, "WAIT_TIMEOUT": 258,
		"WAIT_OBJECT_0": 0, "WAIT_FAILED": 0xFFFFFFFF, "WAIT_IO_COMPLETION": 0xC0, "INFINITE": 0xFFFFFFFF, "S_OK": 0, "E_FAIL": -2147467259,
		"FILE_FLAG_OVERLAPPED": 0x40000000, "INVALID_FILE_ATTRIBUTES": 0xFFFFFFFF, "DUPLICATE_CLOSE_SOURCE": 1,
		"HKEY_LOCAL_MACHINE": -2147483646, "ERROR_NOT_FOUND": 1168, "ERROR_PIPE_CONNECTED": 535, "STATUS_CANCELLED": -1073741536,
		"FORMAT_MESSAGE_ALLOCATE_BUFFER": 0x100, "MEM_RELEASE": 0x8000, "FILE_SKIP_COMPLETION_PORT_ON_SUCCESS": 1,
	} {
		if got, ok := Default().Predefined(name); !ok || got != want {
			t.Errorf("%s = %d (%v), want %d", name, got, ok, want)
		}
	}
	for name, want := range map[string]int64{"GetCurrentProcess": -1, "GetCurrentThread": -2} {
		if got, ok := Default().Pseudo(name); !ok || got != want {
			t.Errorf("Pseudo(%s) = %d (%v), want %d", name, got, ok, want)
		}
	}
	if _, ok := Default().Pseudo("OpenProcess"); ok {
		t.Error("OpenProcess returns no pseudo handle")
	}
}

func TestSameValue(t *testing.T) {
	for _, tt := range []struct {
		a, b int64
		same bool
	}{{-1, 0xFFFFFFFF, true}, {-1, -1, true}, {0, 0, true}, {0, 1 << 32, false}, {-1, 0x1FFFFFFFF, false}, {1, -1, false}} {
		if got := SameValue(tt.a, tt.b); got != tt.same {
			t.Errorf("SameValue(%#x, %#x) = %v", tt.a, tt.b, got)
		}
	}
}

func TestClosers(t *testing.T) {
	for kind, want := range map[string]string{"HANDLE": "CloseHandle", "HANDLE:file": "CloseHandle", "HKEY": "RegCloseKey", "FindFileHandle": "FindClose", "CRT_MEM": "free"} {
		got := Default().Closers(kind)
		if len(got) == 0 || got[0] != want {
			t.Errorf("Closers(%s) = %v, want %s first", kind, got, want)
		}
	}
	if Default().Closers("no such kind") != nil || Default().ClassOf("no such kind") != ClassOther {
		t.Error("an unknown kind has closers")
	}
	if !KindMatches("HANDLE:file", "HANDLE") || KindMatches("HANDLE2", "HANDLE") || KindMatches("HANDLE", "HANDLE:file") {
		t.Error("KindMatches")
	}
}

func TestSignature(t *testing.T) {
	s := Default().Func("ReadFile").Sig
	if s == nil || len(s.Params) != 5 || !s.SetsLastError || s.CallConv != Stdcall || s.Return.Base != "b32" {
		t.Fatalf("ReadFile: %+v", s)
	}
	h, buf, ov := s.Params[0], s.Params[1], s.Params[4]
	if !h.IsHandle() || h.Dir != DirIn || h.Type.PtrDepth != 0 {
		t.Errorf("hFile: %+v", h)
	}
	if buf.Dir != DirOut || !buf.Optional || buf.BytesParam != 2 || buf.Type.PtrDepth != 1 || !buf.Type.IsPointer() {
		t.Errorf("lpBuffer: %+v", buf)
	}
	if ov.Type.Name != "OVERLAPPED" || ov.Dir != DirUnknown || !ov.Optional {
		t.Errorf("lpOverlapped: %+v", ov)
	}
	if p := Default().Func("WSARecv").Sig.Params[6]; !p.IsCallback() || p.Type.Name != "LPWSAOVERLAPPED_COMPLETION_ROUTINE" {
		t.Errorf("lpCompletionRoutine: %+v", p)
	}
	if f := Default().Func("open").Sig; !f.Varargs || f.CallConv != Cdecl {
		t.Errorf("open: %+v", f)
	}
	if z := Default().Func("ZwReadFile").Sig; z == nil || len(z.Params) != 9 {
		t.Errorf("ZwReadFile: %+v", z)
	}
	for n, want := range map[string]Dir{"NtOpenKey": DirOut, "GdipCreateRegion": DirOut, "OpenProcessToken": DirOut} {
		f := Default().Func(n)
		if got := f.Sig.Params[f.Acquires[0].Param].Dir; got != want {
			t.Errorf("%s hands out a resource through a parameter of direction %d", n, got)
		}
	}
	sizes := map[string][2]int{"h": {4, 8}, "u32": {4, 4}, "*v": {4, 8}, "guid": {16, 16}, "s:RECT": {0, 0}, "u64:X": {8, 8}, "hr": {4, 4}}
	for code, want := range sizes {
		if got := [2]int{decodeType(code).Size(4), decodeType(code).Size(8)}; got != want {
			t.Errorf("size of %s = %v, want %v", code, got, want)
		}
	}
}

func TestStructAndCallback(t *testing.T) {
	o := Default().Struct("OVERLAPPED")
	if o == nil || o.Size != [2]int{20, 32} || len(o.Fields) != 6 || o.Fields[5].Name != "hEvent" || o.Fields[5].Offset != [2]int{16, 24} {
		t.Fatalf("OVERLAPPED: %+v", o)
	}
	if c := Default().Struct("CONTEXT"); c == nil || c.Size != [2]int{716, 1232} {
		t.Errorf("CONTEXT: %+v", c)
	}
	if a := Default().Struct("ADDRINFO"); a == nil || a.Name != "ADDRINFOA" {
		t.Errorf("ADDRINFO: %+v", a)
	}
	if c := Default().Callback("LPOVERLAPPED_COMPLETION_ROUTINE"); c == nil || len(c.Params) != 3 || c.Return.Base != "v" {
		t.Errorf("LPOVERLAPPED_COMPLETION_ROUTINE: %+v", c)
	}
}

func TestNames(t *testing.T) {
	names := Default().Names()
	if !sort.StringsAreSorted(names) {
		t.Error("not sorted")
	}
	has := map[string]bool{}
	for _, n := range names {
		if has[n] {
			t.Errorf("%s twice", n)
		}
		has[n] = true
	}
	for _, n := range []string{"CreateFile", "CloseHandle", "ReadFile", "GetOverlappedResult", "GCHandle", "Marshal", "fixed", "malloc", "LPFN_CONNECTEX", "Memory"} {
		if !has[n] {
			t.Errorf("%s is missing", n)
		}
	}
	if !reflect.DeepEqual(names, Default().Names()) {
		t.Error("Names differs from call to call")
	}
}

func TestNoReturnAndBlock(t *testing.T) {
	for _, n := range []string{"ExitProcess", "abort", "exit", "longjmp", "KeBugCheckEx", "FreeLibraryAndExitThread"} {
		if f := Default().Func(n); f == nil || !f.NoReturn {
			t.Errorf("%s returns", n)
		}
	}
	for _, n := range []string{"TerminateProcess", "CloseHandle", "CreateFileW"} {
		if Default().Func(n).NoReturn {
			t.Errorf("%s does not return", n)
		}
	}
	for _, n := range []string{"WaitForSingleObject", "ReadFile", "CreateFileA", "Sleep"} {
		if f := Default().Func(n); !f.MayBlock || f.Block == nil || f.Block.When == "" {
			t.Errorf("%s does not block", n)
		}
	}
	if Default().Func("GetTickCount").MayBlock {
		t.Error("GetTickCount blocks")
	}
}

func TestZeroesAndMacros(t *testing.T) {
	db := Default()
	if z := db.Func("calloc").Zeroes; len(z) != 1 || !z[0].IsReturn() || !z[0].When.Always() {
		t.Errorf("calloc: %+v", z)
	}
	if z := db.Func("HeapAlloc").Zeroes; len(z) != 1 || z[0].When.Always() {
		t.Errorf("HeapAlloc: %+v", z)
	}
	if len(db.Func("malloc").Zeroes) != 0 {
		t.Error("malloc does not zero")
	}
	for _, n := range []string{"printf", "sprintf", "memcpy", "ZeroMemory", "StringCchPrintfW", "CreateWindowW", "InterlockedIncrement"} {
		if f := db.Func(n); f == nil || f.Sig == nil {
			t.Errorf("%s has no prototype", n)
		}
	}
}

func TestSuccessHolds(t *testing.T) {
	for _, tt := range []struct {
		code      string
		ret       int64
		invalid   []int64
		ok, known bool
	}{
		{"value", -1, []int64{-1}, false, true}, {"value", 0, []int64{-1}, true, true}, {"value", 5, nil, false, false},
		{"nonzero", 0, nil, false, true}, {"zero/LSTATUS", 0, nil, true, true}, {"zero", 2, nil, false, true},
		{"hr", 1, nil, true, true}, {"hr", 0x80004005, nil, false, true}, {"hr", -2147467259, nil, false, true}, {"nt", 0x103, nil, true, true},
		{"always", -1, nil, true, true}, {"oneof:0,997", 997, nil, true, true}, {"notoneof:0,-1", 0xFFFFFFFF, nil, false, true}, {"outvalue", 0, nil, false, false},
	} {
		ok, known := decodeSuccess(tt.code).Holds(tt.ret, tt.invalid)
		if ok != tt.ok || known != tt.known {
			t.Errorf("%s of %d: %v, %v", tt.code, tt.ret, ok, known)
		}
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	db := &DB{layers: Default().layers}
	done := make(chan *Func, 8)
	for range cap(done) {
		go func() {
			db.DotNet("GCHandle.Alloc")
			db.DotNetType("GCHandle")
			done <- db.Func("CreateFileW")
		}()
	}
	first := <-done
	for range cap(done) - 1 {
		if f := <-done; f != first {
			t.Error("two answers for one name")
		}
	}
}

// TestEachFuncName: whatever Func knows is among the names.
func TestEachFuncName(t *testing.T) {
	db := Default()
	has := map[string]bool{}
	db.EachFuncName(func(n string) { has[n] = true })
	known := 0
	for _, n := range db.keysOf(relSignatures, relAcquires, relAliases) {
		short := strings.TrimSuffix(strings.TrimSuffix(n, "W"), "A")
		for _, name := range []string{n, short, n + "W", n + "A", ntTwin(n), ntTwin(short), short + "Ex"} {
			if name != "" && db.build(name) != nil {
				if known++; !has[name] {
					t.Errorf("%s is not among the names", name)
				}
			}
		}
	}
	if known < 10000 {
		t.Errorf("only %d names are known", known)
	}
}

// TestImplied: a process that was made has an id, which is not 0.
func TestImplied(t *testing.T) {
	for _, name := range []string{"CreateProcessW", "CreateProcessAsUserA", "CreateProcessWithLogonW", "CreateProcessWithTokenW"} {
		f := Default().Func(name)
		if f == nil || !slices.ContainsFunc(f.Implies, func(g Implied) bool { return g.Field == "dwProcessId" && g.What == ImpliesNonZero }) {
			t.Errorf("%s: nothing is said of the id", name)
		}
		for _, g := range f.Implies {
			if p := f.Sig.Params[g.Param]; p.Name != "lpProcessInformation" {
				t.Errorf("%s: the id lies in %s", name, p.Name)
			}
		}
	}
}
