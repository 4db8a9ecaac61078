package baseline

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/pinvet/pinvet/internal/finding"
)

// Name is what a baseline is called where nobody says otherwise.
const Name = "pinvet-baseline.json"

// Version is the version of the format that is written, and the only one that is read.
const Version = 1

// MaxSize is the largest file that is read, in bytes: some 300,000 entries.
const MaxSize = 64 << 20

// Entry is one finding that is accepted.
type Entry struct {
	Path        string `json:"path"` // relative to the folder of the file
	Code        string `json:"code"`
	Function    string `json:"function,omitempty"`
	Subject     string `json:"subject,omitempty"`
	Fingerprint string `json:"fingerprint"`
	Place       string `json:"place"` // finding.Finding.Place

	Line int `json:"-"` // in the file, from 1; 0 for one that was not read
}

// File is a baseline.
type File struct {
	Name    string // as the user named it
	Entries []Entry
}

type header struct {
	Version int    `json:"version"`
	Tool    string `json:"tool"`
}

// Of makes the entry of a finding; at says its path relative to the folder of the file.
func Of(f *finding.Finding, at string) Entry {
	return Entry{
		Path: at, Code: f.Code, Function: f.Function, Subject: f.Subject,
		Fingerprint: f.Fingerprint, Place: f.Place(),
	}
}

// Compare is the order of the entries in the file.
func Compare(a, b Entry) int {
	return cmp.Or(
		cmp.Compare(a.Path, b.Path), cmp.Compare(a.Function, b.Function), cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Fingerprint, b.Fingerprint), cmp.Compare(a.Place, b.Place),
	)
}

// Write writes entries, each once and in order.
func Write(w io.Writer, entries []Entry) error {
	entries = slices.Clone(entries)
	for i := range entries {
		entries[i].Line = 0
	}
	slices.SortFunc(entries, Compare)
	entries = slices.Compact(entries)
	out := bufio.NewWriter(w)
	if err := element(out, "[", header{Version, "pinvet"}); err != nil {
		return err
	}
	for _, e := range entries {
		if err := element(out, ",", e); err != nil {
			return err
		}
	}
	out.WriteString("]\n")
	return out.Flush()
}

func element(out *bufio.Writer, before string, v any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false) // names of generic functions are for people too
	if err := enc.Encode(v); err != nil {
		return err
	}
	out.WriteString(before)
	_, err := out.Write(text.Bytes()) // ends in a line feed
	return err
}

// Read reads the file of that name. Its errors name the file, and the line where one is to blame.
func Read(name string) (*File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > MaxSize:
		return nil, fmt.Errorf("%s: larger than %d MB, so it is no baseline", name, MaxSize>>20)
	}
	entries, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	return &File{Name: name, Entries: entries}, nil
}

// Dir is the folder that the paths of the entries are relative to.
func (f *File) Dir() string { return filepath.Dir(f.Name) }

// Parse reads the text of a baseline, however its lines are broken; entries that stand there twice, as after a merge, are
// taken once. An error begins with the number of the line.
func Parse(text []byte) ([]Entry, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if err := unmerged(text); err != nil {
		return nil, err
	}
	r := &reader{text: text, dec: json.NewDecoder(bytes.NewReader(text))}
	r.dec.DisallowUnknownFields()
	if t, err := r.dec.Token(); err != nil || t != json.Delim('[') {
		return nil, r.fail(errors.New("not a baseline: it must begin with [ and the version"))
	}
	if err := r.header(); err != nil {
		return nil, err
	}
	var entries []Entry
	seen := map[Entry]bool{}
	for r.dec.More() {
		e, err := r.entry()
		if err != nil {
			return nil, err
		}
		key := e
		key.Line = 0
		if !seen[key] {
			seen[key] = true
			entries = append(entries, e)
		}
	}
	if _, err := r.dec.Token(); err != nil {
		return nil, r.fail(err)
	}
	if rest := bytes.TrimSpace(text[r.dec.InputOffset():]); len(rest) > 0 {
		r.at = len(text) - len(bytes.TrimLeft(text[r.dec.InputOffset():], " \t\r\n"))
		return nil, fmt.Errorf("%d: there is more after the end of the list", r.line())
	}
	return entries, nil
}

// unmerged tells where a merge left its marks.
func unmerged(text []byte) error {
	n := 0
	for line := range bytes.Lines(text) {
		n++
		for _, mark := range []string{"<<<<<<<", "=======", ">>>>>>>", "|||||||"} {
			if bytes.HasPrefix(line, []byte(mark)) {
				return fmt.Errorf("%d: %s is left from a merge: keep the lines of both sides, and take the marks out", n, mark)
			}
		}
	}
	return nil
}

type reader struct {
	text []byte
	dec  *json.Decoder
	at   int // the offset of what is being read
}

// next moves to the start of the next element.
func (r *reader) next() {
	r.at = int(r.dec.InputOffset())
	for r.at < len(r.text) && bytes.IndexByte([]byte(" \t\r\n,"), r.text[r.at]) >= 0 {
		r.at++
	}
}

func (r *reader) line() int { return 1 + bytes.Count(r.text[:min(r.at, len(r.text))], []byte{'\n'}) }

func (r *reader) header() error {
	if !r.dec.More() {
		return r.fail(errors.New("the version is missing"))
	}
	r.next()
	var h struct {
		Version *int   `json:"version"`
		Tool    string `json:"tool"`
	}
	switch err := r.dec.Decode(&h); {
	case err != nil:
		return r.fail(err)
	case h.Version == nil:
		return r.fail(errors.New("the version is missing"))
	case *h.Version != Version:
		return r.fail(fmt.Errorf("version %d of the format, and this pinvet reads version %d: write it anew with `pinvet baseline`", *h.Version, Version))
	}
	return nil
}

func (r *reader) entry() (Entry, error) {
	r.next()
	e := Entry{}
	if err := r.dec.Decode(&e); err != nil {
		return e, r.fail(err)
	}
	e.Line = r.line()
	switch {
	case e.Code == "":
		return e, r.fail(errors.New("an entry without code"))
	case e.Fingerprint == "":
		return e, r.fail(errors.New("an entry without fingerprint"))
	case e.Path == "" || path.IsAbs(e.Path):
		return e, r.fail(fmt.Errorf("path %q: a path relative to this file is wanted", e.Path))
	}
	return e, nil
}

// fail puts the line before an error.
func (r *reader) fail(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		r.at = max(r.at, int(syntax.Offset)-1)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.at = len(r.text)
		err = errors.New("the end is missing")
	}
	return fmt.Errorf("%d: %w", r.line(), err)
}
