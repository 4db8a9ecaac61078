package link

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

func TestCCalls(t *testing.T) {
	w := build(t,
		"src/a.c", `
#include "util.h"
static void helper(int x) {}
void f(void) { helper(1); shared(2); platform(3); CloseHandle(h); nowhere(4); inl(5); hidden(6); SHUT(h); alias(7); my_close(s); }
`,
		"src/util.h", `
static inline void inl(int x) {}
void shared(int x);
#define SHUT(h) CloseHandle(h)
#define alias shared
#define my_close closesocket
HANDLE declared(int x);
`,
		"src/util.c", `void shared(int x) {} static void hidden(int x) {} static void helper(int x) {}`,
		"src/unix/p.c", `void platform(int x) {}`,
		"src/win/p.c", `void platform(int x) {} void g(void) { platform(8); declared(9); }`,
		"other/z.c", `void platform(int x) {} void z(void) { alias(1); SHUT(1); }`)
	for _, c := range [][3]string{
		{"src/a.c", "helper(1)", "src/a.c:helper(int)"}, {"src/a.c", "shared(2)", "src/util.c:shared(int)"},
		{"src/a.c", "platform(3)", "src/unix/p.c:platform(int) src/win/p.c:platform(int)"}, {"src/win/p.c", "platform(8)", "src/win/p.c:platform(int)"},
		{"src/a.c", "inl(5)", "src/util.h:inl(int)"}, {"src/a.c", "alias(7)", "src/util.c:shared(int)"}, {"src/a.c", "hidden(6)", ""},
	} {
		eq(t, c[1], funcs(w.call(c[0], c[1])), c[2])
	}
	eq(t, "native", w.call("src/a.c", "CloseHandle(h)").Native != nil, true)
	eq(t, "opaque", w.call("src/a.c", "nowhere(4)").Opaque, true)
	eq(t, "alias of native", w.call("src/a.c", "my_close(s)").NativeName, "closesocket")
	eq(t, "prototype", w.call("src/win/p.c", "declared(9)").Ret, ir.Type("HANDLE"))
	eq(t, "prototype opaque", w.call("src/win/p.c", "declared(9)").Opaque, false)
	shut := w.call("src/a.c", "SHUT(h)")
	eq(t, "macro", len(shut.Funcs), 1)
}

func TestCShims(t *testing.T) {
	w := build(t,
		"a.c", `#include "compat.h"
void f(void) { closesocket(1); CloseHandle(2); }`,
		"compat.h", `static inline int closesocket(int s) { return close(s); }
#define CloseHandle(h) CloseHandle(h)`)
	got := w.call("a.c", "closesocket(1)")
	eq(t, "definition wins", funcs(got), "compat.h:closesocket(int)")
	eq(t, "another function", got.Native == nil, true)
	got = w.call("a.c", "CloseHandle(2)")
	eq(t, "forwarding macro", got.Native != nil, true)
}

