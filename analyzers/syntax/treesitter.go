package syntax

/*
#include <stdlib.h>
#include "bridge.h"
*/
import "C"

import (
	"errors"
	"sync"
	"unsafe"

	// These three carry the C code that is linked in: the runtime and the grammars.
	_ "github.com/smacker/go-tree-sitter"
	_ "github.com/tree-sitter/tree-sitter-c-sharp/bindings/go"
	_ "github.com/tree-sitter/tree-sitter-c/bindings/go"

	"github.com/pinvet/pinvet/analyzers/source"
)

var (
	errNoTree   = errors.New("the parser gave up")
	errSlow     = errors.New("too costly to parse") // by the clock; to a user it is the same
	errCost     = errors.New("too costly to parse")
	errNoMemory = errors.New("out of memory for the tree")
	errLanguage = errors.New("the grammar does not fit the parser")
)

// grammar is a language with its parsers that are idle.
type grammar struct {
	lang  *C.TSLanguage
	mu    sync.Mutex
	idle  []*C.pv_parser
	names []string // by Kind
	field []string // by Field
}

var (
	csharpGrammar = sync.OnceValue(func() *grammar { return newGrammar(C.tree_sitter_c_sharp()) })
	cGrammar      = sync.OnceValue(func() *grammar { return newGrammar(C.tree_sitter_c()) })
)

// loaded are the grammars that somebody asked for: their tables are large.
var loaded struct {
	mu   sync.Mutex
	list []*grammar
}

// grammarOf is that of a language, nil where there is none.
func grammarOf(lang source.Lang) *grammar {
	switch lang {
	case source.CSharp:
		return csharpGrammar()
	case source.C:
		return cGrammar()
	}
	return nil
}

func newGrammar(raw *C.TSLanguage) *grammar {
	loaded.mu.Lock()
	defer loaded.mu.Unlock()
	if len(loaded.list) == 0 {
		C.pv_setup()
	}
	g := &grammar{lang: C.pv_language(raw)}
	loaded.list = append(loaded.list, g)
	if g.lang == nil {
		return g
	}
	for i := range int(C.ts_language_symbol_count(g.lang)) {
		g.names = append(g.names, C.GoString(C.ts_language_symbol_name(g.lang, C.TSSymbol(i))))
	}
	for i := range int(C.ts_language_field_count(g.lang)) + 1 {
		g.field = append(g.field, C.GoString(C.ts_language_field_name_for_id(g.lang, C.TSFieldId(i))))
	}
	return g
}

// Symbol is one entry of a grammar's symbol table; the generator of the kind
// constants reads them.
type Symbol struct {
	Kind  Kind
	Name  string
	Named bool
}

// Symbols lists the kinds that nodes of a language can have, and the field names by Field.
func Symbols(lang source.Lang) (kinds []Symbol, fields []string) {
	g := grammarOf(lang)
	if g == nil || g.lang == nil {
		return nil, nil
	}
	for i, name := range g.names {
		kind := C.ts_language_symbol_type(g.lang, C.TSSymbol(i))
		if kind > 1 || name == "" {
			continue
		}
		c := C.CString(name)
		public := C.ts_language_symbol_for_name(g.lang, c, C.uint32_t(len(name)), C.bool(kind == 0))
		C.free(unsafe.Pointer(c))
		if int(public) == i {
			kinds = append(kinds, Symbol{Kind(i), name, kind == 0})
		}
	}
	return kinds, g.field
}

func (g *grammar) take() *C.pv_parser {
	g.mu.Lock()
	defer g.mu.Unlock()
	if n := len(g.idle); n > 0 {
		p := g.idle[n-1]
		g.idle = g.idle[:n-1]
		return p
	}
	return C.pv_parser_new(g.lang)
}

// maxIdle bounds the parsers that are kept for the next file.
const maxIdle = 16

func (g *grammar) give(p *C.pv_parser) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.idle) < maxIdle {
		g.idle = append(g.idle, p)
		return
	}
	C.pv_parser_delete(p)
}

// Trim drops the parsers that are idle and gives their memory back to the system: for whoever has parsed a whole tree.
func Trim() {
	loaded.mu.Lock()
	defer loaded.mu.Unlock()
	for _, g := range loaded.list {
		g.mu.Lock()
		for _, p := range g.idle {
			C.pv_parser_delete(p)
		}
		g.idle = nil
		g.mu.Unlock()
	}
	C.pv_trim()
}

// cost is what one parse took.
type cost struct {
	calls, peak uint64
}

// parse parses text and returns its nodes in preorder.
func (g *grammar) parse(text []byte) ([]Node, error) {
	nodes, _, err := g.measure(text)
	return nodes, err
}

func (g *grammar) measure(text []byte) ([]Node, cost, error) {
	s := similar{g: g}
	defer s.close()
	return s.measure(text, true)
}

// chars is the text as C sees it.
func chars(text []byte) *C.char {
	if len(text) == 0 {
		return nil
	}
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(text)))
}

// failure says what a status means; nil for success.
func failure(status C.int) error {
	switch status {
	case C.PV_OK:
		return nil
	case C.PV_TOO_COSTLY:
		return errCost
	case C.PV_TOO_SLOW:
		return errSlow
	case C.PV_NO_MEMORY:
		return errNoMemory
	}
	return errNoTree
}

// maxTreeDepth is how deep a tree may be; what lies deeper is left out, so that
// whoever walks a tree by recursion need not fear for the stack.
const maxTreeDepth = 3000

// limits are what the parse of n bytes may cost. Usual code takes 0.3 to 2
// allocations and 20 to 80 bytes of memory for a byte of text, and a fifth of a
// microsecond; these are far above that. The clock is the last resort: on a busy
// machine it runs for others too.
func limits(n int) C.pv_limits {
	return C.pv_limits{
		calls:  C.uint64_t(200_000 + 20*n),
		bytes:  C.uint64_t(min(64<<20+300*n, 1200<<20)),
		cpu:    C.uint64_t(2_000_000 + 5*n),
		micros: C.uint64_t(15_000_000 + 20*n),
		depth:  maxTreeDepth,
	}
}

// The two node types are the same bytes.
var _ [unsafe.Sizeof(Node{})]byte = [unsafe.Sizeof(C.pv_node{})]byte{}
