// Package lower is the stage that turns each file of a unit into the
// intermediate representation. The two lowerings are in the folders below.
//
// In: the snapshot of the unit. Out: one ir.File for each source file, by path.
//
// Invariants:
//   - A file is parsed and lowered in one go, and its tree is dropped before the
//     next: trees are some twenty times as large as their source.
//   - Long bodies of C# are left out until somebody looks at them (late.go): a file is the same then as if it had been lowered
//     at once (TestLate), but where it has errors: then more is understood, as a body that is not read breaks nothing around it.
//   - Other bodies are packed as soon as their file is lowered (ir.File.Pack): few are looked at for long.
//   - Files are independent of each other, so they are done in parallel.
//   - It never fails: a panic in a file costs that file, and is reported.
package lower

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	clower "github.com/pinvet/pinvet/analyzers/lower/c"
	"github.com/pinvet/pinvet/analyzers/lower/csharp"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

// Analyzer lowers all files of the unit; its result is a *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "lower",
	Doc:        "the intermediate representation of each file",
	Requires:   []*analysis.Analyzer{source.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
	Run: func(p *analysis.Pass) (any, error) {
		return All(p.ResultOf[source.Analyzer].(*source.Snapshot)), nil
	},
}

// Result is the lowered unit.
type Result struct {
	Files  []*ir.File // by path; those that failed are missing
	Failed []Failure  // by path
}

// Failure is a file on which a stage panicked.
type Failure struct {
	Path string
	Text string
}

// All lowers the files of s.
func All(s *source.Snapshot) *Result {
	files := make([]*ir.File, len(s.Files))
	var done atomic.Int64
	order := largestFirst(s.Files)
	panics := parallel.Do(s.Input.Ctx(), s.Input.Workers, len(files), func(i int) {
		i = order[i]
		files[i] = One(s, s.Files[i])
		if s.Input.Progress != nil {
			s.Input.Progress("lower", int(done.Add(1)), len(files))
		}
	})
	syntax.Trim()
	res := &Result{}
	for _, f := range files {
		if f != nil {
			res.Files = append(res.Files, f)
		}
	}
	for _, p := range panics {
		res.Failed = append(res.Failed, Failure{s.Files[order[p.Index]].Path, p.Value})
	}
	slices.SortFunc(res.Failed, func(a, b Failure) int { return strings.Compare(a.Path, b.Path) })
	return res
}

// largestFirst are the indexes of some files, so that no worker is left alone with a large one at the end, and that the
// largest trees are gone before there is much else.
func largestFirst(files []*source.File) []int {
	order := make([]int, len(files))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return files[b].Size - files[a].Size })
	return order
}

// With is what lowering gives for s, of which last has some files already; progress is told about the others.
func (last *Result) With(s *source.Snapshot) *Result {
	known := make(map[string]bool, len(s.Files))
	for _, f := range last.Files {
		known[f.Path] = true
	}
	for _, f := range last.Failed {
		known[f.Path] = true
	}
	more := *s
	more.Files = slices.DeleteFunc(slices.Clone(s.Files), func(f *source.File) bool { return known[f.Path] })
	res := All(&more)
	res.Files = append(res.Files, last.Files...)
	slices.SortFunc(res.Files, func(a, b *ir.File) int { return strings.Compare(a.Path, b.Path) })
	res.Failed = append(res.Failed, last.Failed...)
	slices.SortFunc(res.Failed, func(a, b Failure) int { return strings.Compare(a.Path, b.Path) })
	return res
}

// One parses and lowers one file of s, or takes what an earlier run made of it, and packs its bodies. A language
// without lowering gives an empty file.
func One(s *source.Snapshot, f *source.File) *ir.File {
	defer f.Pack() // few stages behind this one look at the text of few files
	if out := kept(s.Input, f); out != nil {
		return out
	}
	res := syntax.Outline(s.Input.Ctx(), f)
	room := rooms.Get().(*ir.Room)
	out := lowered(room, f, res)
	directives(f, out)
	res.Free()
	out.LowerLate(lowerer(f))
	lateFrom(s.Input, f, out)
	out.Pack()
	out.BuildIn(nil)
	room.Clear()
	rooms.Put(room)
	if res.Hasty {
		s.Input.Hasty.Note()
	} else {
		keep(s.Input, f, out)
	}
	return out
}

// rooms holds those that no file is built in. One that a panic took is lost.
var rooms = sync.Pool{New: func() any { return &ir.Room{} }}

// Parsed lowers one file that is parsed already. The trees are not used after it.
func Parsed(f *source.File, res *syntax.Result) *ir.File { return Again(f, res, nil) }

// Last is how a C# file was lowered before an edit.
type Last = csharp.Last

// Again is like Parsed, for a file that was edited since it was lowered last; last may be nil.
// Functions of which the edit cannot have changed more than their places may have the body of a
// function of the last file ([ir.Func.Shares]): give them to [ir.Func.KeepBody] then.
func Again(f *source.File, res *syntax.Result, last *Last) *ir.File {
	var out *ir.File
	if last != nil && f.Lang == source.CSharp {
		out = csharp.Again(f, res, last)
	} else {
		out = lowered(nil, f, res)
	}
	directives(f, out)
	return out
}

// lowered builds the bodies in room, if it is not nil.
func lowered(room *ir.Room, f *source.File, res *syntax.Result) *ir.File {
	switch f.Lang {
	case source.CSharp:
		return csharp.LowerIn(room, f, res)
	case source.C:
		out := clower.LowerIn(room, f, res)
		if res.CPlusPlus {
			declarationsOnly(out)
		}
		return out
	}
	return &ir.File{Path: f.Path}
}

// directives adds the comments and pragmas that speak to linters.
func directives(f *source.File, out *ir.File) {
	for _, n := range syntax.Notes(f, ir.DirectiveMark) {
		d := ir.Directive{
			Kind:  ir.DirectiveComment,
			Span:  ir.Span{Start: uint32(n.Start), End: uint32(n.End)},
			Text:  string(f.Text()[n.Start:n.End]),
			About: ir.Span{Start: uint32(n.About[0]), End: uint32(n.About[1])},
		}
		if n.Pragma {
			d.Kind = ir.DirectivePragma
		}
		out.Directives = append(out.Directives, d)
	}
	slices.SortStableFunc(out.Directives, func(a, b ir.Directive) int { return int(a.Span.Start) - int(b.Span.Start) })
}

// declarationsOnly drops the bodies of a C++ header: read as C they say nothing that can be relied
// on, while prototypes, constants and plain structs do.
func declarationsOnly(f *ir.File) {
	f.Funcs = nil
	for _, m := range f.Macros {
		m.Func = -1
	}
	f.Problems = append(f.Problems, ir.Problem{Text: "C++: only its declarations are read"})
}
