package models

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Problem is one incomplete or contradictory row.
type Problem struct {
	Table string // relation, without extension
	Key   string // first field of the row
	Msg   string
}

func (p Problem) String() string { return p.Table + ": " + p.Key + ": " + p.Msg }

// Check reads every row of every layer and reports what is not complete: unknown
// kinds, classes and tests, parameter indices outside the prototype, releases
// that no function is known for, acquisitions without a way to tell failure,
// tables out of order.
func (db *DB) Check() []Problem {
	c := &checker{db: db}
	for i, l := range db.layers {
		c.layer(l, db.layers[i+1:])
	}
	sort.SliceStable(c.problems, func(i, j int) bool {
		return c.problems[i].Table+c.problems[i].Key < c.problems[j].Table+c.problems[j].Key
	})
	return c.problems
}

// checkLayer checks the rows of one layer only, seen through db.
func (db *DB) checkLayer(l *layer) []Problem {
	c := &checker{db: db}
	c.layer(l, nil)
	return c.problems
}

type checker struct {
	db       *DB
	problems []Problem
	rel      relation
	key      string
}

func (c *checker) report(format string, args ...any) {
	c.problems = append(c.problems, Problem{Table: relationFiles[c.rel], Key: c.key, Msg: fmt.Sprintf(format, args...)})
}

// layer checks the rows of l that no layer above hides.
func (c *checker) layer(l *layer, above []*layer) {
	for r := relation(0); r < numRelations; r++ {
		c.rel = r
		last := ""
		eachRow(l[r], func(f []string) {
			c.key = f[0]
			if f[0] < last {
				c.report("row out of order (after %q): lookups would miss it", last)
			}
			last = f[0]
			if check := rowChecks[r]; check != nil && field(f, 1) != "none" && !hidden(above, r, f[0]) {
				check(c, f)
			}
		})
	}
}

func hidden(above []*layer, r relation, key string) bool {
	for _, l := range above {
		if find(l[r], key) != "" {
			return true
		}
	}
	return false
}

var rowChecks = [numRelations]func(*checker, []string){
	relSignatures:    (*checker).signature,
	relAcquires:      (*checker).acquire,
	relReleases:      (*checker).release,
	relSinks:         (*checker).sink,
	relRetains:       (*checker).retain,
	relHolds:         (*checker).hold,
	relOverlapped:    (*checker).overlapped,
	relWaits:         (*checker).wait,
	relZeroes:        (*checker).zero,
	relScopes:        (*checker).scope,
	relAliases:       (*checker).alias,
	relKinds:         (*checker).kind,
	relConstants:     (*checker).constant,
	relStructs:       (*checker).layout,
	relCallbacks:     (*checker).callback,
	relDotNetMembers: (*checker).member,
	relDotNetTypes:   (*checker).typeInfo,
	relDotNetThrows:  (*checker).throws,
}

var classes = map[Class]bool{
	ClassKernelHandle: true, ClassFindHandle: true, ClassRegistryKey: true, ClassService: true, ClassGDI: true,
	ClassUser: true, ClassModule: true, ClassResources: true, ClassHeapMemory: true, ClassMappedMemory: true, ClassCOMRef: true,
	ClassCrypto: true, ClassSecurity: true, ClassSocket: true, ClassFileStream: true, ClassNetwork: true,
	ClassDevice: true, ClassThreadpool: true, ClassRegistration: true, ClassEventLog: true, ClassLock: true,
	ClassKernelRef: true, ClassKernelObject: true, ClassPoolMemory: true, ClassDatabase: true, ClassOther: true,
}

// function reports a name that lookups would not arrive at: facts are filed by
// family.
func (c *checker) function() *Signature {
	if fam := c.db.Family(c.key); fam != c.key {
		c.report("filed under an export: lookups use the family %q", fam)
	}
	return c.db.signature(c.key)
}

// param checks a 0-based index against the prototype. Kernel and CRT functions
// have none in the tables.
func (c *checker) param(sig *Signature, what string, i int) {
	switch {
	case i < 0:
		c.report("%s: no parameter index", what)
	case sig != nil && !sig.Varargs && i >= len(sig.Params):
		c.report("%s: parameter %d, but %s has %d", what, i, sig.Export, len(sig.Params))
	}
}

