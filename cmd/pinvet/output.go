package main

import (
	"errors"
	"io"
	"os"
)

// output is where a report goes. It is opened before the work, so that nobody waits for a report
// that cannot be written; what a file held stays until the new report is there.
type output struct {
	file   *os.File // nil: standard output
	stdout io.Writer
}

// openOutput opens a file; "" is standard output.
func openOutput(path string, stdout io.Writer) (*output, error) {
	if path == "" {
		return &output{stdout: stdout}, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	return &output{file: f}, nil
}

// write replaces what the file holds by what do writes, and closes it.
func (o *output) write(do func(io.Writer) error) error {
	if o.file == nil {
		return do(o.stdout)
	}
	if info, err := o.file.Stat(); err == nil && info.Mode().IsRegular() {
		if err := o.file.Truncate(0); err != nil {
			return errors.Join(err, o.file.Close())
		}
	}
	return errors.Join(do(o.file), o.file.Close())
}

// close closes a file that nothing was written to; its content stays.
func (o *output) close() {
	if o.file != nil {
		o.file.Close()
	}
}
