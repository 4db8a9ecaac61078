// Package suppress decides which findings somebody decided against, in the code itself:
//
//	// pinvet:ignore PIN301 -- why that is right here
//	// pinvet:ignore PIN301, pin-leak until=2027-01-31 -- why it is right until then
//	// pinvet:ignore-file PIN301 -- why it is right in this file
//	#pragma warning disable PIN301
//	[SuppressMessage("pinvet", "PIN301:pin leak", Justification = "why")]
//	[assembly: SuppressMessage("pinvet", "PIN301", Justification = "why", Scope = "member", Target = "~M:N.T.F")]
//
// In: the directives of the lowered files. Out: for each finding what suppresses it; and findings of
// rules/suppressions on what is incomplete, has ended or matches nothing.
//
// Invariants:
//   - A comment is a comment and an attribute an attribute: both come from the lexer and the tree.
//   - A comment or attribute without a reason suppresses nothing, nor does one that has ended. A pragma
//     is asked for no reason.
//   - What is found about suppressions cannot be suppressed here.
//   - That a suppression matches nothing is said only where its rules ran on the whole of the code.
//   - The result depends on the code and the day (UTC) alone.
//
// Reach: a comment beside code speaks of its line; one that stands alone speaks of the head of the
// statement or declaration below it, up to its ; { or }. A pragma speaks of what follows, up to the next
// restore. An attribute speaks of its declaration, on a partial type of all its parts.
package suppress
