// Package lifetime is the interpreter: it follows each function along its paths, with an abstract
// state of memory and of the objects that matter, and reports what becomes of them.
//
// In:  a linked program and the models. Out: Events, and for its own use a Summary of each
// function. Rules select events; no rule runs an analysis of its own over paths.
//
// It is path-sensitive typestate in the manner of ESP (Das, Lerner, Seigle, PLDI 2002), over
// regions and symbols as in the clang static analyser. The states of objects:
//
//	handle, memory, pin   (acquire succeeds) -> owned -> released
//	                      (acquire fails)    -> failed           owned -> escaped: somebody else's
//	operation             (start) -> pending -> done             (start fails) -> failed
//
// A call that may fail splits the path at once: on one side the object exists, on the other the
// result is the failure value. Branches that test the result later find it decided. So a state
// "perhaps open" never needs to be told from the values.
//
// The files, from the bottom: region, value, state (the domain); flow (shape of the function);
// interp (worklist, joins); exec (instructions), object (escape, leaks, stores), exit (ends of
// paths); call (dispatch), role (calls that compute), property, native, async and wait (Win32 models), dotnet (.NET
// models), release, compare; outcome, outcomemerge, apply, applyoutcome, imported and member (summaries); scan (functions that hold
// nothing of interest); engine (the order of functions); demand, demandslot and demandrounds (which functions a run looks at).
//
// Beside the interpreter, over the instructions as they stand: lasterror, with errorcall (what a
// call does with the last error) and errorpath (the ways back from a read); keptcallback, with
// callbackvalue (where a delegate comes from) and kepthelper (who hands it on); nativethrow
// (exceptions that leave what native code calls); madeof (the calls a value is made of);
// addref (references to owners that are dropped whether or not they were added).
//
// Invariants:
//   - Only paths that can exist are followed, as far as comparisons of symbols with numbers tell;
//     a path is never made up. Where states at a block are too many, later ones are dropped, not
//     merged into states that no path has: what is found stays true, and the function counts as
//     not explored to the end (Stats.Bounded).
//   - Whatever is given to something unknown escapes, and is silent from then on.
//   - A loop is gone round at most twice on a path. Arithmetic in loops is not followed.
//   - A summary names storage by paths from parameters, receiver and globals; it holds no position
//     of its caller. A recursive or bounded function has the summary "unknown",
//     but for whether it returns (neverreturns.go).
//   - The same program gives the same events, whatever the number of workers.
package lifetime
