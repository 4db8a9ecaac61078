package models

import "testing"

func TestWaitOutcomes(t *testing.T) {
	e := func(n int64) *int64 { return &n }
	tests := []struct {
		name      string
		ret       int64
		err       *int64
		unlimited bool
		want      WaitResult
	}{
		{"GetOverlappedResult", 1, nil, true, WaitComplete},
		{"GetOverlappedResult", 0, nil, true, WaitComplete}, // waited: over, with an error
		{"GetOverlappedResult", 1, nil, false, WaitComplete},
		{"GetOverlappedResult", 0, nil, false, WaitUnknown},
		{"GetOverlappedResult", 0, e(996), false, WaitPending},
		{"GetOverlappedResult", 0, e(38), false, WaitComplete},
		{"WSAGetOverlappedResult", 0, e(996), false, WaitPending},
		{"GetOverlappedResultEx", 0, e(258), false, WaitTimedOut},
		{"GetOverlappedResultEx", 0, e(192), true, WaitAPC},
		{"GetOverlappedResultEx", 0, e(995), false, WaitComplete},
		{"WaitForSingleObject", 0, nil, false, WaitComplete},
		{"WaitForSingleObject", 258, nil, false, WaitTimedOut},
		{"WaitForSingleObject", 128, nil, false, WaitAbandoned},
		{"WaitForSingleObject", 0xFFFFFFFF, nil, false, WaitFailed},
		{"WaitForSingleObject", -1, nil, true, WaitFailed},
		{"WaitForSingleObject", 77, nil, true, WaitFailed},
		{"WaitForSingleObjectEx", 192, nil, false, WaitAPC},
		{"WaitForMultipleObjects", 5, nil, false, WaitComplete},
		{"WaitForMultipleObjects", 64, nil, false, WaitFailed},
		{"WSAWaitForMultipleEvents", 258, nil, false, WaitTimedOut},
		{"SignalObjectAndWait", 258, nil, false, WaitTimedOut},
		{"SleepEx", 192, nil, false, WaitAPC},
		{"SleepEx", 0, nil, false, WaitTimedOut},
		{"GetQueuedCompletionStatus", 1, nil, false, WaitComplete},
		{"GetQueuedCompletionStatus", 0, nil, false, WaitUnknown}, // *lpOverlapped tells
		{"GetQueuedCompletionStatusEx", 0, e(258), false, WaitTimedOut},
		{"HasOverlappedIoCompleted", 0, nil, false, WaitPending},
		{"GetAddrInfoExOverlappedResult", 10036, nil, false, WaitPending},
		{"GetAddrInfoExOverlappedResult", 11001, nil, false, WaitComplete},
		{"CancelIoEx", 1, nil, false, WaitRequested},
		{"CancelIoEx", 0, e(1168), false, WaitNotFound},
		{"CancelIoEx", 0, e(6), false, WaitFailed},
		{"CancelIo", 1, nil, false, WaitRequested},
		{"NtWaitForSingleObject", 258, nil, false, WaitTimedOut},
		{"ZwWaitForSingleObject", 0, nil, false, WaitComplete},
		{"CloseHandle", 1, nil, false, WaitPending},
		{"WaitForThreadpoolIoCallbacks", 0, nil, false, WaitComplete},
		{"WaitForThreadpoolIoCallbacks", 0, nil, true, WaitPending},
	}
	for _, tt := range tests {
		f := Default().Func(tt.name)
		if f == nil || f.Wait == nil {
			t.Errorf("%s is no wait", tt.name)
			continue
		}
		if got := f.Wait.ResultOf(tt.ret, tt.err, tt.unlimited); got != tt.want {
			t.Errorf("%s returned %d (unlimited %v): %s, want %s", tt.name, tt.ret, tt.unlimited, got, tt.want)
		}
	}
}

func TestWaitParams(t *testing.T) {
	w := Default().Func("GetOverlappedResult").Wait
	if w.HandleParam != 0 || w.OverlappedParam != 1 || w.WaitFlagParam != 3 || w.TimeoutParam != -1 {
		t.Errorf("GetOverlappedResult: %+v", w)
	}
	w = Default().Func("WaitForMultipleObjectsEx").Wait
	if w.CountParam != 0 || w.HandlesParam != 1 || w.WaitAllParam != 2 || w.TimeoutParam != 3 || w.AlertableParam != 4 || w.HandleParam != -1 {
		t.Errorf("WaitForMultipleObjectsEx: %+v", w)
	}
	w = Default().Func("GetQueuedCompletionStatus").Wait
	if w.Role != RoleDequeues || w.OverlappedParam != 3 || w.TimeoutParam != 4 {
		t.Errorf("GetQueuedCompletionStatus: %+v", w)
	}
	o := w.Outcomes
	if len(o) != 3 || o[1].OutParam != 3 || !o[1].OutNonNull || o[2].OutParam != 3 || o[2].OutNonNull || o[2].Result != WaitNone {
		t.Errorf("GetQueuedCompletionStatus: %+v", o)
	}
	if w := Default().Func("NtWaitForSingleObject").Wait; w.DueParam != 2 || w.TimeoutParam != -1 {
		t.Errorf("NtWaitForSingleObject: %+v", w)
	}
}

// Parameters that the table names must have the type that their role needs.
func TestWaitParamTypes(t *testing.T) {
	for _, name := range Default().keysOf(relWaits) {
		f := Default().Func(name)
		if f.Sig == nil {
			continue
		}
		w := f.Wait
		check := func(i int, role string, ok func(*Param) bool) {
			if i >= 0 && !ok(&f.Sig.Params[i]) {
				t.Errorf("%s: parameter %d (%s %s) cannot be the %s", name, i, f.Sig.Params[i].Name, f.Sig.Params[i].Type.Code, role)
			}
		}
		isBool := func(p *Param) bool { return p.Type.PtrDepth == 0 && (p.Type.Base == "b32" || p.Type.Base == "b8") }
		check(w.WaitFlagParam, "flag", isBool)
		check(w.AlertableParam, "alertable flag", isBool)
		check(w.WaitAllParam, "wait-all flag", isBool)
		check(w.TimeoutParam, "time-out", func(p *Param) bool { return p.Type.Code == "u32" })
		check(w.DueParam, "due time", func(p *Param) bool { return p.Type.Name == "LARGE_INTEGER" || p.Type.Code == "*i64" })
		check(w.OverlappedParam, "OVERLAPPED", func(p *Param) bool { return p.Type.PtrDepth > 0 })
		check(w.HandlesParam, "array of handles", func(p *Param) bool { return p.Type.PtrDepth > 0 })
	}
}
