package normalize

import (
	"bytes"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/internal/wordhash"
)

// Body is the block of a C# method or accessor that need not be parsed with its file: there are no functions
// in it, and nothing that says more of the function than its code.
type Body struct {
	Start, End int             // of the block, braces included
	Words      []wordhash.Word // what it names, in the order of the text
	Plain      bool            // it reads as in the file
}

// Blocks of fewer bytes are not worth to be left out. Those with statements of more tokens are not, so that a tree which is too deep
// is told of whoever looks at it.
const (
	minBody      = 32
	maxStatement = 1000
)

// maxTypes bounds how deep types and namespaces are followed.
const maxTypes = 100

// bodies finds the bodies of a C# view. It goes by tokens, and may take for a body what is none: whoever parses
// the text without them sees that. It gives nothing where brackets do not match.
type bodies struct {
	*editor
	differs []Arm // arms that another view than the first takes or leaves out: what stands outside is known from that
	list    []Body
	gaps    []gap
	words   []wordhash.Word // of all bodies
	names   []byte
	known   map[wordhash.Word]struct{} // the words in them
}

// gap is what is left out: the tokens first to last, and all between them.
type gap struct{ first, last int }

// outline says which bodies of view v can be left out, and which text is left then.
func (e *editor) outline(v int, arms []Arm) {
	if e.dirty || len(e.out.Problems) > 0 {
		return
	}
	b := bodies{editor: e, known: e.lists.known}
	defer clear(e.lists.known)
	if v > 0 {
		b.differs = differing(arms, v)
	}
	if !b.container(0, len(e.toks), false, v > 0, 0) {
		return
	}
	kept := b.kept()
	rest := 0
	for _, k := range kept {
		rest += k[1] - k[0]
	}
	if len(b.list) > 0 || rest < len(e.buf)*4/5 {
		e.out.Bodies, e.out.Names, e.out.Kept = b.list, b.names, kept
	}
}

// differing are the arms that view v takes and the first does not, or the other way round.
func differing(arms []Arm, v int) (out []Arm) {
	for _, a := range arms {
		if a.Start < a.End && a.Taken>>v&1 != a.Taken&1 {
			out = append(out, a)
		}
	}
	return out
}

// minGap is how many bytes between two tokens are left out.
const minGap = 8

// kept are the pieces of text between gaps and comments.
func (b *bodies) kept() (out [][2]int) {
	piece, gaps := [2]int{}, b.gaps
	cut := func(from, to int) {
		if piece[1] = from; piece[0] < piece[1] {
			out = append(out, piece)
		}
		piece[0] = to
	}
	last := 0 // end of the token before
	for i := 0; i < len(b.toks); i++ {
		if len(gaps) > 0 && i == gaps[0].first {
			i, gaps = gaps[0].last+1, gaps[1:]
			to := len(b.buf)
			if i < len(b.toks) {
				to = int(b.toks[i].start)
			}
			cut(last, to)
			last = to
			i--
			continue
		}
		if t := b.toks[i]; int(t.start)-last > minGap {
			cut(last, int(t.start))
		}
		last = int(b.toks[i].end)
	}
	cut(last, len(b.buf))
	return out
}

// container goes through the declarations among the tokens [i, to), which are those of a type or a namespace. In views that differ from
// the first in few places, the members of types that do not are left out.
func (b *bodies) container(i, to int, inType, drop bool, depth int) bool {
	if depth > maxTypes {
		return false
	}
	bodies, gaps := len(b.list), len(b.gaps) // before the member at hand
	for head := i; i < to; i++ {
		if b.toks[i].kind != tPunct {
			continue
		}
		switch b.src[b.toks[i].start] {
		case '(', '[':
			b.suppression(i)
			if i = int(b.pair[i]); i < 0 {
				return false
			}
			continue
		case '{':
			end := int(b.pair[i])
			if end < 0 || !b.block(head, i, end, inType, drop, depth) {
				return false
			}
			i = end
		case ';':
		case ')', ']', '}':
			return false
		default:
			continue
		}
		if drop && inType && !b.differ(head, i) {
			b.list, b.gaps = b.list[:bodies], append(b.gaps[:gaps], gap{head, i})
		}
		head, bodies, gaps = i+1, len(b.list), len(b.gaps)
	}
	return true
}

