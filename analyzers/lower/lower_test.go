package lower

import (
	"context"
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// TestCPlusPlusHeader: of a C++ header the declarations stay and the bodies go, and it is said.
func TestCPlusPlusHeader(t *testing.T) {
	f, err := source.FromBytes("lock.h", source.C, []byte(`
extern "C" int lock_count(void);
struct Lock { Lock() { h = CreateMutexW(0, 0, 0); } ~Lock() { CloseHandle(h); } HANDLE h; };
`))
	if err != nil {
		t.Fatal(err)
	}
	out := One(&source.Snapshot{Input: &source.Input{Context: context.Background()}}, f)
	if len(out.Funcs) != 0 {
		t.Errorf("%d bodies of a C++ header are kept", len(out.Funcs))
	}
	if len(out.Protos) != 1 || out.Protos[0].Name != "lock_count" {
		t.Errorf("prototypes %v", out.Protos)
	}
	if len(out.Problems) == 0 {
		t.Error("nobody is told")
	}
}
