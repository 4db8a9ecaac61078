package lifetime

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/skim"
	"github.com/pinvet/pinvet/analyzers/unread"
)

// wordSet is a set of words by which bodies are told that may be of interest.
type wordSet map[ir.Word]struct{}

func (s wordSet) add(words ...string) {
	for _, w := range words {
		s[ir.WordOf(w)] = struct{}{}
	}
}

// addIn adds all words of a name or type.
func (s wordSet) addIn(text string) { ir.EachWord(text, func(w string) { s.add(w) }) }

// addCalls adds the words by which a body that calls f is told.
func (s wordSet) addCalls(f *ir.Func) {
	for _, w := range callWords(f) {
		s[w] = struct{}{}
	}
}

func (s wordSet) sorted() []ir.Word {
	out := make([]ir.Word, 0, len(s))
	for w := range s {
		out = append(out, w)
	}
	slices.Sort(out)
	return out
}

// triggers are the words that a C# body has when something can come of it by itself, and not only
// because of what it calls in the unit.
type triggers struct {
	direct  wordTest  // something to interpret
	made    []ir.Word // names of types of which a new object is that; direct has the words for making one
	native  wordTest  // calls into native code
	takers  guarded   // of the words of native, names of imports that may take code, or be known to keep it
	errors  []ir.Word // reads of the last error
	addRefs []ir.Word // calls that add references to owners
	pins    []ir.Word // calls that pin, or make what is pinned
	all     bool      // any body may be a call into native code

	db *models.DB
	c  map[string]bool // names of C functions of the unit

	// What is called on a class for native methods that does not declare it may be an export of that name.
	nativeClasses []ir.Word
	exports       func() []ir.Word
	nativeFiles   map[*ir.File]bool // files that import the members of a class for native methods

	classes *typeClasses
	inFile  sync.Map // *ir.File -> *fileClasses, as asked for
}

func (e *engine) findTriggers() *triggers {
	native, direct, made, errors, refs, pins := wordSet{}, wordSet{}, wordSet{}, wordSet{}, wordSet{}, wordSet{}
	db := e.prog.DB
	e.usings = usingsOf(e.prog)
	t := &triggers{nativeFiles: map[*ir.File]bool{}, classes: newTypeClasses(e.prog), native: wordTest{with: guarded{}}, takers: guarded{}, direct: wordTest{with: guarded{}}}
	var hs []holder
	classes, counters := wordSet{}, wordSet{} // classes for native methods, and what counts references
	named := parallel.Beside(func() {
		hs = t.classes.holders()
		e.eachWordOnce(func(w string) {
			if link.NativeClass(w) {
				classes.add(w)
			}
			if models.NamedCounter(w) {
				counters.add(w)
			}
		})
	})
	c := map[string]bool{} // names of C functions
	var inRuntime []*ir.Import
	for _, f := range e.prog.Files {
		if f.Lang == ir.C {
			for _, fn := range f.Funcs {
				c[fn.Name] = true
			}
		}
		for _, imp := range f.Imports {
			if f.Lang == ir.CSharp {
				class := t.classes.class(lastDot(imp.Owner), imp.Flags&ir.Static != 0)
				if imp.OfRuntime() {
					inRuntime = append(inRuntime, imp)
				} else {
					t.native.with.add(imp.Name, class)
				}
				if e.takesCode(imp, f) {
					t.takers.add(imp.Name, class)
				}
				if _, fn := e.prog.Export(imp, f); fn != nil && readsRaw(db, fn) {
					errors.add(imp.Name)
				}
			}
		}
	}
	native.add(db.WrapperTypes()...)
	native.add(db.RoleWords(models.RoleFunctionPointer)...)
	t.c, t.db = c, db
	t.all = e.nativeDelegates(native, t)
	if len(c) > 0 {
		e.lookedUp(native, c, t)
	}
	named()
	maps.Copy(direct, counters)
	t.direct.with.addMembers(t.classes, db, direct, made)
	made.add(db.HandleTypes()...)
	for _, d := range e.prog.Types() {
		if link.NativeClass(lastDot(d.Name)) {
			classes.add(lastDot(d.Name))
		}
		if d.Lang == ir.CSharp && (d.IsSafeHandle || e.ownsNative(d)) {
			made.add(lastDot(d.Name))
		}
	}
	errors.add(db.LastErrorWords()...)
	refs.add(db.OwnershipWords(models.OwnAddRef)...)
	for _, s := range []wordSet{native, classes, direct, made, errors, refs} {
		e.aliases(s, t)
	}
	for _, imp := range inRuntime { // is of interest where it gives an owner only
		ir.EachWord(string(imp.Ret), func(w string) {
			if _, owner := made[ir.WordOf(w)]; owner {
				t.native.with.add(imp.Name, t.classes.class(lastDot(imp.Owner), imp.Flags&ir.Static != 0))
			}
		})
	}
	direct[ir.OpWord(ir.OpFixed)] = struct{}{}
	for w := range made {
		direct[w.Made()] = struct{}{}
	}
	t.made = made.sorted()
	t.classes.close(hs)
	t.nativeClasses = classes.sorted()
	t.exports = sync.OnceValue(func() []ir.Word {
		var names []ir.Word
		db.EachFuncName(func(name string) { names = append(names, ir.WordOf(name)) })
		slices.Sort(names)
		e.prog.Unread.Note(names...)
		return slices.Compact(names)
	})
	pins.add(db.KindWords(models.KindPin, models.KindPinnedAlloc)...)
	e.aliasesOf(pins)
	t.native.plain, t.direct.plain, t.errors, t.addRefs, t.pins = native.sorted(), direct.sorted(), errors.sorted(), refs.sorted(), pins.sorted()
	t.noteIn(e.prog.Unread)
	return t
}

