// Package lsp is the language server: LSP 3.17 over one connection.
//
// In: the messages of an editor ([lsp/protocol] has their shapes) and, from internal/session, the
// results of the analysis. Out: diagnostics, hovers, places, edits.
//
// The files: server (connection, dispatch, life cycle), document (texts and edits), roots (which
// session a file belongs to), settings, diagnostics (push and pull), hover, navigate, actions,
// fixes, commands, progress, position and uri.
//
// Invariants:
//   - Notifications take effect in the order in which they came. A request sees all that came
//     before it, runs beside what comes after it, and can be cancelled.
//   - Diagnostics are pushed or pulled, never both: a client that can pull gets no push.
//   - What is shown for a document belongs to its present text. Where the analysis has not caught
//     up, a request waits for it and a push is left to the next result.
//   - Nothing that a client sends ends the server but exit and the end of the connection.
package lsp
