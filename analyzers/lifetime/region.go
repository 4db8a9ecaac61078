package lifetime

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// regID names a region; 0 is none.
type regID int32

type regionKind uint8

const (
	rVar     regionKind = iota + 1 // storage of a variable of the function
	rGlobal                        // static field or C global; name is its canonical path
	rPointee                       // what the symbol points to, or the object it refers to
	rField                         // member name of parent
	rElem                          // element of parent; name is the constant index or "*"
	rStack                         // stackalloc or alloca block
	rObject                        // C# object or array made in this function
)

// region is a piece of storage. Equal regions are interned to one regID.
type region struct {
	kind   regionKind
	parent regID
	v      ir.VarID
	sym    symID
	site   int32
	iter   uint8
	name   string
}

// symID names a symbol, a value that is not known; 0 is none.
type symID int32

type symKind uint8

const (
	sInit       symKind = iota + 1 // first content of a region
	sSite                          // made by an instruction
	sChoice                        // OpChoice with a key
	sSize                          // size of key
	sMasked                        // of & key
	sDifference                    // of minus minus, of which only the sign is of interest
	sFurther                       // the address of in a block, with site added
)

// symbol says where a value came from. Equal symbols are interned to one symID.
type symbol struct {
	kind  symKind
	reg   regID
	of    symID // sInit: the value of the whole, when reg is a part of a copied struct
	minus symID // sDifference
	epoch uint16
	site  int32 // ordinal of the instruction
	role  int16
	iter  uint8
	key   string
}

// symObjects are objects by symbol; most symbols have none.
type symObjects []objID

// of is the object of s, 0 if it has none.
func (t symObjects) of(s symID) objID {
	if int(s) < len(t) {
		return t[s]
	}
	return 0
}

func (t *symObjects) set(s symID, id objID) {
	if n := int(s) + 1 - len(*t); n > 0 {
		*t = append(*t, make([]objID, n)...)
	}
	(*t)[s] = id
}

// tables holds what is interned while one function is analysed.
type tables struct {
	regions []region
	regIdx  map[region]regID // but those of variables and behind symbols
	symbols []symbol
	symIdx  map[symbol]symID // but those that madeAt has
	madeAt  map[siteSymbol]symID

	vars     []regID // by variable, 0 if there is none
	pointees []regID // by symbol
}

// siteSymbol is what tells symbols of kind sSite apart.
type siteSymbol struct {
	site int32
	role int16
	iter uint16
}

// idleTables holds those of functions that are done.
var idleTables = sync.Pool{New: func() any {
	return &tables{
		regions: make([]region, 1, 64), regIdx: make(map[region]regID, 64),
		symbols: make([]symbol, 1, 64), symIdx: make(map[symbol]symID, 64), madeAt: make(map[siteSymbol]symID, 64),
	}
}}

func newTables() *tables { return idleTables.Get().(*tables) }

// maxIdleTable is how much may be in tables that another function gets: they are emptied before.
const maxIdleTable = 512

// giveBack lets another function have t. Nobody may use it any more.
func (t *tables) giveBack() {
	if len(t.regions) > maxIdleTable || len(t.symbols) > maxIdleTable {
		return
	}
	clear(t.regIdx)
	clear(t.symIdx)
	clear(t.madeAt)
	clear(t.regions)
	clear(t.symbols)
	t.regions, t.symbols, t.vars, t.pointees = t.regions[:1], t.symbols[:1], t.vars[:0], t.pointees[:0]
	idleTables.Put(t)
}

func (t *tables) region(r region) regID {
	if id, ok := t.regIdx[r]; ok {
		return id
	}
	id := regID(len(t.regions))
	t.regions = append(t.regions, r)
	t.regIdx[r] = id
	return id
}

func (t *tables) symbol(s symbol) symID {
	if id, ok := t.symIdx[s]; ok {
		return id
	}
	id := symID(len(t.symbols))
	t.symbols = append(t.symbols, s)
	t.symIdx[s] = id
	return id
}

// made is the symbol of role at a site.
func (t *tables) made(site int32, role int16, iter uint8) symID {
	k := siteSymbol{site, role, uint16(iter)}
	id, ok := t.madeAt[k]
	if !ok {
		id = symID(len(t.symbols))
		t.symbols = append(t.symbols, symbol{kind: sSite, site: site, role: role, iter: iter})
		t.madeAt[k] = id
	}
	return id
}

// numbered is the region that is number i of some, made if there is none.
func (t *tables) numbered(list *[]regID, i int, r region) regID {
	if n := i + 1 - len(*list); n > 0 {
		*list = slices.Grow(*list, n)[:i+1]
		clear((*list)[i+1-n:])
	}
	id := (*list)[i]
	if id == 0 {
		id = regID(len(t.regions))
		t.regions = append(t.regions, r)
		(*list)[i] = id
	}
	return id
}

