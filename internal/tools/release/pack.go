package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// entry is a file of an archive.
type entry struct {
	name string
	text []byte
	mode fs.FileMode
}

// then is the time of everything in an archive: the first that a zip can hold.
var then = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// pack writes the entries, below one folder, to name.zip for Windows, to name.tar.gz for others.
func pack(name, system, folder string, files []entry) error {
	write, ending := writeTar, ".tar.gz"
	if system == "windows" {
		write, ending = writeZip, ".zip"
	}
	f, err := os.Create(name + ending)
	if err != nil {
		return err
	}
	return errors.Join(write(f, folder, files), f.Close())
}

func writeTar(w io.Writer, folder string, files []entry) error {
	zipped, err := gzip.NewWriterLevel(w, gzip.BestCompression) // its header has no name and no time
	if err != nil {
		return err
	}
	out := tar.NewWriter(zipped)
	for _, f := range files {
		h := &tar.Header{Name: folder + "/" + f.name, Mode: int64(f.mode), Size: int64(len(f.text)), ModTime: then, Format: tar.FormatUSTAR}
		if err := out.WriteHeader(h); err != nil {
			return err
		}
		if _, err := out.Write(f.text); err != nil {
			return err
		}
	}
	return errors.Join(out.Close(), zipped.Close())
}

func writeZip(w io.Writer, folder string, files []entry) error {
	out := zip.NewWriter(w)
	for _, f := range files {
		h := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate, Modified: then}
		h.SetMode(f.mode)
		into, err := out.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := into.Write(f.text); err != nil {
			return err
		}
	}
	return out.Close()
}