// differ tells whether one of the tokens from first to last may be in an arm that differs.
func (b *bodies) differ(first, last int) bool {
	from, to := int(b.toks[first].start), int(b.toks[last].end)
	return slices.ContainsFunc(b.differs, func(a Arm) bool { return a.Start < to && a.End > from })
}

// suppression leaves out the arguments of a SuppressMessage attribute in the bracket at i that is not about pinvet.
func (b *bodies) suppression(i int) {
	if !b.is(i, "[") {
		return
	}
	if i++; b.isIdent(i) && b.is(i+1, ":") {
		i += 2
	}
	for b.isIdent(i) && b.is(i+1, ".") {
		i += 2
	}
	open := i + 1
	if !b.isIdent(i) || !strings.HasSuffix(strings.TrimSuffix(b.text(i), "Attribute"), "SuppressMessage") || !b.is(open, "(") || b.pair[open] < int32(open)+2 {
		return
	}
	end := int(b.pair[open])
	if !MayNamePinvet(b.src[b.toks[open].start:b.toks[end].end]) {
		b.gaps = append(b.gaps, gap{open + 1, end - 1})
	}
}

// MayNamePinvet tells whether the arguments of an attribute name pinvet, or may once their escapes are read.
func MayNamePinvet(args []byte) bool {
	return bytes.IndexByte(args, '\\') >= 0 || NamesPinvet(args)
}

// NamesPinvet tells whether a text names pinvet or a code of one of its rules, in letters of any case.
func NamesPinvet(text []byte) bool {
	for i := 0; i+4 <= len(text); i++ {
		if text[i]|0x20 == 'p' && text[i+1]|0x20 == 'i' && text[i+2]|0x20 == 'n' && (text[i+3]|0x20 == 'v' || '0' <= text[i+3] && text[i+3] <= '9') {
			return true
		}
	}
	return false
}

// block looks at the braces of tokens open and end, with what stands before them from token head on.
func (b *bodies) block(head, open, end int, inType, drop bool, depth int) bool {
	switch b.headed(head, open) {
	case typeHead:
		return b.container(open+1, end, true, drop, depth+1)
	case spaceHead:
		return b.container(open+1, end, false, drop, depth+1)
	case methodHead:
		if inType {
			b.body(open, end)
		}
	case accessorHead:
		if inType {
			b.accessors(open+1, end)
		}
	}
	return true
}

type headKind uint8

const (
	otherHead headKind = iota // of a value, an enum, or of what is not known
	typeHead
	spaceHead
	methodHead
	accessorHead
)

// headed tells what the tokens [i, open) begin.
func (b *bodies) headed(i, open int) headKind {
	plain := true // no constraints, initializers or base types
	for ; i < open; i++ {
		switch b.src[b.toks[i].start] {
		case '(', '[':
			if b.toks[i].kind == tPunct {
				i = int(b.pair[i]) // container has seen that it has one
			}
		case '=':
			return otherHead
		case ':':
			plain = plain && b.is(i, "::")
		case 'w':
			plain = plain && !b.is(i, "where")
		case 'n':
			if b.is(i, "namespace") {
				return spaceHead
			}
		case 'c', 's', 'i', 'e', 'r':
			switch b.text(i) {
			case "class", "struct", "interface":
				if plain {
					return typeHead
				}
			case "extension", "enum":
				return otherHead
			case "record":
				if b.isIdent(i+1) && plain {
					return typeHead
				}
			}
		}
	}
	switch {
	case !plain:
		return otherHead
	case b.is(open-1, ")"):
		return methodHead
	}
	return accessorHead
}

// accessors goes through the tokens [i, to) of a property, an indexer or an event.
func (b *bodies) accessors(i, to int) {
	for ; i < to; i++ {
		if !b.is(i, "{") {
			continue
		}
		end := int(b.pair[i])
		if end < 0 || end >= to {
			return
		}
		switch b.text(i - 1) {
		case "get", "set", "init", "add", "remove":
			b.body(i, end)
		}
		i = end
	}
}

