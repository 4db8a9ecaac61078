package clower

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax"
)

var update = flag.Bool("update", false, "write the golden files")

func lower(t testing.TB, path string, text []byte) *ir.File {
	t.Helper()
	f, err := source.FromBytes(path, source.C, text)
	if err != nil {
		t.Fatal(err)
	}
	return Lower(f, syntax.Parse(context.Background(), f))
}

// verify fails the test for each broken invariant.
func verify(t testing.TB, file *ir.File) {
	t.Helper()
	for i, f := range file.Funcs {
		if err := ir.Verify(f); err != nil {
			t.Errorf("%s: %v", file.Path, err)
		}
		if err := verifyUses(f); err != nil {
			t.Errorf("%s: %v", file.Path, err)
		}
		if f.Index != i || f.File != file {
			t.Errorf("%s: function %s has index %d, want %d", file.Path, f.Name, f.Index, i)
		}
	}
}

// verifyUses checks that reachable code uses only temps that some instruction defines, that Exit
// and Unwind are what they must be, and that blocks are reachable.
func verifyUses(f *ir.Func) error {
	if k := f.Blocks()[f.Exit].Term.Kind; k != ir.TermReturn {
		return fmt.Errorf("%s: exit ends in %d", f.Name, k)
	}
	if k := f.Blocks()[f.Unwind].Term.Kind; k != ir.TermUnwind {
		return fmt.Errorf("%s: unwind ends in %d", f.Name, k)
	}
	for bi := range f.Blocks() {
		b := &f.Blocks()[bi]
		for ii := range b.Instrs {
			in := &b.Instrs[ii]
			uses := []ir.Temp{in.A, in.B}
			if in.Call != nil {
				uses = append(uses, in.Call.Fn)
				for _, a := range in.Call.Args {
					uses = append(uses, a.Val, a.Addr)
				}
			}
			for _, u := range uses {
				if u != 0 && f.Def(u) == nil {
					return fmt.Errorf("%s: b%d: %s: t%d is not defined", f.Name, b.ID, ir.PrintInstr(f, in), u)
				}
			}
		}
		if b.Term.Kind == ir.TermBranch && f.Def(b.Term.Cond) == nil {
			return fmt.Errorf("%s: b%d: condition t%d is not defined", f.Name, b.ID, b.Term.Cond)
		}
	}
	return nil
}

// render prints a file for a golden test: declarations, then functions.
func render(file *ir.File) string {
	var sb strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&sb, format+"\n", args...) }
	for _, s := range file.Includes {
		line("include %s", s)
	}
	if file.Generated {
		line("generated")
	}
	for _, d := range file.Directives {
		line("directive %q", d.Text)
	}
	for _, d := range file.Types {
		line("type %s kind %d flags %s pack %d", d.Name, d.Kind, flagNames(d.Flags), d.Pack)
	}
	for _, d := range file.Fields {
		line("field %s.%s %s bits %d flags %s", d.Owner, d.Name, d.Type, d.Bits, flagNames(d.Flags))
	}
	for _, d := range file.Typedefs {
		line("typedef %s = %s%s", d.Name, d.Type, signature(d.Func, d.Ret, d.Params))
	}
	for _, d := range file.Consts {
		line("const %s %s = %s prev %d", d.Name, d.Type, printExpr(d.Value), d.Prev)
	}
	for _, d := range file.Protos {
		line("proto %s%s varargs %v conv %q flags %s", d.Name, signature(true, d.Ret, d.Params), d.Varargs, d.CallConv, flagNames(d.Flags))
	}
	for _, d := range file.Macros {
		line("macro %s(%s) %q func %d", d.Name, strings.Join(d.Params, ", "), d.Body, d.Func)
	}
	for _, p := range file.Problems {
		line("problem %d-%d %s", p.Span.Start, p.Span.End, p.Text)
	}
	for _, f := range file.Funcs {
		line("")
		line("// view %d problems %d flags %s attrs %s", f.View, f.Problems, flagNames(f.Flags), attrText(f.Attrs))
		sb.WriteString(ir.Print(f))
	}
	return sb.String()
}

func signature(is bool, ret ir.Type, params []ir.Param) string {
	if !is {
		return ""
	}
	var list []string
	for _, p := range params {
		s := strings.TrimSpace(string(p.Type) + " " + p.Name)
		if len(p.Attrs) > 0 {
			s = attrText(p.Attrs) + " " + s
		}
		list = append(list, s)
	}
	return "(" + strings.Join(list, ", ") + ") " + string(ret)
}

func attrText(attrs []ir.Attr) string {
	s := "["
	for i, a := range attrs {
		if i > 0 {
			s += " "
		}
		if a.Target != "" {
			s += a.Target + ":"
		}
		s += a.Name
		for _, x := range a.Args {
			s += "(" + x.Text + ")"
		}
	}
	return s + "]"
}

func flagNames(f ir.Flags) string {
	names := []struct {
		f ir.Flags
		s string
	}{{ir.Static, "static"}, {ir.Const, "const"}, {ir.Volatile, "volatile"}, {ir.Extern, "extern"}, {ir.Generated, "generated"},
		{ir.NoReturn, "noreturn"}, {ir.Exported, "exported"}, {ir.Union, "union"}, {ir.Typedef, "typedef"}, {ir.Params, "params"},
		{ir.Elsewhere, "elsewhere"}}
	var out []string
	for _, n := range names {
		if f&n.f != 0 {
			out = append(out, n.s)
			f &^= n.f
		}
	}
	if f != 0 {
		out = append(out, fmt.Sprint(uint32(f)))
	}
	return strings.Join(out, ",")
}

func printExpr(e *ir.Expr) string {
	if e == nil {
		return "-"
	}
	switch e.Op {
	case ir.OpConst:
		switch e.Kind {
		case ir.ConstInt:
			return fmt.Sprint(e.Int)
		case ir.ConstString:
			return fmt.Sprintf("%q", e.Name)
		case ir.ConstSizeof:
			return "sizeof(" + string(e.Type) + ")"
		}
		return fmt.Sprintf("const%d(%d)", e.Kind, e.Int)
	case ir.OpName:
		return e.Name
	case ir.OpUnary:
		return e.Sub.String() + printExpr(e.L)
	case ir.OpBin:
		return "(" + printExpr(e.L) + " " + e.Sub.String() + " " + printExpr(e.R) + ")"
	case ir.OpCast:
		return "(" + string(e.Type) + ")" + printExpr(e.L)
	}
	return "?"
}

func testFiles(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.[ch]")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	return files
}

func TestGolden(t *testing.T) {
	for _, path := range testFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			file := lower(t, filepath.Base(path), text)
			verify(t, file)
			got := render(file)
			if again := render(lower(t, filepath.Base(path), text)); got != again {
				t.Errorf("two runs differ")
			}
			golden := path + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("differs from %s; run with -update and look at the difference", golden)
			}
		})
	}
}
