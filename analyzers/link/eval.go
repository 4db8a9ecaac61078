package link

import "github.com/pinvet/pinvet/analyzers/ir"

// Eval is the value of a constant expression that is written at f (its file and owner count); false
// when it is not known.
func (p *Program) Eval(f *ir.Func, e *ir.Expr) (int64, bool) {
	if f == nil || e == nil {
		return 0, false
	}
	return p.evalExpr(exprScope{file: f.File, owner: f.Owner}, e, 0)
}

// Libraries are the libraries that an import may name: lower case, without folder and extension;
// none when it is a constant of unknown value.
func (p *Program) Libraries(imp *ir.Import, file *ir.File) []string { return p.libraryFiles(imp, file) }
