package normalize

import "strings"

// bareHead: the name at i, alone on its line or in capitals, is the head of the block that follows: a macro, mostly one whose
// text is in another file. One that is called IF_... reads if(...), so that its block runs or does not, and one that is called ELSE...
// behind the block of such a one reads else. Any other is left to be given a semicolon, and its
// block runs once.
func (e *editor) bareHead(i int) bool {
	if !e.is(i+1, "{") || e.scope[i] != inBody || !e.alone(i) && !isCaps(e.text(i)) || !e.startsStatement(i) {
		return false
	}
	name := strings.ToUpper(e.text(i))
	start, end := int(e.toks[i].start), int(e.toks[i].end)
	switch {
	case !e.alone(i):
		return !strings.HasPrefix(name, "IF_") && !strings.HasPrefix(name, "ELSE")
	case strings.HasPrefix(name, "IF_") && len(name) > len("IF_")+1:
		e.put(start, "if(")
		e.put(end-1, ")")
		e.rewritten[i] = true
	case strings.HasPrefix(name, "ELSE") && e.is(i-1, "}") && e.pair[i-1] > 0 && e.rewritten[int(e.pair[i-1])-1]:
		e.wipe(start, end)
		e.put(start, "else")
		e.rewritten[i] = true
	}
	return true
}
