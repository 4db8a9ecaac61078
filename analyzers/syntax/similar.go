package syntax

/*
#include "bridge.h"
*/
import "C"

import (
	"bytes"
	"unsafe"

	"github.com/pinvet/pinvet/analyzers/source"
)

// similar parses texts that differ in places, as the views of a file do: where the text before has no errors, its
// tree helps. The trees are those of each text alone, as they are kept only if they have no errors either.
type similar struct {
	g    *grammar
	p    *C.pv_parser // nil before the first text, and after one that failed
	norm []byte       // the text before

	reuse bool // nodes are put where Free may have left room
}

// close gives the parser back.
func (s *similar) close() {
	if s.p != nil {
		C.pv_forget(s.p)
		s.g.give(s.p)
		s.p = nil
	}
}

// measure parses the next text. last: there is none after it.
func (s *similar) measure(text []byte, last bool) ([]Node, cost, error) {
	if s.g == nil || s.g.lang == nil {
		return nil, cost{}, errLanguage
	}
	var edits []C.TSInputEdit
	if s.p == nil {
		s.p = s.g.take()
		if s.p == nil {
			return nil, cost{}, errNoMemory
		}
	} else {
		edits = editsOf(s.norm, text)
	}
	s.norm = text
	r := C.pv_parse(s.p, chars(text), C.uint32_t(len(text)), unsafe.SliceData(edits), C.uint32_t(len(edits)), C.bool(!last), limits(len(text)))
	spent := cost{uint64(r.calls), uint64(r.peak)}
	if r.status != C.PV_OK {
		C.pv_parser_delete(s.p) // it would go on with the old text
		s.p = nil
	}
	if err := failure(r.status); err != nil {
		return nil, spent, err
	}
	defer C.pv_free(r.nodes)
	var nodes []Node
	if s.reuse {
		nodes = takeNodes(int(r.count))
	} else {
		nodes = make([]Node, int(r.count))
	}
	copy(nodes, unsafe.Slice((*Node)(unsafe.Pointer(r.nodes)), int(r.count)))
	return nodes, spent, nil
}

// Places that differ with less than gapOfEdits equal bytes in between are one edit.
const gapOfEdits = 32

// editsOf are the edits that make one text of another; nil where a fresh parse is no slower, because too much differs.
func editsOf(old, now []byte) []C.TSInputEdit {
	if len(old) != len(now) {
		if start, _, end := source.Difference(old, now); end-start > len(now)/2 {
			return nil
		}
		return []C.TSInputEdit{editOf(old, now)}
	}
	var edits []C.TSInputEdit
	var at C.TSPoint // of byte from, in both texts: line ends are at the same places
	from, differ := 0, 0
	move := func(to int) C.TSPoint {
		part := now[from:to]
		if n := bytes.Count(part, []byte{'\n'}); n > 0 {
			at.row += C.uint32_t(n)
			at.column = C.uint32_t(len(part) - 1 - bytes.LastIndexByte(part, '\n'))
		} else {
			at.column += C.uint32_t(len(part))
		}
		from = to
		return at
	}
	for i := 0; i < len(now); i++ {
		if old[i] == now[i] {
			continue
		}
		end := i + 1
		for k := end; k < len(now) && k < end+gapOfEdits; k++ {
			if old[k] != now[k] {
				end = k + 1
			}
			if (old[k] == '\n') != (now[k] == '\n') {
				return nil
			}
		}
		if (old[i] == '\n') != (now[i] == '\n') {
			return nil
		}
		a, b := move(i), move(end)
		edits = append(edits, C.TSInputEdit{
			start_byte: C.uint32_t(i), old_end_byte: C.uint32_t(end), new_end_byte: C.uint32_t(end),
			start_point: a, old_end_point: b, new_end_point: b,
		})
		if differ += end - i; differ > len(now)/2 {
			return nil
		}
		i = end - 1
	}
	return edits
}
