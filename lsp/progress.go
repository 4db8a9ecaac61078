package lsp

import (
	"fmt"
	"sync"
	"time"

	"github.com/pinvet/pinvet/lsp/protocol"
)

// work shows the progress of one root, where the client can.
type work struct {
	server *Server
	root   *root

	mu    sync.Mutex
	token protocol.Token // zero while nothing is shown
	count int
	begun time.Time
	last  time.Time
}

// quiet is how long work goes on before it is shown, and pace how often it is told.
const (
	quiet = 500 * time.Millisecond
	pace  = 200 * time.Millisecond
)

// report is called by the session.
func (w *work) report(stage string, done, total int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if w.begun.IsZero() {
		w.begun = now
	}
	switch {
	case total <= 0 || done >= total:
		w.end()
	case w.token.IsZero():
		if now.Sub(w.begun) >= quiet {
			w.begin(stage)
		}
	case now.Sub(w.last) >= pace:
		w.last = now
		percent := uint(done * 100 / total)
		w.tell(protocol.WorkDoneProgress{Kind: "report", Message: stage, Percentage: &percent})
	}
}

func (w *work) begin(stage string) {
	w.server.mu.Lock()
	can := w.server.caps.Window.WorkDoneProgress
	w.server.mu.Unlock()
	if !can {
		return
	}
	w.count++
	w.token = protocol.StringToken(fmt.Sprintf("pinvet/%s/%d", w.root.path, w.count))
	w.last = time.Now()
	w.server.ask("window/workDoneProgress/create", protocol.WorkDoneProgressCreateParams{Token: w.token}, nil)
	zero := uint(0)
	w.tell(protocol.WorkDoneProgress{Kind: "begin", Title: "pinvet: " + w.root.name, Message: stage, Percentage: &zero})
}

func (w *work) end() {
	if !w.token.IsZero() {
		w.tell(protocol.WorkDoneProgress{Kind: "end"})
	}
	w.token, w.begun = protocol.Token{}, time.Time{}
}

func (w *work) tell(v protocol.WorkDoneProgress) {
	w.server.notify("$/progress", protocol.ProgressParams{Token: w.token, Value: v})
}
