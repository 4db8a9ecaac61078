package protocol_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/lsp/protocol"
)

// FuzzStream reads any bytes as frames. What is read is JSON, each answer is a frame of its own, and
// what is read comes back from a stream that it is written to.
func FuzzStream(f *testing.F) {
	f.Add([]byte(frame(note) + frame("{") + frame(note)))
	f.Add([]byte("\r\ncontent-length:  4\r\nContent-Type: x\r\n\r\nnull" + frame(`{"jsonrpc":"2.0","id":"a","result":null}`)))
	f.Add([]byte("Content-Length: 99999999999999\r\n\r\n"))
	f.Add([]byte(frame(`{"jsonrpc":"2.0","id":1.5,"method":"x"}`) + frame(`{"jsonrpc":"2.0","id":null,"method":"x"}`)))
	f.Fuzz(func(t *testing.T, input []byte) {
		p := &pipe{Reader: bytes.NewReader(input)}
		s := protocol.NewStream(p)
		back := &pipe{}
		again := protocol.NewStream(back)
		var got []json.RawMessage
		for {
			var raw json.RawMessage
			err := s.ReadObject(&raw)
			if err != nil {
				if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, protocol.ErrFrame) {
					t.Fatalf("error %v", err)
				}
				break
			}
			if !json.Valid(raw) {
				t.Fatalf("%q is no JSON", raw)
			}
			got = append(got, raw)
			if err := again.WriteObject(raw); err != nil {
				t.Fatal(err)
			}
		}
		frames(t, p.out.String())
		for i, raw := range frames(t, back.out.String()) {
			if i >= len(got) || compact(got[i]) != compact([]byte(raw)) {
				t.Fatalf("%q was read as another message", raw)
			}
		}
	})
}

func compact(raw []byte) string {
	var v any
	_ = json.Unmarshal(raw, &v)
	out, _ := json.Marshal(v)
	return string(out)
}

// frames splits what a stream wrote.
func frames(t *testing.T, out string) (list []string) {
	s := protocol.NewStream(&pipe{Reader: strings.NewReader(out)})
	for {
		var raw json.RawMessage
		if err := s.ReadObject(&raw); err == io.EOF {
			return list
		} else if err != nil {
			t.Fatalf("%v in what was written: %q", err, out)
		}
		list = append(list, string(raw))
	}
}
