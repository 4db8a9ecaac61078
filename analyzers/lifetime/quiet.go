package lifetime

import (
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// How large helpers are that are looked at for whether they throw, and how deep their calls.
const (
	maxQuietBlocks = 16
	maxQuietDepth  = 2
)

// quiet tells whether f is a small C# helper that lets no exception out: it throws none, and what it
// calls is native, known not to throw, quiet too, or stands in a try statement that catches all.
func (e *engine) quiet(f *ir.Func, depth int) bool {
	if f.File.Lang != ir.CSharp || depth > maxQuietDepth || f.Flags&(ir.Async|ir.Iterator|ir.Virtual|ir.Abstract) != 0 || len(f.Blocks()) == 0 || len(f.Blocks()) > maxQuietBlocks {
		return false
	}
	for i := range f.Blocks() {
		b := &f.Blocks()[i]
		if (*throwing)(nil).caught(f, b) {
			continue
		}
		for j := range b.Instrs {
			switch in := &b.Instrs[j]; in.Op {
			case ir.OpThrow, ir.OpUnknown:
				return false
			case ir.OpCall:
				if in.Call.New || !e.quietCall(e.prog.Callee(f, in), depth) {
					return false
				}
			}
		}
	}
	return true
}

func (e *engine) quietCall(t *link.Target, depth int) bool {
	switch {
	case t.Native != nil || t.Import != nil:
		return true
	case t.MemberName != "":
		return e.prog.DB.DotNetThrows(t.MemberName) == models.ThrowNever
	}
	return len(t.Funcs) == 1 && t.Complete && e.quiet(t.Funcs[0], depth+1)
}
