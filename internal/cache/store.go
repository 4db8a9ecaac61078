package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Key names an entry: the hash of all that it depends on.
type Key [sha256.Size]byte

// Kind is what an entry is: a letter in its file name, so that entries of different meaning never meet.
type Kind byte

// The kinds of entries.
const (
	Run   Kind = 'r' // what a whole run found
	Index Kind = 'i' // which contents the files of a folder had when
	Code  Kind = 'c' // one lowered file
	Build Kind = 'b' // the hash of a program
	Basis Kind = 'd' // what the result of a run rests on
)

// version is in the layout: another layout is another folder.
const version = "v1"

// DefaultLimit is the size in bytes to which a cache is cut down.
const DefaultLimit = 1 << 30

// Store is a cache in one folder. Its methods may be called from any goroutine.
type Store struct {
	root  string // as Open was given it
	dir   string // of the layout's version
	limit int64

	written, hits, misses atomic.Int64
	before                int64 // bytes in the cache when it was opened, as far as the log says
	sweeping              sync.Mutex

	mu  sync.Mutex
	bad error // the first failure to write; then nothing more is written
}

// At is the cache in a folder, which need not be there: to look at it, and to clear it.
func At(dir string, limit int64) *Store {
	if limit < 1 {
		limit = DefaultLimit
	}
	return &Store{root: dir, dir: filepath.Join(dir, version), limit: limit}
}

// Open opens or makes a cache in a folder that holds at most limit bytes (less than 1: DefaultLimit).
func Open(dir string, limit int64) (*Store, error) {
	s := At(dir, limit)
	if err := os.MkdirAll(filepath.Join(s.dir, tmpName), 0o700); err != nil {
		// A cache that another user or an image made may be readable.
		if info, there := os.Stat(s.dir); there != nil || !info.IsDir() {
			return nil, err
		}
		s.bad = err
	}
	s.tag()
	s.before = s.total().bytes
	return s, nil
}

// Dir is the folder of the cache.
func (s *Store) Dir() string {
	if s == nil {
		return ""
	}
	return s.root
}

// Err is why nothing could be written; nil as long as that did not happen.
func (s *Store) Err() error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bad
}

func (s *Store) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bad == nil {
		s.bad = err
	}
}

func (s *Store) path(kind Kind, key Key) string {
	name := hex.EncodeToString(key[:])
	return filepath.Join(s.dir, name[:2], name[2:]+"-"+string(rune(kind)))
}

// fresh is how long the time of an entry is not renewed: use costs no write.
const fresh = time.Hour

// Get returns the bytes of an entry. The caller may keep and change them.
func (s *Store) Get(kind Kind, key Key) ([]byte, bool) {
	if s == nil {
		return nil, false
	}
	data, ok := s.read(kind, key)
	if kind == Run {
		if ok {
			s.hits.Add(1)
		} else {
			s.misses.Add(1)
		}
	}
	return data, ok
}

// Peek is Get, but that it counts neither as a hit nor as a miss.
func (s *Store) Peek(kind Kind, key Key) ([]byte, bool) {
	if s == nil {
		return nil, false
	}
	return s.read(kind, key)
}

// Used says that a run which was a miss had use for the result of another one: it is a hit.
func (s *Store) Used() {
	if s != nil {
		s.misses.Add(-1)
		s.hits.Add(1)
	}
}

func (s *Store) read(kind Kind, key Key) ([]byte, bool) {
	name := s.path(kind, key)
	f, err := os.Open(name)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > s.limit {
		return nil, false
	}
	data, ok := decode(f, info.Size(), kind, key)
	if ok && time.Since(info.ModTime()) > fresh {
		now := time.Now()
		_ = os.Chtimes(name, now, now) // else it looks older than it is
	}
	return data, ok
}

// Put writes an entry, in the place of an older one. It does not fail: see Err.
func (s *Store) Put(kind Kind, key Key, data []byte) {
	if s == nil || s.Err() != nil || int64(len(data)) > s.limit/4 {
		return
	}
	n, err := s.write(s.path(kind, key), encode(kind, key, data))
	s.written.Add(n)
	if err != nil {
		s.fail(err)
		return
	}
	if s.before+s.written.Load() > s.limit+s.limit/4 && s.sweeping.TryLock() {
		s.settle()
		s.sweeping.Unlock()
	}
}

// write puts data beside and renames it.
func (s *Store) write(name string, data [][]byte) (n int64, err error) {
	tmp := filepath.Join(s.dir, tmpName)
	f, err := os.CreateTemp(tmp, "")
	if errors.Is(err, fs.ErrNotExist) && os.MkdirAll(tmp, 0o700) == nil { // somebody cleared the cache
		f, err = os.CreateTemp(tmp, "")
	}
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	for _, part := range data {
		k, err := f.Write(part)
		n += int64(k)
		if err != nil {
			f.Close()
			return 0, err
		}
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	err = os.Rename(f.Name(), name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.Mkdir(filepath.Dir(name), 0o700); err == nil || errors.Is(err, fs.ErrExist) {
			err = os.Rename(f.Name(), name)
		}
	}
	if err != nil && s.busy(name) {
		_ = os.Remove(f.Name())
		return 0, nil
	}
	return n, err
}

// busy tells whether an entry is there that cannot be replaced, because on some systems a file that is being read cannot be.
func (s *Store) busy(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// Close notes what was done, and cuts the cache down to its limit where it is time to. The store can be used after it.
func (s *Store) Close() {
	if s == nil {
		return
	}
	s.sweeping.Lock()
	defer s.sweeping.Unlock()
	s.settle()
}

// tag makes the file that keeps backup programs away.
func (s *Store) tag() {
	f, err := os.OpenFile(filepath.Join(s.root, tagName), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return // it is there, or it has to go without
	}
	_, _ = f.WriteString(tagText)
	_ = f.Close()
}

const (
	tagName = "CACHEDIR.TAG"
	tagText = "Signature: 8a477f597d28d172789f06886806bc55\n# This is the cache of pinvet. It can be deleted at any time: pinvet cache clear\n"
	tmpName = "tmp"
)
