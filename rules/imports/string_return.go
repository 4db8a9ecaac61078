package imports

import (
	_ "embed"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/rules"
)

//go:embed PIN509.md
var stringReturnPage string

var stringReturn = rules.Define(runStringReturn, rules.Rule{
	Code: "PIN509", Name: "string-return", Title: "String returned by an import is freed by the marshaller",
	Langs: []ir.Lang{ir.CSharp}, Severity: rules.Warning, CWE: 762, Since: "0.1.0", Doc: stringReturnPage,
})

func runStringReturn(p *rules.Pass) {
	told := map[*ir.Import]bool{} // PIN705, from the body of the C function
	for ev := range p.Events(lifetime.NativeText) {
		told[ev.Import] = true
	}
	for _, f := range p.Program.Files {
		for _, imp := range f.Imports {
			if !freedByMarshaller(imp) || imp.Library == "" {
				continue
			}
			if b := p.Program.NativeOf(imp, f); b != nil && b.Func != nil {
				if !told[imp] && b.Confidence != link.Low && keepsText(b.Func) {
					r := p.ReportAt(f, imp.NameSpan, "the marshaller frees what %s returns with CoTaskMemFree, but the C function returns a pointer to const text: the library owns it",
						rules.Quote(imp.Name, "the import"))
					r.Subject = imp.Name
				}
				continue
			}
			name, _ := p.Program.FactName(imp, f)
			owner, ok := p.Program.DB.StringOwner(name)
			if !ok {
				continue
			}
			r := p.ReportAt(f, imp.NameSpan, "the marshaller frees what %s returns with CoTaskMemFree, but %s", rules.Quote(imp.Name, "the import"), ownedBy(owner))
			r.Subject = imp.Name
		}
	}
}

// ownedBy says whose the string is.
func ownedBy(owner string) string {
	free, ok := strings.CutSuffix(owner, "()")
	switch {
	case owner == "":
		return "the function does not allocate it that way"
	case owner == "static":
		return "the library owns it"
	case ok:
		return "it must be freed with `" + free + "`"
	}
	return owner + " owns it"
}

// keepsText tells whether a C function returns as const char * or the like what lies somewhere, without a call by which it could
// have made that for its caller.
func keepsText(f *ir.Func) (keeps bool) {
	if f.Flags&ir.Const == 0 || !strings.HasSuffix(string(f.Ret), "*") {
		return false
	}
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			if in.Op == ir.OpCall {
				return false
			}
			if d := f.Def(in.A); in.Op == ir.OpRet && d != nil {
				keeps = keeps || d.Op == ir.OpLoad
			}
		}
	}
	return keeps
}

// freedByMarshaller tells whether the result is a string that the default marshalling frees.
func freedByMarshaller(imp *ir.Import) bool {
	switch imp.Ret {
	case "string", "String", "System.String", "string?", "StringBuilder", "System.Text.StringBuilder":
	default:
		return false
	}
	for i := range imp.RetAttrs {
		a := &imp.RetAttrs[i]
		switch a.Name {
		case "MarshalUsing":
			return false
		case "MarshalAs":
			if len(a.Args) > 0 && !strings.Contains(a.Args[0].Text, "Str") || len(a.Args) > 0 && strings.HasSuffix(a.Args[0].Text, "BStr") || a.Arg("MarshalTypeRef") != nil || a.Arg("MarshalType") != nil {
				return false
			}
		}
	}
	a := ir.Find(imp.Attrs, "LibraryImport")
	return a.Arg("StringMarshallingCustomType") == nil
}
