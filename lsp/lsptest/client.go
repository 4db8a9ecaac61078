// Package lsptest is a small editor for tests of the language server: it speaks the protocol over a
// pipe and remembers what it is sent.
//
// In: a server to start. Out: requests, notifications, and waiting for what the server says. It
// knows the wire only, not the server's types, so that tests see what an editor sees.
package lsptest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Message is any message as it is on the wire.
type Message struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *Error          `json:"error,omitempty"`
}

// Error is the error of a response.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// Client is one editor.
type Client struct {
	t    testing.TB
	conn net.Conn
	exit chan int

	// Answer answers a request of the server; nil answers null to all.
	Answer func(method string, params json.RawMessage) any

	mu      sync.Mutex
	cond    *sync.Cond
	next    int
	replies map[string]Message
	notes   []Message // notifications and requests of the server, in order
	closed  error
}

// Start starts a server on the other end of a pipe; serve returns its exit code.
func Start(t testing.TB, serve func(io.ReadWriteCloser) int) *Client {
	near, far := net.Pipe()
	c := &Client{t: t, conn: near, exit: make(chan int, 1), replies: map[string]Message{}}
	c.cond = sync.NewCond(&c.mu)
	go func() { c.exit <- serve(far) }()
	go c.read()
	t.Cleanup(func() { _ = near.Close() })
	return c
}

func (c *Client) read() {
	r := bufio.NewReader(c.conn)
	for {
		m, err := readMessage(r)
		c.mu.Lock()
		switch {
		case err != nil:
			c.closed = err
		case m.Method == "":
			c.replies[string(m.ID)] = *m
		default:
			c.notes = append(c.notes, *m)
		}
		c.cond.Broadcast()
		c.mu.Unlock()
		if err != nil {
			return
		}
		if m.Method != "" && len(m.ID) > 0 {
			var out any
			if c.Answer != nil {
				out = c.Answer(m.Method, m.Params)
			}
			go c.Raw(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": out})
		}
	}
}

func readMessage(r *bufio.Reader) (*Message, error) {
	head, err := textproto.NewReader(r).ReadMIMEHeader()
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(head.Get("Content-Length"))
	if err != nil {
		return nil, err
	}
	data := make([]byte, n)
	if _, err := io.ReadFull(r, data); err != nil {
		return nil, err
	}
	var m Message
	return &m, json.Unmarshal(data, &m)
}

// Raw sends any value as a message.
func (c *Client) Raw(v any) {
	data, err := json.Marshal(v)
	if err != nil {
		c.t.Error(err)
		return
	}
	c.Bytes(data)
}

// Bytes sends bytes as the content of a message.
func (c *Client) Bytes(data []byte) { c.Frames(data) }

// Frames sends several messages at once.
func (c *Client) Frames(all ...[]byte) {
	var frames []byte
	for _, data := range all {
		frames = append(fmt.Appendf(frames, "Content-Length: %d\r\n\r\n", len(data)), data...)
	}
	if _, err := c.conn.Write(frames); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		c.t.Logf("write: %v", err)
	}
}

// Notify sends a notification.
func (c *Client) Notify(method string, params any) {
	c.Raw(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

// Send sends a request and returns its id.
func (c *Client) Send(method string, params any) int {
	c.mu.Lock()
	c.next++
	id := c.next
	c.mu.Unlock()
	m := map[string]any{"jsonrpc": "2.0", "id": id, "method": method}
	if params != nil {
		m["params"] = params
	}
	c.Raw(m)
	return id
}

// patience is how long anything is waited for; machines may be busy.
const patience = 90 * time.Second

// wait waits until good holds; it is called with mu.
func (c *Client) wait(what string, good func() bool) bool {
	c.t.Helper()
	timer := time.AfterFunc(patience, c.cond.Broadcast)
	defer timer.Stop()
	for begun := time.Now(); !good(); c.cond.Wait() {
		if c.closed != nil || time.Since(begun) >= patience {
			c.t.Errorf("waited for %s in vain (%v)", what, c.closed)
			return false
		}
	}
	return true
}

// Reply waits for the answer to a request.
func (c *Client) Reply(id int) Message {
	c.t.Helper()
	key := strconv.Itoa(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wait("the answer to request "+key, func() bool { _, ok := c.replies[key]; return ok })
	return c.replies[key]
}

// Call sends a request and reads the result into out, which may be nil. An error is the test's.
func (c *Client) Call(method string, params, out any) {
	c.t.Helper()
	m := c.Reply(c.Send(method, params))
	if m.Error != nil {
		c.t.Errorf("%s: error %d %s", method, m.Error.Code, m.Error.Message)
		return
	}
	if out != nil {
		if err := json.Unmarshal(m.Result, out); err != nil {
			c.t.Errorf("%s: %v in %.300s", method, err, m.Result)
		}
	}
}

// Count is the number of messages of a method that came so far.
func (c *Client) Count(method string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.notes {
		if m.Method == method {
			n++
		}
	}
	return n
}

// All calls do for the messages of a method that came so far, in their order.
func (c *Client) All(method string, do func(json.RawMessage)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.notes {
		if m.Method == method {
			do(m.Params)
		}
	}
}

// Await waits for a message of the method that is good, also among those that came already, and
// returns its parameters.
func (c *Client) Await(method string, good func(json.RawMessage) bool) json.RawMessage {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	var found json.RawMessage
	at := 0
	c.wait(method, func() bool {
		for ; at < len(c.notes); at++ {
			if m := c.notes[at]; m.Method == method && good(m.Params) {
				found = m.Params
				return true
			}
		}
		return false
	})
	return found
}

// Close ends the connection without a word, as an editor that crashes does.
func (c *Client) Close() { _ = c.conn.Close() }

// Exit waits for the end of the server and returns its exit code.
func (c *Client) Exit() int {
	c.t.Helper()
	select {
	case code := <-c.exit:
		return code
	case <-time.After(patience):
		c.t.Error("the server does not end")
		return -1
	}
}
