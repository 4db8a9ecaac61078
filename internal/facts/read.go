package facts

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/pinvet/pinvet/analyzers/ir/irenc"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/outcome"
)

// Read reads a file of facts; choice is that of this run, and limits those of its own files. The error
// says what is wrong with it, and what to do.
func Read(name, choice string, limits source.Limits) (*Unit, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	u, err := Decode(data, choice, limits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	u.Name = name
	return u, nil
}

var errBroken = errors.New("the facts are broken: make them again")

// Decode reads what Encode wrote.
func Decode(data []byte, choice string, limits source.Limits) (*Unit, error) {
	body, err := opened(data, choice)
	if err != nil {
		return nil, err
	}
	var parts [3][]byte
	r := &reader{buf: body}
	for i := range parts {
		if parts[i], err = unpack([]byte(r.string())); err != nil || r.bad {
			return nil, errBroken
		}
	}
	t := &reader{buf: parts[0]}
	u, entries := t.unit()
	if t.bad || len(t.buf) > 0 {
		return nil, errBroken
	}
	return u, fill(u, entries, parts[1], parts[2], limits)
}

// maxRatio is how much larger a part may be than it is packed: zstd packs 128 KB into four bytes at best.
const maxRatio = 128 << 10 / 4

func unpack(part []byte) ([]byte, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(len(part)+1)*maxRatio))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return z.DecodeAll(part, nil)
}

// opened checks the two lines at the top, and returns what follows.
func opened(data []byte, choice string) ([]byte, error) {
	if !Is(data) {
		return nil, errors.New("this is no file of facts")
	}
	want, err := headOf(choice)
	if err != nil {
		return nil, err
	}
	head, rest, _ := bytes.Cut(data, []byte("\n"))
	if err := compatible(string(head), want); err != nil {
		return nil, err
	}
	sum, body, ok := bytes.Cut(rest, []byte("\n"))
	if !ok || string(sum) != fmt.Sprintf("%x", sha256.Sum256(body)) {
		return nil, errBroken
	}
	return body, nil
}

// compatible compares the first lines of facts and of this run.
func compatible(have, want string) error {
	if have == want {
		return nil
	}
	h, w := strings.Split(have, "; "), strings.Split(want, "; ")
	if len(h) != len(w) || h[0] != w[0] || h[1] != w[1] || h[2] != w[2] {
		return fmt.Errorf("written by another pinvet (%s; this is %s): make the facts again", strings.Join(h[1:min(2, len(h))], ""), w[1])
	}
	return errors.New("made under a configuration that includes or excludes other paths than this run's: make the facts again")
}

// entry is a file as the table has it.
type entry struct {
	path       string
	size, code int // bytes
	build      bool
}

// reader reads the table. Past the first thing that is wrong, it reads zeros.
type reader struct {
	buf []byte
	bad bool
}

func (r *reader) uint() int {
	v, n := binary.Uvarint(r.buf)
	if n <= 0 || v > 1<<40 {
		r.bad, r.buf = true, nil
		return 0
	}
	r.buf = r.buf[n:]
	return int(v)
}

// count is the length of a list of which each element takes a byte or more.
func (r *reader) count() int {
	n := r.uint()
	if n > len(r.buf) {
		r.bad, r.buf = true, nil
		return 0
	}
	return n
}

func (r *reader) string() string {
	n := r.count()
	s := string(r.buf[:n])
	r.buf = r.buf[n:]
	return s
}

func (r *reader) unit() (*Unit, []entry) {
	u := &Unit{}
	var list []entry
	for range r.count() {
		list = append(list, entry{path: r.string(), size: r.uint(), code: r.uint()})
		u.Files = append(u.Files, File{Panic: r.string()})
	}
	for range r.count() {
		list = append(list, entry{path: r.string(), size: r.uint(), build: true})
	}
	u.Failed, u.BuildFailed = r.failures(), r.failures()
	for range r.count() {
		u.Skipped = append(u.Skipped, outcome.Skip{Path: r.string(), Reason: outcome.Reason(r.string())})
	}
	for range r.count() {
		u.Problems = append(u.Problems, outcome.Problem{
			Kind: outcome.Kind(r.string()), Level: outcome.Level(r.uint()), Path: r.string(), Line: r.uint(), Text: r.string(),
		})
	}
	return u, list
}

func (r *reader) failures() (out []source.Failure) {
	for range r.count() {
		path, kind := r.string(), r.uint()
		out = append(out, source.Failure{Path: path, Err: errorOf(kind, path, r.string())})
	}
	return out
}

// fill gives the files of a unit their texts and code, which stand one after the other.
func fill(u *Unit, list []entry, texts, code []byte, limits source.Limits) error {
	type piece struct{ text, code []byte }
	pieces := make([]piece, len(list))
	for i, e := range list {
		if e.size > len(texts) || e.code > len(code) {
			return errBroken
		}
		pieces[i] = piece{texts[:e.size:e.size], code[:e.code]}
		texts, code = texts[e.size:], code[e.code:]
	}
	if len(texts)+len(code) > 0 {
		return errBroken
	}
	u.Build = make([]*source.File, len(list)-len(u.Files))
	errs := make([]error, len(list))
	each(len(list), func(i int) {
		f, err := limits.FromBytes(list[i].path, source.LangOf(list[i].path), pieces[i].text)
		if err != nil {
			errs[i] = err
			return
		}
		if list[i].build {
			u.Build[i-len(u.Files)] = f
			return
		}
		u.Files[i].Source = f
		if len(pieces[i].code) > 0 {
			l, err := irenc.Decode(pieces[i].code)
			if err != nil {
				errs[i] = err
				return
			}
			l.Pack() // as lowering does
			u.Files[i].Lowered = l
		}
	})
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("%w (%w)", errBroken, err)
		}
	}
	return nil
}
