package baseline

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var entries = []Entry{
	{Path: "../x/a.cs", Code: "PIN301", Function: "N.T<K>.M", Subject: "h\u2028\"", Fingerprint: "1", Place: "p"},
	{Path: "a.c", Code: "PIN401", Fingerprint: "2", Place: "p"},
	{Path: "a.c", Code: "PIN401", Function: "f", Fingerprint: "2", Place: "p"},
	{Path: "a.c", Code: "PIN404", Function: "f", Fingerprint: "3", Place: "q"},
	{Path: "b/ä.c", Code: "PIN401", Function: "f", Subject: "x", Fingerprint: "4", Place: "q"},
}

func written(t *testing.T, list []Entry) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, list); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func read(t *testing.T, text string) []Entry {
	t.Helper()
	got, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for i := range got {
		got[i].Line = 0
	}
	return got
}

func TestWrittenIsRead(t *testing.T) {
	text := written(t, entries)
	if strings.Count(text, "\n") != len(entries)+2 {
		t.Errorf("an entry is not a line:\n%s", text)
	}
	if got := read(t, text); !reflect.DeepEqual(got, entries) {
		t.Errorf("%+v", got)
	}
	for range 10 {
		list := append([]Entry{entries[3]}, entries...)
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := written(t, list); got != text {
			t.Errorf("the order of the findings shows:\n%s", got)
		}
	}
	if got := read(t, written(t, nil)); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestAnyLinesAreAFile: what a merge leaves of the lines of two files is a file.
func TestAnyLinesAreAFile(t *testing.T) {
	lines := strings.SplitAfter(written(t, entries), "\n")
	n := len(entries)
	for set := range 1 << n {
		var b strings.Builder
		b.WriteString(lines[0])
		want := 0
		for i := range n {
			if set>>i&1 == 1 {
				b.WriteString(lines[1+i] + lines[1+i]) // both sides had it
				want++
			}
		}
		b.WriteString(lines[n+1])
		if got := read(t, b.String()); len(got) != want {
			t.Fatalf("%d entries, want %d:\n%s", len(got), want, b.String())
		}
	}
}

func TestOtherLayouts(t *testing.T) {
	text := written(t, entries)
	for name, other := range map[string]string{
		"CRLF":     strings.ReplaceAll(text, "\n", "\r\n"),
		"BOM":      "\xef\xbb\xbf" + text,
		"pretty":   strings.NewReplacer(",\"", ",\n    \"", "{", "{\n    ").Replace(text),
		"one line": strings.ReplaceAll(text, "\n", ""),
	} {
		if got := read(t, other); !reflect.DeepEqual(got, entries) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	const head = "[{\"version\":1,\"tool\":\"pinvet\"}\n"
	const good = ",{\"path\":\"a.c\",\"code\":\"PIN401\",\"fingerprint\":\"1\"}\n"
	for text, want := range map[string]string{
		"":                             "1: not a baseline",
		"{}":                           "1: not a baseline",
		"[]":                           "1: the version is missing",
		"[{\"tool\":\"pinvet\"}]":      "1: the version is missing",
		"[{\"version\":7}]":            "1: version 7",
		"[{\"version\":\"1\"}]":        "1: ",
		head + good + good:             "4: the end is missing",
		head + good + "{}\n]":          "3: ",
		head + good + ",7\n]":          "3: ",
		head + good + ",{}\n]":         "3: an entry without code",
		head + good + ",{\"code\":1}]": "3: ",
		head + ",{\"code\":\"PIN401\",\"path\":\"a.c\"}]":                               "2: an entry without fingerprint",
		head + good + ",{\"code\":\"PIN401\",\"path\":\"/a.c\",\"fingerprint\":\"1\"}]": "3: path \"/a.c\"",
		head + good + "]\n\nmore":                                                       "5: there is more",
		head + "=======\n]":                                                             "2: ======= is left from a merge",
	} {
		got, err := Parse([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, %v, want %s", text, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("[{\"version\":1}\n,{\"path\":\"a.c\",\"code\":\"PIN401\",\"fingerprint\":\"1\"}\n]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := Parse(text)
		if err != nil {
			return
		}
		for i := range got {
			if got[i].Line < 1 {
				t.Errorf("entry %d has no line", i)
			}
		}
		var out bytes.Buffer
		if err := Write(&out, got); err != nil {
			t.Fatal(err)
		}
		again, err := Parse(out.Bytes())
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, out.Bytes())
		}
		for _, list := range [][]Entry{got, again} {
			for i := range list {
				list[i].Line = 0
			}
			slices.SortFunc(list, Compare)
		}
		if got = slices.Compact(got); !slices.Equal(got, again) {
			t.Errorf("read back:\n%+v\nnot\n%+v", again, got)
		}
	})
}
