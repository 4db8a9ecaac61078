// Package ruletest tests rules with literate files: the code, and beside it
// what is expected.
//
// A test archive (rules/<folder>/PINxxx.txtar) is a txtar file. The first
// segment of a file's name is the case, the rest is the file's path in it:
//
//	Free text. A line "rules: PIN101 PIN3" says which rules run; without it
//	those of the family of the archive's code run, such as PIN1.
//	-- Bad_simple/a.cs --
//	fixed (byte* p = buffer)                  // step PIN101:1 "pinned here"
//	{
//	    ReadFile(handle, p, 64, null, o);     // want PIN101 "`buffer` .* pending"
//	}
//	-- Ok_waited/a.cs --
//	...
//
// The name of a case says what it proves:
//
//	Bad_  a defect that is found: there is at least one want
//	Ok_   correct code on which all rules of the archive are silent
//	FP_   correct code with a false finding, a known gap: its wants say what is reported
//	FN_   a defect that is not found, a known gap: silent, and it fails once it is found
//
// A want stands on the line at which the finding starts; want:-1 means the line
// above. The text in quotes is a regular expression for the message. A step
// names the code and the number of a step (from 1) of a finding of that code in
// the case; the step must start on this line and match. A finding without a want
// fails the case.
//
// Each fix that a finding of a Bad_ or FP_ case offers, safe or not, is applied: its finding must be
// gone, no other be there because of it, no file be understood worse, and a second time change nothing;
// and the same with CRLF, byte-order marks and UTF-16. A folder with the name of a case and ".fixed"
// holds the files that come out, without the comments; go test -fixed rewrites those. Where the name of a case ends in
// _no_fix, its rule offers none. The card of the rule says
// what its fixes are, and one case for each kind of safety shows its text.
//
// The fenced code blocks of a rule's page are tests too: see [RunPage].
package ruletest
