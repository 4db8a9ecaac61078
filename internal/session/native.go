package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
)

// Native is what is known of the native function that a name stands for.
type Native struct {
	Span      ir.Span // of the name, in the file that was asked about
	Signature string  // C prototype
	Origin    string  // where that is from: "kernel32, Windows" or "native/dev.c, the only C function of that name"
	Params    []NativeParam
	Result    string // lifetime of the result, "" when there is nothing to say
}

// NativeParam is a parameter and what the function does to what it refers to.
type NativeParam struct {
	Name     string
	Lifetime string // begins with borrowed, retained, released, acquired or not known
}

// Named tells which native function is named at an offset of a file: by an import, or by a call of
// one. false when there is none, or when f is not the text that was analysed last.
func (s *Session) Named(f *source.File, offset int) (*Native, bool) {
	v, g := s.look(f)
	if v == nil {
		return nil, false
	}
	defer s.unlook()
	at := v.at(g, offset)
	var n *Native
	switch {
	case at.bound != nil && at.bound.Confidence > link.Low:
		n = v.fromTree(at.bound)
	case at.native != nil && at.native.Sig != nil:
		n = fromModels(at.native)
	default:
		return nil, false
	}
	n.Span = at.span
	return n, true
}

// fromTree tells about a C function of the same tree.
func (v *view) fromTree(b *link.NativeBinding) *Native {
	n := &Native{Origin: b.File.Path}
	if b.Why != "" {
		n.Origin += ", " + b.Why
	}
	var params []string
	add := func(name string, t ir.Type, i int) {
		params = append(params, strings.TrimSpace(string(t)+" "+name))
		life := "not known"
		if b.Func != nil {
			life = fateOf(v.summaries[b.Func], i)
		}
		if name == "" {
			name = fmt.Sprintf("parameter %d", i+1)
		}
		if strings.HasSuffix(string(t), "*") || v.summaries[b.Func] != nil && life != "borrowed" && life != "not known" || handleLike(t) {
			n.Params = append(n.Params, NativeParam{name, life})
		}
	}
	var ret ir.Type
	if b.Func != nil {
		ret = b.Func.Ret
		for i, p := range b.Func.Params {
			add(b.Func.Var(p).Name, b.Func.Var(p).Type, i)
		}
		if api, owned := v.summaries[b.Func].Gives(); owned {
			n.Result = "acquired: the caller owns it (" + api + ")"
		}
	} else {
		ret = b.Proto.Ret
		for i := range b.Proto.Params {
			add(b.Proto.Params[i].Name, b.Proto.Params[i].Type, i)
		}
	}
	n.Signature = prototype(string(ret), b.Name, params)
	return n
}

// handleLike tells whether a type is named as pointers behind a typedef are.
func handleLike(t ir.Type) bool {
	return strings.HasPrefix(string(t), "LP") || strings.HasPrefix(string(t), "P") || strings.HasPrefix(string(t), "H")
}

func fateOf(s *lifetime.Summary, param int) string {
	fate, always := s.Fate(param)
	if fate == lifetime.Unsaid {
		return "not known: the body was not followed to its end, or hands it on"
	}
	if !always {
		return string(fate) + " on some ways"
	}
	return string(fate)
}

func prototype(ret, name string, params []string) string {
	if len(params) == 0 {
		params = []string{"void"}
	}
	one := ret + " " + name + "(" + strings.Join(params, ", ") + ");"
	if len(one) <= 100 {
		return one
	}
	return ret + " " + name + "(\n    " + strings.Join(params, ",\n    ") + ");"
}

// fromModels tells about a Windows function.
func fromModels(fn *models.Func) *Native {
	n := &Native{Origin: "Windows"}
	if fn.DLL != "" {
		n.Origin = fn.DLL + ", Windows"
	}
	var params []string
	for i := range fn.Sig.Params {
		p := &fn.Sig.Params[i]
		params = append(params, cType(p.Type)+" "+p.Name)
		if p.Type.IsPointer() || p.IsHandle() {
			n.Params = append(n.Params, NativeParam{p.Name, lifetimeOf(fn, i)})
		}
	}
	for i := range fn.Acquires {
		if a := &fn.Acquires[i]; a.IsReturn() {
			n.Result = acquired(a)
		}
	}
	n.Signature = prototype(cType(fn.Sig.Return), fn.Sig.Export, params)
	return n
}

// lifetimeOf says what a Windows function does to what parameter i refers to.
func lifetimeOf(fn *models.Func, i int) string {
	for k := range fn.Releases {
		if fn.Releases[k].Param == i {
			return "released"
		}
	}
	for k := range fn.Acquires {
		if a := &fn.Acquires[k]; a.Param == i {
			return acquired(a)
		}
	}
	if o := fn.Overlapped; o != nil && o.Kind.Starts() && (i == o.OverlappedParam || slices.ContainsFunc(o.Buffers, func(b models.Buffer) bool { return b.Param == i })) {
		return "retained until the operation completes, when it is started with an OVERLAPPED"
	}
	for _, h := range fn.Holds {
		if h.Param == i && h.Life != models.HoldLocks {
			if len(h.Ends) > 0 {
				return "retained until the end of: " + h.Ends[0]
			}
			return "retained after the return"
		}
	}
	for _, r := range fn.Retained {
		if r.Param == i {
			if r.Until != "" {
				return "retained until the end of: " + r.Until
			}
			return "retained after the return"
		}
	}
	for _, k := range fn.Sink {
		if k == i {
			return "released: the function takes it over"
		}
	}
	return "borrowed"
}

func acquired(a *models.Acquire) string {
	if a.Borrowed {
		return "borrowed: not the caller's to release"
	}
	if len(a.Release) == 0 {
		return "acquired"
	}
	return "acquired: the caller releases it with " + strings.Join(a.Release, " or ")
}

// cTypes are the C names of the codes of the signature tables.
var cTypes = map[string]string{
	"v": "void", "void": "void", "i8": "INT8", "u8": "BYTE", "c8": "CHAR", "b8": "BOOLEAN", "i16": "SHORT", "u16": "WORD", "c16": "WCHAR",
	"i32": "LONG", "u32": "DWORD", "b32": "BOOL", "i64": "LONGLONG", "u64": "ULONGLONG", "f32": "float", "f64": "double",
	"ip": "LONG_PTR", "up": "ULONG_PTR", "hr": "HRESULT", "nt": "NTSTATUS", "lpstr": "LPSTR", "lpwstr": "LPWSTR", "bstr": "BSTR",
	"guid": "GUID", "h": "HANDLE", "fn": "FARPROC",
}

func cType(t models.TypeCode) string {
	name := t.Name
	if name == "" {
		if name = cTypes[t.Base]; name == "" {
			name = t.Base
		}
	}
	return name + strings.Repeat("*", t.PtrDepth)
}
