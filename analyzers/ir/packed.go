package ir

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unique"
)

// Bodies are most of what a run would keep in memory, and few of them are looked at twice. Pack turns
// those of a file into bytes, some tenth of their size, which the first look at a body turns back. What
// a body names stays known without that (Func.Names).

// packedBody is the body of a function as bytes, and as blocks once somebody asked for them.
//
// There are several for each kilobyte of a tree, and most stay as they are made, so that they are small.
type packedBody struct {
	words []Word
	late  LateAt                       // where the body is, if it is late; else it is nowhere
	code  atomic.Pointer[packedCode]   // nil for a late body that nobody looked at
	body  atomic.Pointer[unpackedBody] // what somebody asked for; nil: nobody ever did (Func.LookedAt)
	mu    sync.Mutex                   // of who makes code or body
}

// packedCode is the body as bytes.
type packedCode struct {
	data    []byte
	strings []string // data holds indexes; those of the file, or of a late body
	*lateCode
}

// dropped is a body that somebody asked for, and that is not there any more.
var dropped = &unpackedBody{}

type unpackedBody struct {
	blocks []Block
	defs   []instrRef
}

// NamedOps are the instructions that bodies tell of with a word.
var NamedOps = []Op{OpCall, OpThrow, OpCatch, OpFixed, OpVarAddr, OpLambda, OpUnknown}

// OpWord stands for an instruction of that kind, one of NamedOps, among the words of a body.
func OpWord(op Op) Word { return WordOf("\x00op" + string(rune(op))) }

// Pack packs the bodies of all functions of the file. Instructions that somebody holds are not those
// that the functions have from then on.
func (f *File) Pack() {
	p := packers.Get().(*packer)
	defer p.giveBack()
	type end struct{ data, words int }
	ends, n := make([]end, len(f.Funcs)), 0
	for i, fn := range f.Funcs {
		if fn.packed == nil && len(fn.Code) > 0 {
			p.add(fn)
			fn.Code, fn.defs = nil, nil
			ends[i] = end{len(p.buf), len(p.named)}
			n++
		}
	}
	data, named, texts := slices.Clone(p.buf), slices.Clone(p.named), slices.Clone(p.strings)
	bodies, codes := make([]packedBody, n), make([]packedCode, n)
	var at end
	for i, fn := range f.Funcs {
		if to := ends[i]; to != (end{}) {
			n--
			codes[n] = packedCode{data: data[at.data:to.data:to.data], strings: texts}
			fn.packed = &bodies[n]
			fn.packed.words = named[at.words:to.words:to.words]
			fn.packed.code.Store(&codes[n])
			at = to
		}
	}
	f.clipVars()
}

// clipVars puts the variables of all functions into one array, without the room that grew with each.
func (f *File) clipVars() {
	n := 0
	for _, fn := range f.Funcs {
		n += len(fn.Vars)
	}
	all := make([]Var, 0, n)
	for _, fn := range f.Funcs {
		if at := len(all); len(fn.Vars) > 0 {
			all = append(all, fn.Vars...)
			fn.Vars = all[at:len(all):len(all)]
		}
	}
}

// Packed tells whether the body was packed, so that its words are known; it can be unpacked by now.
func (f *Func) Packed() bool { return f.packed != nil }

// Unpacked tells whether somebody looked at a body that was packed, so that Drop has something to forget. Nobody
// may ask for its blocks meanwhile.
func (f *Func) Unpacked() bool {
	if f.packed == nil {
		return false
	}
	b := f.packed.body.Load()
	return b != nil && b.blocks != nil
}

// HasBody tells whether there are blocks, without unpacking them.
func (f *Func) HasBody() bool { return f.packed != nil || len(f.Code) > 0 }

// Blocks returns the body; nil where there is none. Callers may change its instructions, not the list.
func (f *Func) Blocks() []Block {
	if f.packed == nil {
		return f.Code
	}
	return f.unpacked().blocks
}

// CountBlocks is len(f.Blocks()), without unpacking them.
func (f *Func) CountBlocks() int {
	p := f.packed
	if p == nil {
		return len(f.Code)
	}
	if b := p.body.Load(); b != nil && b != dropped {
		return len(b.blocks)
	}
	f.look()
	r := instrReader{data: p.lowered(f).data}
	return r.count()
}

// unpacked is the body of a function that was packed. A panic that making it ends in leaves it empty.
func (f *Func) unpacked() *unpackedBody {
	p := f.packed
	if b := p.body.Load(); b != nil && b != dropped {
		return b
	}
	code := p.lowered(f)
	p.mu.Lock()
	defer p.mu.Unlock()
	if b := p.body.Load(); b != nil && b != dropped {
		return b
	}
	b := &unpackedBody{}
	defer p.body.Store(b)
	var hold *Hold
	if f.File != nil {
		hold = f.File.hold
	}
	code.unpack(b, f.NumTemps, hold)
	return b
}

// Drop forgets the blocks of a body that was packed; the next look at it makes others. Nobody may hold
// or ask for any of them meanwhile.
func (f *Func) Drop() {
	if f.packed != nil && f.packed.body.Load() != nil {
		f.packed.body.Store(dropped)
	}
}

// SetBlocks gives the function another body.
func (f *Func) SetBlocks(bs []Block) { f.Code, f.packed = bs, nil }

