package abi

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// importFunc is the native view of an import declared in file.
func (m *managed) importFunc(imp *ir.Import, file *ir.File) *Func {
	f := &Func{Name: imp.Name, RetSpan: imp.NameSpan, Conv: importConv(imp), Spelled: imp.CallConv != ""}
	s := site{file: file, owner: imp.Owner, generated: imp.Generated, chars: charset(imp.CharSet)}
	if !imp.Generated {
		s.raw = unmarshalled(m.p.Projects.Of(file.Path), file, imp.Span)
	}
	if imp.Generated && imp.CharSet == "" {
		s.chars = NoText
	}
	for i := range imp.Params {
		p := &imp.Params[i]
		if p.Type == "__arglist" || p.Name == "__arglist" {
			f.Varargs = true
			continue
		}
		f.Params = append(f.Params, m.importParam(s, p))
	}
	f.Ret = m.value(s, imp.Ret, marshalling(imp.RetAttrs))
	if imp.Ret == "void" {
		f.Ret = Type{Kind: Void, Name: "void"}
	}
	if !imp.PreserveSig {
		f.HResult = true
		if f.Ret.Kind != Void {
			elem := f.Ret
			f.Params = append(f.Params, Param{Name: HResultParam, Type: m.t.pointer(&elem, "out "+elem.Name), Dir: DirOut, Span: imp.NameSpan})
		}
		f.Ret = m.code("hr", "HRESULT (PreserveSig = false)")
	}
	return f
}

// importParam is one parameter of an import.
func (m *managed) importParam(s site, p *ir.Param) Param {
	ma := marshalling(p.Attrs)
	ty := m.value(s, p.Type, ma)
	in, out := ir.Find(p.Attrs, "In") != nil, ir.Find(p.Attrs, "Out") != nil
	res := Param{Name: p.Name, Span: p.Span, Dir: DirIn}
	if p.Ref == ir.ByValue {
		res.Type = ty
		if out {
			res.Type.Writes = true
		}
		if in && !out && (ty.Array || ty.Text != NoText) && !strings.HasSuffix(string(p.Type), "*") {
			res.Dir = DirIn
		}
		switch {
		case res.Type.Writes:
			res.Dir = DirInOut
		case out:
			res.Dir = DirOut
		}
		return res
	}
	word := p.Ref.String()
	res.Type = m.t.pointer(&ty, word+" "+ty.Name)
	res.Type.Writes = true
	switch p.Ref {
	case ir.ByOut:
		res.Dir = DirOut
	case ir.ByRef:
		res.Dir = DirInOut
	}
	if ty.Kind == Unknown {
		res.Type.Elem.Name = ty.Name
	}
	res.Type.Buffer = ty.Kind == Int && ty.Size == 1 && !ty.Bool && !ty.Char && p.Ref != ir.ByOut
	return res
}

// importConv is the calling convention of an import; Winapi is stdcall on Windows.
func importConv(imp *ir.Import) Conv {
	switch strings.TrimPrefix(imp.CallConv, "CallConv") {
	case "", "Winapi", "StdCall", "Stdcall":
		return Stdcall
	case "Cdecl":
		return Cdecl
	case "FastCall", "Fastcall":
		return Fastcall
	case "ThisCall", "Thiscall":
		return Thiscall
	}
	return ConvUnknown
}

// modelFunc is the view of a Windows function.
func (n native) modelFunc(sig *models.Signature) *Func {
	f := &Func{Name: sig.Export, Spelled: true, Varargs: sig.Varargs, Ret: n.code(sig.Return.Code, "")}
	switch sig.CallConv {
	case models.Stdcall:
		f.Conv = Stdcall
	case models.Cdecl:
		f.Conv = Cdecl
	}
	for i := range sig.Params {
		p := &sig.Params[i]
		q := Param{Name: p.Name, Type: n.code(p.Type.Code, ""), Optional: p.Optional}
		q.Type.Array = p.Array || p.BytesParam >= 0 || p.CountConst >= 0
		switch p.Dir {
		case models.DirIn:
			q.Dir = DirIn
		case models.DirOut:
			q.Dir = DirOut
		case models.DirInOut:
			q.Dir = DirInOut
		}
		f.Params = append(f.Params, q)
	}
	return f
}

// cFunc is the view of a C function of the unit; byDefault is the convention of its library.
func (c *ctypes) cFunc(fn *ir.Func, byDefault string) *Func {
	f := &Func{Name: fn.Name, Ret: c.value(fn.File, fn.Ret), RetSpan: fn.NameSpan}
	h := head{ret: fn.Ret, byDefault: byDefault}
	for i := range fn.Attrs {
		switch a := &fn.Attrs[i]; {
		case a.Name == "CallConv" && len(a.Args) > 0:
			h.text = a.Args[0].Text
		case a.Name == "HeadWord" && len(a.Args) > 0:
			h.words = append(h.words, a.Args[0].Text)
		}
	}
	f.Conv, f.Spelled = c.callConv(fn.File, h)
	for _, v := range fn.Params {
		x := fn.Var(v)
		if x.Flags&ir.Params != 0 {
			f.Varargs = true
			continue
		}
		f.Params = append(f.Params, Param{Name: x.Name, Type: c.value(fn.File, x.Type), Span: x.Span})
	}
	return f
}

// cProto is the view of a C declaration without body; byDefault is the convention of its library.
func (c *ctypes) cProto(p *ir.Proto, file *ir.File, byDefault string) *Func {
	f := &Func{Name: p.Name, Ret: c.value(file, p.Ret), RetSpan: p.Span, Varargs: p.Varargs}
	f.Conv, f.Spelled = c.callConv(file, head{p.CallConv, p.Words, p.Ret, byDefault})
	for i := range p.Params {
		x := &p.Params[i]
		q := Param{Name: x.Name, Type: c.value(file, x.Type), Span: x.Span}
		if x.Flags&ir.Const != 0 && q.Type.Kind == Pointer {
			q.Dir = DirIn
		}
		f.Params = append(f.Params, q)
	}
	return f
}

// cConv reads a convention as C spells it: a keyword, or a macro of the Windows headers.
func cConv(text string) Conv {
	switch strings.ToLower(strings.Trim(text, "_")) {
	case "stdcall", "winapi", "apientry", "callback", "pascal", "ntapi", "stdapicalltype", "stdmethodcalltype":
		return Stdcall
	case "cdecl", "winapiv", "cdeclcall":
		return Cdecl
	case "fastcall":
		return Fastcall
	case "thiscall":
		return Thiscall
	}
	return ConvUnknown
}
