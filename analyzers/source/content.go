package source

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/klauspost/compress/s2"
)

// content holds the texts of a file. Most texts are looked at once, when their file is parsed, and are as large as all that
// is kept of it after that, so they are let go then, or packed where they are not on disk. Those that findings lie in come back.
type content struct {
	held atomic.Pointer[bothTexts] // nil once it is packed

	mu      sync.Mutex
	again   string // the file on disk that is read instead of packing what it holds; "" if there is none
	changed bool   // it holds something else now
	packed  []byte
	last    weak.Pointer[bothTexts] // while somebody uses it
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
	b := f.unpack()
	c.last = weak.Make(b)
	return b
}

// unpack makes the texts that Pack let go.
func (f *File) unpack() *bothTexts {
	c := &f.content
	if c.again != "" {
		var raw []byte
		if err := readAll(&raw, c.again, f.Path, int64(f.Size)); err != nil || sha256.Sum256(raw) != f.Hash {
			c.changed = true
			return &bothTexts{blank(f.bom + 2*f.length), blank(f.length)} // each place in Text has one in Raw, whatever the encoding
		}
		return &bothTexts{raw, decode(raw, f.Encoding, f.bom)}
	}
	raw, err := s2.Decode(nil, c.packed)
	if err != nil {
		panic("source: " + f.Path + " cannot be unpacked: " + err.Error()) // Pack made it
	}
	return &bothTexts{raw, decode(raw, f.Encoding, f.bom)}
}

func blank(n int) []byte { return bytes.Repeat([]byte{' '}, n) }

// Changed tells whether the file on disk changed before its text was asked for again (see Input.Rereads), so that the text was
// blanks. What was found in it may be wrong.
func (f *File) Changed() bool {
	f.content.mu.Lock()
	defer f.content.mu.Unlock()
	return f.content.changed
}

// packRoom holds what texts are packed in, *[]byte, before they are copied from there.
var packRoom = sync.Pool{New: func() any { return new([]byte) }}

// Pack lets go of the texts until they are asked for, and keeps them packed until then, if they cannot be read again. Any number of goroutines may
// ask meanwhile.
func (f *File) Pack() {
	c := &f.content
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.held.Load()
	if b == nil {
		return
	}
	if c.again == "" {
		room := packRoom.Get().(*[]byte)
		*room = s2.Encode((*room)[:cap(*room)], b.raw)
		c.packed = slices.Clone(*room)
		packRoom.Put(room)
	}
	c.last = weak.Make(b)
	c.held.Store(nil)
}
