package models

import "testing"

// Rows of callbacks name a parameter that is, or points to what holds, a function pointer.
func TestKeptCallbacksFitPrototypes(t *testing.T) {
	db := Default()
	last := ""
	eachRow(curatedKeptCallbacks, func(f []string) {
		if f[0] < last {
			t.Errorf("%s stands after %s", f[0], last)
		}
		last = f[0]
		sig := db.signature(f[0])
		if db.Family(f[0]) != f[0] {
			t.Errorf("%s: filed under an export", f[0])
		}
		if sig == nil {
			return
		}
		i := atoi(f[1], -1)
		if i < 0 || i >= len(sig.Params) {
			t.Errorf("%s: parameter %s of %d", f[0], f[1], len(sig.Params))
			return
		}
		switch base := sig.Params[i].Type.Base; base {
		case "fn", "v", "up", "ip", "i32", "u32", "s", "h":
			if base == "s" && field(f, 2) == "-" {
				t.Errorf("%s: parameter %d is a structure, and no member is named", f[0], i)
			}
		default:
			t.Errorf("%s: parameter %d is %s", f[0], i, sig.Params[i].Type.Code)
		}
	})
}

func TestInteropTablesAreSorted(t *testing.T) {
	for name, table := range map[string]string{"transition": curatedTransition, "stringreturns": curatedStringReturns, "dotnet_lasterror": curatedLastError} {
		last := ""
		eachRow(table, func(f []string) {
			if f[0] <= last {
				t.Errorf("%s: %s stands after %s", name, f[0], last)
			}
			last = f[0]
		})
	}
}

func TestTransition(t *testing.T) {
	for name, want := range map[string]Transition{
		"QueryPerformanceCounter": TransitionLeaf, "Sleep": TransitionBlocks, "WaitForSingleObject": TransitionBlocks, "ReadFile": TransitionBlocks,
		"GetMessageW": TransitionBlocks, "CreateWindowExW": TransitionCallsBack, "no_such_function": TransitionUnknown, "poll": TransitionUnknown, "GetQueuedCompletionStatus": TransitionBlocks,
	} {
		if got, _ := Default().Transition(name, false); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestStringOwner(t *testing.T) {
	for name, want := range map[string]bool{"GetCommandLineW": true, "sqlite3_errmsg": true, "CreateFileW": false, "SysAllocString": false, "unknown_fn": false} {
		if _, got := Default().StringOwner(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
