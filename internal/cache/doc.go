// Package cache keeps on disk what a run can use of earlier ones.
//
// In: a key, which is a hash of all that a result depends on, and bytes. Out: the same bytes for the same
// key, or nothing. What the bytes mean is the business of whoever puts them there.
//
// Invariants:
//   - An entry is whole or it is not there: it is written beside and renamed, and it carries its key and a
//     checksum. What is torn, changed or foreign is a miss, never an error.
//   - Processes share a folder without locks. Whatever one of them does, or fails to do because it was
//     killed, costs the others misses at most.
//   - Nothing that is right without a cache is wrong, or fails, with one: a folder that cannot be made,
//     read or written is told by [Store.Err], and asks are misses then.
//   - It is bounded in size: what was used least recently goes first, and what nobody used for a month goes
//     too. Between two sweeps it can be over the limit by what one process writes in between.
//   - Only files that this package named are ever removed.
//
// A nil *Store is a cache that is switched off.
//
// # Layout
//
//	CACHEDIR.TAG       says to backup programs what this is
//	v1/ab/cdef....k    an entry: kind k, key abcdef...
//	v1/tmp/            entries that are being written
//	v1/log             a line for each process: bytes written, hits, misses
package cache
