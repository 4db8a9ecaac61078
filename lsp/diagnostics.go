package lsp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/outcome"
	"github.com/pinvet/pinvet/internal/session"
	"github.com/pinvet/pinvet/lsp/protocol"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

// pagesURL is where the pages of the rules are shown.
const pagesURL = "https://github.com/pinvet/pinvet/blob/main/"

// found is told each result of a root.
func (s *Server) found(r *root, res *session.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := res.Settled && !r.done
	r.done = r.done || res.Settled
	s.configProblems(r, res)
	r.noteUnread(res)
	s.show(r, res)
	if first || res.Settled {
		s.refresh()
	}
}

// noteUnread takes from a settled result why files are not analysed.
func (r *root) noteUnread(res *session.Result) {
	if !res.Settled {
		return
	}
	r.unread = map[string]string{}
	for _, p := range res.Problems {
		if p.Line == 0 && (p.Kind == outcome.NotAnalysed || p.Kind == outcome.Unreadable) {
			r.unread[p.Path] = p.Text
		}
	}
}

// refresh asks a client that pulls to pull again.
func (s *Server) refresh() {
	if s.pull && s.caps.Workspace.Diagnostics.RefreshSupport {
		s.ask("workspace/diagnostic/refresh", nil, nil)
	}
}

// show pushes what differs from what was pushed before. Documents whose text is newer than the
// result keep what they have.
func (s *Server) show(r *root, res *session.Result) {
	if s.pull || r.shown == nil {
		return
	}
	for _, path := range s.paths(r, res) {
		if !s.speaksFor(r, path) {
			continue
		}
		d := s.docAt(r, path)
		if d != nil && d.lang != source.NoLang && !d.seenBy(res) {
			continue
		}
		list := s.diagnostics(r, res, path)
		id := identity(list)
		if len(list) == 0 {
			id = ""
		}
		var version *int
		if d != nil && s.caps.TextDocument.PublishDiagnostics.VersionSupport {
			version = &d.version
		}
		// An open document hears of each of its versions, so that nobody waits in vain.
		key := id
		if d != nil && d.lang != source.NoLang {
			key = id + "@" + versionText(d.version)
		}
		if r.shown[path] == key {
			continue
		}
		if r.shown[path] = key; key == "" {
			delete(r.shown, path)
		}
		s.notify("textDocument/publishDiagnostics", protocol.PublishDiagnosticsParams{URI: s.uriOf(r, path), Version: version, Diagnostics: list})
	}
}

// paths are the files of which something is or was shown, and the open ones; sorted, those that are
// open first.
func (s *Server) paths(r *root, res *session.Result) []string {
	seen := map[string]bool{}
	var open, rest []string
	add := func(p string) {
		if seen[p] {
			return
		}
		seen[p] = true
		if s.docAt(r, p) != nil {
			open = append(open, p)
		} else {
			rest = append(rest, p)
		}
	}
	for p := range res.Findings {
		add(p)
	}
	for p := range r.shown {
		add(p)
	}
	for _, d := range s.docs {
		if d.at.root == r {
			add(d.at.path)
		}
	}
	slices.Sort(open)
	slices.Sort(rest)
	return append(open, rest...)
}

// diagnostics are the findings of a file as the client sees them. An open document that is not analysed has one that says why, as
// nothing shown would look like nothing found.
func (s *Server) diagnostics(r *root, res *session.Result, path string) protocol.List[protocol.Diagnostic] {
	f := res.File(path)
	out := protocol.List[protocol.Diagnostic]{}
	if f == nil {
		if why, ok := r.unread[path]; ok && s.docAt(r, path) != nil {
			out = append(out, s.at(r, path, 0, 0, protocol.SeverityInfo, "not analysed: "+why))
		}
		return out
	}
	for _, x := range res.Findings[path] {
		if d, ok := s.diagnostic(r, res, f, x); ok {
			out = append(out, d)
		}
	}
	return out
}

// link names a finding in the data of its diagnostic.
type link struct {
	Fingerprint string `json:"fingerprint"`
}

func (s *Server) diagnostic(r *root, res *session.Result, f *source.File, x *finding.Finding) (protocol.Diagnostic, bool) {
	severity, shown := s.settings.severityOf(x.Code, x.Name, x.Severity)
	if !shown {
		return protocol.Diagnostic{}, false
	}
	var d protocol.Diagnostic
	d.Range = spanIn(f, x.Span, s.enc)
	d.Severity, d.Source, d.Message = severity, "pinvet", x.Message
	d.Code = protocol.Code{Text: x.Code}
	d.Data, _ = json.Marshal(link{x.Fingerprint})
	if s.caps.TextDocument.PublishDiagnostics.CodeDescriptionSupport || s.pull {
		d.CodeDescription = &protocol.CodeDescription{Href: pageURL(x.Code)}
	}
	if s.caps.TextDocument.PublishDiagnostics.RelatedInformation {
		for _, st := range x.Steps {
			if loc, ok := s.location(r, res, st.Span); ok {
				d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInfo{Location: loc, Message: st.Text})
			}
		}
	}
	return d, true
}

