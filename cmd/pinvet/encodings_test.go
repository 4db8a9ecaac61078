package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

// TestPositionsInEachEncoding checks one text in several encodings: each format counts columns in its
// own unit whatever the file's encoding is, and byte offsets are those of the file on disk.
func TestPositionsInEachEncoding(t *testing.T) {
	const code = "#include <windows.h>\r\nvoid f(HANDLE h)\r\n{\r\n    CloseHandle(h);\r\n/* é%s */ CloseHandle(h);\r\n}\r\n"
	utf16le := func(s string) []byte {
		out := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(s)) {
			out = append(out, byte(u), byte(u>>8))
		}
		return out
	}
	latin := func(s string) (out []byte) {
		for _, r := range s {
			out = append(out, byte(r))
		}
		return out
	}
	plain := func(s string) []byte { return []byte(s) }
	for _, c := range []struct {
		name, more         string
		encode             func(string) []byte
		units, bytes, size int // column in UTF-16 units, in bytes of UTF-8; bytes of "CloseHandle(h)" on disk
	}{
		{"UTF-8", "😀", plain, 11, 14, 14},
		{"UTF-8 with BOM", "😀", func(s string) []byte { return append([]byte("\xef\xbb\xbf"), s...) }, 11, 14, 14},
		{"UTF-16", "😀", utf16le, 11, 14, 28},
		{"Windows-1252", "", latin, 9, 10, 14},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			raw := c.encode(fmt.Sprintf(code, c.more))
			if err := os.WriteFile("a.c", raw, 0o666); err != nil {
				t.Fatal(err)
			}
			var out, stderr bytes.Buffer
			args := []string{"check", "-q", "--format", "msbuild", "--format", "rdjson=rd", "--format", "sarif=s", "--format", "html=h"}
			if code := run(t.Context(), args, &out, &stderr); code != exitFindings {
				t.Fatalf("exit code %d: %s", code, stderr.String())
			}
			if want := fmt.Sprintf("a.c(5,%d,5,%d): error PIN404: ", c.units, c.units+14); !strings.HasPrefix(out.String(), want) {
				t.Errorf("msbuild: %s, want %s", out.String(), want)
			}
			var rd struct {
				Diagnostics []struct {
					Location struct {
						Range struct{ Start, End struct{ Line, Column int } }
					}
				}
			}
			read(t, "rd", &rd)
			if at := rd.Diagnostics[0].Location.Range; at.Start.Column != c.bytes || at.End.Column != c.bytes+14 {
				t.Errorf("rdjson: %+v, want %d", at, c.bytes)
			}
			var sarif struct {
				Runs []struct {
					Results []struct {
						Locations []struct {
							PhysicalLocation struct {
								Region struct {
									StartColumn, ByteOffset, ByteLength int
									Snippet                             struct{ Text string }
								}
							}
						}
					}
				}
			}
			read(t, "s", &sarif)
			at := sarif.Runs[0].Results[0].Locations[0].PhysicalLocation.Region
			want := bytes.TrimPrefix(c.encode("CloseHandle(h)"), []byte{0xff, 0xfe})
			want = bytes.TrimPrefix(want, []byte("\xef\xbb\xbf"))
			if got := raw[at.ByteOffset : at.ByteOffset+at.ByteLength]; at.StartColumn != c.units || !bytes.Equal(got, want) || len(got) != c.size || at.Snippet.Text != "CloseHandle(h)" {
				t.Errorf("sarif: %+v is %q", at, got)
			}
			page, err := os.ReadFile("h")
			if err != nil {
				t.Fatal(err)
			}
			if line := fmt.Sprintf(`"/* é%s */ CloseHandle(h);"`, c.more); !bytes.Contains(page, []byte(line)) {
				t.Errorf("the page does not show %s", line)
			}
		})
	}
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
