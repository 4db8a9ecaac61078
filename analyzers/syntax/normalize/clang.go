package normalize

// rewriteC changes what the C grammar does not know. The steps are in order:
// each sees what the ones before it left.
func (e *editor) rewriteC() {
	e.dropWords()
	e.compact()
	e.dropMacroWords()
	e.compact()
	e.statements()
}

// dropWords blanks or replaces the words of words_c.txt.
func (e *editor) dropWords() {
	table := cWords()
	for i := 0; i < len(e.toks); i++ {
		if t := e.toks[i]; t.kind != tIdent || !table.shape.may(e.src[t.start:t.end]) {
			continue
		}
		w, ok := table.words[e.text(i)]
		if !ok {
			continue
		}
		switch {
		case w.action == actAs:
			start, end := int(e.toks[i].start), int(e.toks[i].end)
			e.wipe(start, end)
			e.put(start, w.as)
			e.rewrote(start, end, OtherRewrite)
		case w.action == actParameter && !e.atParameter(i):
		case w.args && e.is(i+1, "("):
			if end := int(e.pair[i+1]); end > 0 {
				e.mark(i, end, w.class)
				i = end
			}
		default:
			e.mark(i, i, w.class)
		}
	}
}

// mark blanks the tokens i..j and remembers them.
func (e *editor) mark(i, j int, class Class) {
	start, end := int(e.toks[i].start), int(e.toks[j].end)
	e.blank(i, j)
	e.out.Marks = append(e.out.Marks, Mark{start, end, class})
}

// atParameter reports whether the word at i stands where IN and OUT do: before
// a parameter's type, or after its name.
func (e *editor) atParameter(i int) bool {
	before, after := e.text(i-1), e.text(i+1)
	start := before == "(" || before == "," || cWords().words[before].action == actParameter
	if start && e.isIdent(i+1) {
		return true
	}
	return (e.isIdent(i-1) || before == "]") && (after == "," || after == ")")
}
