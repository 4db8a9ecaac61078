package link

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/project"
)

// Confidence is how sure a binding is.
type Confidence uint8

// The degrees of confidence.
const (
	Low    Confidence = iota + 1 // functions of that name disagree, belong to another library, or may be C++
	Medium                       // by the name alone, or not seen to be exported
	High                         // the build files name the library, and it exports the function
)

func (c Confidence) String() string { return [...]string{"none", "low", "medium", "high"}[c] }

// NativeBinding is the C side, in the same unit, of a C# import.
type NativeBinding struct {
	Name string // of the C function, after EntryPoint, decoration, module definition file and A/W rules
	// Func is the definition, nil if the unit has only a prototype. Funcs are all definitions that
	// the import may reach, Func first: one for each platform or view of a file. Their parameters
	// agree, unless Confidence is Low.
	Func  *ir.Func
	Funcs []*ir.Func
	Proto *ir.Proto // a declaration without body, nil if there is none
	// File holds Func or, without a definition, Proto.
	File       *ir.File
	Library    *project.Library // that holds Func; nil when the build files do not say
	Confidence Confidence
	Why        string // half a sentence: "the only C function of that name"
}

// NativeOf returns the C function of the unit that an import declared in file binds, nil if there is
// none. An import of a system library binds nothing here, whatever C functions of that name the tree
// holds (stubs, mocks), unless the build files of the tree make that library: Target.Native is what
// is known of it.
func (p *Program) NativeOf(imp *ir.Import, file *ir.File) *NativeBinding {
	if imp == nil || file == nil || len(p.c.funcs) == 0 && len(p.c.protos) == 0 {
		return nil
	}
	if b, ok := p.bindings.Load(imp); ok {
		return b.(*NativeBinding)
	}
	b, _ := p.bindings.LoadOrStore(imp, p.bindNative(imp, file))
	return b.(*NativeBinding)
}

func (p *Program) bindNative(imp *ir.Import, file *ir.File) *NativeBinding {
	if imp.OfRuntime() {
		return nil
	}
	libs := p.libraryFiles(imp, file)
	var built []*project.Library
	for _, lib := range libs {
		built = append(built, p.Projects.Library(lib)...)
	}
	names, ordinal := exportNames(imp)
	for _, name := range names {
		if b := p.fromLibraries(built, name, ordinal, file); b != nil {
			return b
		}
	}
	if ordinal > 0 || slices.ContainsFunc(libs, p.isSystem) {
		return nil
	}
	if _, native := p.export(imp, file); native != nil {
		return nil
	}
	for _, name := range names {
		if b := p.byName(name, libs, file); b != nil {
			return b
		}
	}
	return nil
}

// isSystem tells whether lib (see libraryFiles) belongs to the system, whatever it exports.
func (p *Program) isSystem(lib string) bool {
	return strings.HasPrefix(lib, "api-ms-") || strings.HasPrefix(lib, "ext-ms-") || p.modules()[lib] ||
		models.RuntimeLibrary(lib) || models.RuntimeLibrary(project.LibName(lib))
}

// exportNames are the names under which the runtime looks for the export, in its order, or the ordinal
// with one empty name.
func exportNames(imp *ir.Import) (names []string, ordinal int) {
	name := imp.EntryPoint
	if name == "" {
		name = imp.Name
	}
	if n, ok := strings.CutPrefix(name, "#"); ok {
		ordinal, _ = strconv.Atoi(n)
		return []string{""}, max(ordinal, 1)
	}
	name = undecorate(name)
	switch {
	case imp.ExactSpelling || imp.Generated:
		return []string{name}, 0
	case imp.CharSet == "Unicode" || imp.CharSet == "Auto":
		return []string{name + "W", name}, 0
	}
	return []string{name, name + "A"}, 0
}

