package session

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// Only results that were worked out after an edit have its mark: another one says nothing of the file.
func TestMark(t *testing.T) {
	s := begin(t, write(t, map[string][]byte{"a.c": []byte("int a;\n")}))
	before, err := s.Settled(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	mark := s.Edit("new.c", source.C, []byte("int b;\n"))
	if before.Mark >= mark || before.File("new.c") != nil {
		t.Errorf("a result from before the edit %d has the mark %d", mark, before.Mark)
	}
	after, err := s.Settled(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if after.Mark < mark || after.File("new.c") == nil {
		t.Errorf("a result from after the edit %d has the mark %d", mark, after.Mark)
	}
}
