package check

import (
	"crypto/sha256"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/cache"
)

// code keeps what stages make of files, for this build of pinvet.
type code struct {
	store *cache.Store
	build cache.Key
}

// CodeIn is where the stages keep what they make of files; nil where nothing is kept.
func CodeIn(s *cache.Store) source.Kept {
	if s == nil {
		return nil
	}
	build, err := s.BuildID()
	if err != nil {
		return nil
	}
	return &code{s, build}
}

func (c *code) key(key [32]byte) cache.Key {
	return sha256.Sum256(append(append([]byte("code"), c.build[:]...), key[:]...))
}

func (c *code) Get(key [32]byte) ([]byte, bool) { return c.store.Get(cache.Code, c.key(key)) }

func (c *code) Put(key [32]byte, data []byte) { c.store.Put(cache.Code, c.key(key), data) }
