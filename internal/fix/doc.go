// Package fix applies the fixes that rules offer.
//
// In:  the result of an analysis, and a way to analyse again with other texts. Out: the texts with
// all fixes applied that hold, what was fixed, and what was left and why. Nothing is written to the
// disk before [Write] is asked to.
//
// The work goes in rounds: those fixes are chosen that do not touch each other, their edits are made
// in memory, and the result is analysed again. A fix is taken back if its finding is still there,
// if a file has become harder to understand, or if it led to another finding. What was in the way of
// others waits for the next round, up to a bound.
//
// Invariants:
//   - Edits of one file never overlap; a fix is applied as a whole or not at all.
//   - The bytes outside the edits stay as they are. New text is encoded as the file is, with the line
//     end of the place; a fix with a character that the encoding lacks is refused.
//   - A file that is no longer what was analysed is not written. A file is replaced by renaming, so
//     that it is whole at any moment; its mode stays, and a symbolic link stays one.
//   - To run twice is to run once.
package fix
