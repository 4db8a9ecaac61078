// Package walk turns the paths of a command line into the files to analyse.
//
// In: a root (the folder in which pinvet was started) and paths. Out: files, in
// order, each named by its slashed path relative to the root; the build files
// beside them and above them (inside the root); what was passed over, with the reason; and problems.
//
// Invariants:
//   - A path that was named explicitly is taken, ignored or not.
//   - Symbolic links are followed only when named, so no walk can loop.
//   - .gitignore files are honoured from the top of the enclosing repository
//     down, each for its own folder, as git reads them. The matcher is go-git's:
//     it is maintained, has the nesting ("domain") built in and needs no git.
//   - The output depends on the tree only: no file twice, total order.
package walk
