package suppress

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// kind is how far a suppression reaches.
type kind uint8

const (
	inCode     kind = iota // the code that the directive is about
	inFile                 // the whole file
	fromHere               // a pragma: from here to where it is restored
	inAssembly             // all files of the project, or a target in them
)

// entry is one suppression as it is written.
type entry struct {
	file *ir.File
	dir  *ir.Directive
	kind kind

	rules   []*ref
	all     bool // a pragma without rules
	restore bool // a pragma that ends others

	asked  bool   // a reason is asked for
	reason string // "" where there is none
	until  string // as written; "" for ever
	ended  bool

	scope, target string // of an attribute of the assembly
}

// ref is one rule that a suppression names.
type ref struct {
	name string  // as written
	span ir.Span // of the name; that of the directive where it stands in a string
	used bool
	code string // of the rule that it names; "" for none of ours
}

// active tells whether the suppression suppresses anything.
func (e *entry) active() bool { return !e.ended && (!e.asked || e.reason != "") }

// parse reads a directive; nil where it is none of ours.
func parse(f *ir.File, d *ir.Directive, today time.Time) *entry {
	e := &entry{file: f, dir: d}
	ok := false
	switch d.Kind {
	case ir.DirectiveComment:
		ok = e.comment()
	case ir.DirectivePragma:
		ok = e.pragma()
	case ir.DirectiveAttribute:
		ok = e.attribute()
	}
	if !ok {
		return nil
	}
	e.ended = e.until != "" && over(e.until, today)
	return e
}

// over tells whether a date has passed: it is the last day on which a suppression holds. What is no
// date has passed.
func over(date string, today time.Time) bool {
	last, err := time.Parse(time.DateOnly, date)
	return err != nil || today.Format(time.DateOnly) > last.Format(time.DateOnly)
}

var noDay time.Time // before all dates

var (
	// A comment that begins with the mark; the mark in the midst of prose is prose.
	commentHead = regexp.MustCompile(`^(?://+|/\*+)[ \t]*` + ir.DirectiveMark + `(-file)?(?:[ \t\r\n*]|$)`)
	reasonMark  = regexp.MustCompile(`(?:^|\s)--(?:\s|$)`)
	headWord    = regexp.MustCompile(`[^\s,]+`)
	pragmaLine  = regexp.MustCompile(`^#[ \t]*pragma[ \t]+warning[ \t]+(disable|restore)\b([^/]*)`)
	ourCode     = regexp.MustCompile(`(?i)^PIN[0-9]{3}$`)
	lineBreak   = regexp.MustCompile(`[ \t]*(?:\r\n|\r|\n)[ \t]*(?://+|\*+)?[ \t]*`)
)

const untilWord = "until="

// comment reads "pinvet:ignore A, B until=date -- reason".
func (e *entry) comment() bool {
	text := e.dir.Text
	m := commentHead.FindStringSubmatchIndex(text)
	if m == nil {
		return false
	}
	if m[2] >= 0 {
		e.kind = inFile
	}
	e.asked = true
	from := m[1]
	if from > m[0] && text[from-1] == '*' {
		from-- // the end of the comment
	}
	end := len(text)
	if strings.HasPrefix(text, "/*") {
		end = max(from, len(strings.TrimSuffix(text, "*/")))
	}
	head, reason := text[from:end], ""
	if i := reasonMark.FindStringIndex(head); i != nil {
		head, reason = head[:i[0]], head[i[1]:]
	}
	for _, w := range headWord.FindAllStringIndex(head, -1) {
		word := head[w[0]:w[1]]
		if date, ok := strings.CutPrefix(word, untilWord); ok {
			e.until = date
			continue
		}
		at := e.dir.Span.Start + uint32(from+w[0])
		e.rules = append(e.rules, &ref{name: word, span: ir.Span{Start: at, End: at + uint32(len(word))}})
	}
	e.setReason(reason)
	return true
}

// setReason takes the reason, and the date that may stand in it.
func (e *entry) setReason(text string) {
	var words []string
	for w := range strings.FieldsSeq(lineBreak.ReplaceAllString(text, " ")) {
		if date, ok := strings.CutPrefix(w, untilWord); ok {
			e.until = strings.TrimRight(date, ".,;)")
		} else {
			words = append(words, w)
		}
	}
	if !slices.ContainsFunc(words, says) {
		words = nil
	}
	e.reason = strings.Join(words, " ")
}

// placeholders stand where a reason is still to be written; editors put in "<Pending>".
var placeholders = []string{"todo", "fixme", "tbd", "tba", "xxx", "pending", "reason", "justification"}

// says tells whether a word of a reason says anything: it has a letter or digit, and does not just hold the place.
func says(word string) bool {
	bare := strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	return bare != "" && !slices.Contains(placeholders, bare)
}

// pragma reads "#pragma warning disable A, B"; others than our codes are left to whom they belong.
func (e *entry) pragma() bool {
	m := pragmaLine.FindStringSubmatchIndex(e.dir.Text)
	if m == nil {
		return false
	}
	e.kind = fromHere
	e.restore = e.dir.Text[m[2]:m[3]] == "restore"
	list := e.dir.Text[m[4]:m[5]]
	words := headWord.FindAllStringIndex(list, -1)
	e.all = len(words) == 0
	ours := e.all
	for _, w := range words {
		at := e.dir.Span.Start + uint32(m[4]+w[0])
		e.rules = append(e.rules, &ref{name: list[w[0]:w[1]], span: ir.Span{Start: at, End: at + uint32(w[1]-w[0])}})
		ours = ours || ourCode.MatchString(list[w[0]:w[1]])
	}
	return ours
}

// attribute reads SuppressMessage("category", "id:title", Justification = "...").
func (e *entry) attribute() bool {
	a := e.dir.Attr
	category, id := argument(a, 0, "category"), argument(a, 1, "checkId")
	name, _, _ := strings.Cut(id, ":")
	name = strings.TrimSpace(name)
	if !strings.EqualFold(category, "pinvet") && !ourCode.MatchString(name) {
		return false
	}
	e.asked = true
	if name != "" {
		e.rules = []*ref{{name: name, span: e.dir.Span}}
	}
	e.setReason(argument(a, -1, "Justification"))
	if a.Target == "assembly" || a.Target == "module" {
		e.kind = inAssembly
		e.scope, e.target = argument(a, -1, "Scope"), argument(a, -1, "Target")
	}
	return true
}

// argument is an argument of an attribute by its place or its name, a constant as it is written.
func argument(a *ir.Attr, place int, name string) string {
	for i := range a.Args {
		if x := &a.Args[i]; strings.EqualFold(x.Name, name) || x.Name == "" && i == place {
			return x.Text
		}
	}
	return ""
}
