package lifetime

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// root says where a path starts.
type root uint8

const (
	noRoot     root = iota
	rootParam       // parameter index
	rootThis        // the receiver
	rootGlobal      // static field or global of that name
	rootResult      // the result
)

// path names a value or a piece of storage as the caller of a function sees it: sel is a chain
// of "*" (what it points to) and ".f" (member f). A parameter with sel "" is the argument itself;
// sel starts with "&" for the place of an argument that is bound by name, or of a struct that is passed by value.
type path struct {
	root  root
	index int
	name  string
	sel   string
}

const maxSel = 4 // selectors in a path; longer chains are not followed

func (p path) deref() path { p.sel += "*"; return p }

func (p path) member(f string) path { p.sel += "." + f; return p }

// outParam tells whether the path is what a parameter points to, or the place that it names.
func (p path) outParam() bool { return p.sel == "*" || p.sel == "&" }

func (p path) depth() int {
	return strings.Count(p.sel, "*") + strings.Count(p.sel, ".")
}

// lastField is the last member of the path, "" if there is none.
func (p path) lastField() string {
	s := strings.TrimSuffix(p.sel, "*")
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[i+1:]
	}
	return ""
}

// effectKind is the closed list of what a function may do to what its caller can see.
type effectKind uint8

const (
	effAcquire   effectKind = iota + 1 // stores an object that the caller owns from now on
	effRelease                         // releases what the path holds
	effEscape                          // keeps, or hands on, what the path holds
	effStoreInt                        // stores the number value
	effStore                           // stores something
	effStart                           // starts an operation
	effComplete                        // operation on this OVERLAPPED is complete
	effCancel                          // it was cancelled
	effBorrow                          // stores a borrowed object
	effKeep                            // keeps the pointer that the path holds after the return
	effReference                       // takes one more reference to what the path holds
	effLock                            // leaves a lock held (api: its kind, value: the level)
	effUnlock                          // lets go of a lock of the caller
	effDispose                         // disposes the owner of a native handle
	effExpose                          // somebody else has the address of a place in the struct that the path points to
)

// effect is one such thing, with the steps inside the function that led to it.
type effect struct {
	kind  effectKind
	path  path
	value int64   // effStore: 1 when it is not zero
	obj   *Object // effAcquire: its template; effRelease: the Unknown object that was released
	op    *startInfo
	keep  *kept  // effKeep
	api   string // effRelease: the API that did it
	steps *Step
}

// startInfo describes an operation that a function leaves pending.
type startInfo struct {
	api    string
	obj    *Object
	ov     path
	bufs   []path
	handle path
}

// condition narrows what a path holds at entry.
type condition struct {
	path path
	mask int64 // not 0: of the bits of what the path holds that are in mask
	c    cons  // sym unused
}

// result is what a case returns.
type result struct {
	known    bool
	c        cons    // when known
	obj      *Object // owned by the caller
	alias    path    // root noRoot: none
	addr     bool    // alias is the address of the path
	steps    *Step
	borrowed bool // obj is not the caller's to release
	// made is the block of the C runtime that is returned, and nobody else has; constant: what is
	// returned is a literal or a global array. C# only asks.
	made     *Object
	constant bool
	owner    *Object // the result is an owner of a native handle that the function made
}

// outcome is one way through a function: if the conditions hold at entry, these are the effects
// and this is the result.
type outcome struct {
	throws  bool
	exc     string // the type of exception that it throws, "" if not known
	conds   []condition
	effects []effect
	ret     result
	err     lastError
}

// lastError is what is known of the last error that a function leaves behind: it tells whether an
// operation that it started is pending.
type lastError struct {
	known bool
	c     cons // sym unused
}

// Summary is what callers know of a function.
type Summary struct {
	outcomes  []outcome
	unknown   bool   // a bound was hit or the body is recursive: arguments escape
	borrows   bool   // looked at without the interpreter: nothing is kept; outcomes is empty
	scanned   bool   // with unknown: escapes says what may be kept or released
	escapes   uint64 // with borrows: bit i set: parameter i escapes all the same (bit 63: the receiver)
	handsBack int    // with borrows: the result is what this parameter (1-based) was, 0 for none
	tests     bool   // the result is test
	test      predicate
	throws    bool         // some way leaves by a written throw
	noReturn  bool         // no way returns
	ends      bool         // it returns on none of its ways where the arguments say so
	passive   *passiveCall // a call inside that needs PASSIVE_LEVEL, nil if none
}

const receiverBit = 63

