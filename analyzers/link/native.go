package link

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// bindImport fills in the native side of a call of imp.
func (p *Program) bindImport(t *Target, imp *ir.Import, file *ir.File) {
	t.Import = imp
	t.Ret = p.canon(scope{file, imp.Owner}, imp.Ret)
	t.NativeName, t.Native = p.export(imp, file)
	p.bindC(t, imp, file)
}

// export returns the name of the export that an import binds, and what the models know of it.
func (p *Program) export(imp *ir.Import, file *ir.File) (string, *models.Func) {
	name := imp.EntryPoint
	if name == "" {
		name = imp.Name
	}
	libs := p.libraryFiles(imp, file)
	if len(libs) == 0 && !imp.LibraryIsName {
		return "", nil // extern without library: the runtime implements it
	}
	if strings.HasPrefix(name, "#") {
		return name, nil
	}
	known := p.pickExport(imp, name)
	fn := p.DB.Func(known)
	if fn == nil || len(libs) == 0 && fn.Portable() {
		return name, nil
	}
	for _, lib := range libs {
		if p.systemLibrary(lib, fn) {
			return known, fn
		}
	}
	if len(libs) > 0 {
		return name, nil
	}
	return known, fn
}

// pickExport applies the rules by which the runtime looks for an export: without ExactSpelling,
// Ansi tries the name and then name+A, Unicode name+W and then the name. LibraryImport is exact.
func (p *Program) pickExport(imp *ir.Import, name string) string {
	name = undecorate(name)
	exactly := func(n string) bool { return p.isExport(n) }
	if imp.ExactSpelling || imp.Generated {
		return name
	}
	switch imp.CharSet {
	case "Unicode", "Auto":
		if exactly(name + "W") {
			return name + "W"
		}
	default:
		if !exactly(name) && exactly(name+"A") {
			return name + "A"
		}
	}
	return name
}

// isExport tells whether the models know an export of exactly that name.
func (p *Program) isExport(name string) bool {
	fn := p.DB.Func(name)
	return fn != nil && fn.Sig != nil && fn.Sig.Export == name
}

// undecorate removes the decoration of stdcall names: "_Foo@8" is Foo.
func undecorate(name string) string {
	at := strings.LastIndexByte(name, '@')
	if at <= 1 || name[0] != '_' {
		return name
	}
	for _, c := range name[at+1:] {
		if c < '0' || c > '9' {
			return name
		}
	}
	return name[1:at]
}

// libraryFiles are the libraries that an import may name: lower case, without folder and ".dll".
// None when it is a constant of unknown value.
func (p *Program) libraryFiles(imp *ir.Import, file *ir.File) []string {
	libs := []string{imp.Library}
	if imp.LibraryIsName {
		libs = p.constStrings(scope{file, imp.Owner}, imp.Library, 0)
	} else if imp.Library == "" {
		return nil
	}
	for i, lib := range libs {
		lib = strings.ToLower(lib[strings.LastIndexAny(lib, `/\`)+1:])
		for _, ext := range []string{".dll", ".drv", ".exe", ".cpl"} {
			lib = strings.TrimSuffix(lib, ext)
		}
		libs[i] = lib
	}
	return libs
}

// systemLibrary tells whether lib is one that the models' facts are about: the module documented
// for the export, an API set, or another module of the models that forwards to it.
func (p *Program) systemLibrary(lib string, fn *models.Func) bool {
	if lib == fn.DLL || fn.DLL == "" {
		return true
	}
	if strings.HasPrefix(lib, "api-ms-") || strings.HasPrefix(lib, "ext-ms-") {
		return true
	}
	return p.modules()[lib]
}

// OfLibrary tells whether an import may be of the library with that name (lower case, without
// ".dll"): it says so, goes by an API set, or its library is not known.
func (p *Program) OfLibrary(imp *ir.Import, file *ir.File, dll string) bool {
	libs := p.libraryFiles(imp, file)
	return len(libs) == 0 || dll == "" || slices.ContainsFunc(libs, func(lib string) bool {
		return lib == dll || strings.HasPrefix(lib, "api-ms-") || strings.HasPrefix(lib, "ext-ms-")
	})
}

// wrapper binds a call on a class of a binding package (CsWin32, Vanara) to the export behind it.
// A class that is named for native methods and does not declare the method in the unit (generated
// or missing source) binds too, if the number of arguments is the export's.
func (p *Program) wrapper(t *Target, class, method string, args int) bool {
	name := p.DB.WrapperExport(lastDot(class), method)
	if name == "" {
		fn := p.DB.Func(method)
		if !NativeClass(class) || fn == nil || fn.Sig == nil || len(fn.Sig.Params) != args {
			return false
		}
		name = method
	}
	if !p.isExport(name) && p.isExport(name+"W") {
		name += "W"
	}
	t.NativeName, t.Native = name, p.DB.Func(name)
	if t.Native == nil {
		return false
	}
	t.Params = withoutSizes(t.Native.Sig, args)
	return true
}

// withoutSizes maps the arguments of an overload that takes spans to the parameters of the export, which
// has the size of each as a parameter of its own; nil if that many arguments are no such overload.
func withoutSizes(sig *models.Signature, args int) (params []int) {
	if sig == nil || args >= len(sig.Params) {
		return nil
	}
	for i := range sig.Params {
		if !slices.ContainsFunc(sig.Params, func(q models.Param) bool { return q.CountParam == i || q.BytesParam == i }) {
			params = append(params, i)
		}
	}
	if len(params) != args {
		return nil
	}
	return params
}

// NativeClass tells whether a type is named by the convention for native methods.
func NativeClass(name string) bool {
	return slices.ContainsFunc(nativeClassWords, func(word string) bool { return strings.Contains(name, word) })
}

var nativeClassWords = []string{"NativeMethods", "Win32", "PInvoke", "Interop"}

// NativeClassWords are what such names have in them.
func NativeClassWords() []string { return slices.Clone(nativeClassWords) }
