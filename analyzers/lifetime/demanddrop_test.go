package lifetime_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// What is found does not depend on which bodies are dropped meanwhile.
func TestParts(t *testing.T) {
	dropped := 0
	eachTree(t, func(name string, texts map[string][]byte) {
		run := func(run func(context.Context, *link.Program, int) *lifetime.Result) (events string, unpacked int) {
			var files []*ir.File
			for _, p := range slices.Sorted(maps.Keys(texts)) {
				f := lowerText(t, p, string(texts[p]))
				f.Pack()
				files = append(files, f)
			}
			res := run(context.Background(), link.New(files, models.Default()), 2)
			var out strings.Builder
			for _, ev := range res.Events {
				fmt.Fprintln(&out, ev.Func.FullName(), ev.Span, ev.Kind, ev.How, ev.API, ev.End, ev.EveryPath, len(ev.Steps))
			}
			for _, f := range files {
				for _, fn := range f.Funcs {
					if fn.Unpacked() {
						unpacked++
					}
				}
			}
			return out.String(), unpacked
		}
		whole, all := run(lifetime.Run)
		parts, left := run(lifetime.RunInParts)
		if parts != whole {
			t.Errorf("%s: found in parts\n%snot\n%s", name, parts, whole)
		}
		dropped += all - left
	})
	if dropped < 1000 {
		t.Errorf("%d bodies were dropped: the test is for nothing", dropped)
	}
}
