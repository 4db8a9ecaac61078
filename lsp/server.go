package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"runtime/debug"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/lsp/protocol"
	"github.com/pinvet/pinvet/rules"
)

// Options says how a server works.
type Options struct {
	Rules   []*rules.Rule
	Workers int          // less than 1: one per processor
	Log     io.Writer    // what went wrong inside, and what was asked; nil for nowhere
	Cache   *cache.Store // what is kept between sessions; may be nil
}

// Server serves one client. Its fields are guarded by mu where nothing else is said.
type Server struct {
	o      Options
	conn   *jsonrpc2.Conn
	stream *protocol.Stream
	log    *log.Logger

	mu       sync.Mutex
	state    state
	clean    bool // shutdown came before exit
	caps     protocol.ClientCapabilities
	client   string
	enc      protocol.PositionEncoding
	pull     bool
	settings settings
	roots    []*root
	docs     map[protocol.DocumentURI]*document
	byPlace  map[place]*document
	running  map[jsonrpc2.ID]context.CancelFunc
}

type state uint8

const (
	fresh state = iota
	initialized
	down
)

// LSP's own error codes.
const (
	codeNotInitialized   = -32002
	codeRequestCancelled = -32800
	codeContentModified  = -32801
)

// Serve serves one client over rwc until it exits. The result is the exit code that the protocol
// wants: 0 after shutdown and exit, 1 otherwise.
func Serve(ctx context.Context, rwc io.ReadWriteCloser, o Options) int {
	if o.Log == nil {
		o.Log = io.Discard
	}
	s := &Server{
		o: o, log: log.New(o.Log, "", log.LstdFlags|log.Lmicroseconds), enc: protocol.UTF16,
		docs: map[protocol.DocumentURI]*document{}, byPlace: map[place]*document{},
		running: map[jsonrpc2.ID]context.CancelFunc{},
	}
	// The connection starts to read at once: nothing is handled before conn is set.
	s.mu.Lock()
	s.stream = protocol.NewStream(rwc)
	s.conn = jsonrpc2.NewConn(ctx, s.stream, s, jsonrpc2.SetLogger(s.log))
	s.mu.Unlock()
	// The reader ends the connection, at "exit" too. Conn.Close from here would race with an answer of
	// the client that it is about to deliver: jsonrpc2 sends it on a channel that Close has closed.
	select {
	case <-s.conn.DisconnectNotify():
	case <-ctx.Done():
		_ = rwc.Close()
	}
	s.mu.Lock()
	roots, clean := s.roots, s.clean
	for _, cancel := range s.running {
		cancel()
	}
	s.mu.Unlock()
	for _, r := range roots {
		r.sess.Close()
	}
	if clean {
		return 0
	}
	return 1
}

// Handle takes the next message. jsonrpc2 calls it for one message after the other.
func (s *Server) Handle(ctx context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) {
	if req.Notif {
		s.guard(req.Method, func() error { return s.notification(req) })
		return
	}
	s.request(ctx, req)
}

// guard runs do and survives its panic.
func (s *Server) guard(what string, do func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			s.logf("%s: panic: %v\n%s", what, v, debug.Stack())
			err = &jsonrpc2.Error{Code: jsonrpc2.CodeInternalError, Message: fmt.Sprintf("panic: %v", v)}
		} else if err != nil {
			s.logf("%s: %v", what, err)
		}
	}()
	return do()
}

func (s *Server) logf(format string, args ...any) { s.log.Printf(format, args...) }

// decode reads parameters.
func decode(req *jsonrpc2.Request, into any) error {
	if req.Params == nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: "parameters are missing"}
	}
	if err := json.Unmarshal(*req.Params, into); err != nil {
		return &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidParams, Message: err.Error()}
	}
	return nil
}

// notification applies one notification.
func (s *Server) notification(req *jsonrpc2.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch req.Method {
	case "exit":
		s.clean = s.state == down
		s.stream.End()
		return nil
	case "$/cancelRequest":
		var p struct {
			ID jsonrpc2.ID `json:"id"`
		}
		if err := decode(req, &p); err != nil {
			return err
		}
		if cancel := s.running[p.ID]; cancel != nil {
			cancel()
		}
		return nil
	}
	if s.state != initialized {
		return nil // the protocol says to drop it
	}
	if h, ok := notifications[req.Method]; ok {
		return h(s, req)
	}
	return nil
}

