package link

import (
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Types as text: "Ns.List<byte[]>[]?" is base "Ns.List", args {"byte[]"}, suffix "[]?".

// splitType cuts a type into the name, its type arguments ("<...>", "" if none) and the suffix of
// stars, brackets and question marks.
func splitType(t ir.Type) (base, args, suffix string) {
	s := string(t)
	end := len(s)
	for end > 0 {
		switch s[end-1] {
		case '*', '?', '&', ' ':
			end--
			continue
		case ']':
			if i := strings.LastIndexByte(s[:end], '['); i > 0 {
				end = i
				continue
			}
		}
		break
	}
	base, suffix = s[:end], strings.ReplaceAll(s[end:], " ", "")
	if strings.HasSuffix(base, ">") {
		if i := strings.IndexByte(base, '<'); i >= 0 {
			return base[:i], base[i:], suffix
		}
	}
	return base, "", suffix
}

// typeArgs splits "<A, B<C, D>>" at its top level; nil for "".
func typeArgs(args string) []ir.Type {
	if len(args) < 2 {
		return nil
	}
	return splitTop(args[1 : len(args)-1])
}

// splitTop splits at commas outside of brackets.
func splitTop(s string) []ir.Type {
	var out []ir.Type
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '<', '(', '[':
			depth++
		case '>', ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, ir.Type(strings.TrimSpace(s[start:i])))
				start = i + 1
			}
		}
	}
	return append(out, ir.Type(strings.TrimSpace(s[start:])))
}

// stripGenerics removes "<...>" groups from a dotted name.
func stripGenerics(s string) string {
	if !strings.ContainsRune(s, '<') {
		return s
	}
	var sb strings.Builder
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '<':
			depth++
		case c == '>' && depth > 0:
			depth--
		case depth == 0:
			sb.WriteByte(c)
		}
	}
	return sb.String()
}

// deref removes the outermost pointer star, or the outermost array bracket; "" if there is none.
func deref(t ir.Type) ir.Type {
	s := strings.TrimRight(string(t), " ")
	switch {
	case strings.HasSuffix(s, "*"):
		return ir.Type(strings.TrimRight(s[:len(s)-1], " "))
	case strings.HasSuffix(s, "]"):
		// "int[][4]" is in C an array of int[4]; in C# "byte[][]" has elements "byte[]" too.
		if i := strings.LastIndexByte(s, '['); i > 0 {
			return ir.Type(s[:i])
		}
	}
	return ""
}

// isPointer tells whether the type is written as a pointer.
func isPointer(t ir.Type) bool {
	return strings.HasSuffix(string(t), "*") || strings.HasPrefix(string(t), "delegate*")
}

// isArray tells whether the type is written as an array.
func isArray(t ir.Type) bool { return strings.HasSuffix(string(t), "]") }

// lastDot is the last segment of a dotted name.
func lastDot(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }

// parentName is the dotted name without its last segment, "" if it has one only.
func parentName(s string) string {
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		return s[:i]
	}
	return ""
}

// join joins two dotted names of which either may be empty.
func join(a, b string) string {
	if a == "" {
		return b
	}
	if b == "" {
		return a
	}
	return a + "." + b
}

// folder is the path up to the last slash.
func folder(path string) string {
	return path[:strings.LastIndexAny(path, "/\\")+1]
}

// closeness tells how near two files are: the same file, then the number of folders that both
// paths begin with, the same folder before its subfolders.
func closeness(a, b string) int {
	if a == b {
		return 1 << 20
	}
	n := 0
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '/' || a[i] == '\\' {
			n++
		}
	}
	n *= 2
	if folder(a) == folder(b) {
		n++
	}
	return n
}

// nearest keeps the items whose file is closest to path, in their order.
func nearest[T any](path string, items []T, file func(T) *ir.File) []T {
	if len(items) < 2 {
		return items
	}
	best, n := -1, 0
	rank := make([]int, len(items))
	for i, x := range items {
		rank[i] = closeness(path, file(x).Path)
		if rank[i] > best {
			best, n = rank[i], 0
		}
		if rank[i] == best {
			n++
		}
	}
	if n == len(items) {
		return items
	}
	out := make([]T, 0, n)
	for i, x := range items {
		if rank[i] == best {
			out = append(out, x)
		}
	}
	return out
}
