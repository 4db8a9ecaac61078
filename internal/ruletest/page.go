package ruletest

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/rules"
)

// snippet is one fenced code block of a page that is to be run.
type snippet struct {
	line int // of the page, 1-based
	lang string
	bad  bool
	code string
	more bool      // it is a further file of the block before
	with []snippet // further files of the same example
}

// RunPage runs the fenced code blocks of a rule's page as tests. A block whose
// info string ends in "bad" (```csharp bad, ```c bad) must be found by the rule;
// in one that ends in "ok" no rule of the family may find anything. A block that
// ends in "with" (```c with) is one more file of the block before it. Other blocks
// are not run. A rule for two languages must show both.
//
// Blocks need not be whole files: see [complete].
func RunPage(t *testing.T, r *rules.Rule, family []*rules.Rule) {
	shown := map[string]bool{}
	for _, s := range snippets(r.Doc) {
		kind := "ok"
		if s.bad {
			kind = "bad"
		}
		shown[s.lang+" "+kind] = true
		t.Run(fmt.Sprintf("line%d_%s_%s", s.line, s.lang, kind), func(t *testing.T) {
			for _, problem := range runSnippet(s, r, family) {
				t.Error(problem)
			}
		})
	}
	for _, l := range r.Langs {
		for _, kind := range []string{"bad", "ok"} {
			if block := infoOf[rules.LangName(l)] + " " + kind; !shown[block] {
				t.Errorf("the page of %s has no block ```%s", r.Code, block)
			}
		}
	}
}

var infoOf = map[string]string{"C#": "csharp", "C": "c"}

func runSnippet(s snippet, r *rules.Rule, family []*rules.Rule) (wrong []string) {
	name, text := complete(s)
	files := map[string][]byte{name: []byte(text)}
	for _, w := range s.with {
		name, text := complete(w)
		files["with/"+name] = []byte(text)
	}
	if s.lang == "csharp" && !strings.Contains(s.code, "DllImport") {
		files["Prelude.cs"] = []byte(preludeCS)
	}
	res, err := check.Run(context.Background(), check.Options{Overlay: files, Rules: family})
	if err != nil {
		return []string{err.Error()}
	}
	found := false
	for _, f := range res.Findings {
		found = found || f.Code == r.Code
		if !s.bad {
			wrong = append(wrong, fmt.Sprintf("an ok block gives %s: %s%s", f.Code, f.Message, trace(f)))
		}
	}
	if s.bad && !found {
		wrong = append(wrong, fmt.Sprintf("a bad block in which %s finds nothing:\n%s", r.Code, text))
	}
	for _, p := range res.Problems {
		wrong = append(wrong, fmt.Sprintf("%s:%d: %s in\n%s", p.Path, p.Line, p.Text, text))
	}
	return wrong
}

// snippets returns the blocks of a page that are to be run.
func snippets(doc string) (list []snippet) {
	var open *snippet
	for i, line := range strings.Split(doc, "\n") {
		info, fence := strings.CutPrefix(strings.TrimRight(line, "\r"), "```")
		switch {
		case fence && open != nil:
			switch n := len(list); {
			case open.lang == "":
			case open.more && n > 0:
				list[n-1].with = append(list[n-1].with, *open)
			default:
				list = append(list, *open)
			}
			open = nil
		case fence:
			open = &snippet{line: i + 1}
			words := strings.Fields(info)
			if len(words) == 2 && (words[0] == "csharp" || words[0] == "c") && (words[1] == "bad" || words[1] == "ok" || words[1] == "with") {
				open.lang, open.bad, open.more = words[0], words[1] == "bad", words[1] == "with"
			}
		case open != nil:
			open.code += line + "\n"
		}
	}
	return list
}

// preludeCS declares the imports that blocks in C# may use without showing them.
//
//go:embed prelude.cs
var preludeCS string

var (
	csUsings  = regexp.MustCompile(`(?m)^using [A-Za-z][\w.]*;\n`)
	csType    = regexp.MustCompile(`(?m)^(?:[a-z]+ )*(?:class|struct|record|interface|enum) \w`)
	csMember  = regexp.MustCompile(`(?m)^(?:\[|(?:public|private|protected|internal|static|unsafe|async|extern|partial|override|virtual|readonly) |~\w+\(|[A-Za-z_][\w<>\[\]*,.?]* \w+\([^;{}]*\)\s*\{)`)
	cTopLevel = regexp.MustCompile(`(?m)^(?:#include|typedef |static |struct \w+ \{|[A-Za-z_][\w ]*[ *]\w+\([^;{}]*\)\s*\{)`)
)

// complete makes a file of a block, in the same lines as far as that goes:
// statements are put into a method, members into a class, and the usings or
// includes that nearly every block needs are added. A block in C# that declares
// no imports of its own sees those of prelude.cs.
func complete(s snippet) (name, text string) {
	if s.lang == "c" {
		body := s.code
		if !cTopLevel.MatchString(body) {
			body = "void snippet(void)\n{\n" + body + "}\n"
		}
		if !strings.Contains(body, "#include") {
			body = "#include <windows.h>\n#include <stdlib.h>\n" + body
		}
		return "snippet.c", body
	}
	usings := strings.Join(csUsings.FindAllString(s.code, -1), "")
	body := csUsings.ReplaceAllString(s.code, "")
	if !csType.MatchString(body) {
		if !csMember.MatchString(body) {
			body = "void Run()\n{\n" + body + "}\n"
		}
		body = "unsafe class Snippet\n{\n" + body + "}\n"
	}
	return "Snippet.cs", standardUsings + usings + body
}

const standardUsings = `using System; using System.Buffers; using System.Collections.Generic; using System.IO; using System.Runtime.CompilerServices;
using System.Runtime.InteropServices; using System.Threading; using System.Threading.Tasks; using Microsoft.Win32.SafeHandles; using static Prelude;
`
