package check

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/pinvet/pinvet/analyzers/lower"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/analyzers/unread"
	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/walk"
)

// kept is a result as it is in the cache: what does not come from the walk and the configuration, at all severities.
type kept struct {
	Day                  string // the only one on which it holds; "" for always
	Findings, Suppressed []*finding.Finding
	Problems             []outcome.Problem
	Stats                outcome.Stats
	Generated            []string
	Skimmed              []string
	Declared             []byte
}

// cached is run with the result of an earlier one that was about the same contents.
func cached(ctx context.Context, o Options, found *walk.Result) (*Result, error) {
	k, err := o.keyOf(ctx, found)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return resume(ctx, o, found, seeds(ctx, o, found))
	}
	all := o
	all.MinSeverity, all.Declarations = 0, true // so that runs with other such options share it
	res := k.recall(all)
	if res == nil {
		res = k.untouched(ctx, all, found)
	}
	if res == nil {
		if res, err = analyse(ctx, all, found, seeds(ctx, all, found)); err != nil {
			return nil, err
		}
		if k.keep(ctx, res, all) {
			k.keepBasis(res, all)
		}
		low, ok := res.Of[lower.Analyzer].(*lower.Result)
		if ok && res.snapshot != nil && !res.snapshot.Changed() {
			lower.KeepLate(res.snapshot.Input, low)
		}
	}
	res.complete(found, o)
	res.atLeast(o)
	return res, nil
}

// Recall is what an earlier run found over the same contents as those of s; nil where none is kept.
func Recall(ctx context.Context, o Options, s *source.Snapshot) *Result {
	if o.Cache == nil {
		return nil
	}
	if len(o.Paths) == 0 {
		o.Paths = []string{"."}
	}
	found, err := Walk(ctx, o)
	if err != nil {
		return nil
	}
	found = o.seen(found)
	k, err := o.keyOf(ctx, found)
	if err != nil || k == nil || !k.holds(ctx, s) {
		return nil
	}
	res := k.recall(o)
	if res != nil {
		res.complete(found, o)
		res.atLeast(o)
	}
	return res
}

// atLeast leaves the findings that are shown.
func (r *Result) atLeast(o Options) {
	low := func(f *finding.Finding) bool { return f.Severity < o.MinSeverity }
	r.Findings = slices.DeleteFunc(r.Findings, low)
	r.Suppressed = slices.DeleteFunc(r.Suppressed, low)
}

// runKey is what a run is about.
type runKey struct {
	key    cache.Key
	family cache.Key // the same, but for contents
	paths  []string  // sorted: sources and build files
	sums   []cache.Sum
}

