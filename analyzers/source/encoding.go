package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how a file is written on disk.
type Encoding uint8

// The encodings that are recognised.
const (
	UTF8 Encoding = iota
	UTF8BOM
	UTF16LE
	UTF16BE
	Windows1252
)

var encodingNames = [...]string{"UTF-8", "UTF-8 with BOM", "UTF-16LE", "UTF-16BE", "Windows-1252"}

func (e Encoding) String() string {
	if int(e) < len(encodingNames) {
		return encodingNames[e]
	}
	return "unknown"
}

// detect says how raw is encoded and how many bytes of byte order mark it has.
func detect(raw []byte) (Encoding, int) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		if utf8.Valid(raw[3:]) {
			return UTF8BOM, 3
		}
		return Windows1252, 0
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return UTF16LE, 2
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return UTF16BE, 2
	}
	if e, ok := bareUTF16(raw); ok {
		return e, 0
	}
	if utf8.Valid(raw) {
		return UTF8, 0
	}
	return Windows1252, 0
}

// bareUTF16 recognises UTF-16 without a byte order mark: source code is mostly
// ASCII, so nearly every second byte is NUL, and always the same second byte.
func bareUTF16(raw []byte) (Encoding, bool) {
	n := min(len(raw), 4096) &^ 1
	if n < 4 || len(raw)%2 != 0 {
		return UTF8, false
	}
	var even, odd int
	for i := 0; i < n; i += 2 {
		if raw[i] == 0 {
			even++
		}
		if raw[i+1] == 0 {
			odd++
		}
	}
	units := n / 2
	switch {
	case odd*10 >= units*7 && even*50 <= units:
		return UTF16LE, true
	case even*10 >= units*7 && odd*50 <= units:
		return UTF16BE, true
	}
	return UTF8, false
}

// decode returns raw (without its mark) as UTF-8. The result shares raw's
// memory where the bytes need no change.
func decode(raw []byte, e Encoding, bom int) []byte {
	body := raw[bom:]
	switch e {
	case UTF16LE:
		return decodeUTF16(body, binary.LittleEndian)
	case UTF16BE:
		return decodeUTF16(body, binary.BigEndian)
	case Windows1252:
		return decode1252(body)
	}
	return body
}

func decodeUTF16(b []byte, order binary.ByteOrder) []byte {
	out := make([]byte, 0, len(b)/2+len(b)/16)
	for i := 0; i < len(b); {
		r, n := unit16(b[i:], order)
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// unit16 reads one code point; a lone surrogate or a lone last byte is U+FFFD.
func unit16(b []byte, order binary.ByteOrder) (rune, int) {
	if len(b) < 2 {
		return utf8.RuneError, len(b)
	}
	r := rune(order.Uint16(b))
	if !utf16.IsSurrogate(r) {
		return r, 2
	}
	if len(b) >= 4 {
		if p := utf16.DecodeRune(r, rune(order.Uint16(b[2:]))); p != utf8.RuneError {
			return p, 4
		}
	}
	return utf8.RuneError, 2
}

// cp1252 maps 0x80..0x9F; the other bytes are their own code points. The five
// bytes that Windows-1252 leaves open map to the C1 controls, as Windows does.
var cp1252 = [32]rune{
	0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
	0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
}

func rune1252(b byte) rune {
	if b >= 0x80 && b < 0xA0 {
		return cp1252[b-0x80]
	}
	return rune(b)
}

func decode1252(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/32)
	for _, c := range b {
		out = utf8.AppendRune(out, rune1252(c))
	}
	return out
}

// isBinary reports whether text, already UTF-8, holds bytes that no source
// file has: NUL anywhere, or more than a few control characters.
func isBinary(text []byte) bool {
	if bytes.IndexByte(text, 0) >= 0 {
		return true
	}
	control := 0
	for _, c := range text {
		control += int(isControl[c])
	}
	return control > 4 && control*200 > len(text)
}

// isControl is 1 for the bytes that are rare in text. A table, because all bytes of a tree are looked up.
var isControl = func() (table [256]uint8) {
	for c := range table[:0x20] {
		switch c {
		case '\t', '\n', '\r', '\f', '\v', 0x1A, 0x1B:
		default:
			table[c] = 1
		}
	}
	return table
}()

// ErrNotEncodable says that the encoding of a file lacks a character.
var ErrNotEncodable = errors.New("the encoding of the file lacks the character")

// Encode returns text as the file writes it on disk, without a byte order mark: the inverse of
// what makes File.Text. The error wraps ErrNotEncodable and names the character.
func (e Encoding) Encode(text string) ([]byte, error) {
	switch e {
	case UTF16LE:
		return encodeUTF16(text, binary.LittleEndian)
	case UTF16BE:
		return encodeUTF16(text, binary.BigEndian)
	case Windows1252:
		return encode1252(text)
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("%w: not valid UTF-8", ErrNotEncodable)
	}
	return []byte(text), nil
}

func encodeUTF16(text string, order binary.AppendByteOrder) ([]byte, error) {
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("%w: not valid UTF-8", ErrNotEncodable)
	}
	out := make([]byte, 0, 2*len(text))
	for _, u := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, u)
	}
	return out, nil
}

func encode1252(text string) ([]byte, error) {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if r < 0x80 || r >= 0xA0 && r <= 0xFF {
			out = append(out, byte(r))
			continue
		}
		i := slices.Index(cp1252[:], r)
		if i < 0 {
			return nil, fmt.Errorf("%w: %q in %s", ErrNotEncodable, r, Windows1252)
		}
		out = append(out, byte(0x80+i))
	}
	return out, nil
}
