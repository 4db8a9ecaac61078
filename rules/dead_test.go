package rules

import "testing"

func TestPossible(t *testing.T) {
	known := func(s string) bool { return s == "A" || s == "B" }
	for cond, want := range map[string]bool{
		"A": true, "X": false, "!X": true, "!A": true, "A && X": false, "A || X": true, "X || Y": false,
		"!(A && X)": true, "!(X || A)": true, "(X)": false, "X == false": true, "true": true, "false": false,
		"!true": false, "A && !X": true, "": true, "X && (A || B) || Y": false, "X ?": true,
	} {
		if got := possible(cond, known); got != want {
			t.Errorf("%q: %v, want %v", cond, got, want)
		}
	}
}

func TestSymbolsOfSDK(t *testing.T) {
	for symbol, want := range map[string]bool{
		"DEBUG": true, "NET8_0_OR_GREATER": true, "NETFRAMEWORK": true, "WINDOWS10_0_19041_0_OR_GREATER": true,
		"UNITY_2020_1_OR_NEWER": true, "ENABLE_INK": false, "WindowsMetaFile": false, "FEATURE_PAL": false,
	} {
		if got := ofSDK(symbol); got != want {
			t.Errorf("%s: %v, want %v", symbol, got, want)
		}
	}
}
