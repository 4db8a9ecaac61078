package lifetime

import (
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
)

var entryPoints = []string{"main", "wmain", "_tmain", "WinMain", "wWinMain", "_tWinMain", "Main"}

// EndsProcess tells whether the process ends when f returns, and everything is released.
func EndsProcess(f *ir.Func) bool {
	return f.Kind == ir.FuncTopLevel || slices.Contains(entryPoints, f.Name)
}
