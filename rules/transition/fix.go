package transition

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/rules"
)

// mend takes away what suppresses the transition of an import. The type of a function pointer stands in
// more places than one.
func mend(p *rules.Pass, r *rules.Raw, s *link.Suppressed) {
	c := p.Code(s.File)
	if c == nil || s.Import == nil {
		return
	}
	const text = "call it with a GC transition"
	if a := ir.Find(s.Import.Attrs, "SuppressGCTransition"); a != nil {
		if e, ok := c.RemoveAttribute(a.Span); ok {
			r.Mend(rules.SafeFix, text, e)
		}
		return
	}
	if a := ir.Find(s.Import.Attrs, "UnmanagedCallConv"); a != nil {
		if e, ok := dropConvention(c, a); ok {
			r.Mend(rules.SafeFix, text, e)
		}
	}
}

// dropConvention takes CallConvSuppressGCTransition out of the list of conventions; without others, the
// whole attribute.
func dropConvention(c *rules.Code, a *ir.Attr) (e rules.Edit, ok bool) {
	from, to := c.Within(a.Span)
	for i := from; i < to; i++ {
		if !c.Is(i, "{", "[") || c.Is(i+1, "]") {
			continue
		}
		shut := c.Match(i)
		if shut < 0 {
			return e, false
		}
		items := c.Arguments(i, shut)
		n := slices.IndexFunc(items, func(x [2]int) bool { return strings.Contains(c.Join(x[0], x[1]), "CallConvSuppressGCTransition") })
		switch {
		case n < 0:
			return e, false
		case len(items) == 1:
			return c.RemoveAttribute(a.Span)
		case n == 0:
			return c.Replace(items[0][0], items[1][1], c.Join(items[1][0], items[1][1])), true
		}
		return c.Replace(items[n-1][0], items[n][1], c.Join(items[n-1][0], items[n-1][1])), true
	}
	return e, false
}
