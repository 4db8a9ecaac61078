package csharp

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// importDecl records a method without body that native code implements. Other methods without
// body (abstract, partial) declare nothing that is needed.
func (u *unit) importDecl(n syntax.NodeID, s *scope, f *ir.Func) {
	dll, lib := ir.Find(f.Attrs, "DllImport"), ir.Find(f.Attrs, "LibraryImport")
	if dll == nil && lib == nil && f.Flags&ir.Extern == 0 {
		return
	}
	im := &ir.Import{Owner: f.Owner, Name: f.Name, PreserveSig: true, Ret: f.Ret, Flags: f.Flags,
		Params: u.params(u.child(n, syntax.FieldCsParameters)), Span: f.Span, NameSpan: f.NameSpan, View: u.view}
	for _, a := range f.Attrs {
		if a.Target == "return" {
			im.RetAttrs = append(im.RetAttrs, a)
		} else {
			im.Attrs = append(im.Attrs, a)
		}
	}
	a := dll
	if a == nil {
		a, im.Generated = lib, lib != nil
	}
	if a != nil {
		importArgs(im, a)
	}
	if cc := ir.Find(f.Attrs, "UnmanagedCallConv"); cc != nil && im.CallConv == "" {
		im.CallConv = callConvs(cc)
	}
	u.out.Imports = append(u.out.Imports, im)
}

// importArgs reads the arguments of DllImport or LibraryImport.
func importArgs(im *ir.Import, a *ir.Attr) {
	for i := range a.Args {
		arg := &a.Args[i]
		switch arg.Name {
		case "", "dllName", "libraryName":
			im.Library = arg.Text
			im.LibraryIsName = !arg.Str
		case "EntryPoint":
			im.EntryPoint = arg.Text
		case "SetLastError":
			im.SetLastError = arg.Text == "true"
		case "ExactSpelling":
			im.ExactSpelling = arg.Text == "true"
		case "PreserveSig":
			im.PreserveSig = arg.Text != "false"
		case "CharSet", "StringMarshalling":
			im.CharSet = lastName(arg.Text)
		case "CallingConvention":
			im.CallConv = lastName(arg.Text)
		}
	}
}

func lastName(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }

// callConvs reads "Cdecl" from CallConvs = new[] { typeof(CallConvCdecl) }.
func callConvs(a *ir.Attr) string {
	arg := a.Arg("CallConvs")
	if arg == nil {
		return ""
	}
	for rest := arg.Text; ; {
		i := strings.Index(rest, "CallConv")
		if i < 0 {
			return ""
		}
		rest = rest[i+len("CallConv"):]
		end := 0
		for end < len(rest) && rest[end] >= 'A' && rest[end] <= 'z' {
			end++
		}
		if name := rest[:end]; name != "" && name != "SuppressGCTransition" {
			return name
		}
	}
}
