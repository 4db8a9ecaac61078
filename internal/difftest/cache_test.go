package difftest

import (
	"testing"

	"github.com/pinvet/pinvet/internal/cache"
	"github.com/pinvet/pinvet/internal/check"
)

// TestCache: with an empty cache and with a full one there is the same to be found and said as without.
func TestCache(t *testing.T) {
	s, err := cache.Open(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	SameResults(t, check.Options{}, check.Options{Cache: s})
	SameResults(t, check.Options{Cache: s}, check.Options{Cache: s})
	s.Close()
	u := s.Usage()
	if u.Runs == 0 || u.Hits < 2*u.Misses {
		t.Errorf("the cache did nothing: %+v", u)
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
}
