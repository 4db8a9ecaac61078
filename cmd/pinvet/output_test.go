package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestOutput: a report takes the place of the one before when it is whole, and what cannot be written costs no report that is there.
func TestOutput(t *testing.T) {
	full := func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, &fs.PathError{Op: "write", Path: "elsewhere", Err: syscall.ENOSPC})
	}
	whole := func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }
	for _, c := range []struct {
		what, before string
		do           func(io.Writer) error
		after        string // "": there is no file
	}{
		{"no report yet", "", whole, "whole"},
		{"a longer one", "what was before", whole, "whole"},
		{"a full disk", "what was before", full, "what was before"},
		{"a full disk and no report yet", "", full, ""},
		{"no result", "what was before", nil, "what was before"},
		{"no result and no report yet", "", nil, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "report.txt")
			if c.before != "" {
				if err := os.WriteFile(name, []byte(c.before), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			out, err := openOutput(name, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.do != nil {
				err = out.write(c.do)
			}
			out.close()
			if (err != nil) != (c.do != nil && c.after != "whole") || err != nil && !strings.Contains(err.Error(), name) {
				t.Error(err)
			}
			if now, _ := os.ReadFile(name); string(now) != c.after {
				t.Errorf("%q, want %q", now, c.after)
			}
			if info, err := os.Stat(name); err == nil && c.before != "" && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("others may read it now: %v", info.Mode())
			}
			list, err := os.ReadDir(dir)
			if want := min(1, len(c.after)); err != nil || len(list) != want {
				t.Errorf("the folder holds %v (%v)", list, err)
			}
		})
	}
}

// TestOutputKeepsWhatIsNoFile writes through a link: what is there is what was there, with another content.
func TestOutputKeepsWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	name, link := filepath.Join(dir, "report.txt"), filepath.Join(dir, "link.txt")
	if err := os.WriteFile(name, []byte("what was before"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(name, link); err != nil {
		t.Skip("no links here: ", err)
	}
	out, err := openOutput(link, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.write(func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v %v", info, err)
	}
	if now, _ := os.ReadFile(name); string(now) != "new" {
		t.Errorf("%q", now)
	}
}
