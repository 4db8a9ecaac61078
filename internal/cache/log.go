package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The log has a line for each process: "bytes hits misses". It says how large the cache is without looking
// at all of it. A process that was killed is missing in it; a sweep puts that right.
const (
	logName = "log"
	logMost = 64 << 10 // bytes; then it is written anew as one line
)

// tally is a sum of lines.
type tally struct{ bytes, hits, misses int64 }

// total adds up the log.
func (s *Store) total() (t tally) {
	t, _ = s.readLog()
	return t
}

func (s *Store) readLog() (t tally, size int) {
	text, err := os.ReadFile(filepath.Join(s.dir, logName))
	if err != nil {
		return t, 0
	}
	for line := range strings.Lines(string(text)) {
		var l tally
		if n, _ := fmt.Sscanf(line, "%d %d %d\n", &l.bytes, &l.hits, &l.misses); n == 3 {
			t.bytes, t.hits, t.misses = t.bytes+l.bytes, t.hits+l.hits, t.misses+l.misses
		}
	}
	return t, len(text)
}

func (t tally) line() string { return fmt.Sprintf("%d %d %d\n", t.bytes, t.hits, t.misses) }

// settle notes what was done since the last time, and sweeps where it is time to.
func (s *Store) settle() {
	did := tally{s.written.Swap(0), s.hits.Swap(0), s.misses.Swap(0)}
	if did != (tally{}) && s.Err() == nil {
		f, err := os.OpenFile(filepath.Join(s.dir, logName), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			s.fail(err)
			return
		}
		_, err = f.WriteString(did.line())
		if err := firstOf(err, f.Close()); err != nil {
			s.fail(err)
			return
		}
	}
	t, size := s.readLog()
	switch {
	case s.Err() != nil:
	case t.bytes > s.limit || s.stale():
		t.bytes = s.sweep()
		s.rewriteLog(t)
	case size > logMost:
		s.rewriteLog(t)
	}
	s.before = t.bytes
}

// rewriteLog makes one line of the log. What another process appends at this moment is lost, until the next sweep.
func (s *Store) rewriteLog(t tally) {
	if _, err := s.write(filepath.Join(s.dir, logName), [][]byte{[]byte(t.line())}); err != nil {
		s.fail(err)
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