// body adds the block between two braces, if it can be left out.
func (b *bodies) body(open, end int) {
	at := Body{Start: int(b.toks[open].start), End: int(b.toks[end].end)}
	if at.End-at.Start < minBody {
		return
	}
	from, names, statement, made := len(b.words), len(b.names), open, false
	for i := open + 1; i < end; i++ {
		switch b.src[b.toks[i].start] {
		case ';', '{', '}':
			statement = i
		}
		if i-statement > maxStatement || !b.goesWithout(i) {
			b.words, b.names = b.words[:from], b.names[:names]
			return
		}
		made = b.name(i, made)
	}
	at.Words = b.words[from:len(b.words):len(b.words)]
	at.Plain = bytes.Equal(b.src[at.Start:at.End], b.buf[at.Start:at.End])
	b.list = append(b.list, at)
	b.gaps = append(b.gaps, gap{open + 1, end - 1})
}

// goesWithout tells whether a block with token i in it can be left out: there is no function in it, and it says nothing of the
// function around it, of what is declared outside, or of a type that is told only there.
func (b *bodies) goesWithout(i int) bool {
	t := b.toks[i]
	switch t.kind {
	case tPunct:
		switch b.src[t.start] {
		case '{':
			return b.pair[i] >= 0 && !b.localFunction(i)
		case '[':
			return b.pair[i] >= 0 && b.endsOperand(i-1) // no collection, whose type may be that of a field
		case '(', ')', ']', '}':
			return b.pair[i] >= 0
		case '=':
			return !b.is(i, "=>")
		case '\\', '#':
			return false
		}
	case tIdent:
		switch b.src[t.start] {
		case 'd', 'f', 'y', 'u', 'e', 'n':
			switch b.text(i) {
			case "delegate", "from", "yield", "unsafe", "extern", "field":
				return false
			case "new":
				return !b.is(i+1, "(") // its type may be that of a field
			}
		}
	case tString:
		return !bytes.Contains(b.src[t.start:t.end], []byte("=>")) // in a hole
	}
	return true
}

// localFunction tells whether the brace at i may begin the body of a local function.
func (b *bodies) localFunction(i int) bool {
	if !b.is(i-1, ")") {
		return b.constrained(i)
	}
	k := int(b.pair[i-1]) - 1 // its name, or what takes an operand in parentheses
	switch b.text(k) {
	case "if", "for", "foreach", "while", "using", "lock", "fixed", "switch", "catch":
		return false
	case "when": // a filter, or the name of a function
		if b.is(k-1, ")") && b.pair[k-1] > 0 {
			return b.text(int(b.pair[k-1])-1) != "catch"
		}
		return b.text(k-1) != "catch"
	}
	for k > 0 && (b.isIdent(k) || b.is(k, ".") || b.is(k, "::")) {
		if b.is(k, "new") {
			return false
		}
		k--
	}
	return true
}

// constrained tells whether what ends before the brace at i may be the constraints of a local function.
func (b *bodies) constrained(i int) bool {
	for k := i - 1; k >= 0 && k > i-maxConstraint; k-- {
		switch b.text(k) {
		case "where":
			return true
		case ";", "{", "}":
			return false
		}
	}
	return false
}

// maxConstraint is how many tokens constraints have at most that are seen.
const maxConstraint = 64

// name adds the words of token i; made says that it may be in a type behind "new". It tells that of the next one.
func (b *bodies) name(i int, made bool) bool {
	t := b.toks[i]
	text := b.src[t.start:t.end]
	switch {
	case t.kind == tPunct:
		return made && bytes.IndexByte([]byte("([{)]};"), text[0]) < 0
	case t.kind == tIdent:
		b.add(bytes.TrimPrefix(text, []byte{'@'}), made)
		return made || string(text) == "new"
	case t.kind == tString && bytes.IndexByte(text[:bytes.IndexByte(text, '"')+1], '$') >= 0:
		for at := 0; at < len(text); at++ { // code in its holes, and what else is there
			from := at
			for at < len(text) && identBytes[text[at]] {
				at++
			}
			if from < at {
				b.add(text[from:at], true)
			}
		}
	}
	return made
}

func (b *bodies) add(name []byte, made bool) {
	w := wordhash.Of(name)
	b.words = append(b.words, w)
	if made {
		b.words = append(b.words, w.Made())
	}
	if _, ok := b.known[w]; !ok {
		b.known[w] = struct{}{}
		b.names = append(append(b.names, name...), 0)
	}
}
