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
	// Another run over the same files: lowered files are taken from the cache, and nothing else.
	SameResults(t, check.Options{Generated: true}, check.Options{Cache: s, Generated: true})
	s.Close()
	u := s.Usage()
	if u.Runs == 0 || u.Hits < u.Misses {
		t.Errorf("the cache did nothing: %+v", u)
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
}
