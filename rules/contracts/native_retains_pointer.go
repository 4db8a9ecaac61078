package contracts

import (
	_ "embed"
	"fmt"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN703.md
var nativeRetainsPointerPage string

var nativeRetainsPointer = rules.Define(runNativeRetainsPointer, rules.Rule{
	Code: "PIN703", Name: "native-retains-pointer", Title: "C keeps a pointer that C# pins for the call only",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Doc: nativeRetainsPointerPage,
})

func runNativeRetainsPointer(p *rules.Pass) {
	for ev := range p.Events(lifetime.NativeKeeps) {
		r := p.Report(ev, "%s %s, but C function %s keeps its address %s", rules.Quote(ev.Field, "the buffer"), until(ev),
			rules.Quote(ev.API, "it goes to"), keeper(ev))
		if ev.Unsure {
			r.Confidence = rules.Low
		}
	}
}

// until says how long the storage is good.
func until(ev *lifetime.Event) string {
	switch ev.How {
	case lifetime.AtCall:
		return "is there for the marshaller's call only"
	case lifetime.AtUnfix:
		return "is pinned until the fixed block ends"
	case lifetime.AtUnpin, lifetime.AtDispose:
		return "is unpinned afterwards"
	case lifetime.AtFree:
		return "is freed afterwards"
	case lifetime.AtPool:
		return "goes back to its pool afterwards"
	}
	return "lies on the stack of " + ev.Func.Name
}

// keeper says what keeps the address in C.
func keeper(ev *lifetime.Event) string {
	switch {
	case ev.Where != "":
		return fmt.Sprintf("in `%s`", ev.Where)
	case ev.Until == "operation":
		return "until an overlapped operation is complete"
	case ev.Until == "thread":
		return "for a thread that it starts"
	case ev.Until == "callback":
		return "for a callback"
	}
	return "after it returned"
}
