// Package git asks git what changed, and for the text of files at other moments.
//
// In: a folder inside a work tree, revisions as a user types them. Out: changes between a commit, the
// index and the work tree, with the names of blobs; their content as it is stored.
//
// It runs the git executable. A library would have to know again what decides whether a file
// "changed" on this machine: line end and encoding attributes, filters, sparse and partial clones,
// split indexes, file system monitors, replaced objects, linked work trees, and the index that a hook
// is given. Where they differ by one file, a gate fails for no reason; the git that made the work
// tree is right by definition.
//
// Invariants:
//   - Nothing is written: no index is refreshed, no work tree is touched, no reference moves.
//   - Content is that of the object store. No smudge filter, textconv or external diff is run on it.
//   - Paths in results are slashed and relative to the top of the work tree; [Repo.Path] and
//     [Repo.Rel] translate from and to the folder that was opened.
//   - The user's diff settings change nothing.
package git
