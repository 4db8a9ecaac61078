package link

import (
	"math"
	"path"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// cIndex holds the C side of the unit.
type cIndex struct {
	types    map[string][]*Type
	funcs    map[string][]*ir.Func // not those that lower macros
	macros   map[string][]in[*ir.Macro]
	isMacro  map[*ir.Func]bool
	heads    map[string][]in[*ir.Macro]
	exits    map[string][]in[*ir.Macro]
	protos   map[string][]in[*ir.Proto]
	globals  map[string][]in[*ir.Field]
	consts   map[string][]in[*ir.Constant]
	typedefs map[string][]in[*ir.TypedefDecl]
	headers  map[string][]int      // base name of a path -> indexes of files
	wholes   []int                 // indexes of files that include C files
	noReturn map[string][]*ir.File // files that declare a function so that it does not return
}

func (p *Program) buildC() {
	c := &p.c
	c.funcs, c.macros, c.isMacro = map[string][]*ir.Func{}, map[string][]in[*ir.Macro]{}, map[*ir.Func]bool{}
	c.protos, c.globals = map[string][]in[*ir.Proto]{}, map[string][]in[*ir.Field]{}
	c.consts, c.typedefs = map[string][]in[*ir.Constant]{}, map[string][]in[*ir.TypedefDecl]{}
	c.headers, c.heads, c.exits = map[string][]int{}, map[string][]in[*ir.Macro]{}, map[string][]in[*ir.Macro]{}
	for i, f := range p.Files {
		if f.Lang != ir.C {
			continue
		}
		base := f.Path[len(folder(f.Path)):]
		c.headers[base] = append(c.headers[base], i)
		if slices.ContainsFunc(f.Includes, namesCFile) {
			c.wholes = append(c.wholes, i)
		}
		for _, m := range f.Macros {
			c.macros[m.Name] = append(c.macros[m.Name], in[*ir.Macro]{m, f})
			if fn := macroFunc(f, m); fn != nil {
				c.isMacro[fn] = true
			}
		}
		for _, m := range f.Heads {
			c.heads[m.Name] = append(c.heads[m.Name], in[*ir.Macro]{m, f})
		}
		for _, m := range f.Exits {
			c.exits[m.Name] = append(c.exits[m.Name], in[*ir.Macro]{m, f})
		}
		for _, fn := range f.Funcs {
			if !c.isMacro[fn] && fn.Name != "" && fn.Kind == ir.FuncPlain {
				c.funcs[fn.Name] = append(c.funcs[fn.Name], fn)
			}
		}
		for _, x := range f.Protos {
			c.protos[x.Name] = append(c.protos[x.Name], in[*ir.Proto]{x, f})
		}
		for _, x := range f.Fields {
			if x.Owner == "" {
				c.globals[x.Name] = append(c.globals[x.Name], in[*ir.Field]{x, f})
			}
		}
		for _, x := range f.Consts {
			c.consts[x.Name] = append(c.consts[x.Name], in[*ir.Constant]{x, f})
		}
		for _, x := range f.Typedefs {
			c.typedefs[x.Name] = append(c.typedefs[x.Name], in[*ir.TypedefDecl]{x, f})
		}
	}
	p.buildNoReturn()
}

func macroFunc(f *ir.File, m *ir.Macro) *ir.Func {
	if m.Func < 0 || m.Func >= len(f.Funcs) {
		return nil
	}
	return f.Funcs[m.Func]
}

func namesCFile(include string) bool {
	return strings.HasSuffix(strings.TrimRight(include, `">`), ".c")
}

// includes returns the set of files that f includes, directly or not, as bits by file index. A name
// in a directive means the file of the unit whose path ends in it, the closest if there are several.
// A C file that others include sees what they do.
func (p *Program) includes(f *ir.File) []uint64 {
	fi := p.info[f]
	if fi == nil {
		return nil
	}
	fi.seenOnce.Do(func() {
		set := make([]uint64, (len(p.Files)+63)/64)
		queue := append(p.includers(fi.index), fi.index)
		for _, i := range queue {
			set[i/64] |= 1 << (i % 64)
		}
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			for _, inc := range p.direct(at) {
				if set[inc/64]&(1<<(inc%64)) == 0 {
					set[inc/64] |= 1 << (inc % 64)
					queue = append(queue, inc)
				}
			}
		}
		fi.seen = set
	})
	return fi.seen
}

// includers are the files that include C file number i.
func (p *Program) includers(i int) (out []int) {
	if isHeader(p.Files[i]) {
		return nil
	}
	for _, j := range p.c.wholes {
		if slices.Contains(p.direct(j), i) {
			out = append(out, j)
		}
	}
	return out
}

// direct are the files that file number i includes itself.
func (p *Program) direct(i int) []int {
	fi := p.info[p.Files[i]]
	fi.directOnce.Do(func() {
		from := p.Files[i].Path
		for _, inc := range p.Files[i].Includes {
			inc = strings.Trim(strings.ReplaceAll(inc, `\`, "/"), `"<> `)
			beside := path.Join(path.Dir(strings.ReplaceAll(from, `\`, "/")), inc)
			for strings.HasPrefix(inc, "../") || strings.HasPrefix(inc, "./") {
				inc = inc[strings.IndexByte(inc, '/')+1:]
			}
			best, rank := -1, -1
			for _, j := range p.c.headers[inc[strings.LastIndexByte(inc, '/')+1:]] {
				at := strings.ReplaceAll(p.Files[j].Path, `\`, "/")
				if at != inc && !strings.HasSuffix(at, "/"+inc) {
					continue
				}
				n := closeness(from, p.Files[j].Path)
				if at == beside {
					n = math.MaxInt // where the compiler looks first
				}
				if n > rank && j != i {
					best, rank = j, n
				}
			}
			if best >= 0 {
				fi.direct = append(fi.direct, best)
			}
		}
	})
	return fi.direct
}

// visible tells whether what is declared in file g can be seen from f: the same file or one that f
// includes.
func (p *Program) visible(f, g *ir.File) bool {
	if f == g {
		return true
	}
	set, gi := p.includes(f), p.info[g]
	return gi != nil && set != nil && set[gi.index/64]&(1<<(gi.index%64)) != 0
}

// prefer keeps the visible declarations if there are any, and of those the closest.
func prefer[T any](p *Program, from *ir.File, items []T, file func(T) *ir.File) []T {
	if len(items) < 2 {
		return items
	}
	var seen []T
	for _, x := range items {
		if p.visible(from, file(x)) {
			seen = append(seen, x)
		}
	}
	if len(seen) > 0 {
		items = seen
	}
	return nearest(from.Path, items, file)
}

// isHeader tells whether definitions in the file are meant for those that include it.
func isHeader(f *ir.File) bool {
	dot := strings.LastIndexByte(f.Path, '.')
	if dot < 0 {
		return false
	}
	switch strings.ToLower(f.Path[dot:]) {
	case ".h", ".hh", ".hpp", ".hxx", ".inc", ".inl", ".i":
		return true
	}
	return false
}
