package gate

import (
	"maps"
	"path"
	"slices"

	"github.com/pinvet/pinvet/analyzers/source"
)

// similar is the part of its lines that a renamed file shares at least with what it was, in percent: git's default.
const similar = 50

// findRenames finds what git does not: renames to files that were not added yet, and those in changes with
// more files than git compares. text gives the text of a file of now, or nil.
func (b *base) findRenames(text func(path string) []byte) {
	index := map[string][]string{} // line: files that are gone and have it
	sizes := map[string]int{}
	for _, was := range slices.Sorted(maps.Keys(b.deleted)) {
		set := lineSet(b.texts[was])
		sizes[was] = len(set)
		for l := range set {
			index[l] = append(index[l], was)
		}
	}
	if len(sizes) == 0 {
		return
	}
	for _, now := range slices.Sorted(maps.Keys(b.added)) {
		if !isSource(now) {
			continue
		}
		shared := map[string]int{}
		set := lineSet(text(now))
		for l := range set {
			for _, was := range index[l] {
				if _, free := b.deleted[was]; free && path.Ext(was) == path.Ext(now) {
					shared[was]++
				}
			}
		}
		best := ""
		for _, was := range slices.Sorted(maps.Keys(shared)) {
			if n := shared[was]; n*100 >= similar*max(len(set), sizes[was]) && n > shared[best] {
				best = was
			}
		}
		if best != "" {
			b.edited[now], b.renamed[now] = b.deleted[best], best
			delete(b.deleted, best)
			delete(b.added, now)
		}
	}
}

// lineSet is the set of the lines of a file as it is stored, without white space and comments; short ones say nothing.
func lineSet(raw []byte) map[string]bool {
	set := map[string]bool{}
	f, err := source.FromBytes("a.c", source.C, raw)
	if err != nil {
		return set
	}
	for _, l := range sideOf(f.Text()).keys {
		if len(l) > 4 {
			set[l] = true
		}
	}
	return set
}
