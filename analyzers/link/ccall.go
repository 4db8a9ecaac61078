package link

import (
	"slices"
	"sort"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/models"
)

// cFuncs returns the definitions of a function that a call in file from reaches: of the same file,
// else one that other files can see, the closest ones. What a header defines is seen by the files
// that include it; by others only when nothing else bears the name (an include that was not found).
func (p *Program) cFuncs(from *ir.File, name string, in *ir.Func) []*ir.Func {
	all := p.c.funcs[name]
	if len(all) == 0 {
		return nil
	}
	if own := ownFuncs(all, from); len(own) > 0 {
		if p.tooMany(from, name, len(own)) {
			return nil
		}
		return ofView(own, in)
	}
	var other, loose []*ir.Func
	for _, fn := range all {
		switch {
		case p.visible(from, fn.File), fn.Flags&ir.Static == 0 && !isHeader(fn.File):
			other = append(other, fn)
		case isHeader(fn.File):
			loose = append(loose, fn)
		}
	}
	switch {
	case len(other) > 0:
		return ofSystem(nearest(from.Path, other, fileOfFunc), in)
	case len(loose) > 0 && p.DB.Func(name) == nil:
		return ofSystem(nearest(from.Path, loose, fileOfFunc), in)
	}
	return nil
}

// ownFuncs are those of a list, which is in order of the files' paths, that a file defines. In a large
// tree each program has its main.
func ownFuncs(all []*ir.Func, f *ir.File) []*ir.Func {
	return ownBy(all, f, fileOfFunc)
}

// ownIn is ownFuncs for other declarations.
func ownIn[T any](all []in[T], f *ir.File) []in[T] {
	return ownBy(all, f, func(x in[T]) *ir.File { return x.file })
}

func ownBy[T any](all []T, f *ir.File, file func(T) *ir.File) []T {
	i := sort.Search(len(all), func(i int) bool { return file(all[i]).Path >= f.Path })
	j := i
	for j < len(all) && file(all[j]) == f {
		j++
	}
	return all[i:j:j]
}

// ofView keeps the definitions of the caller's view of the file, all if there is none.
func ofView(fns []*ir.Func, caller *ir.Func) []*ir.Func {
	if caller == nil || len(fns) < 2 {
		return fns
	}
	var out []*ir.Func
	for _, fn := range fns {
		if fn.View == caller.View {
			out = append(out, fn)
		}
	}
	if len(out) > 0 {
		return out
	}
	return fns
}

// ofSystem keeps what the system compiles that the caller is for, and what any may, all if there is none.
func ofSystem(fns []*ir.Func, caller *ir.Func) []*ir.Func {
	if caller == nil || len(fns) < 2 {
		return fns
	}
	is := systemOf(caller)
	var own, out []*ir.Func
	for _, fn := range fns {
		s := systemOf(fn)
		if s == is {
			own = append(own, fn)
		}
		if s == is || s == "" || is == "" && fn.Flags&ir.Elsewhere == 0 {
			out = append(out, fn)
		}
	}
	switch {
	case len(own) > 0 && is != "":
		return own
	case len(out) > 0:
		return out
	}
	return fns
}

