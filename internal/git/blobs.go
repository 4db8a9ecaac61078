package git

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Blobs reads the content of blobs by their names, as it is stored. What is not in the object store is not in the result.
func (r *Repo) Blobs(ctx context.Context, ids []string) (map[string][]byte, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	texts := make(map[string][]byte, len(ids))
	if len(ids) == 0 {
		return texts, nil
	}
	cmd := r.command(ctx, "cat-file", "--batch")
	cmd.Stdin = strings.NewReader(strings.Join(ids, "\n") + "\n")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, explain(ctx, "cat-file", err, "")
	}
	bad := readBatch(bufio.NewReader(out), texts)
	if bad != nil {
		_, _ = io.Copy(io.Discard, out) // so that git can end
	}
	if err := cmd.Wait(); err != nil {
		return nil, explain(ctx, "cat-file", err, said.String())
	}
	return texts, bad
}

// readBatch reads "id type size" LF content LF, or "id missing" LF, to the end.
func readBatch(in *bufio.Reader, texts map[string][]byte) error {
	for {
		head, err := in.ReadString('\n')
		if err == io.EOF && head == "" {
			return nil
		}
		if err != nil {
			return fmt.Errorf("git cat-file: %w", err)
		}
		var id, kind string
		var size int
		if n, _ := fmt.Sscan(head, &id, &kind, &size); n != 3 {
			continue // missing
		}
		text := make([]byte, size+1)
		if _, err := io.ReadFull(in, text); err != nil {
			return fmt.Errorf("git cat-file: %w", err)
		}
		if kind == "blob" {
			texts[id] = text[:size:size]
		}
	}
}
