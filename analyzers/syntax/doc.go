// Package syntax turns one source file into compact trees.
//
// In goes a [source.File]. Out comes a [Result]: one to three views, each a [Tree]
// of the whole file under one choice of conditional arms, and what the
// preprocessor lines said. Package normalize makes the views; its comment tells
// what a lowering will find where the text was rewritten for the grammar's sake.
//
// Invariants:
//   - It is the only package that knows tree-sitter. Trees are parsed in C,
//     flattened there into an array in preorder and copied once; only a [Document]
//     holds C memory, and a Tree may be read by many goroutines.
//   - It never fails. What is not in the trees, or not fully, is a [Problem].
//   - All offsets are byte offsets into File.Text. Tree.Text gives the file's
//     text, also where the parser saw something else (Tree.Norm).
//   - Trees hold no preprocessor nodes: directives are in Result.Arms, Defines and
//     Includes. Two views hold the same code where their Norm is equal.
//   - Kinds and fields are the integers of the grammars' tables, generated into
//     kinds_cs.go and kinds_c.go. testdata/*.tree pins the shapes.
//   - Memory and work are bounded (meter.h, limits): a text that would take more
//     gives an empty tree and a Problem. A tree is at most maxTreeDepth deep.
//
// The grammars are ABI 15 and the runtime reads 14: bridge.c makes a view of a
// grammar as ABI 14 and refuses one that uses what is new in 15.
//
// Most of a C# text is bodies of methods that nobody looks at. [Outline] parses a file without them, from a shortened
// text: package normalize says which blocks can go, and the nodes are put back to their places in the file; a tree that has errors, or in which a block is
// something else than a body, is parsed as a whole instead. [Rest] parses one of the blocks. Of a further view of a C file, the items that the first has as well
// are left out in the same way (further.go).
//
// A [Document] parses a text that is being edited: tree-sitter takes over what it
// can from the last tree, and subtrees that it took over are copied from the last
// array. The edit is what differs between the two normalised texts, not what the
// editor said: a rewrite may depend on what was typed elsewhere.
//
// Files: parse.go (entry), outline.go (without bodies), similar.go (views of one file), document.go (edited texts), tree.go (walking), repair.go
// (undoing rewrites), treesitter.go (cgo), bridge.c (grammars), parser.c, document.c
// (parsing once, again and again), walk.c (trees to arrays, read from the runtime's memory: subtree.h), flatten.c (the same through its
// functions, and with the help of the last array), meter.c and pool.c (memory), gen
// (constants).
package syntax
