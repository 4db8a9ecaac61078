package normalize

// looksCPlusPlus reports whether the text of a view of a .h file is C++: it has
// what no C has at the start of a declaration. Code under #ifdef __cplusplus is
// in no view and does not count.
func (e *editor) looksCPlusPlus() bool {
	for i := range e.toks {
		switch e.src[e.toks[i].start] {
		case ':', '~', 'n', 't', 'c', 'p':
		default:
			continue
		}
		switch e.text(i) {
		case "::":
			if e.isIdent(i+1) && (e.isIdent(i-1) || e.kind(i-1) == tPunct) {
				return true
			}
		case "~": // a destructor
			if (e.is(i-1, ";") || e.is(i-1, "}") || e.is(i-1, "{") || e.is(i-1, "virtual")) && e.isIdent(i+1) && e.is(i+2, "(") && e.is(i+3, ")") {
				return true
			}
		case "namespace", "template", "class":
			start := i == 0 || e.is(i-1, ";") || e.is(i-1, "}") || e.is(i-1, "{") || e.is(i-1, ">")
			if start && (e.isIdent(i+1) || e.is(i+1, "{") || e.is(i+1, "<")) {
				return true
			}
		case "public", "private", "protected":
			if e.is(i+1, ":") {
				return true
			}
		}
	}
	return false
}
