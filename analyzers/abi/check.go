package abi

import (
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/models"
)

// Source is where a prototype is from.
type Source uint8

// Sources.
const (
	NoSource Source = iota
	Models          // the models of Windows functions
	Tree            // a C function of the same unit
)

// Check is the comparison of one import with its prototype.
type Check struct {
	Import *ir.Import
	File   *ir.File
	Export string // name of the native function
	DLL    string // of a Windows function: its documented module
	Source Source
	// Binding is the C side, for Source Tree.
	Binding *link.NativeBinding
	// Targets are those that were compared; Stated those of them that the project names, with their
	// processor.
	Targets TargetSet
	Stated  TargetSet
	Diffs   []Difference
	narrow  bool // for 32-bit processes, in which a number may be an address
	// Why says why nothing was compared, "" if something was. Gaps are reasons for which single
	// parameters or the result were not.
	Why  string
	Gaps []string
}

// Result answers questions about the imports of a unit. All methods are safe for concurrent use.
type Result struct {
	p       *link.Program
	once    sync.Once
	checks  []*Check
	structs []*StructCheck
}

// New makes a Result; nothing is computed before it is asked for.
func New(p *link.Program) *Result { return &Result{p: p} }

// Imports returns the check of every import of the unit that native code implements, by file and
// place.
func (r *Result) Imports() []*Check {
	r.once.Do(r.run)
	return r.checks
}

// Structs returns the check of every C# struct that stands for a native one, by file and place.
func (r *Result) Structs() []*StructCheck {
	r.once.Do(r.run)
	return r.structs
}

// run checks all imports. It works on one target after the other, because what is laid out for one
// is of no use to another.
func (r *Result) run() {
	for _, f := range r.p.Files {
		for _, imp := range f.Imports {
			if f.Lang == ir.CSharp && (imp.Library != "" || imp.LibraryIsName) {
				r.checks = append(r.checks, r.begin(imp, f))
			}
		}
	}
	r.twins()
	pairs := &pairSet{seen: map[pairKey]*StructCheck{}, cmp: comparer{}}
	for _, t := range Targets {
		m, c := newManaged(r.p, t), newCTypes(r.p, t)
		for _, ch := range r.checks {
			if ch.Why == "" && ch.Targets.Has(t) {
				r.compare(ch, m, c, pairs)
			}
		}
	}
	r.byName(pairs)
	r.structs = pairs.list()
	for _, ch := range r.checks {
		ch.finish()
		if ch.narrow {
			ch.Diffs = slices.DeleteFunc(ch.Diffs, func(d Difference) bool { return d.Kind == Indirection })
		}
		if ch.namesake(r.p) {
			ch.Diffs, ch.Why = nil, "a function of that name, but of another library, is known"
		}
	}
	r.dropVersions()
}

// twins: where a class imports GetWindowLongPtr too, its GetWindowLong is for 32-bit processes.
func (r *Result) twins() {
	type member struct{ owner, export string }
	seen := map[member]bool{}
	for _, ch := range r.checks {
		seen[member{ch.Import.Owner, ch.Export}] = true
	}
	for _, ch := range r.checks {
		name := strings.TrimRight(ch.Export, "AW")
		twin := name + "Ptr" + ch.Export[len(name):]
		if ch.Source == Models && r.p.DB.Func(twin) != nil && seen[member{ch.Import.Owner, twin}] && ch.Targets&Bits32 != 0 {
			ch.Targets &= Bits32
			ch.Stated &= Bits32
			ch.narrow = true
		}
	}
}

// namesake tells whether the import names another library than the documented one, and differs so
// much from the prototype that it is not meant.
func (ch *Check) namesake(p *link.Program) bool {
	return ch.Source == Models && slices.ContainsFunc(ch.Diffs, func(d Difference) bool { return d.Kind == Count || d.Kind == Indirection }) &&
		!p.OfLibrary(ch.Import, ch.File, ch.DLL)
}

// begin finds the prototype of an import.
func (r *Result) begin(imp *ir.Import, file *ir.File) *Check {
	ch := &Check{Import: imp, File: file}
	name, fn := r.p.Export(imp, file)
	ch.Export = name
	switch b := r.p.NativeOf(imp, file); {
	case b != nil:
		ch.Source, ch.Binding, ch.Export = Tree, b, b.Name
		ch.Targets, ch.Stated = r.targets(ch)
		if b.Confidence == link.Low {
			ch.Why = "several C functions bear the name"
		} else if b.Func == nil && b.File.CPlusPlus {
			ch.Why = "declared in a C++ header"
		}
	case len(name) > 0 && name[0] == '#':
		ch.Why = "bound by ordinal"
	case fn == nil || fn.Sig == nil:
		ch.Why = "no prototype is known"
	case fn.Sig.Export != name && fn.Sig.RealName != name:
		ch.Why = "no export of that name is known"
	case fn.Sig.Confidence == models.Unverified:
		ch.Why = "the prototype is not documented"
	default:
		ch.Source, ch.DLL = Models, fn.DLL
		ch.Targets, ch.Stated = r.targets(ch)
		if ch.Targets &= archSet(fn.Sig.Arch); ch.Targets == 0 {
			ch.Why = "the function does not exist on the project's targets"
		}
	}
	if armWithin(file, imp.Span, ir.Span{Start: imp.Span.Start + 1, End: imp.Span.End}) {
		ch.Why = "parts of the declaration are compiled conditionally"
	}
	return ch
}

