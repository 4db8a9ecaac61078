package syntax

/*
#include "bridge.h"
*/
import "C"

import (
	"bytes"
	"context"
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/syntax/normalize"
)

// Document parses a file again and again while it is edited: each parse is helped by the trees of the
// last one. It holds memory that Close frees, and is used by one goroutine at a time.
//
// Where a text has syntax errors, its trees can depend on the texts before it: how the parser gets
// over an error is no function of the text alone then. Whoever wants the trees of [Parse] compares
// with those of a new document (Same).
type Document struct {
	lang  source.Lang
	views []*parsed // by view; nil where there is no tree
}

// parsed is the text and tree of one view.
type parsed struct {
	c    *C.pv_document
	norm []byte
}

// documents counts the trees that documents hold.
var documents atomic.Int64

// HeldTrees is the number of trees that documents hold in memory which is not the garbage collector's.
func HeldTrees() int { return int(documents.Load()) }

// Parse is like the function of that name.
func (d *Document) Parse(ctx context.Context, f *source.File) *Result {
	if d.lang != f.Lang {
		d.Close()
		d.lang = f.Lang
	}
	r := parseBy(ctx, f, normalize.Normalize(f.Lang, f.Text()), d.nodes)
	for v := len(r.Views); v < len(d.views); v++ {
		d.drop(v)
	}
	d.views = d.views[:min(len(d.views), len(r.Views))]
	return r
}

// Close frees what the document holds. It may be used again.
func (d *Document) Close() {
	for v := range d.views {
		d.drop(v)
	}
	d.views = nil
}

func (d *Document) drop(v int) {
	if d.views[v] != nil {
		C.pv_document_delete(d.views[v].c)
		d.views[v] = nil
		documents.Add(-1)
	}
}

// Same tells whether two documents hold the same trees of the same texts.
func (d *Document) Same(o *Document) bool {
	return d.lang == o.lang && slices.EqualFunc(d.views, o.views, func(a, b *parsed) bool {
		return a == b || a != nil && b != nil && bytes.Equal(a.norm, b.norm) && bool(C.pv_document_same(a.c, b.c))
	})
}

// nodes parses the text of a view.
func (d *Document) nodes(v int, text []byte, _ bool) ([]Node, error) {
	for len(d.views) <= v {
		d.views = append(d.views, nil)
	}
	var edit C.TSInputEdit
	if p := d.views[v]; p == nil {
		g := grammarOf(d.lang)
		if g == nil || g.lang == nil {
			return nil, errLanguage
		}
		c := C.pv_document_new(g.lang)
		if c == nil {
			return nil, errNoMemory
		}
		d.views[v] = &parsed{c: c}
		documents.Add(1)
	} else {
		edit = editOf(p.norm, text)
	}
	p := d.views[v]
	r := C.pv_document_parse(p.c, &edit, chars(text), C.uint32_t(len(text)), limits(len(text)))
	if err := failure(r.status); err != nil {
		d.drop(v)
		return nil, err
	}
	p.norm = text
	nodes := make([]Node, int(r.count))
	copy(nodes, unsafe.Slice((*Node)(unsafe.Pointer(r.nodes)), int(r.count)))
	return nodes, nil
}

// editOf is the smallest edit that makes one text of another. What is in between counts as changed: a
// rewrite at the other end of a file may depend on what was typed.
func editOf(old, now []byte) C.TSInputEdit {
	start, oldEnd, newEnd := source.Difference(old, now)
	return C.TSInputEdit{
		start_byte: C.uint32_t(start), old_end_byte: C.uint32_t(oldEnd), new_end_byte: C.uint32_t(newEnd),
		start_point: pointAt(old, start), old_end_point: pointAt(old, oldEnd), new_end_point: pointAt(now, newEnd),
	}
}

// pointAt is the row and column of an offset, both from 0, columns in bytes.
func pointAt(text []byte, offset int) C.TSPoint {
	before := text[:offset]
	return C.TSPoint{row: C.uint32_t(bytes.Count(before, []byte{'\n'})), column: C.uint32_t(offset - 1 - bytes.LastIndexByte(before, '\n'))}
}