// crosses tells whether C# wants to know what the summary says of a C function, beyond what matters
// in C: results that the C runtime allocated, or that nobody may free.
func (s *Summary) crosses() bool {
	return slices.ContainsFunc(s.outcomes, func(o outcome) bool {
		return o.ret.made != nil || o.ret.constant || slices.ContainsFunc(o.effects, func(e effect) bool {
			return e.kind == effBorrow && e.obj != nil && e.path.root == rootParam
		})
	})
}

// unknownSummary stands for a body that could not be summed up.
var unknownSummary = &Summary{unknown: true}

// regionPath names a region as the caller sees it; false when it is local.
func (a *fnRun) regionPath(r regID) (path, bool) {
	g := a.t.regions[r]
	switch g.kind {
	case rGlobal:
		if a.f.File.Lang == ir.C && strings.HasPrefix(g.name, "?") {
			return path{}, false // nothing declares it: it may well be a local variable that a macro declares
		}
		return path{root: rootGlobal, name: g.name}, true
	case rVar:
		v := *a.f.Var(g.v)
		if v.Kind == ir.VarParam && v.Ref != ir.ByValue {
			if i := a.paramIndex(g.v); i >= 0 {
				return path{root: rootParam, index: i}.deref(), true
			}
		}
		if byNameParam(a.f, g.v) {
			if i := a.paramIndex(g.v); i >= 0 {
				return path{root: rootParam, index: i, sel: "&"}, true
			}
		}
		if v.Kind == ir.VarCaptured || v.Flags&ir.Static != 0 {
			return path{root: rootGlobal, name: a.f.FullName() + "$" + v.Name}, true
		}
	case rPointee:
		if p, ok := a.symPath(g.sym); ok && p.depth() < maxSel {
			return p.deref(), true
		}
	case rField:
		if p, ok := a.regionPath(g.parent); ok && p.depth() < maxSel {
			return p.member(g.name), true
		}
	case rElem:
		if p, ok := a.regionPath(g.parent); ok && p.depth() < maxSel {
			if g.symElem() {
				return p.member(elemName("*")), true // symbols mean nothing to a caller
			}
			return p.member(elemName(g.name)), true
		}
	}
	return path{}, false
}

// symPath names what a symbol stood for at entry.
func (a *fnRun) symPath(s symID) (path, bool) {
	y := a.t.symbols[s]
	if y.kind != sInit || y.of != 0 {
		return path{}, false
	}
	g := a.t.regions[y.reg]
	if g.kind == rVar {
		v := *a.f.Var(g.v)
		if v.Kind == ir.VarThis {
			return path{root: rootThis}, true
		}
		if v.Kind == ir.VarParam && v.Ref == ir.ByValue {
			if i := a.paramIndex(g.v); i >= 0 {
				return path{root: rootParam, index: i}, true
			}
		}
	}
	if p, ok := a.copiedMember(y.reg); ok {
		return p, true
	}
	if g.kind == rGlobal && isConstantName(g.name) {
		return path{root: rootGlobal, name: g.name}, true // the same to the caller
	}
	return a.regionPath(y.reg)
}

// copiedMember names a member of a struct that is passed by value: what it held at entry lies in the
// caller's argument as well. What is stored there is not, so regionPath has no name for the place.
func (a *fnRun) copiedMember(r regID) (path, bool) {
	g := a.t.regions[r]
	if g.kind != rField {
		return path{}, false
	}
	if up := a.t.regions[g.parent]; up.kind == rVar {
		if v := a.f.Var(up.v); v.Kind == ir.VarParam && v.Ref == ir.ByValue && !byNameParam(a.f, up.v) {
			if i := a.paramIndex(up.v); i >= 0 {
				return path{root: rootParam, index: i, sel: "&"}.member(g.name), true
			}
		}
		return path{}, false
	}
	if p, ok := a.copiedMember(g.parent); ok && p.depth() < maxSel {
		return p.member(g.name), true
	}
	return path{}, false
}

func (a *fnRun) paramIndex(v ir.VarID) int {
	for i, p := range a.f.Params {
		if p == v {
			return i
		}
	}
	return -1
}

// elemName names an element in a path, where "*" means something else.
func elemName(index string) string {
	if index == "*" {
		return "[?]"
	}
	return "[" + index + "]"
}

// elemIndex is the inverse of elemName; ok is false for a member that is no element.
func elemIndex(name string) (index string, ok bool) {
	if len(name) < 2 || name[0] != '[' {
		return "", false
	}
	if name == "[?]" {
		return "*", true
	}
	return name[1 : len(name)-1], true
}
