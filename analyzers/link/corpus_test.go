package link

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/models"
	"github.com/pinvet/pinvet/analyzers/source"
)

// TestCorpus links all sources below the folder PINVET_CORPUS and reports (with -v) how calls were
// resolved, which names were not, and which of those the models know: these may be misses.
func TestCorpus(t *testing.T) {
	root := os.Getenv("PINVET_CORPUS")
	if root == "" {
		t.Skip("PINVET_CORPUS is not set")
	}
	snap := &source.Snapshot{Input: &source.Input{Context: context.Background(), Root: root}}
	_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || source.LangOf(path) == 0 {
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		if f, err := source.Read(root, rel); err == nil {
			snap.Files = append(snap.Files, f)
		}
		return nil
	})
	files := lower.All(snap).Files
	text := map[string][]byte{}
	for _, f := range snap.Files {
		text[f.Path] = f.Text()
	}
	start := time.Now()
	p := New(files, models.Default())
	t.Logf("%d files, %d functions, New %v", len(files), len(p.Funcs()), time.Since(start).Round(time.Millisecond))
	start = time.Now()
	s := &tally{p: p, known: map[string]bool{}, text: text, names: map[string]int{}, exports: map[string]int{}, misses: map[string][]string{}}
	for _, f := range p.Funcs() {
		s.function(f)
	}
	t.Logf("calls and types in %v", time.Since(start).Round(time.Millisecond))
	s.report(t)
}

type tally struct {
	p       *Program
	text    map[string][]byte
	known   map[string]bool
	count   [3]map[string]int // by language
	names   map[string]int
	exports map[string]int // imports of a name that the models know, from a library that is no system library
	misses  map[string][]string
}

func (s *tally) function(f *ir.Func) {
	for bi := range f.Blocks() {
		for ii := range f.Blocks()[bi].Instrs {
			in := &f.Blocks()[bi].Instrs[ii]
			if in.Dst != 0 && in.Op == ir.OpLoad {
				class := "type known"
				if s.p.TypeOf(f, in.Dst) == "" {
					class = "type unknown"
					s.names["load of "+s.place(f, in.A)]++
				}
				s.add(f, class)
			}
			if in.Op == ir.OpCall && in.Flags&ir.Implicit == 0 {
				s.call(f, in)
			}
		}
	}
}

// place describes an address whose type is unknown.
func (s *tally) place(f *ir.Func, a ir.Temp) string {
	d := f.Def(a)
	if d == nil {
		return "nothing"
	}
	lang := f.File.Lang.String() + " "
	switch d.Op {
	case ir.OpVarAddr:
		v := *f.Var(d.Var)
		return fmt.Sprintf("%svar kind %d type %q", lang, v.Kind, v.Type)
	case ir.OpName:
		return lang + "name " + d.Name
	case ir.OpMember:
		of := s.p.TypeOf(f, d.A)
		if of == "" {
			return lang + "member of unknown"
		}
		return lang + "member " + string(of) + "." + d.Name
	case ir.OpField:
		of := s.p.TypeOfPlace(f, d.A)
		if of == "" {
			return lang + "field of unknown"
		}
		return lang + "field " + string(of) + "." + d.Name
	case ir.OpElem:
		return lang + "elem of " + string(s.p.TypeOf(f, d.A))
	}
	return lang + d.Op.String()
}

func (s *tally) add(f *ir.Func, class string) {
	m := &s.count[f.File.Lang]
	if *m == nil {
		*m = map[string]int{}
	}
	(*m)[class]++
}

func (s *tally) call(f *ir.Func, in *ir.Instr) {
	t := s.p.Callee(f, in)
	class := "unknown"
	switch {
	case t.Import != nil && t.Native != nil:
		class = "import, known"
	case t.Import != nil:
		class = "import, unknown export"
		if fn := s.p.DB.Func(t.NativeName); fn != nil {
			s.exports["export "+t.NativeName+" of "+t.Import.Library+" not "+fn.DLL]++
		}
	case len(t.Funcs) > 0:
		class = "own"
	case t.Native != nil:
		class = "native"
	case len(t.Members) > 0:
		class = "library, known"
	case t.MemberName != "":
		class = "library"
	case t.Delegate:
		class = "delegate"
	case t.New:
		class = "implicit constructor"
	case t.NativeName != "" && !t.Opaque:
		class = "prototype"
	case t.Recv != "":
		class = "unknown, type known"
	}
	s.add(f, class)
	if strings.HasPrefix(class, "unknown") {
		s.unresolved(f, in, t)
	}
}

func (s *tally) unresolved(f *ir.Func, in *ir.Instr, t *Target) {
	name := in.Call.Name
	s.names[f.File.Lang.String()+" "+name+" "+string(t.Recv)]++
	if s.modelled(f, name) && len(s.misses[name]) < 6 {
		src := s.text[f.File.Path]
		s.misses[name] = append(s.misses[name], fmt.Sprintf("%s: %s", f.File.Path, oneLine(src, in.Span)))
	}
}

func oneLine(src []byte, at ir.Span) string {
	if int(at.End) > len(src) {
		return "?"
	}
	x := strings.Join(strings.Fields(string(src[at.Start:at.End])), " ")
	return x[:min(len(x), 110)]
}

// modelled tells whether some library type of the models has a member of that name, or a native
// function bears it.
func (s *tally) modelled(f *ir.Func, name string) bool {
	v, ok := s.known[name]
	if ok {
		return v
	}
	v = s.p.DB.Func(name) != nil
	for _, typ := range s.p.DB.DotNetNames() {
		v = v || len(s.p.DB.DotNet(typ+"."+name)) > 0
	}
	s.known[name] = v
	return v
}

func (s *tally) report(t *testing.T) {
	for lang, m := range s.count {
		var keys []string
		total, types := 0, 0
		for k, n := range m {
			keys = append(keys, k)
			if strings.HasPrefix(k, "type") {
				types += n
			} else {
				total += n
			}
		}
		sort.Strings(keys)
		for _, k := range keys {
			of := total
			if strings.HasPrefix(k, "type") {
				of = types
			}
			t.Logf("%-3s %-24s %8d %5.1f %%", ir.Lang(lang), k, m[k], 100*float64(m[k])/float64(of))
		}
	}
	logTop(t, "unresolved", s.names, 60)
	logTop(t, "foreign", s.exports, 20)
	var miss []string
	for n := range s.misses {
		miss = append(miss, n)
	}
	sort.Strings(miss)
	for _, n := range miss {
		for _, m := range s.misses[n] {
			t.Logf("miss %s: %s", n, m)
		}
	}
}

func logTop(t *testing.T, title string, m map[string]int, n int) {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		return m[keys[i]] > m[keys[j]] || m[keys[i]] == m[keys[j]] && keys[i] < keys[j]
	})
	for _, k := range keys[:min(len(keys), n)] {
		t.Logf("%s %5d %s", title, m[k], k)
	}
}