// noteIn notes the words that t looks for in those of bodies and files.
func (t *triggers) noteIn(x *unread.Index) {
	for _, list := range [][]ir.Word{t.direct.plain, t.native.plain, t.made, t.errors, t.addRefs, t.pins, t.nativeClasses, declaring} {
		x.Note(list...)
	}
	for _, with := range []guarded{t.direct.with, t.native.with, t.takers} {
		for w := range with {
			x.Note(w)
		}
	}
	for _, told := range []map[ir.Word][]int32{t.classes.named, t.classes.told} { // see Told for bodies
		for w := range told {
			x.NoteOfTexts(w)
		}
	}
}

// nativeDelegates adds delegate types that stand for native functions, of which t.c are those of the unit,
// and members that have or give such. It returns true where a body may call one without a word that
// tells so: through an alias, an indexer, or a variable that an argument sets.
func (e *engine) nativeDelegates(out wordSet, t *triggers) (wordless bool) {
	types := map[string]bool{}
	for _, d := range e.prog.Types() {
		if d.Lang != ir.CSharp || d.Kind != ir.TypeDelegate {
			continue
		}
		short := lastDot(d.Name)
		if t.standIn(short) || e.prog.NativeDelegate(d) {
			types[short] = true
			out.add(short)
		}
	}
	if len(types) == 0 {
		return false
	}
	has := func(typ ir.Type) (found bool) {
		ir.EachWord(string(typ), func(w string) { found = found || types[w] })
		return found
	}
	for _, f := range e.prog.Files {
		if f.Lang != ir.CSharp {
			continue
		}
		for _, d := range f.Fields {
			if has(d.Type) {
				out.add(d.Name)
			}
		}
		for _, u := range f.Usings {
			wordless = wordless || u.Alias != "" && has(ir.Type(u.Name))
		}
		for _, d := range f.Props {
			if has(d.Type) {
				out.add(d.Name)
				wordless = wordless || d.Name == "Item"
			}
		}
		for _, fn := range f.Funcs {
			if has(fn.Ret) {
				out.add(fn.Name)
			}
			for _, p := range fn.Params {
				v := fn.Var(p)
				wordless = wordless || v.Ref != ir.ByValue && has(v.Type)
			}
		}
	}
	return wordless
}

// lookedUp adds what calls C functions of the unit (named in c) that C# looked up by their names: the names of what
// looks up, of helpers that do, and of the fields that hold what was found.
func (e *engine) lookedUp(out wordSet, c map[string]bool, t *triggers) {
	words := wordSet{}
	words.add(e.prog.DB.RoleWords(models.RoleDelegate, models.RoleExport)...)
	found := e.prog.LookUps(words.sorted(), c)
	for w := range words {
		out[w] = struct{}{}
	}
	out.add("delegate")
	for name := range found.Fields {
		out.add(name)
	}
	for _, h := range found.Helpers {
		t.native.with.add(lastDot(h.Name), t.classes.class(lastDot(h.Owner), true))
	}
}

// aliasesOf is aliases where nobody asks for the files that import members.
func (e *engine) aliasesOf(s wordSet) { e.aliases(s, &triggers{nativeFiles: map[*ir.File]bool{}}) }

