package git

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Commit resolves a revision as the user wrote it (a branch, a tag, a hash, HEAD~3) to the name of a commit.
func (r *Repo) Commit(ctx context.Context, rev string) (string, error) {
	id, err := r.commit(ctx, rev)
	var failed *failure
	switch {
	case err == nil:
		return id, nil
	case !errors.As(err, &failed):
		return "", err
	case rev == "HEAD":
		return "", fmt.Errorf("HEAD: %w: there is no commit yet", ErrNoRev)
	}
	hint := ""
	if _, err := r.commit(ctx, "origin/"+rev); err == nil {
		hint = ", but there is origin/" + rev
	} else if shallow, err := r.shallow(ctx); err == nil && shallow {
		hint = "; this clone is shallow: `git fetch --unshallow` gets the rest (actions/checkout: fetch-depth: 0)"
	}
	return "", fmt.Errorf("%q: %w%s", rev, ErrNoRev, hint)
}

func (r *Repo) commit(ctx context.Context, rev string) (string, error) {
	out, err := r.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	return strings.TrimSpace(string(out)), err
}

// MergeBase is the commit at which rev and HEAD parted. Where there are several, it is the one that git names first.
func (r *Repo) MergeBase(ctx context.Context, rev string) (string, error) {
	id, err := r.Commit(ctx, rev)
	if err != nil {
		return "", err
	}
	head, err := r.Commit(ctx, "HEAD")
	if err != nil {
		return "", err
	}
	out, err := r.run(ctx, "merge-base", id, head)
	var failed *failure
	switch {
	case err == nil:
		return strings.TrimSpace(string(out)), nil
	case !errors.As(err, &failed) || failed.code != 1:
		return "", err
	}
	if shallow, err := r.shallow(ctx); err == nil && shallow {
		return "", fmt.Errorf("%w of %s and HEAD in this clone, which is shallow: `git fetch --unshallow` gets the rest (actions/checkout: fetch-depth: 0)", ErrNoBase, rev)
	}
	return "", fmt.Errorf("%w of %s and HEAD", ErrNoBase, rev)
}

func (r *Repo) shallow(ctx context.Context) (bool, error) {
	out, err := r.run(ctx, "rev-parse", "--is-shallow-repository")
	return strings.TrimSpace(string(out)) == "true", err
}

// Head is the commit that is checked out, or, before the first one, the empty tree.
func (r *Repo) Head(ctx context.Context) (string, error) {
	id, err := r.commit(ctx, "HEAD")
	var failed *failure
	if err == nil || !errors.As(err, &failed) {
		return id, err
	}
	out, err := r.run(ctx, "hash-object", "-t", "tree", "--stdin")
	return strings.TrimSpace(string(out)), err
}
