package unread

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/skim"
	"github.com/pinvet/pinvet/analyzers/source"
)

// A later run, for which some files are others, asks whether these look as they did to whoever knows their words alone.

// Mark is what skimming tells of a file, in short.
type Mark struct {
	Path     string
	Spaces   uint64    // hash of its namespaces
	Names    uint64    // hash of all but its words
	Words    []ir.Word // those that somebody asked for, sorted; where all files are read in the end, while some were not
	Assembly bool      // it may have the attribute of an assembly that package project looks for in texts
}

// Whole tells whether all files are read.
func (x *Index) Whole() bool { return x.files == nil }

// Marks are those of the files that were skimmed, by path; the words that somebody asked files for, sorted; and those that somebody
// asked bodies for.
func (x *Index) Marks() (marks []Mark, asked []ir.Word, bodies *ir.Asked) {
	x.markWords()
	return x.marks, x.marked, x.asked
}

// markWords notes the words of files, as long as these are known.
func (x *Index) markWords() {
	if x.asked == nil || x.files == nil {
		return
	}
	x.marked = append(x.asked.Words(), x.askedTexts.Words()...)
	slices.Sort(x.marked)
	x.marked = slices.Compact(x.marked)
	for i, f := range x.files { // x.marks has the same order
		x.marks[i].Words = ir.CommonWords(f.text.Words, x.marked)
	}
}

// MarkOf is the mark of a file as it is now, with all of its words, and the hash of its content. It is false for a file that cannot be skimmed.
func MarkOf(in *source.Input, path string, needles []string, tells func(word []byte) uint8) (m Mark, hash [sha256.Size]byte, ok bool) {
	f := look(in, path, needles, tells)
	if f == nil {
		return m, hash, false
	}
	f.mark.Words = f.text.Words
	return f.mark, f.hash, true
}

func markOf(path string, t *skim.Text, text []byte) Mark {
	return Mark{Path: path, Spaces: hashed(appendStrings(nil, t.Spaces)), Names: hashed(appendNames(nil, t)), Assembly: bytes.Contains(text, assemblyMark)}
}

// assemblyMark is in the text of a file with that attribute.
var assemblyMark = []byte("DisableRuntimeMarshalling")

func hashed(data []byte) uint64 {
	sum := sha256.Sum256(data)
	return binary.LittleEndian.Uint64(sum[:])
}

// appendNames writes all that t has but Words, one list after the other.
func appendNames(dst []byte, t *skim.Text) []byte {
	for _, list := range [][]string{t.Types, t.Delegates, t.Extensions, t.Spaces} {
		dst = appendStrings(dst, list)
	}
	dst = binary.AppendUvarint(dst, uint64(len(t.Bases)))
	for _, w := range t.Bases {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(w))
	}
	for _, list := range [][]skim.Pair{t.Heirs, t.Typed} {
		dst = binary.AppendUvarint(dst, uint64(len(list)))
		for _, p := range list {
			dst = binary.LittleEndian.AppendUint64(dst, uint64(p))
		}
	}
	dst = append(dst, t.Told)
	if t.Wide {
		dst = append(dst, 1)
	}
	return dst
}

func appendStrings(dst []byte, list []string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for _, s := range list {
		dst = append(binary.AppendUvarint(dst, uint64(len(s))), s...)
	}
	return dst
}
