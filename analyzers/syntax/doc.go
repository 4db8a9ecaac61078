// Package syntax turns one source file into compact trees.
//
// It is the only package that knows tree-sitter. A tree is parsed in C, flattened
// there into an array in preorder and copied once; no handle to C memory lives on.
package syntax
