package overlappedcs

import (
	_ "embed"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN113.md
var unpinnedGCHandlePage string

var unpinnedGCHandle = rules.Define(runUnpinnedGCHandle, rules.Rule{
	Code: "PIN113", Name: "unpinned-gchandle-address", Title: "Normal GCHandle used as if it pinned",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Error, CWE: 416, Since: "0.1.0", Fix: rules.SafeFix, Doc: unpinnedGCHandlePage,
})

func runUnpinnedGCHandle(p *rules.Pass) {
	for ev := range p.Events(lifetime.UnpinnedAddress) {
		if ev.How != lifetime.NormalHandle {
			continue
		}
		handle, target := ev.Field, ""
		if ev.Obj != nil {
			handle, target = ev.Obj.Var, ev.Obj.Target
		}
		r := p.Report(ev, "%s does not pin %s, so it has no address: the call throws, or the memory moves", rules.Quote(handle, "this GCHandle"),
			rules.Quote(target, "its target"))
		if ev.Obj != nil {
			mendUnpinned(p, r, ev.Obj)
		}
	}
}

// mendUnpinned makes the handle one that pins. Without that the call throws, so nothing correct depends on it.
func mendUnpinned(p *rules.Pass, r *rules.Raw, o *lifetime.Object) {
	c := p.Code(o.Func.File)
	if c == nil || o.API != "GCHandle.Alloc" {
		return
	}
	open, shut, ok := c.Call(o.Span, "Alloc")
	if !ok {
		return
	}
	const text = "let the handle pin"
	switch args := c.Arguments(open, shut); {
	case len(args) == 1:
		from, _ := c.Within(o.Span)
		prefix := strings.TrimSuffix(c.Join(from, open-1), "GCHandle.")
		r.Mend(rules.SafeFix, text, c.After(shut-1, ", "+prefix+"GCHandleType.Pinned"))
	case len(args) == 2 && c.Is(args[1][1]-1, "Normal"):
		r.Mend(rules.SafeFix, text, c.Replace(args[1][1]-1, args[1][1], "Pinned"))
	}
}
