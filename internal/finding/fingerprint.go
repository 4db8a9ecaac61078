package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"github.com/pinvet/pinvet/rules"
)

// fingerprint gives each finding its identity. The ordinal counts findings of
// one file that are otherwise the same, in output order; so two equal
// functions in two files have equal fingerprints, and a renamed file keeps
// those that it had.
func fingerprint(fs []*Finding) []*Finding {
	type key struct{ path, identity string }
	ordinals := make(map[key]int, len(fs))
	out := make([]*Finding, 0, len(fs))
	for _, f := range fs {
		id := f.Identity()
		k := key{f.Path, id}
		g := *f
		g.Fingerprint = hashOf(id, ordinals[k])
		ordinals[k]++
		out = append(out, &g)
	}
	return out
}

func hashOf(id string, ordinal int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", id, ordinal))
	return hex.EncodeToString(sum[:16])
}

// Normalise strips a piece of C# or C of what does not change its meaning:
// comments, and white space outside string and character literals. Whoever
// reformats a statement gets the same text.
func Normalise(src string) string {
	var b strings.Builder
	for i := 0; i < len(src); {
		switch c := src[i]; {
		case strings.HasPrefix(src[i:], "//"):
			if end := strings.IndexByte(src[i:], '\n'); end >= 0 {
				i += end
			} else {
				i = len(src)
			}
		case strings.HasPrefix(src[i:], "/*"):
			if end := strings.Index(src[i+2:], "*/"); end >= 0 {
				i += end + 4
			} else {
				i = len(src)
			}
		case c == '"' || c == '\'':
			n := rules.QuotedLength(src[i:])
			b.WriteString(src[i : i+n])
			i += n
		case c < 0x80 && unicode.IsSpace(rune(c)):
			for i < len(src) && src[i] < 0x80 && unicode.IsSpace(rune(src[i])) {
				i++
			}
			if i < len(src) && wordEnds(b.String()) && isWord(src[i]) {
				b.WriteByte(' ') // "return x" is not "returnx"
			}
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

func wordEnds(s string) bool { return s != "" && isWord(s[len(s)-1]) }

func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
