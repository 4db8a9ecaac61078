package normalize

import (
	"sync"

	"github.com/pinvet/pinvet/analyzers/internal/wordhash"
)

// scratch holds the lists that are as long as a file has tokens, for the next file.
type scratch struct {
	lexed, toks []tok
	pair, depth []int32
	scope       []scope
	known       map[wordhash.Word]struct{}
}

var scratches = sync.Pool{New: func() any { return &scratch{known: map[wordhash.Word]struct{}{}} }}

// room is a list of n elements of any content, where *list was.
func room[T any](list *[]T, n int) []T {
	if cap(*list) < n {
		*list = make([]T, n)
	}
	return (*list)[:n]
}
