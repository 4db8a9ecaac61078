// Package protocol is the wire side of the language server: the messages of LSP 3.17 that pinvet
// sends and receives, and the framing of JSON-RPC.
//
// The types are those of github.com/sourcegraph/go-lsp where they are sound. It is about LSP 3.14,
// so what has grown since is added here, in one of two ways:
//
//   - A type that lacks members is embedded, and members of another shape are shadowed
//     ([Diagnostic], [CodeActionParams], [InitializeParams]). Only the outer member counts: code
//     sets Diagnostic.Code, never Diagnostic.Diagnostic.Code.
//   - What go-lsp does not have, or has in a form that cannot be extended ([Hover], whose
//     MarshalJSON would swallow embedded members), is written out here.
//
// Invariants:
//   - Slices that the protocol wants as arrays are never null on the wire ([List]).
//   - Identifiers that may be numbers or strings are kept as they came ([Token], [Code]).
//   - A frame that is no JSON, or no JSON-RPC, is answered with an error and the connection goes
//     on; a frame larger than the cap ends it ([Stream]).
package protocol