// Names tells whether the body may name one of some words (see WordOf), sorted. It does not unpack the body;
// of one that was never packed it is always true. The list must not change afterwards.
func (f *Func) Names(sorted []Word) bool {
	if f.packed == nil {
		return len(f.Code) > 0
	}
	if f.File != nil && f.File.asked != nil {
		f.File.asked.list(sorted)
	}
	ws := f.packed.words
	if len(sorted) > 4*len(ws) {
		for _, w := range ws {
			if _, ok := slices.BinarySearch(sorted, w); ok {
				return true
			}
		}
		return false
	}
	for _, w := range sorted {
		if _, ok := slices.BinarySearch(ws, w); ok {
			return true
		}
	}
	return false
}

// Words returns the words that the body names, sorted, where it was packed. Whoever looks for some among them notes these (Asked).
func (f *Func) Words() (ws []Word, ok bool) {
	if f.packed == nil {
		return nil, len(f.Code) == 0
	}
	return f.packed.words, true
}

// OpWords are those of some instructions, sorted.
func OpWords(ops ...Op) (out []Word) {
	for _, op := range ops {
		out = append(out, OpWord(op))
	}
	slices.Sort(out)
	return out
}

// EachString calls do for each string that the packed bodies of the file share, and for the names in those that are late.
func (f *File) EachString(do func(string)) {
	for names := f.names; names != ""; {
		name, rest, _ := strings.Cut(names, "\x00")
		do(name)
		names = rest
	}
	for _, fn := range f.Funcs {
		if fn.packed != nil && !fn.IsLate() {
			for _, s := range fn.packed.code.Load().strings {
				do(s)
			}
			return
		}
	}
}

// packers holds those of earlier files, for what they have grown to.
var packers = sync.Pool{New: func() any { return &packer{index: map[string]uint64{}} }}

// maxStrings is how many strings a packer may have room for when it is given back: it is emptied each time.
const maxStrings = 4096

// giveBack empties p.
func (p *packer) giveBack() {
	if len(p.strings) > maxStrings {
		return
	}
	clear(p.index)
	clear(p.words)
	clear(p.strings)
	*p = packer{index: p.index, words: p.words[:0], strings: p.strings[:0], inBody: p.inBody[:0], buf: p.buf[:0], named: p.named[:0]}
	packers.Put(p)
}

// packer holds what the bodies of one file share.
type packer struct {
	index   map[string]uint64 // of strings
	strings []string
	words   [][]Word // of strings
	buf     []byte   // the bodies
	named   []Word   // their words

	body   int32      // number of the body at hand, from 1
	inBody []int32    // by string: the last body whose words those of the string are
	ops    [256]int32 // the same by op
}

// text writes a string. Names of calls, members and types are words of the body, literals are not.
func (p *packer) text(s string, named bool) {
	i, ok := p.index[s]
	if !ok {
		i = uint64(len(p.strings))
		s = unique.Make(s).Value() // equal strings of other files are the same
		p.index[s] = i
		p.strings = append(p.strings, s)
		p.words, p.inBody = append(p.words, wordsIn(s)), append(p.inBody, 0)
	}
	p.uint(i)
	if named {
		p.names(i)
	}
}

// names adds the words of a string to those of the body.
func (p *packer) names(i uint64) {
	if p.inBody[i] != p.body {
		p.inBody[i] = p.body
		p.named = append(p.named, p.words[i]...)
	}
}

// wordMarks are the characters that stand between words in names and types.
const wordMarks = ".<>[]*,?& ()@:"

func wordsIn(text string) (ws []Word) {
	EachWord(text, func(w string) { ws = append(ws, WordOf(w)) })
	return ws
}

// EachWord calls do for each word of a name or type.
func EachWord(text string, do func(string)) {
	for len(text) > 0 {
		n := strings.IndexAny(text, wordMarks)
		if n < 0 {
			do(text)
			return
		}
		if n > 0 {
			do(text[:n])
		}
		text = strings.TrimLeft(text[n:], wordMarks)
	}
}

// ChainWord stands for a call of another constructor of the object at hand among the words of a body.
var ChainWord = WordOf("\x00chain")

// AddWord stands for the Add of an element in an initialiser, which nobody wrote, among the words of a body.
var AddWord = WordOf("\x00add")

// add appends the body of f, and its words.
func (p *packer) add(f *Func) {
	p.body++
	at := len(p.named)
	for i := range f.Vars {
		p.mention(string(f.Vars[i].Type))
	}
	p.mention(string(f.Ret))
	var n counts
	n.of(f)
	for _, c := range []int{len(f.Code), n.instrs, n.calls, n.args, n.blocks, n.vars, n.types} {
		p.uint(uint64(c))
	}
	w := instrWriter{packer: p}
	for i := range f.Code {
		w.block(&f.Code[i])
	}
	slices.Sort(p.named[at:])
	p.named = p.named[:at+len(slices.Compact(p.named[at:]))]
}

// mention adds the words of a type that the body does not hold as a string.
func (p *packer) mention(s string) {
	if i, ok := p.index[s]; ok {
		p.names(i)
		return
	}
	p.named = append(p.named, wordsIn(s)...)
}

// counts are the lengths of the arrays that a body is unpacked into.
type counts struct{ instrs, calls, args, blocks, vars, types int }

func (n *counts) of(f *Func) {
	for i := range f.Code {
		b := &f.Code[i]
		n.instrs += len(b.Instrs)
		n.blocks += len(b.Term.Succs)
		for j := range b.Instrs {
			in := &b.Instrs[j]
			n.vars += len(in.Vars)
			if in.Call != nil {
				n.calls++
				n.args += len(in.Call.Args)
				n.types += len(in.Call.TypeArgs)
			}
		}
	}
}
