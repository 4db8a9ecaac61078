package gate

import (
	"context"
	"path/filepath"

	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/check"
)

// Accept checks, and makes the entries for a baseline of that name: of all that is found; or, with an older baseline, of what that
// held already. Entries of the older one that the run cannot know about (other paths) stay as they are, and the
// others become those of their findings, which may have another path or function by now.
func Accept(ctx context.Context, co check.Options, name string, old *baseline.File) ([]baseline.Entry, *check.Result, error) {
	if co.Root == "" {
		co.Root = "."
	}
	if len(co.Paths) == 0 {
		co.Paths = []string{"."}
	}
	at, err := pathsFrom(filepath.Dir(name), co.Root)
	if err != nil {
		return nil, nil, err
	}
	if co.Found, err = check.Walk(ctx, co); err != nil {
		return nil, nil, err
	}
	co.Declarations = true
	res, err := check.Run(ctx, co)
	if err != nil {
		return nil, nil, err
	}
	now := candidatesOf(res.Findings, at.to)
	var entries []baseline.Entry
	if old == nil {
		for i := range now {
			entries = append(entries, now[i].Entry)
		}
		return entries, res, nil
	}
	g := &run{check: co, now: newView(), scope: newScope(co.Found, co.Config), res: res}
	before := g.entries(old, at)
	used := make([]bool, len(before))
	for i, partner := range pair(now, before) {
		if partner >= 0 {
			used[partner] = true
			entries = append(entries, now[i].Entry)
		}
	}
	for i := range before {
		if !used[i] && !g.knows(&before[i], at) {
			entries = append(entries, before[i].Entry)
		}
	}
	return entries, res, nil
}
