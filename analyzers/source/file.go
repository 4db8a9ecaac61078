package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf8"
)

// Lang is a language that pinvet analyses.
type Lang uint8

// The languages; NoLang is every other file.
const (
	NoLang Lang = iota
	CSharp
	C
)

func (l Lang) String() string {
	switch l {
	case CSharp:
		return "C#"
	case C:
		return "C"
	}
	return "none"
}

// LangOf says what language a path's extension stands for. C++ files are NoLang.
func LangOf(path string) Lang {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".cs":
		return CSharp
	case ".c", ".h":
		return C
	}
	return NoLang
}

// MaxFileSize is the greatest number of bytes that Read and FromBytes accept.
const MaxFileSize = 32 << 20

// Errors that Read and FromBytes wrap.
var (
	ErrBinary   = errors.New("not a text file")
	ErrTooLarge = errors.New("file too large")
)

// File is one source file. It does not change once made.
type File struct {
	Path     string // slash-separated, relative to the root of the run
	Lang     Lang
	Encoding Encoding
	Size     int               // bytes on disk
	Hash     [sha256.Size]byte // of what is on disk

	content
	length int // of Text
	bom    int
	lines  func() []uint32 // offset in Text of each line's first byte; few files are asked for it
	ascii  bool            // Text is ASCII, so that all columns are byte columns
	disk   func() []uint32
}

// Limits are what Reader accepts. The zero value means the defaults.
type Limits struct {
	MaxSize int64 // bytes on disk; 0 means MaxFileSize
}

func (l Limits) max() int64 {
	if l.MaxSize > 0 {
		return l.MaxSize
	}
	return MaxFileSize
}

// Read reads the file at root/path with the default limits; path is stored
// with slashes. The language comes from the name.
func Read(root, path string) (*File, error) {
	return Limits{}.Read(root, path)
}

// Read reads the file at root/path. It reads no more than the limit, so that a
// device or a growing file cannot fill the memory.
func (l Limits) Read(root, path string) (*File, error) { return l.ReadIn(new([]byte), root, path) }

// ReadIn is Read for those who look at many files, each for a moment: the texts lie in room, and are gone when it is
// used again.
func (l Limits) ReadIn(room *[]byte, root, path string) (*File, error) {
	if err := readAll(room, filepath.Join(root, filepath.FromSlash(path)), path, l.max()); err != nil {
		return nil, err
	}
	return l.FromBytes(path, LangOf(path), *room)
}

// readAll reads a file into room, and at most one byte more than limit. path is what errors call it.
func readAll(room *[]byte, name, path string, limit int64) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() { // to open a pipe would wait for who writes to it
		return fmt.Errorf("%s: not a regular file", path)
	}
	if info.Size() > limit {
		return fmt.Errorf("%s: %w: %d bytes", path, ErrTooLarge, info.Size())
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	buf := bytes.NewBuffer((*room)[:0])
	buf.Grow(int(info.Size()) + bytes.MinRead)
	_, err = buf.ReadFrom(io.LimitReader(f, limit+1))
	*room = buf.Bytes()
	return err
}

// FromBytes makes a File of bytes as they are on disk, or of an unsaved buffer.
// The File keeps raw: the caller must not change it afterwards.
func FromBytes(path string, lang Lang, raw []byte) (*File, error) {
	return Limits{}.FromBytes(path, lang, raw)
}

// FromBytes is like the function, with these limits.
func (l Limits) FromBytes(path string, lang Lang, raw []byte) (*File, error) {
	if int64(len(raw)) > l.max() {
		return nil, fmt.Errorf("%s: %w: %d bytes", path, ErrTooLarge, len(raw))
	}
	enc, bom := detect(raw)
	text := decode(raw, enc, bom)
	if isBinary(text) {
		return nil, fmt.Errorf("%s: %w", path, ErrBinary)
	}
	f := &File{
		Path: filepath.ToSlash(path), Lang: lang, Encoding: enc, bom: bom, length: len(text),
		Size: len(raw), Hash: sha256.Sum256(raw), ascii: isASCII(text),
	}
	f.held.Store(&bothTexts{raw, text})
	f.disk = sync.OnceValue(f.diskTable)
	f.lines = sync.OnceValue(func() []uint32 { return lineStarts(f.Text()) })
	return f, nil
}

// lineStarts finds the lines: they end with LF, CRLF or a CR of its own.
func lineStarts(text []byte) []uint32 {
	lines := make([]uint32, 1, 1+bytes.Count(text, []byte{'\n'}))
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			lines = append(lines, uint32(i+1))
		case '\n':
			lines = append(lines, uint32(i+1))
		}
	}
	return lines
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// AddTo adds the file to fset; token.Pos offsets are offsets in Text. The lines of the file are not there:
// places are told by Position.
func (f *File) AddTo(fset *token.FileSet) *token.File { return fset.AddFile(f.Path, -1, f.length) }

// diskStep is the number of bytes of Text between two entries of diskTable.
const diskStep = 4096

// diskTable holds, for every diskStep-th byte of Text (moved back to the start
// of its rune), the offset in Raw. It is built when first asked for.
func (f *File) diskTable() []uint32 {
	text, raw := f.Text(), f.Raw()
	table := make([]uint32, 0, len(text)/diskStep+1)
	at := f.bom
	for i := 0; i < len(text); {
		_, n := utf8.DecodeRune(text[i:])
		for len(table)*diskStep < i+n {
			table = append(table, uint32(at))
		}
		at += f.diskSize(raw[at:])
		i += n
	}
	return table
}

// diskSize is the number of bytes of the code point with which a part of Raw begins.
func (f *File) diskSize(raw []byte) int {
	switch f.Encoding {
	case UTF16LE:
		_, n := unit16(raw, binary.LittleEndian)
		return n
	case UTF16BE:
		_, n := unit16(raw, binary.BigEndian)
		return n
	}
	return 1
}

// DiskOffset turns an offset in Text into the offset in Raw at which the same
// character starts. Offsets beyond the end give len(Raw).
func (f *File) DiskOffset(offset int) int {
	offset = max(offset, 0)
	text, raw := f.Text(), f.Raw()
	if offset >= len(text) {
		return len(raw)
	}
	if f.Encoding == UTF8 || f.Encoding == UTF8BOM {
		return offset + f.bom
	}
	k := offset / diskStep
	i, at := k*diskStep, int(f.disk()[k])
	for i > 0 && !utf8.RuneStart(text[i]) {
		i--
	}
	for {
		_, n := utf8.DecodeRune(text[i:])
		if offset < i+n {
			return at
		}
		at += f.diskSize(raw[at:])
		i += n
	}
}
