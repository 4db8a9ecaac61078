package lsp

import (
	"testing"

	"github.com/pinvet/pinvet/internal/session"
)

// A result from before a document was opened is not shown for it, even where it does not know the file at all.
func TestSeenBy(t *testing.T) {
	d := &document{at: place{path: "new.cs"}, mark: 7}
	if d.seenBy(&session.Result{Mark: 6}) {
		t.Error("seen by a result from before")
	}
	if !d.seenBy(&session.Result{Mark: 7}) {
		t.Error("not seen by a result that knows of it")
	}
}
