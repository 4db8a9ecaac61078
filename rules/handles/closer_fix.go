package handles

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/rules"
)

// mendCloser calls the function that the object needs in the place of the one that was called, where
// that takes the object alone and nobody looks at what it returns.
func mendCloser(p *rules.Pass, r *rules.Raw, ev *lifetime.Event) {
	c := p.Code(ev.Func.File)
	if c == nil || len(ev.Obj.Release) == 0 {
		return
	}
	_, called := models.SplitMember(ev.API)
	typ, right := models.SplitMember(ev.Obj.Release[0])
	open, shut, ok := c.Call(ev.Span, called)
	if !ok || len(c.Arguments(open, shut)) != 1 {
		return
	}
	if from, to, ok := c.Statement(open); !ok || to != shut+2 || strings.ContainsAny(c.Join(from, open), "=(") {
		return
	}
	switch {
	case typ != "": // a member of a .NET class: Marshal.FreeHGlobal
		if was, _ := models.SplitMember(ev.API); was != typ || !c.Is(open-2, ".") {
			return
		}
	case !takesOneHandle(p, right):
		return
	case ev.Func.File.Lang == ir.CSharp && !importedBeside(p, called, right):
		return
	}
	r.Mend(rules.SafeFix, "call "+right, c.Replace(open-1, open, right))
}

// takesOneHandle tells whether a function of Windows has one parameter.
func takesOneHandle(p *rules.Pass, name string) bool {
	f := p.Program.DB.Func(name)
	return f != nil && f.Sig != nil && len(f.Sig.Params) == 1 && !f.Sig.Varargs
}

// importedBeside tells whether each class that imports one function imports the other one too, with a
// parameter of the same type.
func importedBeside(p *rules.Pass, called, right string) bool {
	owners := map[string]ir.Type{}
	for _, f := range p.Program.Files {
		for _, imp := range f.Imports {
			if imp.Name == called && len(imp.Params) == 1 {
				owners[imp.Owner] = imp.Params[0].Type
			}
		}
	}
	for _, f := range p.Program.Files {
		for _, imp := range f.Imports {
			if imp.Name == right && len(imp.Params) == 1 && imp.Params[0].Type == owners[imp.Owner] {
				delete(owners, imp.Owner)
			}
		}
	}
	return len(owners) == 0
}
