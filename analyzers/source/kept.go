package source

import "sync/atomic"

// Kept is where a stage can put what it made of one file, and find it in a later run. Keys name all that this depends on,
// the program itself excepted: whoever gives a Kept sees to that. Both methods may be called from any goroutine.
type Kept interface {
	Get(key [32]byte) ([]byte, bool)
	Put(key [32]byte, data []byte)
}

// Hasty notes that a stage was cut off by the clock or by a lack of memory: what it gives is right, and another run
// may give more.
type Hasty struct{ cut atomic.Bool }

// Note notes it; h may be nil.
func (h *Hasty) Note() {
	if h != nil {
		h.cut.Store(true)
	}
}

// Noted tells whether that happened.
func (h *Hasty) Noted() bool { return h != nil && h.cut.Load() }
