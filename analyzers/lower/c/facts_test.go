package clower

import (
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
)

const spanText = `#define CLOSE(h) do { CloseHandle(h); h = 0; } while (0)
int f(HANDLE h, char *p)
{
	OVERLAPPED ov;
	if (!ReadFile(h, p, 4, 0, &ov))
		goto out;
	CLOSE(h);
again:
	if (p->next->run(h))
		goto again;
	return 1;
out:
	return 0;
}
`

// instrs calls visit with each instruction and its text in src.
func instrs(f *ir.Func, src string, visit func(in *ir.Instr, text string)) {
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			visit(in, src[in.Span.Start:in.Span.End])
		}
	}
}

func TestSpans(t *testing.T) {
	file := lower(t, "x.c", []byte(spanText))
	f := file.Funcs[0]
	seen := map[string]bool{}
	instrs(f, spanText, func(in *ir.Instr, text string) {
		switch in.Op {
		case ir.OpCall:
			name := spanText[in.Call.NameSpan.Start:in.Call.NameSpan.End]
			seen["call "+name+": "+text] = true
		case ir.OpRet:
			seen["ret "+text] = true
		case ir.OpScopeEnd:
			seen["end "+text] = true
		case ir.OpDecl:
			seen["decl "+text] = true
		}
	})
	for _, want := range []string{
		"call ReadFile: ReadFile(h, p, 4, 0, &ov)",
		"call CLOSE(h): CLOSE(h)", // inside of an expanded macro everything is its use
		"call run: p->next->run(h)",
		"ret return 1;", "ret return 0;", "end return 1;", "end return 0;", "decl ov",
	} {
		if !seen[want] {
			t.Errorf("no %q in %v", want, seen)
		}
	}
	for _, v := range f.Vars {
		if v.Kind != ir.VarHidden && spanText[v.Span.Start:v.Span.End] != v.Name {
			t.Errorf("variable %s has span %q", v.Name, spanText[v.Span.Start:v.Span.End])
		}
	}
	if got := spanText[f.NameSpan.Start:f.NameSpan.End]; got != "f" {
		t.Errorf("name span %q", got)
	}
}

func TestScopeEndIsBrace(t *testing.T) {
	src := "void f(void) { { int a; use(&a); } for (int i = 0; i; ) g(); }"
	f := lower(t, "x.c", []byte(src)).Funcs[0]
	var got []string
	instrs(f, src, func(in *ir.Instr, text string) {
		if in.Op == ir.OpScopeEnd {
			got = append(got, f.Vars[in.Vars[0]].Name+" "+text)
		}
	})
	if strings.Join(got, ",") != "a },i ;" {
		t.Errorf("scope ends: %q", got)
	}
}

// loopJumps counts the back edges, and finds cycles that have none.
func loopJumps(f *ir.Func) (count int, unmarked bool) {
	state := make([]byte, len(f.Blocks()))
	var visit func(ir.BlockID)
	visit = func(id ir.BlockID) {
		state[id] = 1
		b := &f.Blocks()[id]
		if b.Term.Loop {
			count++
		} else {
			for _, s := range b.Term.Succs {
				if state[s] == 1 {
					unmarked = true
				} else if state[s] == 0 {
					visit(s)
				}
			}
		}
		state[id] = 2
	}
	for i := range f.Blocks() {
		if state[i] == 0 {
			visit(ir.BlockID(i))
		}
	}
	return count, unmarked
}

func TestBackEdges(t *testing.T) {
	for src, want := range map[string]int{
		"while (a) { if (b) continue; c(); }":                          1,
		"do { if (a) continue; } while (b);":                           1,
		"for (;;) { if (a) break; }":                                   1,
		"do { a(); } while (0);":                                       0,
		"again: a(); if (b) goto again;":                               1,
		"top: { int x = a(); if (x) goto top; }":                       1,
		"goto test; body: a(); test: if (b()) goto body;":              1,
		"switch (a) { case 1: do { b(); case 2: c(); } while (d()); }": 1,
		"FOREACH(a) { b(); }":                                          1,
		"while (a) while (b) { if (c) goto out; } out: d();":           2,
	} {
		f := lower(t, "x.c", []byte("void f(int a, int b) { "+src+" }")).Funcs[0]
		got, unmarked := loopJumps(f)
		if got != want || unmarked {
			t.Errorf("%s: %d back edges, want %d; cycle without one: %v\n%s", src, got, want, unmarked, ir.Print(f))
		}
	}
}

// TestNoFalseExit: functions that cannot get to their end do not reach the exit.
func TestNoFalseExit(t *testing.T) {
	for _, src := range []string{
		"for (;;) a();", "while (1) { a(); }", "while (TRUE) { if (b) continue; a(); }", "do { a(); } while (1);",
		"for (;;) { switch (b) { case 1: break; default: a(); } }", "again: a(); goto again;",
		"for (;;) { do { if (b) break; } while (0); }",
	} {
		f := lower(t, "x.c", []byte("void f(int b) { "+src+" }")).Funcs[0]
		for i := range f.Blocks() {
			for _, s := range f.Blocks()[i].Term.Succs {
				if s == f.Exit {
					t.Errorf("%s reaches its exit:\n%s", src, ir.Print(f))
				}
			}
		}
	}
}

func TestArgAddresses(t *testing.T) {
	src := "struct s { char b[4]; HANDLE h; }; void f(struct s *p, HANDLE h) { char b[4]; use(h, p->h, p->b, b, &h, *p, 1, NAME); }"
	f := lower(t, "x.c", []byte(src)).Funcs[0]
	instrs(f, src, func(in *ir.Instr, _ string) {
		if in.Op != ir.OpCall {
			return
		}
		want := []bool{true, true, false, false, false, true, false, false}
		for i, a := range in.Call.Args {
			if (a.Addr != 0) != want[i] {
				t.Errorf("argument %d: address %v, want %v", i, a.Addr != 0, want[i])
			}
		}
	})
}

func TestParseNumber(t *testing.T) {
	for s, want := range map[string]int64{
		"0": 0, "10": 10, "0x1F": 31, "0b101": 5, "017": 15, "10u": 10, "10ULL": 10, "0xFFFFFFFFFFFFFFFF": -1,
		"1'000": 1000, "0x8000000000000000": -1 << 63, "-5": -5, "10i64": 10, "0xFFui64": 255, "0xFFL": 255,
	} {
		if got, ok := parseNumber(s); got != want || !ok {
			t.Errorf("parseNumber(%q) = %d, %v; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"1.5", "1e5", ".5", "0x1p3", "1.f", "2f"} {
		if _, ok := parseNumber(s); ok {
			t.Errorf("parseNumber(%q) is an integer", s)
		}
	}
	for s, want := range map[string]int64{"'a'": 97, `'\n'`: 10, `L'\x41'`: 65, `'\0'`: 0, `'\''`: 39, `'\101'`: 65, `'ab'`: 97<<8 | 98} {
		if got := charValue(s); got != want {
			t.Errorf("charValue(%s) = %d, want %d", s, got, want)
		}
	}
}
