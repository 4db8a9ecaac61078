package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/fix"
	"github.com/pinvet/pinvet/internal/session"
	"github.com/pinvet/pinvet/lsp/protocol"
	"github.com/pinvet/pinvet/rules"
)

// codeAction offers what can be done about the findings in a range.
func (s *Server) codeAction(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	var p protocol.CodeActionParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	out := protocol.List[protocol.CodeAction]{}
	r, res, d, err := s.fresh(ctx, p.TextDocument.URI)
	if err != nil || res == nil || !d.current(res.File(d.at.path)) {
		return out, err
	}
	outline := r.sess.Outline(res.File(d.at.path)) // waits for the session, so not under the lock
	s.mu.Lock()
	defer s.mu.Unlock()
	o := offer{s: s, r: r, res: res, d: d, only: p.Context.Only, outline: outline}
	for _, x := range res.Findings[d.at.path] {
		if diag, shown := s.diagnostic(r, res, res.File(d.at.path), x); shown && overlaps(diag.Range, p.Range) {
			o.quickFixes(x, diag)
		}
	}
	if o.wants(protocol.SourceFixAllOwn) && len(p.Context.Only) > 0 {
		if edit := o.edit(o.safe(func(*finding.Finding) bool { return true })); edit != nil {
			o.out = append(o.out, protocol.CodeAction{Title: "pinvet: apply all safe fixes", Kind: protocol.SourceFixAllOwn, Edit: edit})
		}
	}
	return append(out, o.out...), nil
}

// offer collects the actions of one request, under Server.mu.
type offer struct {
	s    *Server
	r    *root
	res  *session.Result
	d    *document
	only []protocol.CodeActionKind

	outline *session.Outline
	out     []protocol.CodeAction
}

// wants tells whether the client asked for actions of the kind: a kind holds those below it.
func (o *offer) wants(kind protocol.CodeActionKind) bool {
	return len(o.only) == 0 || slices.ContainsFunc(o.only, func(k protocol.CodeActionKind) bool {
		return k == "" || k == kind || strings.HasPrefix(string(kind), string(k)+".")
	})
}

func (o *offer) quickFixes(x *finding.Finding, diag protocol.Diagnostic) {
	if !o.wants(protocol.QuickFix) {
		return
	}
	diags := []protocol.Diagnostic{diag}
	for _, way := range x.Fixes {
		if edit := o.edit(way.Edits); edit != nil {
			title := sentence(way.Text)
			if way.Safety == rules.UnsafeFix {
				title += " (may change what the code does)"
			}
			o.out = append(o.out, protocol.CodeAction{
				Title: title, Kind: protocol.QuickFix, Diagnostics: diags, IsPreferred: way.Safety == rules.SafeFix, Edit: edit,
			})
		}
	}
	if same := o.safe(func(y *finding.Finding) bool { return y.Code == x.Code }); countFixable(o.res.Findings[o.d.at.path], x.Code) > 1 {
		if edit := o.edit(same); edit != nil {
			o.out = append(o.out, protocol.CodeAction{
				Title: fmt.Sprintf("Fix all %s (%s) in this file", x.Code, x.Name), Kind: protocol.QuickFix, Diagnostics: diags, Edit: edit,
			})
		}
	}
	o.out = append(o.out, o.suppressions(x, diags)...)
	o.out = append(o.out,
		protocol.CodeAction{
			Title: fmt.Sprintf("Explain %s (%s)", x.Code, x.Name), Kind: protocol.QuickFix, Diagnostics: diags,
			Command: &protocol.Command{Title: "Explain " + x.Code, Command: cmdExplain, Arguments: []any{x.Code}},
		})
}

func sentence(text string) string {
	if text == "" {
		return "Fix"
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func countFixable(fs []*finding.Finding, code string) (n int) {
	for _, f := range fs {
		if f.Code == code && safeFix(f) != nil {
			n++
		}
	}
	return n
}

// safeFix is the safe fix of a finding, nil if it has none.
func safeFix(f *finding.Finding) *finding.Fix {
	for i := range f.Fixes {
		if f.Fixes[i].Safety == rules.SafeFix {
			return &f.Fixes[i]
		}
	}
	return nil
}

// safe gathers the edits of the safe fixes of some findings of the document. A fix that would touch
// what another one changes is left for the next time.
func (o *offer) safe(want func(*finding.Finding) bool) []finding.Edit {
	var shown []*finding.Finding
	for _, f := range o.res.Findings[o.d.at.path] {
		if _, ok := o.s.settings.severityOf(f.Code, f.Name, f.Severity); ok && want(f) {
			shown = append(shown, f)
		}
	}
	chosen, _ := fix.Choose(shown, false)
	return fix.Edits(chosen)
}

// edit makes a workspace edit; nil where a file is not as it was analysed.
func (o *offer) edit(edits []finding.Edit) *protocol.WorkspaceEdit {
	if len(edits) == 0 {
		return nil
	}
	by := map[string][]protocol.TextEdit{}
	for _, e := range edits {
		f := o.res.File(e.Path)
		if d := o.s.docAt(o.r, e.Path); f == nil || d != nil && !d.current(f) {
			return nil
		}
		by[e.Path] = append(by[e.Path], protocol.TextEdit{Range: spanIn(f, e.Span, o.s.enc), NewText: strings.ReplaceAll(e.NewText, "\n", fix.LineEnd(f, e.Start.Line))})
	}
	return o.s.workspaceEdit(o.r, by)
}

// lineEnds gives new text the line ends of the file.
func lineEnds(text string, file []byte) string {
	if i := strings.IndexByte(string(file), '\n'); i > 0 && file[i-1] == '\r' {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// workspaceEdit writes edits by path in the form that the client takes.
func (s *Server) workspaceEdit(r *root, by map[string][]protocol.TextEdit) *protocol.WorkspaceEdit {
	paths := make([]string, 0, len(by))
	for p := range by {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	w := &protocol.WorkspaceEdit{}
	for _, p := range paths {
		uri := s.uriOf(r, p)
		if !s.caps.Workspace.WorkspaceEdit.DocumentChanges {
			if w.Changes == nil {
				w.Changes = map[protocol.DocumentURI][]protocol.TextEdit{}
			}
			w.Changes[uri] = by[p]
			continue
		}
		id := protocol.OptionalVersionedTextDocumentIdentifier{URI: uri}
		if d := s.docAt(r, p); d != nil {
			id.Version = &d.version
		}
		w.DocumentChanges = append(w.DocumentChanges, protocol.TextDocumentEdit{TextDocument: id, Edits: by[p]})
	}
	return w
}

// argument reads the first argument of a command as a string.
func argument(args []any) string {
	if len(args) == 0 {
		return ""
	}
	switch v := args[0].(type) {
	case string:
		return v
	default:
		var o struct {
			URI string `json:"uri"`
		}
		data, _ := json.Marshal(v)
		_ = json.Unmarshal(data, &o)
		return o.URI
	}
}