func TestCTypes(t *testing.T) {
	w := build(t,
		"a.c", `
#include "t.h"
struct local { int x; };
static HANDLE file_global;
int plain_global;
void f(PCTX c, ctx_t *d, struct _ctx e, char buf[4], LPFN_CONNECTEX fn) {
  ctx_t loc; char arr[10]; PCTX table[3];
  use(c->handle); use(d->inner.ov); use(e.next->handle); use(loc.name[0]); use(arr[1]); use(arr); use(buf[0]); use(table[1]->handle); use(&loc); use(file_global); use(plain_global);
  fn(1); c->cb(2);
}`,
		"t.h", `
typedef struct _ctx { HANDLE handle; struct _ctx *next; struct { OVERLAPPED ov; } inner; char name[8]; int (*cb)(int); } ctx_t, *PCTX;
`)
	at := func(arg string) ir.Type {
		fn, in := w.find("a.c", "use("+arg+")", isCall)
		return w.TypeOf(fn, in.Call.Args[0].Val)
	}
	for _, c := range [][2]string{
		{"c->handle", "HANDLE"}, {"d->inner.ov", "OVERLAPPED"}, {"e.next->handle", "HANDLE"}, {"loc.name[0]", "char"}, {"arr[1]", "char"}, {"arr", "char*"},
		{"buf[0]", "char"}, {"table[1]->handle", "HANDLE"}, {"&loc", "ctx_t*"}, {"file_global", "HANDLE"}, {"plain_global", "int"},
	} {
		eq(t, "type of "+c[0], at(c[0]), ir.Type(c[1]))
	}
	f := w.fn("f")
	eq(t, "struct", w.IsStruct(f, "ctx_t"), true)
	eq(t, "pointer", w.IsStruct(f, "PCTX"), false)
	eq(t, "known struct", w.IsStruct(f, "OVERLAPPED"), true)
	eq(t, "underlying", w.Underlying(f, "PCTX"), "_ctx*")
	eq(t, "decl", w.TypeDecl(f, "PCTX").Name, "_ctx")
	eq(t, "static", w.Name(f, "file_global").Path, "a.c:file_global")
	eq(t, "global", w.Name(f, "plain_global").Path, "plain_global")
	eq(t, "extension function", w.call("a.c", "fn(1)").Native != nil, true)
	eq(t, "pointer call", w.call("a.c", "c->cb(2)").Delegate, true)
	eq(t, "uses", len(w.FieldUses("_ctx", "handle")), 3)
}

func TestCConstants(t *testing.T) {
	w := build(t,
		"a.c", `
#include "k.h"
enum { ONE = 1, TWO, BIG = 0xFFFFFFFF, AFTER = TWO | 8 };
#define NONE ((HANDLE)(LONG_PTR)-1)
#define RING RING2
#define RING2 RING
#define COND (ONE << 3)
void f(void) { }`,
		"k.h", `#define FROM_HEADER 42
#define ERROR_MINE ERROR_IO_PENDING`,
		"far/k.h", `#define FROM_HEADER 7
#define ONLY_FAR 3`)
	f := w.fn("f")
	for _, c := range []struct {
		name string
		want int64
	}{
		{"ONE", 1}, {"TWO", 2}, {"BIG", -1}, {"AFTER", 10}, {"NONE", -1}, {"COND", 8}, {"FROM_HEADER", 42}, {"ERROR_MINE", 997}, {"INVALID_HANDLE_VALUE", -1}, {"ONLY_FAR", 3},
	} {
		v, ok := w.Const(f, c.name)
		if !ok || v != c.want {
			t.Errorf("%s = %d, %v; want %d", c.name, v, ok, c.want)
		}
	}
	for _, n := range []string{"RING", "NOTHING"} {
		if v, ok := w.Const(f, n); ok {
			t.Errorf("%s = %d; want none", n, v)
		}
	}
	eq(t, "kind", w.Name(f, "TWO").Kind, EnumMember)
	eq(t, "unknown", w.Name(f, "NOTHING").Kind, Unknown)
}

// A header for several systems gives names of Windows other values on some of them.
func TestCConstantsOfSeveralSystems(t *testing.T) {
	w := build(t,
		"a.c", `
#include "k.h"
#define WAIT_TIMEOUT 7
void f(void) { }`,
		"k.h", `#ifdef KERNEL
#define INVALID_SOCKET NULL
#define WAIT_OBJECT_0 0
#endif`)
	f := w.fn("f")
	if v, ok := w.Const(f, "INVALID_SOCKET"); ok {
		t.Errorf("INVALID_SOCKET = %d; want none", v)
	}
	for name, want := range map[string]int64{"WAIT_OBJECT_0": 0, "WAIT_TIMEOUT": 7} {
		if v, ok := w.Const(f, name); !ok || v != want {
			t.Errorf("%s = %d, %v; want %d", name, v, ok, want)
		}
	}
}