// aliases adds the names that using directives give to what the words name, and notes in t the files that
// import the members of a class for native methods.
func (e *engine) aliases(s wordSet, t *triggers) {
	usings := e.usings
	if usings == nil {
		usings = usingsOf(e.prog)
	}
	for range 2 { // an alias may be made of another one
		for i := range usings {
			u := &usings[i]
			named := slices.ContainsFunc(u.words, func(w ir.Word) bool {
				_, ok := s[w]
				return ok
			})
			if u.Static && (named || link.NativeClass(u.Name)) {
				t.nativeFiles[u.file] = true
				t.all = t.all || u.Global
			}
			if named && u.Alias != "" {
				s.add(u.Alias)
			}
		}
	}
}

// namedUsing is a using directive that makes an alias, or imports the members of a class.
type namedUsing struct {
	ir.Using
	file  *ir.File
	words []ir.Word // of what it names
}

func usingsOf(p *link.Program) []namedUsing {
	out := []namedUsing{}
	for _, f := range p.Files {
		for _, u := range f.Usings {
			if u.Alias == "" && !u.Static {
				continue
			}
			n := namedUsing{Using: u, file: f}
			ir.EachWord(u.Name, func(w string) { n.words = append(n.words, ir.WordOf(w)) })
			out = append(out, n)
		}
	}
	return out
}

// eachWordOnce calls do for each word of the packed bodies.
func (e *engine) eachWordOnce(do func(string)) {
	seen := map[string]bool{}
	for _, f := range e.prog.Files {
		f.EachString(func(s string) {
			if !seen[s] {
				seen[s] = true
				ir.EachWord(s, do)
			}
		})
	}
}

// inNative tells whether f may call into native code.
func (t *triggers) inNative(f *ir.Func) bool {
	ws, ok := f.Words()
	return !ok || t.native.in(ws, t.classesIn(f)) || t.beyondImports(f, ws)
}

// beyondImports tells whether f may call native code that no import of the unit declares.
func (t *triggers) beyondImports(f *ir.Func, ws []ir.Word) bool {
	return t.all || (t.nativeFiles[f.File] || link.NativeClass(f.Owner) || meet(ws, t.nativeClasses)) && meet(ws, t.exports())
}

// givesCode tells whether f may give native code something to call.
func (t *triggers) givesCode(f *ir.Func) bool {
	ws, ok := f.Words()
	return !ok || meet(ws, t.native.plain) || t.takers.holds(ws, t.classesIn(f)) || t.beyondImports(f, ws)
}

// takesCode tells whether an import may take a delegate, or keep a pointer to one: pointers are known by the models, or by the
// C function that is called. What makes such a pointer has a word of its own.
func (e *engine) takesCode(imp *ir.Import, file *ir.File) bool {
	name, _ := e.prog.FactName(imp, file)
	if name != "" && len(e.prog.DB.KeptCallbacks(name)) > 0 || e.prog.NativeOf(imp, file) != nil {
		return true
	}
	for i := range imp.Params {
		if e.prog.TakesDelegate(imp, file, i) {
			return true
		}
	}
	return false
}

// mayMatter tells whether f may be of interest by itself.
func (t *triggers) mayMatter(f *ir.Func) bool {
	if !f.HasBody() || f.File.Lang != ir.CSharp {
		return f.HasBody()
	}
	ws, ok := f.Words()
	return !ok || t.inNative(f) || t.direct.in(ws, t.classesIn(f)) || t.classes.chains(f)
}

// classesIn tells what types values in f can have: at first by its file, which is asked once.
func (t *triggers) classesIn(f *ir.Func) toldOf {
	var body classSet
	return func(ids []int32) bool {
		file, ok := t.inFile.Load(f.File)
		if !ok {
			file, _ = t.inFile.LoadOrStore(f.File, t.classes.in(f.File))
		}
		told := file.(*fileClasses)
		if !told.all.hasAny(ids) {
			return false
		}
		if body == nil {
			body = t.classes.inBody(f, told)
		}
		return body.hasAny(ids)
	}
}

// callWords are the words one of which the body of each C# function has that calls f by a name.
func callWords(f *ir.Func) []ir.Word {
	name := lastDot(f.Name)
	switch f.Kind {
	case ir.FuncCtor:
		return []ir.Word{ir.WordOf(lastDot(f.Owner))}
	case ir.FuncGetter, ir.FuncSetter:
		for _, prefix := range []string{"get_", "set_", "add_", "remove_", "init_"} {
			name = strings.TrimPrefix(name, prefix)
		}
	}
	if name == "Add" {
		return []ir.Word{ir.WordOf(name), ir.AddWord}
	}
	return []ir.Word{ir.WordOf(name)}
}

