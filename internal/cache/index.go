package cache

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Sum is the content of a file: its hash, or why there is none.
type Sum struct {
	Hash [sha256.Size]byte
	Err  error
}

// Errors of a Sum, besides those of the file system.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrTooLarge   = errors.New("too large")
)

// seen is a file of an index: what it looked like when it had which content.
type seen struct {
	path  string
	stamp stamp
	hash  [sha256.Size]byte
}

// Sums returns the hashes of the contents of files below root, of at most limit bytes each. Paths are slashed, relative
// to root, and sorted. What did not change since an earlier call, by its size, times and number, is not read: of files
// that changed shortly before they were read that is not believed, as in git. A nil store reads all of them.
func (s *Store) Sums(ctx context.Context, root string, paths []string, limit int64, workers int) ([]Sum, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	key := Key(sha256.Sum256([]byte("index\x00" + abs)))
	var before []seen
	if data, ok := s.Get(Index, key); ok {
		before = decodeIndex(data)
	}
	x := &indexer{root: abs, limit: limit, began: now(), sums: make([]Sum, len(paths)), after: make([]seen, len(paths))}
	old := x.match(paths, before)
	if err := x.all(ctx, workers, paths, old); err != nil {
		return nil, err
	}
	if s != nil && x.changed.Load() {
		s.Put(Index, key, encodeIndex(x.merged(paths, before)))
	}
	return x.sums, nil
}

type indexer struct {
	root    string
	limit   int64
	began   time.Time
	sums    []Sum
	after   []seen // an empty path: not to be kept
	changed atomic.Bool
}

// match finds for each path what the index says of it, or nil.
func (x *indexer) match(paths []string, before []seen) []*seen {
	old := make([]*seen, len(paths))
	for i, j := 0, 0; i < len(paths) && j < len(before); {
		switch strings.Compare(paths[i], before[j].path) {
		case 0:
			old[i] = &before[j]
			i, j = i+1, j+1
		case -1:
			i++
		default:
			j++
		}
	}
	return old
}

func (x *indexer) all(ctx context.Context, workers int, paths []string, old []*seen) error {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			buf := make([]byte, 256<<10)
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(paths) {
					return
				}
				x.one(i, paths[i], old[i], buf)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// one finds the content of one file.
func (x *indexer) one(i int, path string, old *seen, buf []byte) {
	name := filepath.Join(x.root, filepath.FromSlash(path))
	info, err := os.Stat(name)
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = ErrNotRegular
	case info.Size() > x.limit:
		err = ErrTooLarge
	}
	if err != nil {
		x.sums[i].Err = err
		x.lost(old)
		return
	}
	stamp, settled := stampOf(info, x.began)
	if old != nil && old.stamp == stamp && settled {
		x.sums[i].Hash, x.after[i] = old.hash, *old
		return
	}
	x.sums[i].Hash, x.sums[i].Err = hashOf(name, x.limit, buf)
	switch {
	case settled && x.sums[i].Err == nil:
		x.after[i] = seen{path, stamp, x.sums[i].Hash}
		x.changed.Store(true)
	default:
		x.lost(old)
	}
}

// lost notes that an entry of the index is to go.
func (x *indexer) lost(old *seen) {
	if old != nil {
		x.changed.Store(true)
	}
}

func hashOf(name string, limit int64, buf []byte) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.CopyBuffer(onlyWriter{h}, io.LimitReader(f, limit+1), buf)
	if err != nil {
		return sum, err
	}
	if n > limit {
		return sum, ErrTooLarge
	}
	h.Sum(sum[:0])
	return sum, nil
}

// onlyWriter keeps io.CopyBuffer to its buffer.
type onlyWriter struct{ io.Writer }

// merged is the index to keep: what was seen now, and what was not asked for, unless that is most of it.
func (x *indexer) merged(paths []string, before []seen) []seen {
	out := slices.DeleteFunc(slices.Clone(x.after), func(e seen) bool { return e.path == "" })
	others := slices.DeleteFunc(before, func(e seen) bool {
		_, asked := slices.BinarySearch(paths, e.path)
		return asked
	})
	if len(others) > 2*len(paths)+1000 {
		return out
	}
	out = append(out, others...)
	slices.SortFunc(out, func(a, b seen) int { return strings.Compare(a.path, b.path) })
	return out
}

// The index is the number of entries, and each entry: length of the path, path, size, times, number, hash.
func encodeIndex(list []seen) []byte {
	out := binary.AppendUvarint(nil, uint64(len(list)))
	for i := range list {
		e := &list[i]
		out = binary.AppendUvarint(out, uint64(len(e.path)))
		out = append(out, e.path...)
		out = binary.AppendVarint(out, e.stamp.size)
		out = binary.AppendVarint(out, e.stamp.mtime)
		out = binary.AppendVarint(out, e.stamp.ctime)
		out = binary.AppendUvarint(out, e.stamp.number)
		out = append(out, e.hash[:]...)
	}
	return out
}

// decodeIndex is the reverse; what cannot be read is left out.
func decodeIndex(data []byte) (list []seen) {
	r := reader{data: data}
	n := r.uint()
	if n > uint64(len(data)) {
		return nil
	}
	list = make([]seen, 0, n)
	for range n {
		var e seen
		e.path = string(r.bytes(int(min(r.uint(), uint64(len(data))))))
		e.stamp = stamp{size: r.int(), mtime: r.int(), ctime: r.int(), number: r.uint(), regular: true}
		copy(e.hash[:], r.bytes(len(e.hash)))
		if r.bad || len(list) > 0 && list[len(list)-1].path >= e.path {
			return nil
		}
		list = append(list, e)
	}
	return list
}

// reader reads what was encoded; bad once there was too little.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.bad, r.data = true, nil
		return nil
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.data)
	r.bytes(max(n, 0))
	r.bad = r.bad || n <= 0
	return v
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.data)
	r.bytes(max(n, 0))
	r.bad = r.bad || n <= 0
	return v
}