func TestCFunctionPointers(t *testing.T) {
	w := build(t, "a.c", `
typedef BOOL (WINAPI *WinUsb_Free_t)(void *h);
typedef int (*sNtClose)(HANDLE h);
sNtClose pNtClose;
struct api { WinUsb_Free_t Free; int (*run)(int); };
#define _stricmp strcasecmp_elsewhere
void f(struct api *a) { pNtClose(h); a->Free(h); a->run(1); pCloseHandle(h); pCloseHandle(h, 2); _stricmp(x, y); }`)
	eq(t, "typed global", w.call("a.c", "pNtClose(h)").NativeName, "NtClose")
	eq(t, "typed global", w.call("a.c", "pNtClose(h)").Delegate, true)
	eq(t, "ret", w.call("a.c", "pNtClose(h)").Ret, ir.Type("int"))
	eq(t, "typed member", w.call("a.c", "a->Free(h)").NativeName, "WinUsb_Free")
	eq(t, "plain member", w.call("a.c", "a->run(1)").Native == nil, true)
	eq(t, "declared by a macro", w.call("a.c", "pCloseHandle(h)").NativeName, "CloseHandle")
	eq(t, "other argument count", w.call("a.c", "pCloseHandle(h, 2)").Opaque, true)
	eq(t, "alias that leads nowhere", w.call("a.c", "_stricmp(x, y)").Native != nil, true)
}

func TestNativeStructs(t *testing.T) {
	w := build(t, "a.c", `void f(OVERLAPPED *ov, LPOVERLAPPED lp, WSABUF b) { use(ov->hEvent); use(lp->Offset); use(b.buf); use(CreateFileW(x, 1, 0, 0, 3, 0, 0)); use(CreateFileW(x)); }`)
	at := func(arg string) ir.Type {
		fn, in := w.find("a.c", "use("+arg+")", isCall)
		return w.TypeOf(fn, in.Call.Args[0].Val)
	}
	eq(t, "handle", at("ov->hEvent"), "HANDLE")
	eq(t, "through LP", at("lp->Offset"), "DWORD")
	eq(t, "string", at("b.buf"), "char*")
	eq(t, "result", at("CreateFileW(x, 1, 0, 0, 3, 0, 0)"), "HANDLE")
	eq(t, "another function, by its number of arguments", at("CreateFileW(x)"), "")
	w = build(t, "a.c", `void f(HANDLE h) { use(CreateEventW(SEVERAL)); use(CreateEventW(several)); use(DuplicateHandle(h, h, SEVERAL)); }`)
	eq(t, "a macro that is not known may hold more", at("CreateEventW(SEVERAL)"), "HANDLE")
	eq(t, "a variable holds one", at("CreateEventW(several)"), "")
	eq(t, "what it fills is behind it", at("DuplicateHandle(h, h, SEVERAL)"), "")
}

func TestCHeaderDefinitions(t *testing.T) {
	w := build(t,
		"a.c", `#include "mine.h"
void f(void) { InvalidateRect(h, 0, 1); only_in_header(1); included(2); }`,
		"mine.h", `static inline int included(int x) { return x; }`,
		"cpp/editor.h", `void InvalidateRect() {} int only_in_header(int x) { return x; } static inline int included(int x) { return 2; }`)
	eq(t, "method of a class", w.call("a.c", "InvalidateRect(h, 0, 1)").Native != nil, true)
	eq(t, "include not found", funcs(w.call("a.c", "only_in_header(1)")), "cpp/editor.h:only_in_header(int)")
	eq(t, "included", funcs(w.call("a.c", "included(2)")), "mine.h:included(int)")
}

