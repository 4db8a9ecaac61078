package unread

import (
	"bytes"
	"crypto/sha256"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"

	"github.com/pinvet/pinvet/analyzers/internal/parallel"
	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/skim"
	"github.com/pinvet/pinvet/analyzers/source"
)

// Analyzer gives the files of the unit that are not read; its result is an *Index. A driver that leaves
// none out gives nothing, and the index is nil.
var Analyzer = &analysis.Analyzer{
	Name:       "unread",
	Doc:        "files of the unit of which only the words are known",
	ResultType: reflect.TypeFor[*Index](),
	Run:        func(*analysis.Pass) (any, error) { return (*Index)(nil), nil },
}

// Index is the C# files of a unit, by the names in them.
type Index struct {
	workers int
	files   []*file // by path
	byType  map[string][]int32
	byWord  map[ir.Word][]int32 // byType by the words of the names
	byExt   map[string][]int32
	spaces  []string
	first   []string // files that cannot be skimmed, or are in another language: the first to be read

	more atomic.Bool // files are wanted that are not read

	mu      sync.Mutex
	kinOnce func() *kin
	told    map[ir.Word][]ir.Word

	asked      *ir.Asked // words that somebody asked for, here and of bodies; nil where nothing is kept
	askedTexts ir.Asked  // words that somebody asked for here alone
	marks      []Mark    // by path
	marked     []ir.Word // of which marks has words

	everywhere map[ir.Word]bool      // types whose members global usings bring into any file
	aliases    map[ir.Word][]ir.Word // words of types, the names that global usings give them
}

type file struct {
	path   string
	size   int
	hash   [sha256.Size]byte
	text   *skim.Text
	read   bool        // the run reads it
	wanted atomic.Bool // the next one does
	mark   Mark
}

// Passed is a file that was only skimmed.
type Passed struct {
	Path string
	Size int // of its text on disk, in bytes
	Hash [sha256.Size]byte
}

// New skims the C# files of in. Files that cannot be read, and those that say something about others, are read.
//
// tells is asked about each word of the code (see skim.CSharp) of files that have one of the needles in them.
func New(in *source.Input, needles []string, tells func(word []byte) uint8) *Index {
	x := &Index{workers: in.Workers, byType: map[string][]int32{}, byWord: map[ir.Word][]int32{}, byExt: map[string][]int32{}, told: map[ir.Word][]ir.Word{}, everywhere: map[ir.Word]bool{}, aliases: map[ir.Word][]ir.Word{}}
	if in.Kept != nil { // a later run may want to know
		x.asked = &ir.Asked{}
	}
	var paths []string
	for _, p := range slices.Compact(slices.Sorted(slices.Values(in.Paths))) {
		if source.LangOf(p) == source.CSharp {
			paths = append(paths, p)
		} else {
			x.first = append(x.first, p)
		}
	}
	files := make([]*file, len(paths))
	parallel.Do(in.Ctx(), in.Workers, len(paths), func(i int) { files[i] = look(in, paths[i], needles, tells) })
	spaces := map[string]bool{}
	for i, f := range files {
		if f == nil {
			x.first = append(x.first, paths[i])
			continue
		}
		x.marks = append(x.marks, f.mark)
		at := int32(len(x.files))
		x.files = append(x.files, f)
		for _, n := range f.text.Types {
			x.byType[n] = append(x.byType[n], at)
			x.byWord[ir.WordOf(n)] = append(x.byWord[ir.WordOf(n)], at)
		}
		for _, n := range f.text.Extensions {
			x.byExt[n] = append(x.byExt[n], at)
		}
		for _, n := range f.text.Spaces {
			spaces[n] = true
		}
	}
	x.kinOnce = sync.OnceValue(func() *kin { return kinOf(x.files, x.aliases) })
	for n := range spaces {
		x.spaces = append(x.spaces, n)
	}
	slices.Sort(x.spaces)
	return x
}

// look skims one file; nil where it must be read.
func look(in *source.Input, path string, needles []string, tells func([]byte) uint8) *file {
	var f *source.File
	var err error
	if raw, ok := in.Overlay[path]; ok {
		f, err = in.Limits.FromBytes(path, source.CSharp, raw)
	} else {
		room := rooms.Get().(*[]byte)
		defer rooms.Put(room)
		f, err = in.Limits.ReadIn(room, in.Root, path)
	}
	if err != nil {
		return nil
	}
	if !slices.ContainsFunc(needles, func(n string) bool { return bytes.Contains(f.Text(), []byte(n)) }) {
		tells = nil
	}
	text := skim.CSharp(f.Text(), tells)
	out := &file{path: path, size: f.Size, hash: f.Hash, text: text}
	out.wanted.Store(text.Wide)
	if in.Kept != nil {
		out.mark = markOf(path, text, f.Text())
	}
	return out
}

// rooms holds what files are read in, *[]byte, as nobody looks at their texts again.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// Note adds to the words that somebody asked for, of files or bodies (ir.Asked).
func (x *Index) Note(words ...ir.Word) {
	if x != nil {
		x.asked.Note(words...)
	}
}

// NoteOfTexts is Note for words that only files are asked for.
func (x *Index) NoteOfTexts(words ...ir.Word) {
	if x != nil && x.asked != nil {
		x.askedTexts.Note(words...)
	}
}

// NoteIn has files note what their bodies are asked for.
func (x *Index) NoteIn(files []*ir.File) {
	for _, f := range files {
		f.NoteIn(x.asked)
	}
}

// Spaces are the namespaces of all files, sorted.
func (x *Index) Spaces() []string {
	if x == nil {
		return nil
	}
	return x.spaces
}
