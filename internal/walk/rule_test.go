package walk

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// TestRulesPassOverNothing: where a pattern matches, its rule may.
func TestRulesPassOverNothing(t *testing.T) {
	lines := []string{
		"*.c", "a", "/a", "a/", "a/b", "**/a", "a/**", "a/**/b", "[ab]", "[Dd]ebug/", "*.[ch]", "a?c", `\!a`, `a\*b`, `*\b`, "!*.c", "!a/",
		"a*b*c", "**", "*", "/", "!", "a]", "[a", "a[", "a[b]c", "*a[^b]", "a ", `a\ `, "a/*/c", "//a", "a//", "**a", "a**/b", `\`, `a\`, "[]a]b", `[\]]b`,
	}
	parts := []string{"a", "b", "c", "*", "?", "[", "]", `\`, "/", "**", ".", "!", " ", "^", "-"}
	r := rand.New(rand.NewPCG(1, 2))
	word := func(parts []string) string {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		return b.String()
	}
	for range 20_000 {
		if line := word(parts); strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	matched := 0
	for _, line := range lines {
		rule := ruleOf(line, nil)
		for range 60 {
			path := strings.Split(strings.Trim(word([]string{"a", "b", "c", "/", ".c", "]", "*", "!", " ", `\`}), "/"), "/")
			isDir := r.IntN(2) == 0
			if rule.Match(path, isDir) == gitignore.NoMatch {
				continue
			}
			if matched++; !rule.may(path) {
				t.Fatalf("%q matches %q", line, path)
			}
		}
	}
	if matched < 10_000 {
		t.Errorf("only %d matches", matched)
	}
}
