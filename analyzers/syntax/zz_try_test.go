package syntax

import (
	"fmt"
	"github.com/pinvet/pinvet/analyzers/source"
	"os"
	"strings"
	"testing"
)

func TestTry(t *testing.T) {
	b, _ := os.ReadFile(os.Getenv("TRY"))
	lang := source.CSharp
	if strings.HasSuffix(os.Getenv("TRY"), ".c") {
		lang = source.C
	}
	for _, s := range strings.Split(string(b), "\n----\n") {
		r := parse(t, lang, s)
		fmt.Println("=====", s)
		fmt.Println(r.Problems)
		if len(r.Problems) > 0 || strings.Contains(s, "SHOW") {
			for _, v := range r.Views {
				fmt.Println(v.Dump())
				fmt.Println(string(v.Norm))
			}
		}
	}
}
