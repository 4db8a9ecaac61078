// Package skim reads the text of a C# file without parsing it: which words it uses, and which names
// it declares. What is told from it is too much now and then, and never too little.
//
// In:  the text of a file, as UTF-8.
// Out: the words of its code and of its strings, the names of the types that it declares and the words of
// their base lists, the names of extension methods, the namespaces.
//
// Invariants:
//   - One pass over the bytes, no trees: some sixty times as fast as parsing.
//   - What lies in comments is no word. Words in the holes of interpolated strings are.
//   - Both arms of an #if count.
//   - Words that lowering puts in for syntax (the Dispose of a using statement) are among the words.
package skim