// keyOf makes the key of a run; nil where it has none. Everything of Options that a result depends on is in it: a test
// knows which fields are not.
func (o *Options) keyOf(ctx context.Context, found *walk.Result) (*runKey, error) {
	id, err := o.Cache.BuildID()
	if err != nil {
		return nil, nil
	}
	k := &runKey{paths: slices.Concat(found.Files, found.Build)}
	slices.Sort(k.paths)
	k.paths = slices.Compact(k.paths)
	if err := k.sum(ctx, o); err != nil {
		return nil, err
	}
	h := sha256.New()
	fmt.Fprintf(h, "run\n%x\n%x\n", id, o.Config.Digest(found.Files))
	for _, r := range o.Rules {
		fmt.Fprintf(h, "%s ", r.Code)
	}
	fmt.Fprintf(h, "\n%v\n", o.Generated)
	for _, p := range o.named(found.Files) {
		fmt.Fprintf(h, "named %q\n", p)
	}
	family := sha256.New()
	fmt.Fprintf(family, "basis\n%x\n%q\n", h.Sum(nil), k.paths)
	k.family = cache.Key(family.Sum(nil))
	for i, p := range k.paths {
		if err := k.sums[i].Err; err != nil {
			fmt.Fprintf(h, "%q failed %q\n", p, failure(err))
			continue
		}
		h.Write(k.sums[i].Hash[:])
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	k.key = cache.Key(h.Sum(nil))
	return k, nil
}

// named are the files that were named one by one: what is said about suppressions in them is less.
func (o *Options) named(files []string) (out []string) {
	for _, p := range o.Paths {
		if p = path.Clean(filepath.ToSlash(p)); slices.Contains(files, p) {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sum finds the contents.
func (k *runKey) sum(ctx context.Context, o *Options) error {
	onDisk := slices.DeleteFunc(slices.Clone(k.paths), func(p string) bool { _, put := o.Overlay[p]; return put })
	sums, err := o.Cache.Sums(ctx, o.Root, onDisk, MaxFileSize, o.Workers)
	if err != nil {
		if ended := ctx.Err(); ended != nil {
			return ended
		}
		return err
	}
	if len(onDisk) == len(k.paths) {
		k.sums = sums
		return nil
	}
	k.sums = make([]cache.Sum, len(k.paths))
	for i, p := range k.paths {
		switch raw, put := o.Overlay[p]; {
		case !put:
			k.sums[i], sums = sums[0], sums[1:]
		case len(raw) > MaxFileSize:
			k.sums[i].Err = cache.ErrTooLarge
		default:
			k.sums[i].Hash = sha256.Sum256(raw)
		}
	}
	return nil
}

// failure is why a file was not read, in words that Sums and a snapshot share.
func failure(err error) string {
	var onDisk *fs.PathError
	switch {
	case errors.Is(err, cache.ErrTooLarge), errors.Is(err, source.ErrTooLarge):
		return "too large"
	case errors.As(err, &onDisk):
		return onDisk.Err.Error()
	}
	return "not regular"
}

// today is the day at which suppressions are held.
func (o *Options) today() string {
	day := o.Today
	if day.IsZero() {
		day = time.Now()
	}
	return day.UTC().Format(time.DateOnly)
}

// recall looks for the result of an earlier run; nil if there is none that holds.
func (k *runKey) recall(o Options) *Result {
	data, ok := o.Cache.Get(cache.Run, k.key)
	if !ok {
		return nil
	}
	e := readKept(o, data)
	if e == nil {
		return nil
	}
	return k.result(o, e)
}

// readKept is what is kept of a run; nil if that does not hold.
func readKept(o Options, data []byte) *kept {
	e := &kept{}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(e); err != nil || e.Day != "" && e.Day != o.today() {
		return nil
	}
	return e
}

// result is that of an earlier run, for files as they are now.
func (k *runKey) result(o Options, e *kept) *Result {
	r := &Result{
		Findings: e.Findings, Suppressed: e.Suppressed, Problems: e.Problems, Stats: e.Stats,
		declared: decodeDeclarations(e.Declared), generated: make(map[string]bool, len(e.Generated)),
		texts: &laterFiles{o: o, paths: k.paths, sums: k.sums, read: map[string]*source.File{}},
	}
	for _, p := range e.Generated {
		r.generated[p] = true
	}
	for _, p := range e.Skimmed {
		r.skimmed = append(r.skimmed, unread.Passed{Path: p})
	}
	return r
}

// keep puts a result into the cache, unless it is not what the same files would give again: a part of pinvet failed
// or was cut off by the clock, or a file changed while it was read. It tells whether it did.
func (k *runKey) keep(ctx context.Context, r *Result, o Options) bool {
	failed := func(p outcome.Problem) bool { return p.Kind == outcome.Internal }
	if r.snapshot == nil || r.snapshot.Input.Hasty.Noted() || slices.ContainsFunc(r.Problems, failed) || r.snapshot.Changed() || !k.holds(ctx, r.snapshot) || !k.holdsSkimmed(r.skimmed) {
		return false
	}
	e := kept{
		Findings: r.Findings, Suppressed: r.Suppressed, Problems: r.Problems, Stats: r.Stats,
		Generated: slices.Sorted(maps.Keys(r.generated)), Declared: r.declared.encode(),
	}
	for _, p := range r.skimmed {
		e.Skimmed = append(e.Skimmed, p.Path)
	}
	if r.dated {
		e.Day = o.today()
	}
	k.put(o, &e)
	return true
}

func (k *runKey) put(o Options, e *kept) {
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(e); err == nil {
		o.Cache.Put(cache.Run, k.key, out.Bytes())
	}
}

// holdsSkimmed is holds for what was skimmed.
func (k *runKey) holdsSkimmed(ps []unread.Passed) bool {
	for _, p := range ps {
		if i, ok := slices.BinarySearch(k.paths, p.Path); !ok || k.sums[i].Err != nil || k.sums[i].Hash != p.Hash {
			return false
		}
	}
	return true
}

// holds tells whether what was read is what the key is about.
func (k *runKey) holds(ctx context.Context, s *source.Snapshot) bool {
	sum := func(p string) *cache.Sum {
		i, ok := slices.BinarySearch(k.paths, p)
		if !ok {
			return nil
		}
		return &k.sums[i]
	}
	for _, f := range slices.Concat(s.Files, s.Build) {
		if is := sum(f.Path); is == nil || is.Err != nil || is.Hash != f.Hash {
			return false
		}
	}
	for _, f := range slices.Concat(s.Failed, s.BuildFailed) {
		is := sum(f.Path)
		if is == nil || is.Err != nil && failure(is.Err) != failure(f.Err) {
			return false
		}
		if is.Err != nil {
			continue
		}
		if _, put := s.Input.Overlay[f.Path]; put {
			continue
		}
		var none *cache.Store
		again, err := none.Sums(ctx, s.Input.Root, []string{f.Path}, MaxFileSize, 1)
		if err != nil || !errors.Is(f.Err, source.ErrBinary) || again[0] != *is {
			return false
		}
	}
	return true
}
