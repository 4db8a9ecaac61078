package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// output is where a report goes. It is opened before the work, so that nobody waits for a report
// that cannot be written; what a file held stays until the new report is there.
type output struct {
	file   *os.File // nil: standard output, or what was written and closed
	made   bool     // the file was not there before
	stdout io.Writer
}

// openOutput opens a file; "" is standard output.
func openOutput(path string, stdout io.Writer) (*output, error) {
	if path == "" {
		return &output{stdout: stdout}, nil
	}
	_, missing := os.Lstat(path)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	return &output{file: f, made: errors.Is(missing, fs.ErrNotExist)}, nil
}

// write replaces what the file holds by what do writes, at once or not at all, and closes it.
func (o *output) write(do func(io.Writer) error) error {
	if o.file == nil {
		return do(o.stdout)
	}
	name := o.file.Name()
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() { // a device, a pipe, a link: it stays what it is
		return o.inPlace(do)
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".pinvet-*")
	if err != nil { // the file may be written, its folder not
		return o.inPlace(do)
	}
	defer os.Remove(tmp.Name()) // it is gone if all went well
	if err := errors.Join(do(tmp), tmp.Chmod(info.Mode().Perm()), tmp.Close()); err != nil {
		o.close()
		return about(name, err)
	}
	err = o.file.Close() // Windows gives no other file the name of one that is open
	if o.file = nil; err != nil {
		return err
	}
	if os.Rename(tmp.Name(), name) == nil {
		return nil
	}
	// The file may be mounted where it is, or another program has it.
	if o.file, err = os.OpenFile(name, os.O_WRONLY, 0); err != nil {
		return err
	}
	return o.inPlace(func(w io.Writer) error { return copyFrom(tmp.Name(), w) })
}

// inPlace writes to the file as it is, and closes it.
func (o *output) inPlace(do func(io.Writer) error) error {
	file := o.file
	o.file = nil
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		if err := file.Truncate(0); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	return errors.Join(do(file), file.Close())
}

func copyFrom(name string, w io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return errors.Join(err, f.Close())
}

// about names the file that the user named in an error of the file system.
func about(name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return &fs.PathError{Op: p.Op, Path: name, Err: p.Err}
	}
	return err
}

// close closes a file that nothing was written to; its content stays, and where there was none, there is no file.
func (o *output) close() {
	if o.file == nil {
		return
	}
	name := o.file.Name()
	o.file.Close()
	if o.file = nil; o.made {
		os.Remove(name)
	}
}
