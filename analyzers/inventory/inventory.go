package inventory

import (
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lifetime"
	"github.com/pinvet/pinvet/analyzers/link"
	"github.com/pinvet/pinvet/analyzers/project"
)

// Analyzer makes the inventory; its result is []*Site.
var Analyzer = &analysis.Analyzer{
	Name:       "inventory",
	Doc:        "every place that pins, and for how long",
	Requires:   []*analysis.Analyzer{link.Analyzer, lifetime.Analyzer},
	ResultType: reflect.TypeFor[[]*Site](),
	Run: func(p *analysis.Pass) (any, error) {
		return List(p.ResultOf[link.Analyzer].(*link.Program), p.ResultOf[lifetime.Analyzer].(*lifetime.Result)), nil
	},
}

// Kind says what pins.
type Kind string

// The kinds.
const (
	Fixed        Kind = "fixed"                  // fixed statement
	GCHandle     Kind = "GCHandle"               // GCHandle.Alloc(.., Pinned)
	MemoryHandle Kind = "MemoryHandle"           // Memory<T>.Pin and its like
	PinnedHandle Kind = "PinnedGCHandle"         // PinnedGCHandle<T>
	Packed       Kind = "packed overlapped"      // data packed with a NativeOverlapped
	PreAllocated Kind = "PreAllocatedOverlapped" // data of a PreAllocatedOverlapped
	Marshalled   Kind = "marshaller"             // an argument that the marshaller pins for the call
	PinnedHeap   Kind = "pinned heap"            // an array that is allocated on the pinned object heap
)

// Kinds lists all kinds, in the order in which they are shown.
var Kinds = []Kind{GCHandle, PinnedHandle, MemoryHandle, Packed, PreAllocated, Fixed, Marshalled, PinnedHeap}

// Class says for how long a pin is in force.
type Class string

// The classes.
const (
	Call      Class = "call"      // one call
	Block     Class = "block"     // some statements of one function
	Operation Class = "operation" // an overlapped operation, up to its completion
	Owner     Class = "object"    // as long as the object that holds the pin
	Process   Class = "process"   // to the end of the process, by design or because nothing frees it
)

// Classes lists all classes, longest first.
var Classes = []Class{Process, Owner, Operation, Block, Call}

// Advice says what to do about a site.
type Advice string

// The pieces of advice.
const (
	Leave   Advice = "leave"
	Shorten Advice = "shorten"
	Pool    Advice = "pool"
	UsePOH  Advice = "pinned object heap"
)

// Advices lists all pieces of advice, the ones that ask for most first.
var Advices = []Advice{Shorten, UsePOH, Pool, Leave}

// Site is one place that pins.
type Site struct {
	File   *ir.File
	Span   ir.Span // the fixed declaration, call or argument that pins
	Func   *ir.Func
	Kind   Kind
	Class  Class
	Target string  // what is pinned, as it is written; "" when the expression has no name
	Type   ir.Type // of the target, "" when unknown
	Holder string  // where the pin is kept: "Type.field", a local, "" if nowhere
	InLoop bool    // made in a loop
	Advice Advice
	Reason string // one clause: why this class, or why this advice

	call ir.Span // marshalled arguments: the call
}

// pinnedHeap tells whether a file may use the pinned object heap: where no project says what it is
// built for, the reader decides.
func pinnedHeap(p *link.Program, f *ir.File) bool {
	cs := p.Projects.Of(f.Path)
	return len(cs.Frameworks()) == 0 || cs.Has(project.POH)
}

// List makes the inventory of a program.
func List(p *link.Program, r *lifetime.Result) []*Site {
	var out []*Site
	for _, s := range r.Pins {
		if site := fromPin(p, s); site != nil {
			out = append(out, site)
		}
	}
	for _, f := range p.Funcs() {
		if f.File.Lang == ir.CSharp {
			out = append(out, marshalled(p, f)...)
		}
	}
	keepLonger(out, r)
	for _, s := range out {
		s.Advice, s.Reason = advise(s, pinnedHeap(p, s.File))
	}
	slices.SortStableFunc(out, func(a, b *Site) int {
		if c := strings.Compare(a.File.Path, b.File.Path); c != 0 {
			return c
		}
		return int(a.Span.Start) - int(b.Span.Start)
	})
	return out
}
