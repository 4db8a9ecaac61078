package models

import (
	"sort"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	table := "# comment\na\t1\nab\t2\nab\t3\nb\nc\t4"
	for key, want := range map[string]string{
		"a": "a\t1\n", "ab": "ab\t2\nab\t3\n", "b": "b\n", "c": "c\t4", "": "", "aa": "", "d": "", "# comment": "", "0": "",
	} {
		if got := find(table, key); got != want {
			t.Errorf("find(%q) = %q, want %q", key, got, want)
		}
	}
	if find("", "a") != "" {
		t.Error("found in nothing")
	}
	crlf := strings.ReplaceAll(table, "\n", "\r\n")
	var got [][]string
	eachRow(find(crlf, "ab"), func(f []string) { got = append(got, f) })
	if len(got) != 2 || got[1][1] != "3" || find(crlf, "b") == "" {
		t.Errorf("CRLF: %q", got)
	}
}

// Every row of every table must be found by its own key.
func TestFindEveryRow(t *testing.T) {
	for _, l := range Default().layers {
		for r, table := range l {
			keys := map[string]int{}
			eachRow(table, func(f []string) { keys[f[0]]++ })
			for k, n := range keys {
				if got := strings.Count(strings.TrimSuffix(find(table, k), "\n"), "\n") + 1; got != n {
					t.Errorf("%s: %s: %d rows of %d", relationFiles[r], k, got, n)
				}
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("a\t1\nb\t2\n", "b")
	f.Fuzz(func(t *testing.T, table, key string) {
		lines := strings.Split(strings.NewReplacer("\r", "", "#", "").Replace(table), "\n")
		sort.SliceStable(lines, func(i, j int) bool { return firstField(lines[i]) < firstField(lines[j]) })
		want := 0
		for _, l := range lines {
			if firstField(l) == key && l != "" {
				want++
			}
		}
		block := find(strings.Join(lines, "\n"), key)
		got := 0
		eachRow(block, func([]string) { got++ })
		if key != "" && !strings.ContainsAny(key, "#\r") && got != want {
			t.Errorf("found %d rows of %d", got, want)
		}
	})
}
