package models

import "testing"

func TestSelfCheck(t *testing.T) {
	problems := Default().Check()
	for i, p := range problems {
		if i == 300 {
			t.Fatalf("... and %d more", len(problems)-i)
		}
		t.Error(p)
	}
}