func (c *checker) where(sig *Signature, f []string) {
	if i, _ := decodeWhere(field(f, 1)); field(f, 1) != "return" {
		c.param(sig, "where", i)
	}
}

// successful checks a success test with its sentinels.
func (c *checker) successful(text string, invalid []int64, note string) {
	s := decodeSuccess(text)
	switch {
	case s.Test == SuccessUnknown:
		c.report("success test %q is not known", text)
	case s.Test == SuccessValue && len(invalid) == 0 && note == "":
		c.report("no failure value, and no note that says why")
	case (s.Test == SuccessOneOf || s.Test == SuccessNotOneOf) && len(s.Values) == 0:
		c.report("success test %q has no values", text)
	}
}

func (c *checker) condition(sig *Signature, text string) {
	if text == "" || text == "-" {
		return
	}
	w := decodeWhen(text)
	if n := strings.Count(text, " and ") + strings.Count(text, " or ") + 1; len(w.Conds) != n {
		c.report("cannot read the condition %q", text)
	}
	for _, cond := range w.Conds {
		c.param(sig, "condition", cond.Param)
	}
}

func (c *checker) signature(f []string) {
	s := decodeSignature(f)
	for i, p := range s.Params {
		if p.Type.Base == "" {
			c.report("parameter %d has no type", i)
		}
		if p.CountParam >= len(s.Params) || p.BytesParam >= len(s.Params) {
			c.report("size of parameter %d is in a parameter that does not exist", i)
		}
	}
	if s.Return.Base == "" {
		c.report("no return type")
	}
}

func (c *checker) acquire(f []string) {
	sig := c.function()
	a := decodeAcquire(f)
	c.where(sig, f)
	if a.Kind == "" || a.Kind == "-" {
		c.report("no kind")
	}
	if !a.Borrowed && c.db.rows(relKinds, a.Kind) == "" && c.db.rows(relKinds, kindBase(a.Kind)) == "" {
		c.report("kind %q is in no row of kinds", a.Kind)
	}
	if !classes[a.Class] {
		c.report("class %q is not known", a.Class)
	}
	if a.Borrowed && len(a.Release) > 0 {
		c.report("borrowed, yet it has a release")
	}
	if !a.Borrowed && len(a.Release) == 0 {
		c.report("no release")
	}
	for _, r := range a.Release {
		c.releasedBy(r, a.Kind)
	}
	if !a.Borrowed {
		c.successful(field(f, 7), a.Invalid, a.Note)
	}
	c.condition(sig, field(f, 8))
	if _, ok := confidences[field(f, 10)]; !ok {
		c.report("confidence %q is not known", field(f, 10))
	}
}

// releasedBy checks that the function is known to release the kind.
func (c *checker) releasedBy(fn, kind string) {
	block := ""
	for _, k := range c.db.keys(fn, c.db.Family(fn)) {
		if block = c.db.rows(relReleases, k); block != "" {
			break
		}
	}
	if block == "" {
		c.report("release %s has no row in releases", fn)
		return
	}
	takes := false
	eachRow(block, func(f []string) {
		for _, t := range decodeRelease(f).Types {
			takes = takes || KindMatches(kind, t)
		}
	})
	if !takes {
		c.report("release %s does not list the kind %q", fn, kind)
	}
}

func (c *checker) release(f []string) {
	sig := c.function()
	r := decodeRelease(f)
	if r.Param >= 0 {
		c.param(sig, "where", r.Param)
	} else if field(f, 1) != "-1" {
		c.report("cannot read the place %q", field(f, 1))
	}
	if sig != nil && r.Param >= 0 && r.Param < len(sig.Params) {
		c.releaseType(sig.Params[r.Param], r)
	}
	if len(r.Types) == 0 {
		c.report("no kinds")
	}
	c.successful(field(f, 4), r.Invalid, "")
	c.condition(sig, field(f, 6))
}

// releaseType checks that the parameter can be what is released: no enumeration
// or flag, and the address of a handle only when the row says so. A note excuses.
func (c *checker) releaseType(p Param, r Release) {
	t := p.Type
	address := t.PtrDepth >= 2 || (t.PtrDepth == 1 && t.Base == "h")
	switch {
	case r.Note != "" || r.ViaStruct || r.Field != "":
	case t.PtrDepth == 0 && (strings.HasPrefix(t.Base, "e") || strings.HasPrefix(t.Base, "b3") || t.Base == "i16"):
		c.report("parameter %d is %s: no resource", r.Param, t.Code)
	case r.ByRef && !t.IsPointer():
		c.report("parameter %d is %s: no address of a handle", r.Param, t.Code)
	case !r.ByRef && address:
		c.report("parameter %d is %s: the address of a handle", r.Param, t.Code)
	}
}