// archSet are the targets with one of the architectures "x86,x64"; all for "".
func archSet(arch string) TargetSet {
	if arch == "" {
		return ^TargetSet(0)
	}
	return where(func(t Target) bool {
		for at := 0; at < len(arch); {
			end := at
			for end < len(arch) && arch[end] != ',' {
				end++
			}
			if arch[at:end] == archNames[t.Arch] {
				return true
			}
			at = end + 1
		}
		return false
	})
}

// compare compares one import on one target, and notes the pairs of structs that meet.
func (r *Result) compare(ch *Check, m *managed, c *ctypes, pairs *pairSet) {
	have := m.importFunc(ch.Import, ch.File)
	want, diffs, gaps := r.closest(ch, have, m, c)
	for _, d := range diffs {
		ch.merge(d, m.t)
	}
	ch.Gaps = append(ch.Gaps, gaps...)
	if len(have.Params) == len(want.Params) {
		for i := range have.Params {
			pairs.note(ch, m, &have.Params[i], &want.Params[i])
		}
	}
}

// closest compares an import with the prototype that it agrees best with: a library that is built from
// one of several versions of a source has one for each, and an import is written for one of them.
func (r *Result) closest(ch *Check, have *Func, m *managed, c *ctypes) (want *Func, diffs []Difference, gaps []string) {
	switch {
	case ch.Source == Models:
		fn := r.p.DB.Func(ch.Export)
		want = m.modelFunc(fn.Sig)
		markFreed(want, fn.Releases)
	case ch.Binding.Func == nil:
		want = c.cProto(ch.Binding.Proto, ch.Binding.File, ch.convention())
	}
	if want != nil {
		diffs, gaps = Compare(have, want, m.t)
	} else {
		for i, fn := range ch.Binding.Funcs {
			w := c.cFunc(fn, ch.convention())
			if d, g := Compare(have, w, m.t); i == 0 || len(d) < len(diffs) {
				want, diffs, gaps = w, d, g
			}
		}
	}
	for i := range diffs {
		if d := &diffs[i]; ch.Source == Tree && d.Kind == PointerSize {
			d.Mild = false // that numbers stand for names is a habit of Windows alone
		}
	}
	return want, diffs, gaps
}

// markFreed notes the parameters whose value, not what it is the address of, a function releases.
func markFreed(want *Func, releases []models.Release) {
	for _, rel := range releases {
		if rel.Param >= 0 && rel.Param < len(want.Params) && !rel.ByRef && !rel.ViaStruct && rel.Field == "" {
			want.Params[rel.Param].Freed = true
		}
	}
}

// convention is that of the library's functions that name none, as its build file says it.
func (ch *Check) convention() string {
	if lib := ch.Binding.Library; lib != nil {
		return lib.CallConv
	}
	return ""
}

// Only32 tells whether d shows in 32-bit processes alone, and no project says that it has some.
func (ch *Check) Only32(d *Difference) bool {
	return d.Kind != Indirection && d.Kind != Convention && d.Targets&^Bits32 == 0 && ch.Targets&^Bits32 != 0 && ch.Stated&Bits32 == 0
}

// merge adds a difference on one more target.
func (ch *Check) merge(d Difference, t Target) {
	for i := range ch.Diffs {
		if o := &ch.Diffs[i]; o.Kind == d.Kind && o.Param == d.Param {
			o.Targets |= SetOf(t)
			o.Mild = o.Mild && d.Mild
			return
		}
	}
	d.Targets = SetOf(t)
	ch.Diffs = append(ch.Diffs, d)
}

// finish orders what was found, and keeps one difference for each parameter: the one on most
// targets.
func (ch *Check) finish() {
	sort.SliceStable(ch.Diffs, func(i, j int) bool {
		a, b := &ch.Diffs[i], &ch.Diffs[j]
		if a.Param != b.Param {
			return a.Param < b.Param
		}
		return len(a.Targets.List()) > len(b.Targets.List())
	})
	kept := ch.Diffs[:0]
	for i := range ch.Diffs {
		d := &ch.Diffs[i]
		if i > 0 && d.Param == ch.Diffs[i-1].Param && d.Param != Whole {
			continue
		}
		kept = append(kept, *d)
	}
	ch.Diffs = kept
	seen := map[string]bool{}
	gaps := ch.Gaps[:0]
	for _, g := range ch.Gaps {
		if !seen[g] {
			seen[g] = true
			gaps = append(gaps, g)
		}
	}
	ch.Gaps = gaps
}
