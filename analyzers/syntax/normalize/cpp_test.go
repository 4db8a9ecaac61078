package normalize

import (
	"testing"

	"github.com/pinvet/pinvet/analyzers/source"
)

// TestCPlusPlusHeaders tells headers of C++ from headers of C.
func TestCPlusPlusHeaders(t *testing.T) {
	for text, want := range map[string]bool{
		"struct Lock { Lock() {} ~Lock() { CloseHandle(h); } HANDLE h; };\n": true,
		"class A { public: int x; };\n":                                      true,
		"namespace n { int f(); }\n":                                         true,
		"template <class T> T id(T x) { return x; }\n":                       true,
		"int f(void);\n#ifdef __cplusplus\nclass B {};\n#endif\n":            false,
		"static int mask(int a) { return a & ~b(a); }\n":                     false,
		"struct class_info { int template_id; };\n":                          false,
	} {
		if got := Normalize(source.C, []byte(text)).CPlusPlus; got != want {
			t.Errorf("%q: C++ %v, want %v", text, got, want)
		}
	}
}