// direct tells whether something can come of f by itself: what interesting asks, but for what calls of
// functions of the unit add, and for what only throws. may leaves out calls of which nothing can come.
func (e *engine) direct(f *ir.Func, may func(*ir.Func, *ir.Call) bool) bool {
	if f.File.Lang != ir.CSharp {
		return true
	}
	notable := false
	for i := range f.Blocks() {
		for j := range f.Blocks()[i].Instrs {
			in := &f.Blocks()[i].Instrs[j]
			switch in.Op {
			case ir.OpFixed:
				return true
			case ir.OpCall:
				if !may(f, in.Call) {
					continue
				}
				t := e.prog.Callee(f, in)
				if e.callsForOwners(f, in, t) || e.modelMatters(f, t) {
					return true
				}
				notable = notable || e.notable(in, t)
			}
		}
	}
	return notable
}

// inCall tells whether a call in f can be of interest by its words; one through a value has none.
func (t *triggers) inCall(f *ir.Func, c *ir.Call) bool {
	if t.all || c.Fn != 0 || c.Name == ".ctor" && !c.New || t.nativeFiles[f.File] || link.NativeClass(f.Owner) || link.NativeClass(c.Path) {
		return true
	}
	found := false
	look := func(w string) {
		if !found {
			word := ir.WordOf(w)
			_, found = slices.BinarySearch(t.made, word)
			found = found || t.direct.has(word) || t.native.has(word)
		}
	}
	ir.EachWord(c.Name, look)
	ir.EachWord(c.Path, look)
	ir.EachWord(string(c.Type), look)
	return found
}

// notable tells whether a call means more than its body, or nothing known, would say.
func (e *engine) notable(in *ir.Instr, t *link.Target) bool {
	if t.Native != nil || t.MemberName != "" && !e.prog.DB.Inert(t.MemberName) {
		return true
	}
	if len(t.Funcs) == 1 && strings.HasPrefix(t.Funcs[0].Owner, "System.") && !e.prog.DB.Inert(shortName(ir.Type(t.Funcs[0].Owner))+"."+t.Funcs[0].Name) {
		return true // the unit holds the library itself
	}
	return t.MemberName == "" && !in.Call.New && models.NamedCounter(lastDot(in.Call.Name))
}

// inText tells whether a file of which the words alone are known may have a function of interest, or declare
// something that decides what is.
func (t *triggers) inText(f *skim.Text) bool {
	if t.all || f.Told&namesCounter != 0 || f.Told&namesNative != 0 && f.HasAny(t.exports()) {
		return true
	}
	all := sync.OnceValue(func() classSet { return t.classes.inText(f) })
	classes := func(ids []int32) bool { return all().hasAny(ids) }
	return t.native.in(f.Words, classes) || t.direct.in(f.Words, classes) || f.HasAny(t.made) || f.HasAny(t.errors) || f.HasAny(t.addRefs) ||
		f.HasAny(declaring) || t.standsFor(f) || t.classes.chainsIn(f)
}

// standIn tells whether a delegate type is named after a C function of the unit, or one that keeps callbacks.
func (t *triggers) standIn(short string) bool {
	bare := strings.TrimSuffix(short, "Delegate")
	return t.c[short] || t.c[bare] || t.c[strings.TrimSuffix(short, "_t")] || len(t.db.KeptCallbacks(bare)) > 0
}

// standsFor tells whether the file declares a delegate type that may stand for a native function.
func (t *triggers) standsFor(f *skim.Text) bool {
	return slices.ContainsFunc(f.Delegates, func(name string) bool { return t.standIn(name) || t.classes.prog.MayStandFor(name) })
}

// declaring are the words of declarations that the triggers are made of.
var declaring = func() []ir.Word {
	s := wordSet{}
	s.add("extern", "DllImport", "LibraryImport", "unmanaged", "UnmanagedFunctionPointer", "UnmanagedCallersOnly", "SuppressGCTransition", "ComImport", "StructLayout")
	return s.sorted()
}()

// What words tell by what is in them (see Telling).
const (
	namesNative  = 1 << iota // a class for native methods
	namesCounter             // something that counts references
)

// Needles are such that a word that Telling says something of has one of them in it.
func Needles() []string { return append(models.CountWords(), link.NativeClassWords()...) }

// Telling says what a word tells of a file by what is in it: one of the bits above.
func Telling(word []byte) uint8 {
	switch w := string(word); {
	case models.NamedCounter(w):
		return namesCounter
	case link.NativeClass(w):
		return namesNative
	}
	return 0
}