func (t *tables) varRegion(v ir.VarID) regID {
	if v == ir.NoVar {
		return t.region(region{kind: rVar, v: v})
	}
	return t.numbered(&t.vars, int(v), region{kind: rVar, v: v})
}

func (t *tables) global(path string) regID {
	return t.region(region{kind: rGlobal, name: path, v: ir.NoVar})
}

func (t *tables) field(parent regID, name string) regID {
	return t.region(region{kind: rField, parent: parent, name: name, v: ir.NoVar})
}

func (t *tables) elem(parent regID, index value) regID {
	name := "*"
	switch index.k {
	case vInt:
		name = strconv.FormatInt(index.n, 10)
	case vSym:
		// The same unknown index means the same element.
		name = "$" + strconv.Itoa(int(index.sym))
	}
	if name == "0" {
		// p[0], *p and an array's first element are one place.
		return parent
	}
	return t.region(region{kind: rElem, parent: parent, name: name, v: ir.NoVar})
}

// anyElem tells whether the region stands for any element of its parent.
func (g *region) anyElem() bool { return g.kind == rElem && g.name == "*" }

// symElem tells whether the region is an element whose index is not known as a number.
func (g *region) symElem() bool { return g.kind == rElem && g.name[0] == '$' }

func (t *tables) pointee(s symID) regID {
	return t.numbered(&t.pointees, int(s), region{kind: rPointee, sym: s, v: ir.NoVar})
}

// knownPointee is that region if there is one, else 0.
func (t *tables) knownPointee(s symID) regID {
	if int(s) < len(t.pointees) {
		return t.pointees[s]
	}
	return 0
}

// inUnknownElem tells whether r is, or lies in, an element whose index is not known as a number, or an unknown part of a block.
func (a *fnRun) inUnknownElem(r regID) bool {
	for ; r != 0; r = a.t.regions[r].parent {
		g := &a.t.regions[r]
		if g.kind == rElem && (g.anyElem() || g.symElem()) || g.kind == rPointee && a.somewhere[g.sym] {
			return true
		}
	}
	return false
}

// moved is the region in dst that corresponds to r in src.
func (t *tables) moved(r, src, dst regID) regID {
	if r == src {
		return dst
	}
	g := t.regions[r]
	g.parent = t.moved(g.parent, src, dst)
	return t.region(g)
}

// cameFrom tells whether y was read from what s refers to, or from the struct that s is.
func (t *tables) cameFrom(y, s symID) bool {
	for range 8 {
		sy := t.symbols[y]
		switch {
		case y == s:
			return true
		case sy.kind != sInit:
			return false
		case sy.of != 0:
			y = sy.of
		default:
			g := t.regions[t.root(sy.reg)]
			if g.kind != rPointee {
				return false
			}
			y = g.sym
		}
	}
	return false
}

// root follows parents to the outermost region.
func (t *tables) root(r regID) regID {
	for r != 0 {
		p := t.regions[r].parent
		if p == 0 {
			return r
		}
		r = p
	}
	return 0
}

// within tells whether r is p or lies inside p.
func (t *tables) within(r, p regID) bool {
	for r != 0 {
		if r == p {
			return true
		}
		r = t.regions[r].parent
	}
	return false
}

// name is what a person calls the region, "" when it has no name.
func (a *fnRun) regionName(r regID) string {
	if r == 0 {
		return ""
	}
	g := a.t.regions[r]
	switch g.kind {
	case rVar:
		n := a.f.Var(g.v).Name
		if a.f.Var(g.v).Kind == ir.VarHidden || a.f.Var(g.v).Kind == ir.VarSelector {
			return ""
		}
		return n
	case rGlobal:
		return lastDot(g.name[1+strings.LastIndexByte(g.name, ':'):]) // file statics: "path:name"
	case rField:
		p := a.regionName(g.parent)
		if p == "" || p == "this" {
			return g.name
		}
		return p + "." + g.name
	case rElem:
		if p := a.regionName(g.parent); p != "" {
			return p + "[" + map[bool]string{true: "i", false: g.name}[g.anyElem() || g.symElem()] + "]"
		}
	case rPointee:
		if id := a.symObj.of(g.sym); id != 0 && a.objects[id].Kind == Memory {
			return a.objects[id].Var
		}
		if s := a.t.symbols[g.sym]; s.kind == sInit {
			return a.regionName(s.reg)
		}
	}
	return ""
}

func lastDot(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '.' {
			return s[i+1:]
		}
	}
	return s
}
