package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// encode writes v indented, with < and > as they are.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// list writes the elements of a JSON array one by one, indented like encode, so that a large report
// never stands in memory as a whole.
type list struct {
	w      *bufio.Writer
	indent string // of the elements
	n      int
	buf    bytes.Buffer
	err    error
}

func (l *list) add(v any) {
	if l.err != nil {
		return
	}
	l.buf.Reset()
	e := json.NewEncoder(&l.buf)
	e.SetEscapeHTML(false)
	e.SetIndent(l.indent, "  ")
	if l.err = e.Encode(v); l.err != nil {
		return
	}
	if l.n > 0 {
		l.w.WriteByte(',')
	}
	l.n++
	l.w.WriteString("\n" + l.indent)
	l.w.Write(bytes.TrimRight(l.buf.Bytes(), "\n"))
}

// end writes what stands between the last element and the bracket that closes the array.
func (l *list) end() {
	if l.n > 0 {
		l.w.WriteString("\n" + l.indent[:len(l.indent)-2])
	}
}

// encodeAround writes doc like encode. The value of its field key must be an empty array; each gives
// the elements that are to stand in it. Key may be the name of one field only.
func encodeAround(w io.Writer, doc any, key, indent string, each func(add func(any))) error {
	var b bytes.Buffer
	if err := encode(&b, doc); err != nil {
		return err
	}
	// A quote inside a JSON string has a backslash in front, so this is never part of one.
	mark := fmt.Appendf(nil, "%q: []", key)
	head, tail, ok := bytes.Cut(b.Bytes(), mark)
	if !ok {
		return fmt.Errorf("no empty array %q to fill", key)
	}
	out := bufio.NewWriter(w)
	out.Write(head)
	out.Write(mark[:len(mark)-1])
	l := &list{w: out, indent: indent}
	each(l.add)
	if l.err != nil {
		return l.err
	}
	l.end()
	out.WriteByte(']')
	out.Write(tail)
	return out.Flush()
}