func TestCNoReturn(t *testing.T) {
	w := build(t,
		"a.h", `
#ifdef _MSC_VER
#define ENDS __declspec(noreturn)
#else
#define ENDS __attribute__((noreturn))
#endif
#define SELF SELF OTHER
#define OTHER SELF
#define FAIL_API API ENDS
#define API __declspec(dllexport)
#define l_noret void __attribute__((noreturn))
ENDS API void f1(const char *text);
FAIL_API void f2(const char *text);
l_noret f3(const char *text);
void f4(const char *text) __attribute__((noreturn));
API void f5(const char *text);
SELF void f6(const char *text);
ENDS void f7(int n);
`,
		"a.c", `
#include "a.h"
void f7(int n) { while (jump(n)) ; }
void a(void) { f1(0); f2(0); f3(0); f4(0); f5(0); f6(0); f7(0); exit(1); }`,
		"b.c", `void b(void) { f1(1); }`,
		"other/o.h", `
#define API
#define ENDS
API void g1(void);
ENDS void g2(void);
OWN void g3(void);
`,
		"other/o.c", `
#define OWN __declspec(noreturn)
#include "o.h"
void o(void) { g1(); g2(); g3(); }`)
	for _, c := range []struct {
		file, call string
		ends       bool
	}{
		{"a.c", "f1(0)", true}, {"a.c", "f2(0)", true}, {"a.c", "f3(0)", true}, {"a.c", "f4(0)", true}, {"a.c", "f5(0)", false},
		{"a.c", "f6(0)", false}, {"a.c", "f7(0)", true}, {"a.c", "exit(1)", true}, {"b.c", "f1(1)", false},
		{"other/o.c", "g1()", false}, {"other/o.c", "g2()", false}, {"other/o.c", "g3()", true},
	} {
		eq(t, c.call, w.call(c.file, c.call).NeverReturns(), c.ends)
	}
}

// The forms that a declaration has that says it by a macro: qualifiers, brackets, behind the parameters.
func TestCNoReturnForms(t *testing.T) {
	w := build(t,
		"a.h", `
#if __STDC_VERSION__ >= 202311L
#define ENDS [[gnu::cold]] [[noreturn]]
#else
#define ENDS _Noreturn
#endif
#define QUAL _Noreturn
#define BRACKETS [[noreturn]]
#define DEPRECATED [[deprecated("no noise")]]
#ifdef __GNUC__
#define AFTER __attribute__ ((__noreturn__))
#else
#define AFTER
#endif
#define FORMAT(a, b) __attribute__((format(printf, a, b)))
#define FAILS(a, b) __attribute__((noreturn, format(printf, a, b)))
#define STARTS ENDS
ENDS extern void f1(const char *text);
QUAL void f2(const char *text);
BRACKETS void f3(const char *text);
STARTS
void f4(int);
DEPRECATED void f5(int);
void g1(const char *text) AFTER;
void g2(const char *text, ...) FORMAT(1, 2) AFTER;
void g3(const char *text, ...) FAILS(1, 2);
extern void *g4(int) AFTER;
void g5(int) LIB_NORETURN;
void g6(const char *text, ...) FORMAT(1, 2);
void DEPRECATED g7(int) UNKNOWN;
QUAL static void h1(int x) { while (jump(x)) ; }
static void QUAL h2(int x) { while (jump(x)) ; }
static void h3(int x) AFTER;
static void h3(int x) { while (jump(x)) ; }
#if defined(_MSC_VER)
__declspec(noreturn)
#endif
void h4(int);
`,
		"a.c", `
#include "a.h"
void a(void) { f1(0); f2(0); f3(0); f4(0); f5(0); g1(0); g2(0); g3(0); g4(0); g5(0); g6(0); g7(0); h1(0); h2(0); h3(0); h4(0); }`)
	returns := map[string]bool{"f5": true, "g6": true, "g7": true}
	for _, n := range strings.Fields("f1 f2 f3 f4 f5 g1 g2 g3 g4 g5 g6 g7 h1 h2 h3 h4") {
		eq(t, n, w.call("a.c", n+"(0)").NeverReturns(), !returns[n])
	}
}