// fromLibraries finds the function behind an export of libraries that the build files make.
func (p *Program) fromLibraries(libs []*project.Library, name string, ordinal int, from *ir.File) *NativeBinding {
	var b *NativeBinding
	listed := false
	for _, lib := range libs {
		fn := name
		if e := lib.Export(name, ordinal); e != nil {
			fn, listed = undecorate(e.Internal), true
		} else if ordinal > 0 {
			continue
		}
		for _, def := range p.exported(fn) {
			if !p.inLibrary(lib, def.File) {
				continue
			}
			if b == nil {
				b = &NativeBinding{Name: fn, Library: lib}
			}
			if def.Name == b.Name && !slices.Contains(b.Funcs, def) {
				b.Funcs = append(b.Funcs, def)
			}
		}
	}
	if b == nil {
		return nil
	}
	p.complete(b, from)
	switch {
	case b.Confidence == Low:
	case listed:
		b.Confidence, b.Why = High, "an export that the module definition file lists"
	case p.marked(b):
		b.Confidence, b.Why = High, "a function that is marked as exported"
	case !b.Library.Hidden || b.Library.ExportAll:
		b.Confidence, b.Why = High, "a function with external linkage of a library that exports those"
	default:
		b.Why = "a function of that library that is not seen to be exported"
	}
	return b
}

// inLibrary tells whether a file is a source of the library, or a header that one of them includes.
func (p *Program) inLibrary(lib *project.Library, f *ir.File) bool {
	if !isHeader(f) {
		_, ok := slices.BinarySearch(lib.Sources, f.Path)
		return ok
	}
	set, ok := p.libHeaders.Load(lib)
	if !ok {
		bits := make([]uint64, (len(p.Files)+63)/64)
		for _, path := range lib.Sources {
			i, ok := p.fileIndex(path)
			if !ok {
				continue
			}
			for w, b := range p.includes(p.Files[i]) {
				bits[w] |= b
			}
		}
		set, _ = p.libHeaders.LoadOrStore(lib, bits)
	}
	fi := p.info[f]
	return fi != nil && set.([]uint64)[fi.index/64]&(1<<(fi.index%64)) != 0
}

// marked tells whether a definition or a prototype bears a mark of export.
func (p *Program) marked(b *NativeBinding) bool {
	for _, fn := range b.Funcs {
		if fn.Flags&ir.Exported != 0 {
			return true
		}
	}
	return slices.ContainsFunc(p.c.protos[b.Name], func(d in[*ir.Proto]) bool { return d.decl.Flags&ir.Exported != 0 })
}

// exported are the definitions of that name with external linkage. Those in headers (libraries of a
// single header) count where there is no other.
func (p *Program) exported(name string) (out []*ir.Func) {
	var loose []*ir.Func
	for _, fn := range p.c.funcs[name] {
		switch {
		case fn.Flags&ir.Static != 0:
		case isHeader(fn.File):
			loose = append(loose, fn)
		default:
			out = append(out, fn)
		}
	}
	if len(out) == 0 {
		return loose
	}
	return out
}

// byName finds the C functions of that name, wherever they are.
func (p *Program) byName(name string, libs []string, from *ir.File) *NativeBinding {
	b := &NativeBinding{Name: name, Funcs: p.exported(name)}
	b.Funcs = notTests(slices.DeleteFunc(b.Funcs, func(fn *ir.Func) bool {
		return isHeader(fn.File) && fn.Flags&ir.Exported == 0 // helpers for those that include it
	}))
	if !p.complete(b, from) {
		return nil
	}
	switch {
	case b.Confidence != Medium || p.likely(b, libs):
	case p.inCrowd(b, libs):
		b.Why = "in the library that holds most of what is imported from there"
	default:
		b.Confidence, b.Why = Low, "a C function of that name in another library"
	}
	return b
}

// likely tells whether a function found by name can belong to a library named in an import: the
// build files do not say what it is built into, or something that is called alike.
func (p *Program) likely(b *NativeBinding, libs []string) bool {
	if len(libs) == 0 {
		return true
	}
	built := p.Projects.LibrariesOf(b.File.Path)
	if b.Func == nil {
		built = p.Projects.LibrariesIn(b.File.Path)
	}
	path := strings.ToLower(b.File.Path)
	known := false
	for _, want := range libs {
		want = project.LibName(want)
		if want == "__internal" || len(want) > 2 && strings.Contains(path, want) {
			return true
		}
		for _, l := range built {
			known = known || l.Kind != project.StaticLib
			for _, n := range l.Names {
				if strings.Contains(n, want) || len(n) > 2 && strings.Contains(want, n) {
					return true
				}
			}
		}
	}
	return !known
}

