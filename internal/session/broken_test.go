//go:build unix

package session

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// TestHalfTyped opens a brace, which makes the methods behind it local functions, and types on: the
// findings stay, where they stand now, and no result in between is without them. When typing pauses, the
// result is that of the text as it is.
func TestHalfTyped(t *testing.T) {
	const path = "app/Large.cs"
	files := map[string][]byte{path: benchFile("Large", 30)}
	root := write(t, files)
	s := beginWith(t, root, time.Hour)
	text := files[path]
	before := settled(t, s, files).Findings[path]
	if len(before) != 3 {
		t.Fatalf("%d findings", len(before))
	}
	at := bytes.Index(text, []byte("int total = 0;"))
	typed := func(what string) *Result {
		text = bytes.Join([][]byte{text[:at], []byte(what), text[at:]}, nil)
		at += len(what)
		s.Edit(path, 0, text)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		r, err := s.Wait(ctx, func(r *Result) bool { return bytes.Equal(r.File(path).Raw(), text) })
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	more := 0
	for _, what := range []string{"if (total", " > 0) {", "\n", "// x\n", "total++;", "var é = \"", "\";\n", "}\n"} {
		more += strings.Count(what, "\n")
		r := typed(what)
		if len(r.Findings[path]) != len(before) {
			t.Fatalf("%d findings after %q was typed", len(r.Findings[path]), what)
		}
		for i, f := range r.Findings[path] {
			if f.Start.Line != before[i].Start.Line+more || f.Start.Column != before[i].Start.Column {
				t.Errorf("after %q was typed, a finding stands at %d:%d, before at %d:%d", what, f.Start.Line, f.Start.Column, before[i].Start.Line, before[i].Start.Column)
			}
		}
	}
	typed("{ ")
	now := map[string][]byte{path: text}
	s = begin(t, root)
	settled(t, s, files)
	s.Edit(path, 0, text)
	if got, want := lines(settled(t, s, now).Findings), scratch(t, root, now); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("settled:\n%s\nfrom scratch:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestUnusedStays types beside a suppression that matches nothing: the word of it stays in the results
// for the file alone, which cannot tell.
func TestUnusedStays(t *testing.T) {
	const path = "A.cs"
	text := []byte("class A\n{\n    // pinvet:ignore PIN301 -- once\n    static void F() { }\n}\n")
	s := beginWith(t, write(t, map[string][]byte{path: text}), time.Hour)
	if n := len(settled(t, s, map[string][]byte{path: text}).Findings[path]); n != 1 {
		t.Fatalf("%d findings", n)
	}
	for i := range 3 {
		if i > 0 {
			text = append([]byte("// typed\n"), text...)
		}
		from := s.Result().Seq
		s.Edit(path, 0, text)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		r, err := s.Wait(ctx, func(r *Result) bool { return r.Seq > from })
		if err != nil {
			t.Fatal(err)
		}
		if f := r.Findings[path]; r.Settled || len(f) != 1 || f[0].Start.Line != 3+i || i == 0 && len(f[0].Fixes) == 0 {
			t.Errorf("after %d edits: settled %t, %v", i, r.Settled, lines(r.Findings))
		}
	}
}