// notifications are the ones that change something. They run under s.mu.
var notifications = map[string]func(*Server, *jsonrpc2.Request) error{
	"initialized":                         (*Server).onInitialized,
	"textDocument/didOpen":                (*Server).onOpen,
	"textDocument/didChange":              (*Server).onChange,
	"textDocument/didSave":                (*Server).onSave,
	"textDocument/didClose":               (*Server).onClose,
	"workspace/didChangeConfiguration":    (*Server).onConfiguration,
	"workspace/didChangeWatchedFiles":     (*Server).onFiles,
	"workspace/didChangeWorkspaceFolders": (*Server).onFolders,
}

// requests answer in their own goroutine, without s.mu.
var requests = map[string]func(*Server, context.Context, *jsonrpc2.Request) (any, error){
	"textDocument/hover":      (*Server).hover,
	"textDocument/definition": (*Server).definition,
	"textDocument/references": (*Server).references,
	"textDocument/codeAction": (*Server).codeAction,
	"textDocument/diagnostic": (*Server).documentDiagnostic,
	"workspace/diagnostic":    (*Server).workspaceDiagnostic,
	"workspace/executeCommand": func(s *Server, ctx context.Context, req *jsonrpc2.Request) (any, error) {
		return s.executeCommand(ctx, req)
	},
}

// request answers one request: those of the life cycle at once, the others in a goroutine.
func (s *Server) request(ctx context.Context, req *jsonrpc2.Request) {
	s.mu.Lock()
	st := s.state
	s.mu.Unlock()
	switch {
	case req.Method == "initialize":
		var out any
		err := s.guard(req.Method, func() (err error) { out, err = s.initialize(req); return err })
		s.reply(ctx, req.ID, out, err)
		return
	case req.Method == "shutdown" && st == initialized:
		s.mu.Lock()
		s.state = down
		s.mu.Unlock()
		s.reply(ctx, req.ID, nil, nil)
		return
	case st == fresh:
		s.reply(ctx, req.ID, nil, &jsonrpc2.Error{Code: codeNotInitialized, Message: "initialize comes first"})
		return
	case st == down:
		s.reply(ctx, req.ID, nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "the server was shut down"})
		return
	}
	h, ok := requests[req.Method]
	if !ok {
		s.reply(ctx, req.ID, nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound, Message: "there is no method " + req.Method})
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	if _, double := s.running[req.ID]; double {
		s.mu.Unlock()
		cancel()
		s.reply(ctx, req.ID, nil, &jsonrpc2.Error{Code: jsonrpc2.CodeInvalidRequest, Message: "a request with that id is running"})
		return
	}
	s.running[req.ID] = cancel
	s.mu.Unlock()
	go func() {
		begin := time.Now()
		var out any
		err := s.guard(req.Method, func() (err error) { out, err = h(s, ctx, req); return err })
		s.mu.Lock()
		delete(s.running, req.ID)
		s.mu.Unlock()
		if errors.Is(err, context.Canceled) {
			err = &jsonrpc2.Error{Code: codeRequestCancelled, Message: "cancelled"}
		}
		cancel()
		s.logf("%s %s took %s", req.Method, req.ID, time.Since(begin).Round(time.Microsecond))
		s.reply(context.Background(), req.ID, out, err)
	}()
}

// reply sends a result or an error; what cannot be sent any more is dropped.
func (s *Server) reply(ctx context.Context, id jsonrpc2.ID, out any, err error) {
	if err == nil {
		err = s.connection().Reply(ctx, id, out)
		if err == nil || errors.Is(err, jsonrpc2.ErrClosed) {
			return
		}
	}
	var e *jsonrpc2.Error
	if !errors.As(err, &e) {
		e = &jsonrpc2.Error{Code: jsonrpc2.CodeInternalError, Message: err.Error()}
	}
	if err := s.connection().ReplyWithError(ctx, id, e); err != nil {
		s.logf("reply: %v", err)
	}
}

// connection is conn; the lock makes sure that it is set.
func (s *Server) connection() *jsonrpc2.Conn { return s.conn }

// notify sends a notification; it may be called with s.mu.
func (s *Server) notify(method string, params any) {
	if err := s.conn.Notify(context.Background(), method, params); err != nil && !errors.Is(err, jsonrpc2.ErrClosed) {
		s.logf("%s: %v", method, err)
	}
}

// ask sends a request in the background and gives the answer to then, which may be nil.
func (s *Server) ask(method string, params any, then func(json.RawMessage)) {
	go func() {
		var out json.RawMessage
		err := s.conn.Call(context.Background(), method, params, &out)
		switch {
		case err != nil && !errors.Is(err, jsonrpc2.ErrClosed):
			s.logf("%s: %v", method, err)
		case err == nil && then != nil:
			then(out)
		}
	}()
}
