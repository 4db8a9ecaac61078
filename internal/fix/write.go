package fix

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrChanged says that a file is not what was analysed.
var ErrChanged = errors.New("changed on disk since it was read, so it was left alone")

// Write writes files below root. All are looked at before the first is written. The files that could
// not be written are in the error, by name; the others are as they should be.
func Write(root string, files []Changed) (written []Changed, err error) {
	var errs []error
	var ready []Changed
	for _, c := range files {
		if _, err := target(root, c); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.Path, err))
			continue
		}
		ready = append(ready, c)
	}
	for _, c := range ready {
		if err := writeOne(root, c); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.Path, err))
			continue
		}
		written = append(written, c)
	}
	return written, errors.Join(errs...)
}

// target finds the file behind a name, through symbolic links, and looks whether it may be replaced.
func target(root string, c Changed) (name string, err error) {
	if name, err = filepath.EvalSymlinks(filepath.Join(root, filepath.FromSlash(c.Path))); err != nil {
		return "", bare(err)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0) // who may not write the file must not replace it
	if err != nil {
		return "", bare(err)
	}
	return name, errors.Join(unchanged(name, c), f.Close())
}

func unchanged(name string, c Changed) error {
	now, err := os.ReadFile(name)
	if err != nil {
		return bare(err)
	}
	if !bytes.Equal(now, c.Before.Raw()) {
		return ErrChanged
	}
	return nil
}

// writeOne replaces a file by one beside it that is complete, so that it is whole at any moment.
func writeOne(root string, c Changed) error {
	name, err := target(root, c)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return bare(err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".pinvet-*")
	if err != nil {
		return bare(err)
	}
	defer os.Remove(tmp.Name()) // it is gone if all went well
	_, err = tmp.Write(c.After)
	err = errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Sync(), tmp.Close())
	if err != nil {
		return bare(err)
	}
	if err := unchanged(name, c); err != nil { // the last moment to notice
		return err
	}
	return bare(os.Rename(tmp.Name(), name))
}

// bare takes the path out of an error of the file system: whoever shows it names the file as the user did.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
