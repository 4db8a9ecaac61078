package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

const text = "a = \"é\";\r\nb = \"😀x\"; // €\n\tc\r"

func encode16(s string, order binary.AppendByteOrder, bom bool) []byte {
	var b []byte
	if bom {
		b = order.AppendUint16(b, 0xFEFF)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func mustFile(t *testing.T, raw []byte) *File {
	t.Helper()
	f, err := FromBytes("dir/a.cs", CSharp, raw)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestEncodings(t *testing.T) {
	plain := "class A { } // " + strings.Repeat("abc ", 40) + "\r\n"
	for _, c := range []struct {
		name string
		raw  []byte
		enc  Encoding
		want string
	}{
		{"empty", nil, UTF8, ""},
		{"utf8", []byte(text), UTF8, text},
		{"bom", []byte("\xEF\xBB\xBF" + text), UTF8BOM, text},
		{"utf16le", encode16(text, binary.LittleEndian, true), UTF16LE, text},
		{"utf16be", encode16(text, binary.BigEndian, true), UTF16BE, text},
		{"bare utf16le", encode16(plain+text, binary.LittleEndian, false), UTF16LE, plain + text},
		{"bare utf16be", encode16(plain+text, binary.BigEndian, false), UTF16BE, plain + text},
		{"1252", []byte("x = \"\xE9\x80\";\n"), Windows1252, "x = \"é€\";\n"},
		{"bom, then not utf8", []byte("\xEF\xBB\xBF\xE9\n"), Windows1252, "ï»¿é\n"},
	} {
		f := mustFile(t, c.raw)
		if f.Encoding != c.enc || string(f.Text()) != c.want {
			t.Errorf("%s: %v %q, want %v %q", c.name, f.Encoding, f.Text(), c.enc, c.want)
		}
		checkDisk(t, c.name, f)
	}
}

// checkDisk compares DiskOffset with decoding the file up to each offset.
func checkDisk(t *testing.T, name string, f *File) {
	t.Helper()
	for i := range string(f.Text()) {
		at := f.DiskOffset(i)
		if got := string(decode(f.Raw()[:at], f.Encoding, min(f.bom, at))); got != string(f.Text()[:i]) {
			t.Errorf("%s: disk offset of %d is %d: before it stands %q", name, i, at, got)
			return
		}
	}
	if f.DiskOffset(len(f.Text())) != len(f.Raw()) {
		t.Errorf("%s: the end is at %d", name, f.DiskOffset(len(f.Text())))
	}
}

func TestDiskOffsetBeyondOneStep(t *testing.T) {
	long := strings.Repeat("é😀 line\r\n", 2000)
	for _, raw := range [][]byte{encode16(long, binary.LittleEndian, true), []byte(strings.Repeat("\xE9 line\r\n", 3000))} {
		f := mustFile(t, raw)
		step := 97
		for i := 0; i < len(f.Text()); i += step {
			for f.Text()[i]&0xC0 == 0x80 {
				i--
			}
			at := f.DiskOffset(i)
			if got := len(decode(f.Raw()[:at], f.Encoding, f.bom)); got != i {
				t.Fatalf("%v: disk offset of %d is %d, which is text offset %d", f.Encoding, i, at, got)
			}
		}
	}
}

func TestPositions(t *testing.T) {
	for _, raw := range [][]byte{[]byte(text), []byte("\xEF\xBB\xBF" + text), encode16(text, binary.LittleEndian, true)} {
		f := mustFile(t, raw)
		for _, c := range []struct {
			at   string
			want Position
		}{
			{"a", Position{1, 1, 1, 1}},
			{"é", Position{1, 6, 6, 6}},
			{"\";\r", Position{1, 7, 7, 8}},
			{"\r\nb", Position{1, 9, 9, 10}},
			{"b", Position{2, 1, 1, 1}},
			{"😀", Position{2, 6, 6, 6}},
			{"x", Position{2, 8, 7, 10}},
			{"€", Position{2, 15, 14, 17}},
			{"c", Position{3, 2, 2, 2}},
		} {
			i := strings.Index(string(f.Text()), c.at)
			if got := f.Position(i); got != c.want {
				t.Errorf("%v: position of %q is %+v, want %+v", f.Encoding, c.at, got, c.want)
			}
			if back := f.Offset(c.want.Line, c.want.Col); back != i {
				t.Errorf("%v: offset of %+v is %d, want %d", f.Encoding, c.want, back, i)
			}
		}
	}
	f := mustFile(t, []byte(text))
	if got := f.Position(len(text)); got != (Position{4, 1, 1, 1}) {
		t.Errorf("end: %+v", got)
	}
	if string(f.LineText(2)) != "b = \"😀x\"; // €" || f.LineText(5) != nil || f.Lines() != 4 {
		t.Errorf("lines: %q %d", f.LineText(2), f.Lines())
	}
	for _, c := range []struct{ line, col, want int }{{0, 0, 0}, {1, 99, 9}, {99, 1, len(text)}, {2, 7, 16}} {
		if got := f.Offset(c.line, c.col); got != c.want {
			t.Errorf("offset of %d:%d is %d, want %d", c.line, c.col, got, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, raw := range map[string][]byte{
		"program": append([]byte("MZ\x90\x00\x03\x00\x00\x00"), bytes.Repeat([]byte{0, 7, 200}, 200)...),
		"control": bytes.Repeat([]byte("\x01\x02\x03ab"), 10),
		"nul":     []byte("class A\x00 { }"),
	} {
		if _, err := FromBytes("a.cs", CSharp, raw); !errors.Is(err, ErrBinary) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Limits{MaxSize: 3}).FromBytes("a.cs", CSharp, []byte("abcd")); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	dir := t.TempDir()
	if _, err := Read(dir, "none.cs"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if _, err := Read(filepath.Dir(dir), filepath.Base(dir)); err == nil {
		t.Error("a directory was read")
	}
	name := filepath.Join(dir, "big.c")
	if err := os.WriteFile(name, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 50<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, "big.c"); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestLangOf(t *testing.T) {
	for path, want := range map[string]Lang{"a.cs": CSharp, "x/A.CS": CSharp, "a.c": C, "a.h": C, "a.cpp": NoLang, "a.hxx": NoLang, "cs": NoLang} {
		if got := LangOf(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestAddTo(t *testing.T) {
	f := mustFile(t, []byte(text))
	fset := token.NewFileSet()
	tf := f.AddTo(fset)
	for i := range text {
		if got := fset.Position(tf.Pos(i)).Offset; got != i {
			t.Errorf("offset %d: %d", i, got)
		}
	}
	for _, s := range []string{"", "\n", "a\n", "\r\n\r\n"} {
		mustFile(t, []byte(s)).AddTo(fset)
	}
}

func FuzzFile(f *testing.F) {
	f.Add([]byte(text))
	f.Add(encode16(text, binary.BigEndian, false))
	f.Add([]byte("\xFF\xFEa\x00\x3D\xD8\xE9"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := FromBytes("a.cs", CSharp, raw)
		if err != nil {
			return
		}
		last := 0
		for i := range string(file.Text()) {
			p := file.Position(i)
			if got := file.Offset(p.Line, p.Col); got != i && file.Text()[i] != '\r' && file.Text()[i] != '\n' {
				t.Fatalf("offset %d is %+v is offset %d", i, p, got)
			}
			if d := file.DiskOffset(i); d < last || d > len(raw) {
				t.Fatalf("disk offset %d after %d", d, last)
			} else {
				last = d
			}
		}
	})
}