// notTests drops the functions of tests, unless that drops all.
func notTests(fns []*ir.Func) []*ir.Func {
	var out []*ir.Func
	for _, fn := range fns {
		low := strings.ToLower(fn.File.Path)
		if !strings.Contains("/"+low, "/test") && !strings.Contains(low, "mock") {
			out = append(out, fn)
		}
	}
	if len(out) > 0 {
		return out
	}
	return fns
}

// complete fills in prototype, file and how sure the name alone is; false when there is nothing.
func (p *Program) complete(b *NativeBinding, from *ir.File) bool {
	if len(b.Funcs) > 0 {
		b.Func, b.File = b.Funcs[0], b.Funcs[0].File
	}
	b.Proto = p.protoOf(b, from)
	if b.Func == nil && b.Proto == nil {
		return false
	}
	b.Confidence, b.Why = Medium, "the only C function of that name"
	if b.Func == nil {
		b.Why = "the C function that is declared under that name"
		if b.File.CPlusPlus && !p.marked(b) {
			b.Confidence, b.Why = Low, "a declaration of that name in C++, perhaps of a member"
		}
	}
	for _, fn := range b.Funcs[min(1, len(b.Funcs)):] {
		if !p.sameParams(b.Func, fn) {
			b.Confidence, b.Why = Low, "one of several C functions of that name with different parameters"
			break
		}
		b.Why = "a C function that is defined several times with the same parameters"
	}
	return true
}

// protoOf is the declaration that the definition sees, else the closest to from; it sets File where
// there is no definition.
func (p *Program) protoOf(b *NativeBinding, from *ir.File) *ir.Proto {
	var all []in[*ir.Proto]
	for _, d := range p.c.protos[b.Name] {
		if d.decl.Flags&ir.Static == 0 {
			all = append(all, d)
		}
	}
	if len(all) == 0 {
		return nil
	}
	if b.Func != nil {
		return prefer(p, b.File, all, fileIn)[0].decl
	}
	best := nearest(from.Path, all, fileIn)[0]
	b.File = best.file
	return best.decl
}

func (p *Program) sameParams(a, b *ir.Func) bool {
	if len(a.Params) != len(b.Params) {
		return false
	}
	for i := range a.Params {
		x, y := a.Var(a.Params[i]).Type, b.Var(b.Params[i]).Type
		if x != y && p.Underlying(a, x) != p.Underlying(b, y) {
			return false
		}
	}
	return true
}

// bindC sets the C side of a call of an import.
func (p *Program) bindC(t *Target, imp *ir.Import, file *ir.File) {
	if b := p.NativeOf(imp, file); b != nil && b.Confidence > Low {
		t.Bound, t.CFunc = b, b.Func
	}
}

// ImportRef is an import that binds a C function.
type ImportRef struct {
	Import  *ir.Import
	File    *ir.File
	Binding *NativeBinding
}

// ImportsOf returns the imports that bind a C function, guesses (Low) left out, in order of file and
// position. The first call binds all imports.
func (p *Program) ImportsOf(fn *ir.Func) []ImportRef {
	p.importsOnce.Do(func() {
		p.importsOf = map[*ir.Func][]ImportRef{}
		p.EachBinding(func(r ImportRef) {
			if r.Binding.Confidence == Low {
				return
			}
			for _, fn := range r.Binding.Funcs {
				p.importsOf[fn] = append(p.importsOf[fn], r)
			}
		})
	})
	return p.importsOf[fn]
}

// EachBinding calls do for each import of the unit that binds a C function, guesses included, in order
// of file and position.
func (p *Program) EachBinding(do func(ImportRef)) {
	for _, f := range p.Files {
		for _, imp := range f.Imports {
			if b := p.NativeOf(imp, f); b != nil {
				do(ImportRef{imp, f, b})
			}
		}
	}
}
