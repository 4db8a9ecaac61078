package source

import (
	"slices"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/klauspost/compress/s2"
)

// content holds the texts of a file. Most texts are looked at once, when their file is parsed, and are as large as all that
// is kept of it after that, so they are packed then. Those that findings lie in are unpacked again.
type content struct {
	held atomic.Pointer[bothTexts] // nil once it is packed

	mu     sync.Mutex
	packed []byte
	last   weak.Pointer[bothTexts] // while somebody uses it
}

// bothTexts is a text as it is on disk, and as later stages see it. Often they share their bytes.
type bothTexts struct{ raw, text []byte }

// Raw is the file as it is on disk. Nobody may change it.
func (f *File) Raw() []byte { return f.texts().raw }

// Text is the file in UTF-8 without a byte order mark. Nobody may change it.
func (f *File) Text() []byte { return f.texts().text }

func (f *File) texts() *bothTexts {
	c := &f.content
	if b := c.held.Load(); b != nil {
		return b
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if b := c.last.Value(); b != nil {
		return b
	}
	raw, err := s2.Decode(nil, c.packed)
	if err != nil {
		panic("source: " + f.Path + " cannot be unpacked: " + err.Error()) // Pack made it
	}
	b := &bothTexts{raw, decode(raw, f.Encoding, f.bom)}
	c.last = weak.Make(b)
	return b
}

// packRoom holds what texts are packed in, *[]byte, before they are copied from there.
var packRoom = sync.Pool{New: func() any { return new([]byte) }}

// Pack lets go of the texts until they are asked for, and keeps them packed until then. Any number of goroutines may
// ask meanwhile.
func (f *File) Pack() {
	c := &f.content
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.held.Load()
	if b == nil {
		return
	}
	room := packRoom.Get().(*[]byte)
	*room = s2.Encode((*room)[:cap(*room)], b.raw)
	c.packed = slices.Clone(*room)
	packRoom.Put(room)
	c.last = weak.Make(b)
	c.held.Store(nil)
}