// location is a place of a result as the client names it.
func (s *Server) location(r *root, res *session.Result, at finding.Span) (protocol.Location, bool) {
	f := res.File(at.Path)
	if f == nil {
		return protocol.Location{}, false
	}
	return protocol.Location{URI: s.uriOf(r, at.Path), Range: spanIn(f, at, s.enc)}, true
}

func pageURL(code string) string {
	r, err := registry.Find(code)
	if err != nil {
		return pagesURL
	}
	return pagesURL + rules.PagePath(r)
}

// identity tells lists of diagnostics apart.
func identity(list protocol.List[protocol.Diagnostic]) string {
	data, _ := json.Marshal(list)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:12])
}

func versionText(v int) string {
	data, _ := json.Marshal(v)
	return string(data)
}

// fresh waits for a result in which the document has its present text.
func (s *Server) fresh(ctx context.Context, uri protocol.DocumentURI) (*root, *session.Result, *document, error) {
	s.mu.Lock()
	d := s.docs[uri]
	s.mu.Unlock()
	if d == nil || d.lang == source.NoLang {
		return nil, nil, nil, nil
	}
	res, err := d.at.root.sess.Wait(ctx, func(res *session.Result) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		if now := s.docs[uri]; now != nil {
			d = now
		}
		held := s.settings.Run == "onSave" && !d.saved
		return held || d.current(res.File(d.at.path)) || res.File(d.at.path) == nil
	})
	return d.at.root, res, d, err
}

// documentDiagnostic answers a pull for one document.
func (s *Server) documentDiagnostic(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	var p protocol.DocumentDiagnosticParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	list := protocol.List[protocol.Diagnostic]{}
	r, res, d, err := s.fresh(ctx, p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	if res != nil {
		s.mu.Lock()
		list = s.diagnostics(r, res, d.at.path)
		s.mu.Unlock()
	}
	return report(list, p.PreviousResultID), nil
}

func report(list protocol.List[protocol.Diagnostic], previous string) protocol.DocumentDiagnosticReport {
	id := identity(list)
	if id == previous {
		return protocol.DocumentDiagnosticReport{Kind: protocol.ReportUnchanged, ResultID: id}
	}
	return protocol.DocumentDiagnosticReport{Kind: protocol.ReportFull, ResultID: id, Items: &list}
}

// workspaceDiagnostic answers a pull for all files, once all of them are analysed.
func (s *Server) workspaceDiagnostic(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	var p protocol.WorkspaceDiagnosticParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	previous := map[protocol.DocumentURI]string{}
	for _, x := range p.PreviousResultIDs {
		previous[x.URI] = x.Value
	}
	out := protocol.WorkspaceDiagnosticReport{}
	s.mu.Lock()
	roots := slices.Clone(s.roots)
	s.mu.Unlock()
	for _, r := range roots {
		res, err := r.sess.Settled(ctx)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		out.Items = append(out.Items, s.reports(r, res, previous)...)
		s.mu.Unlock()
	}
	return out, nil
}

// reports are those of one root: of files with findings, and of those of which the client has some.
func (s *Server) reports(r *root, res *session.Result, previous map[protocol.DocumentURI]string) (out []protocol.WorkspaceDocumentDiagnosticReport) {
	var paths []string
	for p := range res.Findings {
		if s.speaksFor(r, p) {
			paths = append(paths, p)
		}
	}
	for uri := range previous {
		if at := s.place(uri); at.root == r && res.Findings[at.path] == nil {
			paths = append(paths, at.path)
		}
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		item := protocol.WorkspaceDocumentDiagnosticReport{URI: s.uriOf(r, path)}
		if d := s.docAt(r, path); d != nil {
			if !d.current(res.File(path)) {
				continue // a document pull will tell
			}
			item.Version = &d.version
		}
		item.DocumentDiagnosticReport = report(s.diagnostics(r, res, path), previous[item.URI])
		out = append(out, item)
	}
	return out
}

// place is where a document is or would be, without making a root.
func (s *Server) place(uri protocol.DocumentURI) place {
	if d := s.docs[uri]; d != nil {
		return d.at
	}
	if name, ok := filePath(uri); ok {
		if at, ok := s.inRoots(name); ok {
			return at
		}
	}
	return place{}
}