func (c *checker) sink(f []string) {
	sig := c.function()
	s := decodeSink(f)
	c.where(sig, f)
	if s.Takes == "" {
		c.report("no kind")
	}
	c.successful(field(f, 3), s.Invalid, "")
	c.condition(sig, field(f, 5))
}

var untilWords = map[string]bool{"operation": true, "callback": true, "handle": true, "process": true, "thread": true}

func (c *checker) retain(f []string) {
	c.param(c.function(), "parameter", atoi(field(f, 1), -1))
	if until := field(f, 2); !untilWords[until] && c.db.Func(until) == nil {
		c.report("until %q is neither a known function nor one of the known words", until)
	}
}

var overlappedKinds = map[OverlappedKind]bool{
	OvStart: true, OvStartExt: true, OvSync: true, OvIdentify: true, OvPost: true, OvWait: true, OvDequeue: true,
	OvCancel: true, OvReserved: true, OvNT: true, OvNTSync: true, OvEventOrAPC: true, OvAPC: true, OvEvent: true,
	OvCallback: true, OvPrepare: true, OvSessionAsync: true, OvMessage: true, OvIORing: true, OvLock: true,
	OvLockExt: true, OvRIOExt: true, OvProvider: true, OvWSACompletion: true,
}

func (c *checker) overlapped(f []string) {
	sig := c.function()
	o := decodeOverlapped(f)
	if !overlappedKinds[o.Kind] {
		c.report("kind %q is not known", o.Kind)
	}
	for _, p := range []int{o.OverlappedParam, o.HandleParam, o.RoutineParam, o.EventParam} {
		if p >= 0 {
			c.param(sig, "index", p)
		}
	}
	if o.Kind.Starts() && (o.OverlappedParam < 0 || o.Pending == PendingUnknown) {
		c.report("starts an operation, but the OVERLAPPED or the sign of pending is missing")
	}
	for i, b := range o.Buffers {
		p := strings.SplitN(f[8+i], ":", 5)
		if _, ok := untils[field(p, 3)]; !ok || b.Dir == DirUnknown {
			c.report("cannot read the buffer %q", f[8+i])
		}
		c.param(sig, "buffer", b.Param)
		if sig != nil && sig.Confidence > Unverified && b.Param >= 0 && b.Param < len(sig.Params) && !strings.EqualFold(sig.Params[b.Param].Name, b.Name) {
			c.report("parameter %d is called %q, not %q", b.Param, sig.Params[b.Param].Name, b.Name)
		}
	}
}

var (
	waitRoles = map[WaitRole]bool{
		RoleCompletes: true, RoleWaitsEvent: true, RoleDequeues: true, RoleAlertable: true, RoleCancels: true,
		RoleNotCompletion: true, RoleCompletesOther: true, RoleBlocking: true,
	}
	waitResults = map[WaitResult]bool{
		WaitComplete: true, WaitAbandoned: true, WaitTimedOut: true, WaitPending: true, WaitAPC: true, WaitMessageIn: true,
		WaitFailed: true, WaitNone: true, WaitNotFound: true, WaitRequested: true,
	}
)

func (c *checker) wait(f []string) {
	sig := c.function()
	w := decodeWait(f)
	if !waitRoles[w.Role] {
		c.report("role %q is not known", w.Role)
	}
	for _, kv := range strings.Fields(strings.Trim(field(f, 2), "-")) {
		_, v, _ := strings.Cut(kv, "=")
		c.param(sig, kv, atoi(v, -1))
	}
	if len(w.Outcomes) == 0 {
		c.report("no outcomes")
	}
	for _, o := range append(append([]Outcome(nil), w.Outcomes...), w.WithFlag...) {
		if !waitResults[o.Result] {
			c.report("outcome %q is not known", o.Result)
		}
	}
}

func (c *checker) scope(f []string) {
	if end, _, _ := strings.Cut(field(f, 1), "("); c.db.Func(end) == nil {
		c.report("the end %q is not known", end)
	}
	if decodeSuccess(field(f, 2)).Test == SuccessUnknown {
		c.report("success test %q is not known", field(f, 2))
	}
}

