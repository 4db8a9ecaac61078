package check

import "context"

// FindKey is what a run does before it looks into the cache.
func FindKey(ctx context.Context, o Options) error {
	found, err := Walk(ctx, o)
	if err == nil {
		_, err = o.keyOf(ctx, found)
	}
	return err
}
