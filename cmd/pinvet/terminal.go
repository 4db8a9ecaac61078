package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// terminalWidth returns the width of w, or 0 if w is no terminal.
func terminalWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 1 {
		return 80
	}
	return width
}

// wantColor decides on colour: --color first, then NO_COLOR and TERM, then
// whether w is a terminal.
func wantColor(mode string, w io.Writer) (bool, error) {
	switch mode {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && terminalWidth(w) > 0, nil
	}
	return false, fmt.Errorf("--color %s: use auto, always or never", mode)
}

// progress is a line on a terminal that says what a long run is doing.
type progress struct {
	mu      sync.Mutex
	w       io.Writer // nil: no line
	width   int
	started time.Time
	last    time.Time
	drawn   bool
}

const (
	firstDraw = time.Second // short runs have no line
	redraw    = 100 * time.Millisecond
)

func newProgress(w io.Writer, off bool) *progress {
	p := &progress{started: time.Now(), width: terminalWidth(w)}
	if !off && p.width > 0 {
		p.w = w
	}
	return p
}

func (p *progress) update(stage string, done, total int) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.started) < firstDraw || now.Sub(p.last) < redraw {
		return
	}
	p.last, p.drawn = now, true
	line := stage
	if total > 0 {
		line = fmt.Sprintf("%s %d/%d", stage, done, total)
	}
	line = fmt.Sprintf("%s, %ds", line, int(now.Sub(p.started).Seconds()))
	fmt.Fprintf(p.w, "\r\x1b[K%s", line[:min(len(line), p.width-1)])
}

// done wipes the line.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.w = nil
}

// column pads s to width.
func column(s string, width int) string { return s + strings.Repeat(" ", max(0, width-len(s))) }