// systemOf is "windows" or "other" where an #if around a C function, or else the name of a folder, says what it is for.
func systemOf(fn *ir.Func) string {
	if fn.Flags&ir.Elsewhere != 0 {
		return "other"
	}
	dirs := strings.Split(strings.ToLower(strings.ReplaceAll(fn.File.Path, `\`, "/")), "/")
	for i := len(dirs) - 2; i >= 0; i-- {
		switch dirs[i] {
		case "windows", "win32", "win64", "win":
			return "windows"
		case "posix", "unix", "linux", "darwin", "bsd", "macos":
			return "other"
		}
	}
	return ""
}

// cCallee resolves a call in C code.
func (q *query) cCallee(f *ir.Func, in *ir.Instr) *Target {
	c := in.Call
	if c.Fn != 0 {
		return q.cPointer(f, c)
	}
	name := c.Path
	if name == "" {
		name = c.Name
	}
	return q.p.cCall(f, c, name, 0)
}

// cCall resolves a call by name: a macro that is visible, a definition, a macro that is another
// name, and at last the models.
func (p *Program) cCall(f *ir.Func, c *ir.Call, name string, depth int) *Target {
	from := f.File
	insideMacro := p.c.isMacro[f] && f.Name == name
	if !insideMacro {
		if t := p.macroCall(f, c, name); t != nil {
			t.NoReturn = t.NoReturn || p.neverReturns(from, name) // it stands in for the function of its name
			return t
		}
		if to := p.nameMacro(from, name); to != "" && depth < maxDepth {
			// An alias that leads nowhere is the other arm of an #if.
			if t := p.cCall(f, c, to, depth+1); !t.Opaque || p.DB.Func(name) == nil && len(p.c.funcs[name]) == 0 {
				t.Otherwise = p.otherArms(from, name, to)
				return t
			}
		}
	}
	if fns := p.fitArgs(p.cFuncs(from, name, f), c, name); len(fns) > 0 && !p.standsForWindows(f, fns, name) {
		t := &Target{Funcs: fns, Complete: true, Ret: fns[0].Ret, NoReturn: p.neverReturns(from, name)}
		if len(fns) > MaxTargets {
			t.Funcs, t.Complete = nil, false
		}
		p.forwards(t, name)
		return t
	}
	t := &Target{NativeName: name, Native: p.DB.Func(name)}
	t.NoReturn = p.neverReturns(from, name)
	if _, bare, ok := strings.Cut(name, "$"); ok && t.Native == nil {
		t.NativeName, t.Native = bare, p.DB.Func(bare) // KERNEL32$CloseHandle: the loader of an object file binds it
	}
	if t.Native != nil && p.otherCount(f, c, t.Native) {
		t.Native = nil
	}
	if protos := prefer(p, from, p.c.protos[name], fileIn); len(protos) > 0 {
		if t.Native != nil && t.Native.MacroOnly && p.visible(from, protos[0].file) {
			t.Native = nil
		}
		t.Ret = protos[0].decl.Ret
		return t
	}
	if t.Native == nil {
		ends := t.NoReturn
		t = p.namedPointer(f, c, name)
		t.NoReturn = t.NoReturn || ends
		return t
	}
	if s := t.Native.Sig; s != nil {
		t.Ret = nativeType(s.Return.Code)
	}
	return t
}

// standsForWindows tells whether the definitions of a name are what other systems have instead of the function of Windows, and the caller is none of that.
func (p *Program) standsForWindows(f *ir.Func, fns []*ir.Func, name string) bool {
	return f.Flags&ir.Elsewhere == 0 && p.DB.Func(name) != nil && !slices.ContainsFunc(fns, func(fn *ir.Func) bool { return fn.Flags&ir.Elsewhere == 0 })
}

// macroCall resolves the call of a function-like macro that the file can see (or the only one of
// that name when nothing else is called so).
func (p *Program) macroCall(f *ir.Func, c *ir.Call, name string) *Target {
	ms := prefer(p, f.File, p.c.macros[name], fileIn)
	if len(ms) == 0 {
		return nil
	}
	if !p.visible(f.File, ms[0].file) && p.meansFunction(name) {
		return nil
	}
	ms = distinct(ms)
	t := &Target{Complete: true}
	leaving := p.leaving(f.File, ms)
	if leaving != nil && leaving.Guard != nil && !p.c.isMacro[f] {
		leaving.NativeName, leaving.Opaque = name, true
		return leaving
	}
	for _, m := range ms {
		fn := macroFunc(m.file, m.decl)
		if fn == nil || len(fn.Params) != len(c.Args) && fn.Flags&ir.Params == 0 {
			t.Complete = false
			continue
		}
		t.Funcs = append(t.Funcs, fn)
	}
	if len(t.Funcs) == 0 || len(t.Funcs) > MaxTargets {
		if leaving == nil {
			leaving = &Target{}
		}
		leaving.NativeName, leaving.Opaque = name, true
		return leaving
	}
	t.Ret = t.Funcs[0].Ret
	p.forwards(t, name)
	return t
}

// meansFunction tells whether a name that is no macro is a function of the tree, or one that the models know.
func (p *Program) meansFunction(name string) bool {
	role, _ := p.DB.Role(name)
	return len(p.c.funcs[name]) > 0 || p.DB.Func(name) != nil || role != models.RoleNone
}

// distinct keeps one of the definitions that say the same: trees hold several copies of a header.
func distinct(ms []in[*ir.Macro]) []in[*ir.Macro] {
	var out []in[*ir.Macro]
	for _, m := range ms {
		if !slices.ContainsFunc(out, func(o in[*ir.Macro]) bool {
			return o.decl.Body == m.decl.Body && slices.Equal(o.decl.Params, m.decl.Params)
		}) {
			out = append(out, m)
		}
	}
	return out
}

// nameMacro follows "#define F G": the name that name stands for in from, "" if none. A macro of a
// file that from does not include counts only when nothing else bears the name.
func (p *Program) nameMacro(from *ir.File, name string) string {
	cs := prefer(p, from, p.c.consts[name], fileIn)
	if len(cs) == 0 {
		return ""
	}
	if !p.visible(from, cs[0].file) && p.meansFunction(name) {
		return ""
	}
	for _, c := range cs {
		if to := aliasOf(c.decl); to != "" && to != name {
			return to
		}
	}
	return ""
}

// otherArms are the native functions that the macro name, which stands for to, stands for in other arms of an #if: itself,
// where it is not defined (#define close CloseHandle), and those of other definitions.
func (p *Program) otherArms(from *ir.File, name, to string) (out []string) {
	if p.DB.Func(name) != nil {
		out = append(out, name)
	}
	for _, c := range prefer(p, from, p.c.consts[name], fileIn) {
		if alias := aliasOf(c.decl); alias != to && alias != name && p.DB.Func(alias) != nil {
			out = append(out, alias)
		}
	}
	return out
}

// fitArgs drops definitions with another number of parameters, unless that would drop all; then they
// are dropped only if the name is an API function's with the right number.
func (p *Program) fitArgs(fns []*ir.Func, c *ir.Call, name string) []*ir.Func {
	if len(fns) == 0 || c == nil {
		return fns
	}
	var out []*ir.Func
	for _, fn := range fns {
		n := len(fn.Params)
		if n == len(c.Args) || n > 0 && fn.Var(fn.Params[n-1]).Flags&ir.Params != 0 || fn.Flags&ir.Params != 0 && len(c.Args) >= n {
			out = append(out, fn)
		}
	}
	if len(out) > 0 {
		return out
	}
	if m := p.DB.Func(name); m != nil && m.Sig != nil && len(m.Sig.Params) == len(c.Args) {
		return nil
	}
	return fns
}

// forwards sets Native for a macro or inline definition that bears the name of an API function and
// does nothing but call that: the definition adds nothing that the model does not say.
func (p *Program) forwards(t *Target, name string) {
	if len(t.Funcs) != 1 {
		return
	}
	fn := t.Funcs[0]
	if !p.c.isMacro[fn] && fn.Flags&ir.Static == 0 {
		return
	}
	model := p.DB.Func(name)
	if model == nil {
		return
	}
	var only *ir.Call
	for bi := range fn.Blocks() {
		for ii := range fn.Blocks()[bi].Instrs {
			if in := &fn.Blocks()[bi].Instrs[ii]; in.Op == ir.OpCall {
				if only != nil {
					return
				}
				only = in.Call
			}
		}
	}
	if only == nil || only.Fn != 0 || len(only.Args) != len(fn.Params) {
		return
	}
	if callee := p.DB.Func(only.Name); callee != nil && callee.Family == model.Family {
		t.NativeName, t.Native = name, model
	}
}

// cPointer resolves a call through a function pointer: its type may name an API function (LPFN_X),
// and the static type of the pointer tells the result.
func (q *query) cPointer(f *ir.Func, c *ir.Call) *Target {
	t := &Target{Delegate: true}
	if d := f.Def(c.Fn); d != nil && d.Op == ir.OpConst && d.Const == ir.ConstFunc {
		got := q.p.cCall(f, c, d.Name, 0)
		return got
	}
	typ := q.typeOf(f, c.Fn)
	q.p.pointerOf(t, f.File, typ, c)
	if t.Native == nil {
		q.p.standInTyped(t, f.File, typ, c.Name, len(c.Args))
	}
	return t
}

// namedPointer resolves the call of a name that no function has: a global variable, or a pointer
// that a macro declares (seen by its name alone).
func (p *Program) namedPointer(f *ir.Func, c *ir.Call, name string) *Target {
	t := &Target{NativeName: name}
	var typ ir.Type
	if g, ok := p.cGlobal(f.File, name); ok {
		t.Delegate, t.NativeName, typ = true, "", g.Type
		p.pointerOf(t, f.File, typ, c)
	}
	if t.Native == nil && p.standInTyped(t, f.File, typ, name, len(c.Args)) {
		t.Delegate = true
	}
	t.Opaque = !t.Delegate
	if t.Opaque && models.ReturnMacro(name) {
		t.Leaves = true
	}
	return t
}

// pointerOf fills in what the type of a function pointer tells: its result, and the API function
// that it is named after.
func (p *Program) pointerOf(t *Target, from *ir.File, typ ir.Type, c *ir.Call) {
	base, _, _ := splitType(typ)
	if base == "" {
		return
	}
	if m := p.DB.Func(base); m != nil {
		t.NativeName, t.Native = m.Family, m
	} else {
		p.standIn(t, base, len(c.Args))
	}
	if tds := prefer(p, from, p.c.typedefs[base], fileIn); len(tds) > 0 && tds[0].decl.Func {
		t.Ret = tds[0].decl.Ret
	}
}

// Pointers to API functions are named after them: pCloseHandle, PFN_CloseHandle, WinUsb_ReadPipe_t.
var (
	pointerPrefixes = []string{"ptr_", "ptr", "pf_", "pf", "fp_", "fp", "real_", "orig_", "g_pfn", "g_p", "LPFN_", "LPFN", "PFN_", "PFN", "pfn_", "pfn", "fn_", "fn", "lp", "p_", "p", "P", "s", "_", "dyn_", "my_", "t_"}
	pointerSuffixes = []string{"_t", "_fn", "_func", "_ptr", "_proc", "Fn", "Func", "Proc", "Ptr", "_type", "Type"}
)

// standIn sets Native when name is that of an API function with such an affix, and the number of
// arguments is the function's.
func (p *Program) standIn(t *Target, name string, args int) bool {
	return p.eachStandIn(name, func(b string, m *models.Func) bool {
		if m.Sig == nil || len(m.Sig.Params) != args {
			return false
		}
		t.NativeName, t.Native = b, m
		return true
	})
}

// standInTyped is standIn for the name of a pointer of type typ. Where that type says what it takes, the
// structs that the API function takes are among it: void f(ReadProc ReadFileProc) is about another read.
func (p *Program) standInTyped(t *Target, from *ir.File, typ ir.Type, name string, args int) bool {
	was := *t
	if !p.standIn(t, name, args) {
		return false
	}
	base, _, _ := splitType(typ)
	for _, td := range prefer(p, from, p.c.typedefs[base], fileIn) {
		if td.decl.Func && len(td.decl.Params) == args && !takesStructs(td.decl.Params, t.Native.Sig.Params) {
			*t = was
			return false
		}
	}
	return true
}

// takesStructs tells whether parameters can be those of an API function: where that has a pointer to a
// struct, they have one to a struct of that name, or to anything.
func takesStructs(got []ir.Param, want []models.Param) bool {
	for i := range want {
		w := want[i].Type
		if w.Base != "s" || w.PtrDepth != 1 {
			continue
		}
		typ := strings.ToUpper(string(got[i].Type))
		if !strings.Contains(typ, strings.ToUpper(strings.TrimLeft(w.Name, "_"))) && !strings.Contains(typ, "VOID") {
			return false
		}
	}
	return true
}

// eachStandIn calls do for the API functions that name may stand for by its affixes, until it returns true.
func (p *Program) eachStandIn(name string, do func(name string, fn *models.Func) bool) bool {
	bare := []string{name}
	for _, s := range pointerSuffixes {
		if b, ok := strings.CutSuffix(name, s); ok {
			bare = append(bare, b)
		}
	}
	for _, b := range bare[:len(bare):len(bare)] {
		for _, s := range pointerPrefixes {
			if x, ok := strings.CutPrefix(b, s); ok {
				bare = append(bare, x)
			}
		}
	}
	for _, b := range bare[1:] {
		if len(b) < 6 || b[0] < 'A' || b[0] > 'Z' {
			continue
		}
		if m := p.DB.Func(b); m != nil && do(b, m) {
			return true
		}
	}
	return false
}
