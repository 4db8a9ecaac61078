package normalize

// The grammar knows __try, __except and __finally; drivers and some compilers
// write them without underscores or with one.

var handlers = map[string]string{
	"try": "__try", "_try": "__try",
	"except": "__except", "_except": "__except",
	"finally": "__finally", "_finally": "__finally",
}

// handler rewrites the head of a block of structured exception handling at
// token i. Where there is no room for the underscores, only the block is left,
// after an if in the case of except.
func (e *editor) handler(i int) bool {
	switch e.src[e.toks[i].start] {
	case 't', 'e', 'f', '_':
	default:
		return false
	}
	word := e.text(i)
	full, ok := handlers[word]
	if !ok || !e.handlerHead(i, full) {
		return false
	}
	start, end := int(e.toks[i].start), int(e.toks[i].end)
	need := len(full) - len(word)
	kind := SEH
	switch {
	case e.handlersFit[i]:
		e.put(start-need, full)
	case full == "__except":
		e.wipe(start, end)
		e.put(start, "if")
		kind = SEHBlanked
	default:
		e.wipe(start, end)
		kind = SEHBlanked
	}
	e.rewrote(start, end, kind)
	return true
}

// handlerHead: what follows is a block, after a filter for except. For a try it
// also finds out whether all heads of the statement have room.
func (e *editor) handlerHead(i int, full string) bool {
	body := i + 1
	if full == "__except" {
		if !e.is(body, "(") || e.pair[body] < 0 {
			return false
		}
		body = int(e.pair[body]) + 1
	}
	if !e.is(body, "{") || e.pair[body] < 0 {
		return false
	}
	if full == "__try" {
		next := int(e.pair[body]) + 1
		if handlers[e.text(next)] == "" {
			return false
		}
		fits := e.hasRoom(i) && e.hasRoom(next)
		e.handlersFit[i], e.handlersFit[next] = fits, fits
	}
	return true
}

func (e *editor) hasRoom(i int) bool {
	return e.room(int(e.toks[i].start)) >= len(handlers[e.text(i)])-len(e.text(i))
}
