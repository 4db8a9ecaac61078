package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pinvet/pinvet/internal/cache"
)

// cacheFlags say whether a command uses the cache.
type cacheFlags struct {
	off   bool
	store *cache.Store
	bad   error
}

func (f *cacheFlags) add(fl *pflag.FlagSet) {
	fl.BoolVar(&f.off, "no-cache", false, "analyse anew, and keep nothing for later runs: see pinvet cache")
}

// open opens the cache of the user; nil where there is none.
func (f *cacheFlags) open() *cache.Store {
	if !f.off {
		f.store, f.bad = userCache(cache.Open)
	}
	return f.store
}

// close ends the use of the cache. Why there is none, or nothing could be kept, is said here, once.
func (f *cacheFlags) close(stderr io.Writer, quiet bool) {
	f.store.Close()
	if err := errors.Join(f.bad, f.store.Err()); err != nil && !quiet {
		fmt.Fprintf(stderr, "nothing is kept for later runs: %v\n", err)
	}
}

// userCache opens the cache of the user in one of two ways; nil where it is switched off.
func userCache(open func(dir string, limit int64) (*cache.Store, error)) (*cache.Store, error) {
	dir, err := cache.Place()
	if err != nil || dir == "" {
		return nil, err
	}
	limit, err := cache.Limit()
	if err != nil {
		return nil, err
	}
	return open(dir, limit)
}

func lookAt(dir string, limit int64) (*cache.Store, error) { return cache.At(dir, limit), nil }

var errCacheOff = fmt.Errorf("the cache is switched off by %s", cache.EnvDir)

// presentCache is the cache to look at; an error where it is switched off.
func presentCache() (*cache.Store, error) {
	s, err := userCache(lookAt)
	if err == nil && s == nil {
		err = errCacheOff
	}
	return s, err
}

func newCache() *cobra.Command {
	c := &cobra.Command{
		Use:   "cache",
		Short: "Show what is kept for later runs, or clear it",
		Long: "pinvet keeps what it found and what it read, and uses it where the same pinvet meets the same contents with\n" +
			"the same settings: what is shown is the same with and without it. It holds parts of the code that was\n" +
			"analysed, is made for you alone, and may be deleted at any time, also while pinvet runs.\n\n" +
			"Place: the folder pinvet in your folder for caches. " + cache.EnvDir + " names another one, off switches it off.\n" +
			"Size: what was used least recently goes when it is larger than " + cache.EnvSize + " says, in MB (" +
			fmt.Sprint(cache.DefaultLimit>>20) + ").\n" +
			"--no-cache of check, baseline, pins and lsp does without it once.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := presentCache()
			if err != nil {
				return err
			}
			return showCache(c.OutOrStdout(), s)
		},
	}
	c.AddCommand(&cobra.Command{
		Use:   "clear",
		Short: "Remove all that is kept",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := presentCache()
			if err != nil {
				return err
			}
			removed, err := s.Clear()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: removed %s, %s\n", s.Dir(), entriesOf(removed.Entries), megabytes(removed.Bytes))
			return err
		},
	})
	return c
}

// showCache says where the cache is and what is in it.
func showCache(w io.Writer, s *cache.Store) error {
	u := s.Usage()
	_, err := fmt.Fprintf(w, "place    %s\nsize     %s of at most %s\nentries  %d, %d of them results of whole runs\nused     by %d of %s\n",
		s.Dir(), megabytes(u.Bytes), megabytes(s.Limit()), u.Entries, u.Runs, u.Hits, counted(int(u.Hits+u.Misses), "run"))
	return err
}

func entriesOf(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }
