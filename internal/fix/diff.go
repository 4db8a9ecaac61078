package fix

import (
	"bytes"
	"io"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/pinvet/pinvet/analyzers/source"
)

// Diff writes the changes as a unified diff. Files in UTF-8 and single-byte encodings come as their
// bytes are, so that the diff can be applied as a patch; files in UTF-16 come as UTF-8, to be read.
func Diff(w io.Writer, files []Changed) error {
	for _, c := range files {
		before, after := c.Before.Raw(), c.After
		if e := c.Before.Encoding; e == source.UTF16LE || e == source.UTF16BE {
			f, err := source.FromBytes(c.Path, c.Before.Lang, c.After)
			if err != nil {
				return err
			}
			before, after = c.Before.Text(), f.Text()
		}
		text := diff.Diff("a/"+c.Path, before, "b/"+c.Path, after)
		_, text, _ = bytes.Cut(text, []byte("\n")) // a line that names the files once more
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	return nil
}
