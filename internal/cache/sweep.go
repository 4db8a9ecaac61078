package cache

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	sweepEvery = 24 * time.Hour      // even where the log says that there is room
	maxAge     = 30 * 24 * time.Hour // of entries that nobody used
	tmpAge     = time.Hour           // of what a killed process left
	sweptName  = "swept"             // its time is that of the last sweep
)

// file is one file of a cache.
type file struct {
	path string
	size int64
	used time.Time
	kind Kind // 0: it is being written
}

// files lists what this package named.
func (s *Store) files() (list []file) {
	folders, _ := os.ReadDir(s.dir)
	for _, d := range folders {
		if !d.IsDir() || d.Name() != tmpName && !isHex(d.Name(), 2) {
			continue
		}
		inside, _ := os.ReadDir(filepath.Join(s.dir, d.Name()))
		for _, e := range inside {
			kind, ours := kindOf(d.Name(), e.Name())
			info, err := e.Info()
			if ours && err == nil && info.Mode().IsRegular() {
				list = append(list, file{filepath.Join(s.dir, d.Name(), e.Name()), info.Size(), info.ModTime(), kind})
			}
		}
	}
	return list
}

// kindOf says what a file in a folder is, and whether it is one of ours.
func kindOf(folder, name string) (Kind, bool) {
	if folder == tmpName {
		return 0, strings.Trim(name, "0123456789") == ""
	}
	key, kind, _ := strings.Cut(name, "-") // no extension: a tree with the cache in it has no more C files
	if len(kind) != 1 || !isHex(key, 2*len(Key{})-2) {
		return 0, false
	}
	return Kind(kind[0]), true
}

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

// stale tells whether the last sweep is long ago.
func (s *Store) stale() bool {
	info, err := os.Stat(filepath.Join(s.dir, sweptName))
	return err != nil || time.Since(info.ModTime()) > sweepEvery
}

// sweep removes what is old, and of the rest what was not used for longest, until a fifth of the limit is
// free. It returns the bytes that are left. Two processes may sweep at once.
func (s *Store) sweep() (left int64) {
	swept := filepath.Join(s.dir, sweptName)
	if f, err := os.OpenFile(swept, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600); err == nil {
		_ = f.Close()
		now := time.Now()
		_ = os.Chtimes(swept, now, now)
	}
	list := s.files()
	slices.SortFunc(list, func(a, b file) int { return a.used.Compare(b.used) })
	for _, f := range list {
		left += f.size
	}
	room := left <= s.limit
	for _, f := range list {
		age := time.Since(f.used)
		room = room || left <= s.limit/5*4
		if f.kind == 0 && age > tmpAge || f.kind != 0 && (age > maxAge || !room) {
			if err := os.Remove(f.path); err == nil || os.IsNotExist(err) {
				left -= f.size
			}
		}
	}
	return left
}

// Usage is what is in a cache.
type Usage struct {
	Bytes        int64 // of the entries
	Entries      int
	Runs         int   // of these, whole runs
	Hits, Misses int64 // of whole runs, since it was made or cleared
}

// Usage looks at all entries.
func (s *Store) Usage() Usage {
	t := s.total()
	u := Usage{Hits: t.hits, Misses: t.misses}
	for _, f := range s.files() {
		u.Bytes += f.size
		u.Entries++
		if f.kind == Run {
			u.Runs++
		}
	}
	return u
}

// Limit is the size in bytes to which the cache is cut down.
func (s *Store) Limit() int64 { return s.limit }

// Clear removes all entries and what else this package made. Its error is the first one; what can be removed is.
// A process that writes at the same time may leave entries.
func (s *Store) Clear() (removed Usage, err error) {
	removed = s.Usage()
	drop := func(name string) {
		if e := os.Remove(name); e != nil && !os.IsNotExist(e) && err == nil {
			err = e
		}
	}
	for _, f := range s.files() {
		drop(f.path)
	}
	for _, name := range []string{filepath.Join(s.dir, logName), filepath.Join(s.dir, sweptName), filepath.Join(s.root, tagName)} {
		drop(name)
	}
	folders, _ := os.ReadDir(s.dir)
	for _, d := range folders {
		if isHex(d.Name(), 2) || d.Name() == tmpName {
			_ = os.Remove(filepath.Join(s.dir, d.Name())) // unless something else is in it
		}
	}
	_ = os.Remove(s.dir)
	_ = os.Remove(s.root)
	return removed, err
}
