package gate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pinvet/pinvet/internal/baseline"
	"github.com/pinvet/pinvet/internal/check"
)

// Accepted is what a baseline is to hold.
type Accepted struct {
	Entries []baseline.Entry
	Outside int // how many of them are as they were, because their files are not below the paths of the run
	Result  *check.Result
}

// Accept checks, and makes the entries for the baseline of that name ("-": one that is not there yet) of all that is found.
// Entries of the older one whose files exist and are not below the paths stay as they are.
func Accept(ctx context.Context, co check.Options, name string) (*Accepted, error) {
	a, err := beginAccept(ctx, co, name)
	if err != nil {
		return nil, err
	}
	old, err := a.older(name)
	if err != nil {
		return nil, err
	}
	now, err := a.findings(ctx)
	if err != nil {
		return nil, err
	}
	out := &Accepted{Result: a.res}
	for i := range now {
		out.Entries = append(out.Entries, now[i].Entry)
	}
	for _, e := range old {
		if p := a.at.from(e.Path); !a.scope.below(p) && !a.isGone(p) {
			out.Entries = append(out.Entries, e)
			out.Outside++
		}
	}
	return out, nil
}

// Prune checks, and drops the entries of a baseline that match nothing any more. Those that the run cannot know about (other
// paths) stay as they are, and the others become those of their findings, which may have another path or function by now.
func Prune(ctx context.Context, co check.Options, old *baseline.File) (*Accepted, error) {
	a, err := beginAccept(ctx, co, old.Name)
	if err != nil {
		return nil, err
	}
	now, err := a.findings(ctx)
	if err != nil {
		return nil, err
	}
	out := &Accepted{Result: a.res}
	before := a.entries(old, a.at)
	used := make([]bool, len(before))
	for i, partner := range pair(now, before) {
		if partner >= 0 {
			used[partner] = true
			out.Entries = append(out.Entries, now[i].Entry)
		}
	}
	for i := range before {
		if !used[i] && !a.knows(&before[i], a.at) {
			out.Entries = append(out.Entries, before[i].Entry)
		}
	}
	return out, nil
}

// accept is a run whose findings go into a baseline.
type accept struct {
	*run
	at *paths // from the folder of the baseline to where pinvet runs
}

func beginAccept(ctx context.Context, co check.Options, name string) (*accept, error) {
	if co.Root == "" {
		co.Root = "."
	}
	if len(co.Paths) == 0 {
		co.Paths = []string{"."}
	}
	at, err := pathsFrom(filepath.Dir(name), co.Root)
	if err != nil {
		return nil, err
	}
	if co.Found, err = check.Walk(ctx, co); err != nil {
		return nil, err
	}
	co.Declarations = true
	return &accept{&run{check: co, now: newView(), scope: newScope(co.Found, co.Config)}, at}, nil
}

// older reads the entries that are there. A file that cannot be read is written anew, unless entries could be lost by that.
func (a *accept) older(name string) ([]baseline.Entry, error) {
	if name == "-" {
		return nil, nil
	}
	old, err := baseline.Read(name)
	switch {
	case err == nil:
		return old.Entries, nil
	case errors.Is(err, fs.ErrNotExist) || a.scope.below(a.at.from(".")):
		return nil, nil
	}
	return nil, fmt.Errorf("%w; what it holds of files outside of %q cannot be kept: mend it, or write it for all files", err, a.check.Paths)
}

// findings checks.
func (a *accept) findings(ctx context.Context) (now []candidate, err error) {
	if a.res, err = check.Run(ctx, a.check); err != nil {
		return nil, err
	}
	return candidatesOf(a.res.Findings, a.at.to), nil
}
