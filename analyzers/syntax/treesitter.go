package syntax

/*
#include <stdlib.h>
#include "bridge.h"
*/
import "C"

import (
	"errors"
	"sync"
	"time"
	"unsafe"

	// These three carry the C code that is linked in: the runtime and the grammars.
	_ "github.com/smacker/go-tree-sitter"
	_ "github.com/tree-sitter/tree-sitter-c-sharp/bindings/go"
	_ "github.com/tree-sitter/tree-sitter-c/bindings/go"

	"github.com/pinvet/pinvet/analyzers/source"
)

var (
	errNoTree   = errors.New("the parser gave up")
	errNoMemory = errors.New("out of memory for the tree")
	errLanguage = errors.New("the grammar does not fit the parser")
)

// grammar is a language with its parsers that are idle.
type grammar struct {
	lang  *C.TSLanguage
	mu    sync.Mutex
	idle  []*C.TSParser
	names []string // by Kind
	field []string // by Field
}

var grammars = sync.OnceValue(func() map[source.Lang]*grammar {
	return map[source.Lang]*grammar{
		source.CSharp: newGrammar(C.tree_sitter_c_sharp()),
		source.C:      newGrammar(C.tree_sitter_c()),
	}
})

func newGrammar(raw *C.TSLanguage) *grammar {
	g := &grammar{lang: C.pv_language(raw)}
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
	g := grammars()[lang]
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

func (g *grammar) take() *C.TSParser {
	g.mu.Lock()
	defer g.mu.Unlock()
	if n := len(g.idle); n > 0 {
		p := g.idle[n-1]
		g.idle = g.idle[:n-1]
		return p
	}
	p := C.ts_parser_new()
	C.ts_parser_set_language(p, g.lang)
	return p
}

// maxIdle bounds the parsers that are kept for the next file.
const maxIdle = 16

func (g *grammar) give(p *C.TSParser) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.idle) < maxIdle {
		g.idle = append(g.idle, p)
		return
	}
	C.ts_parser_delete(p)
}

// parse parses text and returns its nodes in preorder. The limit is soft: the
// runtime looks at the clock between steps only.
func (g *grammar) parse(text []byte, limit time.Duration) ([]Node, error) {
	if g == nil || g.lang == nil {
		return nil, errLanguage
	}
	p := g.take()
	var start *C.char
	if len(text) > 0 {
		start = (*C.char)(unsafe.Pointer(unsafe.SliceData(text)))
	}
	r := C.pv_parse(p, start, C.uint32_t(len(text)), C.uint64_t(limit.Microseconds()))
	if r.status == C.PV_NO_TREE {
		C.ts_parser_delete(p) // a parser that gave up would go on with the old text
		return nil, errNoTree
	}
	g.give(p)
	if r.status != C.PV_OK {
		return nil, errNoMemory
	}
	defer C.pv_free(r.nodes)
	nodes := make([]Node, int(r.count))
	copy(nodes, unsafe.Slice((*Node)(unsafe.Pointer(r.nodes)), int(r.count)))
	return nodes, nil
}

// The two node types are the same bytes.
var _ [unsafe.Sizeof(Node{})]byte = [unsafe.Sizeof(C.pv_node{})]byte{}