func (c *checker) zero(f []string) {
	sig := c.function()
	c.where(sig, f)
	c.condition(sig, field(f, 2))
}

func (c *checker) alias(f []string) {
	if to := field(f, 1); c.db.Func(to) == nil {
		c.report("stands for %q, which is not known", to)
	}
}

func (c *checker) kind(f []string) {
	if !classes[Class(field(f, 1))] {
		c.report("class %q is not known", field(f, 1))
	}
	for _, r := range list(field(f, 2)) {
		if !c.db.IsReleaser(r) {
			c.report("release %s has no row in releases", r)
		}
	}
}

func (c *checker) constant(f []string) {
	if _, ok := parseInt(field(f, 1)); !ok {
		c.report("value %q is no number", field(f, 1))
	}
}

func (c *checker) layout(f []string) {
	s := decodeStruct(f)
	for _, fd := range s.Fields {
		for arch, off := range fd.Offset {
			if off >= 0 && s.Size[arch] >= 0 && off > s.Size[arch] {
				c.report("member %s lies outside", fd.Name)
			}
		}
		if fd.Kind == "" {
			c.report("member %s has no kind", fd.Name)
		}
	}
}

func (c *checker) callback(f []string) {
	for i := 3; i < len(f); i++ {
		if decodeParam(f[i]).Type.Base == "" {
			c.report("parameter %d has no type", i-3)
		}
	}
}

var memberKinds = func() map[MemberKind]bool {
	m := map[MemberKind]bool{}
	for _, k := range []MemberKind{
		KindPin, KindPinScope, KindAddressOfPin, KindNeedsPinned, KindPinnedAlloc, KindRefOnly, KindRefToPointer,
		KindNativeOverlapped, KindNativeAlloc, KindNativeRealloc, KindNativeFields, KindGCHandle, KindCOMRef, KindRCW,
		KindHandleOwn, KindHandleBorrow, KindHandleDuplicate, KindHandleDisown, KindHandleRef, KindPointerRef,
		KindCallback, KindNativeLibrary, KindPool, KindPoolReturn, KindLock, KindNativeHandle, KindBind, KindRelease,
		KindEscape, KindRecover, KindKeepAlive, KindPointerBorrow, KindPinsInternally, KindDisposable,
		KindWaitRegistration, KindCopy, KindPost, KindQuery, KindStack, KindPointerCall, KindPointerToRef,
		KindCallbackIn, KindCallbackStatic, KindGCTransition, KindAddress, KindScope, KindWait,
	} {
		m[k] = true
	}
	return m
}()

// needRelease are the kinds of members whose effect must be ended by the caller.
var needRelease = map[MemberKind]bool{
	KindPin: true, KindGCHandle: true, KindNativeOverlapped: true, KindNativeAlloc: true, KindHandleRef: true,
	KindPointerRef: true, KindPool: true, KindLock: true, KindNativeHandle: true, KindNativeLibrary: true,
}

func (c *checker) member(f []string) {
	m := decodeMember(f)
	if !memberKinds[m.Kind] {
		c.report("kind %q is not known", m.Kind)
	}
	if m.Type == "" || m.Name == "" || m.FullType == "" {
		c.report("no type or no name")
	}
	if needRelease[m.Kind] && len(m.Release) == 0 && m.Note == "" && field(f, 4) != "-" {
		c.report("no release")
	}
	for _, r := range m.Release {
		if len(c.db.DotNet(r)) == 0 && c.db.Func(r) == nil {
			c.report("release %s is not known", r)
		}
	}
	if _, err := strconv.Atoi(field(f, 5)); err != nil {
		c.report("argument %q is no number", field(f, 5))
	}
}

func (c *checker) typeInfo(f []string) {
	if strings.Trim(field(f, 2), "srhdnfpbw-") != "" {
		c.report("flags %q are not known", field(f, 2))
	}
	if t := decodeTypeInfo(f); t.Release != "" && !c.db.IsReleaser(t.Release) {
		c.report("release %s has no row in releases", t.Release)
	}
}

func (c *checker) throws(f []string) {
	if _, ok := throwKinds[field(f, 1)]; !ok {
		c.report("kind %q is not known", field(f, 1))
	}
}
