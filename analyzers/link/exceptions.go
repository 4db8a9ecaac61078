package link

import "github.com/pinvet/pinvet/analyzers/ir"

// ExceptionChain is an exception type, as code of f names it, and its base types by short name, nearest first. It is whole when
// all are known, up to Exception.
func (p *Program) ExceptionChain(f *ir.Func, t ir.Type) (chain []string, whole bool) {
	for range maxDepth {
		name := lastDot(string(t))
		if name == "" {
			return chain, false
		}
		chain = append(chain, name)
		bases := p.lib.bases[name]
		if d := p.TypeDecl(f, t); d != nil {
			bases = d.Bases
		}
		switch {
		case name == "Exception":
			return chain, true
		case len(bases) == 0:
			return chain, false
		}
		t = ir.Type(bases[0])
	}
	return chain, false
}
