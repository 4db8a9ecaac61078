package protocol

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/sourcegraph/jsonrpc2"
)

// MaxFrame is the largest frame that is read, in bytes: far above any source file that is analysed.
const MaxFrame = 64 << 20

// ErrFrame is a frame after which the beginning of the next cannot be told.
var ErrFrame = errors.New("broken frame")

// Stream reads and writes JSON-RPC messages with the base protocol's headers. Unlike the codec of
// jsonrpc2 it does not end the connection over one bad message: what is no JSON is answered with
// -32700, what is no request or response with -32600, and reading goes on.
type Stream struct {
	r     *bufio.Reader
	c     io.Closer
	ended atomic.Bool

	mu sync.Mutex // of w
	w  *bufio.Writer
}

var _ jsonrpc2.ObjectStream = (*Stream)(nil)

// NewStream makes a stream over rwc.
func NewStream(rwc io.ReadWriteCloser) *Stream {
	return &Stream{r: bufio.NewReader(rwc), w: bufio.NewWriter(rwc), c: rwc}
}

// Close closes what the stream was made over.
func (s *Stream) Close() error { return s.c.Close() }

// End says that no further message counts: the next ReadObject gives io.EOF.
func (s *Stream) End() { s.ended.Store(true) }

// WriteObject writes one message.
func (s *Stream) WriteObject(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.w, "Content-Length: %d\r\n\r\n", len(data))
	s.w.Write(data)
	return s.w.Flush() // bufio keeps the first error
}

// ReadObject reads the next message that is one. Its error ends the connection: io.EOF at the end
// between two frames, ErrFrame where the stream cannot be followed.
func (s *Stream) ReadObject(v any) error {
	for {
		if s.ended.Load() {
			return io.EOF
		}
		data, err := s.frame()
		if err != nil {
			return err
		}
		code, text := check(data)
		if code == 0 {
			if err := json.Unmarshal(data, v); err == nil {
				return nil
			} else {
				code, text = jsonrpc2.CodeInvalidRequest, err.Error()
			}
		}
		if err := s.refuse(data, code, text); err != nil {
			return err
		}
	}
}

// frame reads headers and content.
func (s *Stream) frame() ([]byte, error) {
	length := -1
	for {
		line, err := s.r.ReadSlice('\n')
		switch {
		case err == io.EOF && len(line) == 0 && length < 0:
			return nil, io.EOF
		case err == io.EOF:
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, fmt.Errorf("%w: a header line without end", ErrFrame)
		}
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			if length < 0 {
				continue // empty lines between frames harm nobody
			}
			break
		}
		name, value, ok := strings.Cut(text, ":")
		if !ok {
			return nil, fmt.Errorf("%w: %.40q is no header", ErrFrame, text)
		}
		if textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)) != "Content-Length" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%w: Content-Length %.40q", ErrFrame, value)
		}
		if n > MaxFrame {
			return nil, fmt.Errorf("%w: a message of %d bytes, at most %d are read", ErrFrame, n, MaxFrame)
		}
		length = n
	}
	// The buffer grows with what comes, not with what is announced.
	var b bytes.Buffer
	if _, err := io.CopyN(&b, s.r, int64(length)); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	return b.Bytes(), nil
}

// check tells whether data is one JSON-RPC message; else the code and text of the error.
func check(data []byte) (code int64, text string) {
	if !json.Valid(data) {
		return jsonrpc2.CodeParseError, "the message is no JSON"
	}
	var m struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  *string         `json:"method"`
		Params  json.RawMessage `json:"params"`
		Result  json.RawMessage `json:"result"`
		Error   json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return jsonrpc2.CodeInvalidRequest, "the message is no request, notification or response: " + err.Error()
	}
	switch {
	case m.JSONRPC != "2.0":
		return jsonrpc2.CodeInvalidRequest, `"jsonrpc" must be "2.0"`
	case len(m.ID) > 0 && !validID(m.ID):
		return jsonrpc2.CodeInvalidRequest, "an id is a whole number or a string"
	case m.Method == nil && len(m.ID) == 0:
		return jsonrpc2.CodeInvalidRequest, "the message has no method"
	case m.Method == nil && len(m.Result) == 0 && len(m.Error) == 0:
		return jsonrpc2.CodeInvalidRequest, "the message has no method, result or error"
	}
	return 0, ""
}

// validID takes what jsonrpc2.ID can hold, and the null of a response to what had no id.
func validID(raw json.RawMessage) bool {
	var id jsonrpc2.ID
	return string(raw) == "null" || json.Unmarshal(raw, &id) == nil
}

// refuse answers a bad message, with its id where that can be read.
func (s *Stream) refuse(data []byte, code int64, text string) error {
	var m struct {
		ID json.RawMessage `json:"id"`
	}
	id := json.RawMessage("null")
	if json.Unmarshal(data, &m) == nil && len(m.ID) > 0 && validID(m.ID) {
		id = m.ID
	}
	type failure struct {
		Code    int64  `json:"code"`
		Message string `json:"message"`
	}
	return s.WriteObject(struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   failure         `json:"error"`
	}{"2.0", id, failure{code, text}})
}
