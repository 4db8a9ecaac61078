package session

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/config"
	"github.com/pinvet/pinvet/rules"
)

// Options says how a session works.
type Options struct {
	Root    string // absolute path of the folder; "" for texts that lie in none
	Workers int    // less than 1: one per processor
	Rules   []*rules.Rule

	// Config is the configuration of the folder; see Configure.
	Config *config.Settings

	// Cache is where the stages keep what they make of files for later sessions and runs. What a run found over
	// the same contents is shown until there is a result of the session's own. It may be nil.
	Cache *cache.Store

	// Generated shows findings in generated code too.
	Generated bool

	// Pause is how long no change comes before the consequences of an edit for other files are worked
	// out: whoever types goes on typing. 0: 200 milliseconds.
	Pause time.Duration

	// Found is told each result, one after the other, from the session's goroutine.
	Found func(*Result)
	// Progress is told of work on the whole folder, from any goroutine; it may be nil. done equals
	// total at the end.
	Progress func(stage string, done, total int)
	// Log is told of failures inside; it may be nil.
	Log func(text string)
}

// change is one thing that happened to the files.
type change struct {
	text    []byte      // what stands in for the disk's text
	lang    source.Lang // of text
	fromNow bool        // text counts from now on; else the disk does
}

// Session analyses one folder and follows its changes.
type Session struct {
	o    Options
	work *unit // of the session's goroutine

	mu        sync.Mutex
	pending   map[string]change
	order     []string // paths of pending, the last one edited is the last
	rescan    bool
	generated bool
	config    *config.Settings
	interrupt context.CancelFunc // ends the work at hand; nil when there is none
	wake      chan struct{}
	asked     int // counts what was to be looked at
	taken     int // asked, when the round at hand began
	done      int // how much of that is in last, which is settled
	last      *Result
	watchers  map[chan struct{}]bool

	viewMu sync.RWMutex // of view and all that it refers to; the goroutine holds it to change them
	view   *view

	panics int // since the last settled result; of the goroutine

	end   context.CancelFunc
	ended chan struct{}
}

// New begins a session: it reads the folder and analyses it, in the background.
func New(o Options) *Session {
	if o.Pause == 0 {
		o.Pause = 200 * time.Millisecond
	}
	ctx, end := context.WithCancel(context.Background())
	s := &Session{
		o: o, pending: map[string]change{}, rescan: true, generated: o.Generated, config: o.Config,
		wake: make(chan struct{}, 1), watchers: map[chan struct{}]bool{}, end: end, ended: make(chan struct{}),
	}
	s.work = newUnit(s)
	s.poke()
	go s.loop(ctx)
	return s
}

// Edit sets the text that stands in for the file at path (slashed, relative to the root), until
// Reload. The caller must not change text afterwards. lang counts where the name tells none. Results whose Mark is at
// least the one that it returns know of it.
func (s *Session) Edit(path string, lang source.Lang, text []byte) (mark int) {
	return s.change(path, change{text: text, lang: lang, fromNow: true})
}

// Reload reads files from the disk again, also where a text stood in for it until now.
func (s *Session) Reload(paths ...string) {
	for _, p := range paths {
		s.change(p, change{})
	}
}

// Rescan looks at the whole folder again; texts of Edit stay.
func (s *Session) Rescan() {
	s.mu.Lock()
	s.rescan = true
	s.mu.Unlock()
	s.poke()
}

// ShowGenerated says from now on whether findings in generated code are shown.
func (s *Session) ShowGenerated(on bool) {
	s.mu.Lock()
	changed := s.generated != on
	s.generated = on
	s.mu.Unlock()
	if changed {
		s.poke()
	}
}

func (s *Session) change(path string, c change) (mark int) {
	s.mu.Lock()
	if _, again := s.pending[path]; again {
		for i, p := range s.order {
			if p == path {
				s.order = append(s.order[:i:i], s.order[i+1:]...)
				break
			}
		}
	}
	s.pending[path] = c
	s.order = append(s.order, path)
	s.mu.Unlock()
	return s.poke()
}

// poke has the loop look at what is pending.
func (s *Session) poke() (mark int) {
	s.mu.Lock()
	s.asked++
	mark = s.asked
	if s.interrupt != nil {
		s.interrupt()
	}
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return mark
}

// Result is the newest result; nil before the first.
func (s *Session) Result() *Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// Wait returns the newest result that is good enough, as soon as there is one. A result that is not
// good enough for lack of time becomes so with a later one.
func (s *Session) Wait(ctx context.Context, good func(*Result) bool) (*Result, error) {
	return s.wait(ctx, func() (*Result, bool) {
		r := s.Result()
		return r, r != nil && good(r)
	})
}

// Settled returns a result in which all consequences are of all that was told to the session before.
func (s *Session) Settled(ctx context.Context) (*Result, error) {
	s.mu.Lock()
	asked := s.asked
	s.mu.Unlock()
	return s.wait(ctx, func() (*Result, bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.last, s.done >= asked && s.last != nil && s.last.Settled
	})
}

func (s *Session) wait(ctx context.Context, good func() (*Result, bool)) (*Result, error) {
	news := make(chan struct{}, 1)
	s.mu.Lock()
	s.watchers[news] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.watchers, news)
		s.mu.Unlock()
	}()
	for {
		if r, ok := good(); ok {
			return r, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.ended:
			return nil, context.Canceled
		case <-news:
		}
	}
}

// Close ends the session and waits until nothing of it runs.
func (s *Session) Close() {
	s.end()
	<-s.ended
}

func (s *Session) loop(ctx context.Context) {
	defer close(s.ended)
	defer s.work.trees.end()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		s.round(ctx)
	}
}

// round takes what is pending and works on it until it is settled or interrupted. What was
// interrupted is taken up again by the next round.
func (s *Session) round(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s.mu.Lock()
	todo := batch{changes: s.pending, order: s.order, rescan: s.rescan, generated: s.generated, config: s.config}
	s.pending, s.order, s.rescan = map[string]change{}, nil, false
	s.interrupt = stop
	s.taken = s.asked
	s.mu.Unlock()
	defer func() {
		if v := recover(); v != nil {
			s.log(fmt.Sprintf("panic: %v\n%s", v, debug.Stack()))
			s.work.forget()
			if s.panics++; s.panics < 2 {
				s.poke() // once more, from scratch
			}
		}
	}()
	if s.work.do(ctx, todo); !s.work.dirty {
		s.panics = 0
		s.mu.Lock()
		s.done = s.taken
		s.tell()
		s.mu.Unlock()
	}
}

// publish hands out a result.
func (s *Session) publish(r *Result) {
	s.mu.Lock()
	if s.last != nil {
		r.Seq = s.last.Seq
	}
	r.Seq++
	r.Mark = s.taken
	s.last = r
	s.tell()
	s.mu.Unlock()
	if s.o.Found != nil {
		s.o.Found(r)
	}
}

// tell wakes those that wait; it is called with mu.
func (s *Session) tell() {
	for w := range s.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

func (s *Session) log(text string) {
	if s.o.Log != nil {
		s.o.Log(text)
	}
}
