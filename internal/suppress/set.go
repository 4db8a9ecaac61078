package suppress

import (
	"slices"
	"strings"
	"time"

	"github.com/pinvet/pinvet/analyzers/ir"
	"github.com/pinvet/pinvet/analyzers/project"
	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
	"github.com/pinvet/pinvet/rules/suppressions"
)

// Unit is the code whose suppressions count.
type Unit struct {
	Files    []*ir.File // by path
	Snapshot *source.Snapshot
	Projects *project.Set  // may be nil
	Rules    []*rules.Rule // those that ran
	Today    time.Time     // the day at which dates are held; zero: today in UTC
}

// Set is the suppressions of a unit. One goroutine may use it.
type Set struct {
	u      *Unit
	today  time.Time
	global []*entry            // those that reach beyond their file
	files  map[string]*inPath  // what is known of the files that were asked for
	parsed map[string][]*entry // by path
}

// inPath is what suppresses findings in one file.
type inPath struct {
	src     *source.File
	entries []*reach // of the file itself, pragmas left out
	pragmas []*entry // in order
}

// reach is where in one file a suppression holds.
type reach struct {
	*entry
	whole bool
	spans []ir.Span
}

// New reads the directives of a unit.
func New(u *Unit) *Set {
	s := &Set{u: u, today: u.Today, files: map[string]*inPath{}, parsed: map[string][]*entry{}}
	if s.today.IsZero() {
		s.today = time.Now()
	}
	s.today = s.today.UTC()
	for _, f := range u.Files {
		for i := range f.Directives {
			e := parse(f, &f.Directives[i], s.today)
			if e == nil {
				continue
			}
			for _, r := range e.rules {
				r.code = s.code(r.name)
			}
			s.parsed[f.Path] = append(s.parsed[f.Path], e)
			if e.kind == inAssembly || partType(e) != "" {
				s.global = append(s.global, e)
			}
		}
	}
	return s
}

// code is the code of the rule of that code or name, "" if there is none.
func (s *Set) code(name string) string {
	for _, r := range s.u.Rules {
		if strings.EqualFold(r.Code, name) || strings.EqualFold(r.Name, name) {
			return r.Code
		}
	}
	if r, err := registry.Find(name); err == nil {
		return r.Code
	}
	return ""
}

// partType is the name of the partial type that an attribute stands on, or "".
func partType(e *entry) string {
	if e.dir.Kind != ir.DirectiveAttribute || e.kind != inCode {
		return ""
	}
	for _, t := range e.file.Types {
		if t.Span == e.dir.About && t.Flags&ir.Partial != 0 {
			return t.Name
		}
	}
	return ""
}

// Of is what suppresses a finding, nil if nothing does.
func (s *Set) Of(f *finding.Finding) *finding.Suppression {
	if suppressions.About(f.Code) {
		return nil
	}
	p := s.path(f.Path)
	if p == nil {
		return nil
	}
	var first *entry
	hit := func(e *entry) {
		if e.take(f.Code) && first == nil && e.active() {
			first = e
		}
	}
	for _, r := range p.entries {
		if r.covers(f.Start.Offset, p.src) {
			hit(r.entry)
		}
	}
	for _, e := range p.disabled(f.Code, f.Start.Offset) {
		hit(e)
	}
	if first == nil {
		return nil
	}
	out := &finding.Suppression{Kind: finding.InSource, Justification: first.reason}
	if src := s.u.Snapshot.File(first.file.Path); src != nil {
		out.Span = spanIn(src, first.dir.Span)
	}
	return out
}

// take tells whether the suppression names the rule, and notes that it does something.
func (e *entry) take(code string) bool {
	if e.all {
		return true
	}
	found := false
	for _, r := range e.rules {
		if r.code == code {
			r.used, found = true, true
		}
	}
	return found
}

// covers tells whether an offset on disk lies in it.
func (r *reach) covers(offset int, src *source.File) bool {
	return r.whole || slices.ContainsFunc(r.spans, func(at ir.Span) bool {
		return src.DiskOffset(int(at.Start)) <= offset && offset < src.DiskOffset(int(at.End))
	})
}

// disabled are the pragmas that have a rule switched off at an offset on disk.
func (p *inPath) disabled(code string, offset int) (on []*entry) {
	for _, e := range p.pragmas {
		if p.src.DiskOffset(int(e.dir.Span.Start)) > offset {
			break
		}
		if !e.all && !slices.ContainsFunc(e.rules, func(r *ref) bool { return r.code == code }) {
			continue
		}
		if e.restore {
			on = nil
		} else {
			on = append(on, e)
		}
	}
	return on
}

// path works out what holds in a file.
func (s *Set) path(path string) *inPath {
	if p, known := s.files[path]; known {
		return p
	}
	var p *inPath
	src := s.u.Snapshot.File(path)
	i, ok := slices.BinarySearchFunc(s.u.Files, path, func(f *ir.File, path string) int { return strings.Compare(f.Path, path) })
	if ok && src != nil && (len(s.parsed[path]) > 0 || len(s.global) > 0) {
		p = &inPath{src: src}
		for _, e := range s.parsed[path] {
			switch e.kind {
			case fromHere:
				p.pragmas = append(p.pragmas, e)
			case inFile:
				p.entries = append(p.entries, &reach{entry: e, whole: true})
			case inCode:
				p.entries = append(p.entries, &reach{entry: e, spans: []ir.Span{e.dir.About}})
			}
		}
		for _, e := range s.global {
			if r := s.reach(e, s.u.Files[i]); r.whole || len(r.spans) > 0 {
				p.entries = append(p.entries, r)
			}
		}
	}
	s.files[path] = p
	return p
}

// reach is where in a file a suppression holds that may be written in another one.
func (s *Set) reach(e *entry, f *ir.File) *reach {
	r := &reach{entry: e}
	if f.Lang != ir.CSharp || !s.together(e.file.Path, f.Path) {
		return r
	}
	t := target{kind: "T", name: partType(e), params: -1}
	if e.kind == inAssembly {
		t = targetOf(e)
	}
	r.whole = t.everywhere()
	if !r.whole {
		r.spans = t.spans(f)
	}
	return r
}

// together tells whether two C# files are compiled into one assembly, as far as that is known.
func (s *Set) together(a, b string) bool {
	x, y := s.u.Projects.Of(a), s.u.Projects.Of(b)
	if x == nil || y == nil {
		return x == y
	}
	return slices.ContainsFunc(x.Projects, func(p *project.Project) bool { return slices.Contains(y.Projects, p) })
}

// spanIn resolves a place for the user.
func spanIn(src *source.File, at ir.Span) finding.Span {
	position := func(offset uint32) finding.Position {
		p := src.Position(int(offset))
		return finding.Position{Line: p.Line, Column: p.Col, Offset: src.DiskOffset(int(offset))}
	}
	return finding.Span{Path: src.Path, Start: position(at.Start), End: position(at.End)}
}
