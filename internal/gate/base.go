package gate

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/check"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
)

// base is the code at the commit that a run is compared with.
type base struct {
	*past
	texts map[string][]byte // of the files that were there and are other ones now, by path before
	lines map[string]*lines // by path now, as they are asked for
	now   *check.Result
}

// readBase reads from git what is different at the base.
func readBase(ctx context.Context, p *past) (*base, error) {
	b := &base{past: p, texts: map[string][]byte{}, lines: map[string]*lines{}}
	byRepo := map[*repo]map[string]string{} // path before: blob
	want := func(was string, from blobIn) {
		if byRepo[from.repo] == nil {
			byRepo[from.repo] = map[string]string{}
		}
		byRepo[from.repo][was] = from.ID
	}
	for now, from := range p.edited {
		want(p.was(now), from)
	}
	for was, from := range p.deleted {
		want(was, from)
	}
	for r, blobs := range byRepo {
		byID, err := r.Blobs(ctx, slices.Collect(maps.Values(blobs)))
		if err != nil {
			return nil, err
		}
		for was, id := range blobs {
			if text, ok := byID[id]; ok && stored(text) {
				b.texts[was] = text
			}
		}
	}
	b.unreadable()
	return b, nil
}

// unreadable takes files of which git has no text for new ones.
func (b *base) unreadable() {
	for _, now := range slices.Sorted(maps.Keys(b.edited)) {
		if _, ok := b.texts[b.was(now)]; ok {
			continue
		}
		delete(b.edited, now)
		delete(b.renamed, now)
		if !isSource(now) {
			continue // what is there now is the best guess
		}
		b.added[now] = true
		b.problems = append(b.problems, outcome.Problem{
			Kind: outcome.NotAnalysed, Level: outcome.Warning, Path: now,
			Text: "its text at the merge base is not in git itself (Git LFS, a filter, or no text at all), so all that is found in it counts as new",
		})
	}
	for was := range b.deleted {
		if _, ok := b.texts[was]; !ok {
			delete(b.deleted, was)
		}
	}
}

// view is what the base looks like where now is what the given view says.
func (b *base) view(now *View) *View {
	v := now.clone()
	for p := range b.added {
		v.drop(p)
	}
	for p := range b.renamed {
		v.drop(p)
	}
	for p := range b.edited {
		if was := b.was(p); was == p || b.scope.holds(was) {
			v.put(was, b.texts[was])
		}
	}
	for was := range b.deleted {
		v.put(was, b.texts[was])
	}
	return v
}

// compared relates the text of a file at the base to that of now; nil where it has not changed, or was not there.
func (b *base) compared(now string) *lines {
	if l, ok := b.lines[now]; ok {
		return l
	}
	var l *lines
	if _, ok := b.edited[now]; ok {
		if text, ok := b.now.Text(now); ok {
			before, err := source.FromBytes(now, source.LangOf(now), b.texts[b.was(now)])
			if err == nil {
				l = compare(before.Text(), text)
			}
		}
	}
	b.lines[now] = l
	return l
}

// touches tells whether a finding of now lies on something that changed.
func (b *base) touches(f *finding.Finding) bool {
	if b.changed(f.Span) {
		return true
	}
	return slices.ContainsFunc(f.Steps, func(s finding.Step) bool { return b.changed(s.Span) })
}

func (b *base) changed(s finding.Span) bool {
	if b.added[s.Path] {
		return true
	}
	l := b.compared(s.Path)
	return l != nil && l.touched(s.Start.Line, s.End.Line)
}

// known brings the findings of the base to the names and lines of now.
func (b *base) known(fs []*finding.Finding) []known {
	nowOf := map[string]string{}
	for now, was := range b.renamed {
		nowOf[was] = now
	}
	out := make([]known, len(fs))
	for i, c := range candidatesOf(fs, func(p string) string { return p }) {
		k := known{Entry: c.Entry, trail: trail{line: c.line}}
		if now, ok := nowOf[k.Path]; ok {
			k.Path = now
		} else if _, gone := b.deleted[k.Path]; gone {
			k.gone, k.line = true, 0
		}
		k.moved = k.gone || !b.now.Declares(k.Path, k.Function)
		if l := b.compared(k.Path); l != nil && k.line > 0 {
			if k.line <= len(l.now) {
				k.line = l.now[k.line-1] + 1 // 0 where the line is gone
			} else {
				k.line = 0
			}
		}
		out[i] = k
	}
	return out
}

// analyse runs the check on the base.
func (b *base) analyse(ctx context.Context, o check.Options, now *View) ([]*finding.Finding, error) {
	v := b.view(now)
	o.Overlay, o.Absent, o.Declarations = v.Overlay, v.Absent, false
	res, err := check.Run(ctx, o)
	if err != nil {
		return nil, err
	}
	if res.Incomplete() {
		return nil, fmt.Errorf("a stage failed on the code of the merge base, so nothing can be compared with it")
	}
	return res.Findings, nil
}
