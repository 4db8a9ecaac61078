package gate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// touchedLines lists the lines (from 1) of now that changed.
func touchedLines(before, now string) (out []int) {
	for i, c := range compare([]byte(before), []byte(now)).changed {
		if c {
			out = append(out, i+1)
		}
	}
	return out
}

func TestChangedLines(t *testing.T) {
	const f = "void f(HANDLE h)\n{\n    CloseHandle(h);\n}\n"
	const g = "void g(HANDLE h)\n{\n    CloseHandle(h);\n}\n"
	for name, c := range map[string]struct {
		before, now string
		want        []int
	}{
		"equal":                  {f, f, nil},
		"empty before":           {"", f, []int{1, 2, 3, 4}},
		"empty now":              {f, "", nil},
		"line ends":              {f, strings.ReplaceAll(f, "\n", "\r\n"), nil},
		"old line ends":          {f, strings.ReplaceAll(f, "\n", "\r"), nil},
		"indented":               {f, strings.ReplaceAll(f, "    ", "\t"), nil},
		"brace moved":            {f, strings.ReplaceAll(f, "\n{", " {"), nil},
		"statement broken":       {f, strings.ReplaceAll(f, "(h);", "(\n h\n);"), nil},
		"comments":               {f, "/* a\n b */\n" + strings.ReplaceAll(f, ";", "; // it's \"closed"), nil},
		"function behind":        {f, f + g, []int{5, 6, 7, 8}},
		"behind, reformatted":    {f, strings.ReplaceAll(f, "\n{", " {") + g, []int{4, 5, 6, 7}},
		"function before":        {f, g + f, []int{1, 2, 3, 4}},
		"line in the middle":     {f, strings.ReplaceAll(f, "{\n", "{\n    Flush(h);\n"), []int{3}},
		"line gone":              {strings.ReplaceAll(f, "{\n", "{\n    Flush(h);\n"), f, nil},
		"word":                   {f, strings.ReplaceAll(f, "(h);", "(x);"), []int{3}},
		"in a string":            {`s = "a  b";`, `s = "a b";`, []int{1}},
		"in a character":         {`c = '"'; x();`, `c = '\"'; x();`, []int{1}},
		"commented out":          {f, strings.ReplaceAll(f, "    Close", "    // Close"), nil},
		"comment taken away":     {strings.ReplaceAll(f, "    Close", "    // Close"), f, []int{3}},
		"same line twice":        {f, strings.ReplaceAll(f, "}", "    CloseHandle(h);\n}"), []int{4}},
		"moved to another place": {f + g, g + f, nil},
	} {
		got := touchedLines(c.before, c.now)
		if name == "moved to another place" { // one of them moved; which one is the same to us
			if len(got) != 4 && len(got) != 1 {
				t.Errorf("%s: lines %v", name, got)
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: lines %v, want %v", name, got, c.want)
		}
	}
}

// TestLinesHold holds random edits to what must be true of any comparison: lines that are the same are in order and equal, and
// what has not changed had all its tokens before.
func TestLinesHold(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pool := []string{"{", "}", "", "a = b;", "CloseHandle(h);", "return 0;", "// note", "if (x) y();", "int unique_name_%d;"}
	for range 2000 {
		var a, b []string
		for i := range 1 + r.IntN(30) {
			l := pool[r.IntN(len(pool))]
			if strings.Contains(l, "%") {
				l = fmt.Sprintf(l, i)
			}
			a = append(a, l)
		}
		b = slices.Clone(a)
		for range r.IntN(6) {
			at := r.IntN(len(b) + 1)
			if r.IntN(2) == 0 && at < len(b) {
				b = slices.Delete(b, at, at+1)
			} else {
				b = slices.Insert(b, at, pool[r.IntN(len(pool)-1)])
			}
		}
		before, now := strings.Join(a, "\n"), strings.Join(b, "\n")
		l := compare([]byte(before), []byte(now))
		last := -1
		for i, to := range l.now {
			if to < 0 {
				continue
			}
			if to <= last || strings.Join(strings.Fields(a[i]), "") != strings.Join(strings.Fields(b[to]), "") {
				t.Fatalf("line %d (%q) became %d (%q) after %d\n%s\n---\n%s", i, a[i], to, b[to], last, before, now)
			}
			last = to
		}
		added := 0
		for _, c := range l.changed {
			if c {
				added++
			}
		}
		if before == now && added > 0 {
			t.Fatalf("%d lines changed in equal texts", added)
		}
	}
}

func TestManyEditsEnd(t *testing.T) {
	line := func(n, seed int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "x%d;", i*seed%7919)
		}
		return b.String()
	}
	if got := touchedLines(line(20000, 3), line(20000, 5)); len(got) != 1 {
		t.Errorf("lines %v", got)
	}
}
