package lsp

import (
	"context"
	"fmt"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/session"
	"github.com/pinvet/pinvet/lsp/protocol"
	"github.com/pinvet/pinvet/rules"
	"github.com/pinvet/pinvet/rules/registry"
)

// hover tells about the findings at a place, and about the import that is named there.
func (s *Server) hover(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	var p protocol.TextDocumentPositionParams
	if err := decode(req, &p); err != nil {
		return nil, err
	}
	r, res, d, err := s.fresh(ctx, p.TextDocument.URI)
	if err != nil || res == nil || !d.current(res.File(d.at.path)) {
		return nil, err
	}
	f := res.File(d.at.path)
	var parts []string
	var where *protocol.Range
	s.mu.Lock()
	for _, x := range res.Findings[d.at.path] {
		at := spanIn(f, x.Span, s.enc)
		if _, shown := s.settings.severityOf(x.Code, x.Name, x.Severity); shown && within(p.Position, at) {
			parts = append(parts, s.aboutFinding(r, res, x))
			where = &at
		}
	}
	s.mu.Unlock()
	if n, ok := d.at.root.sess.Named(f, d.offset(p.Position, s.enc)); ok {
		parts = append(parts, aboutNative(n))
		if where == nil {
			at := offsetsIn(f, int(n.Span.Start), int(n.Span.End), s.enc)
			where = &at
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return protocol.Hover{Contents: s.markup(strings.Join(parts, "\n\n---\n\n")), Range: where}, nil
}

// markup is Markdown, or the same as plain text where the client takes no Markdown.
func (s *Server) markup(text string) protocol.MarkupContent {
	formats := s.caps.TextDocument.Hover.ContentFormat
	for _, f := range formats {
		if f == protocol.Markdown {
			return protocol.MarkupContent{Kind: protocol.Markdown, Value: text}
		}
	}
	return protocol.MarkupContent{Kind: protocol.PlainText, Value: plain(text)}
}

// plain drops the marks of Markdown that are used here.
func plain(text string) string {
	return strings.NewReplacer("**", "", "```csharp\n", "", "```c\n", "", "\n```", "", "`", "", "\\_", "_", "\\*", "*").Replace(text)
}

// aboutFinding says why a finding is one: what the rule is about, steps, page. Its message is not among
// that: editors show it above.
func (s *Server) aboutFinding(r *root, res *session.Result, x *finding.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** %s", x.Code, x.Name)
	if rule, err := registry.Find(x.Code); err == nil {
		fmt.Fprintf(&b, "\n\n%s", rules.Summary(rule))
	}
	if len(x.Steps) > 0 {
		b.WriteString("\n")
		for i, st := range x.Steps {
			fmt.Fprintf(&b, "\n%d. %s (%s)", i+1, escape(st.Text), s.stepLink(r, x, st))
		}
	}
	if x.Confidence > rules.High {
		fmt.Fprintf(&b, "\n\nConfidence: %s", x.Confidence)
	}
	fmt.Fprintf(&b, "\n\n[%s](%s)", x.Code, pageURL(x.Code))
	return b.String()
}

func (s *Server) stepLink(r *root, x *finding.Finding, st finding.Step) string {
	text := fmt.Sprintf("line %d", st.Start.Line)
	if st.Path != x.Path {
		text = fmt.Sprintf("%s:%d", st.Path, st.Start.Line)
	}
	return fmt.Sprintf("[%s](%s#L%d)", escape(text), s.uriOf(r, st.Path), st.Start.Line)
}

// escape keeps text from being read as Markdown.
func escape(text string) string {
	return strings.NewReplacer("*", "\\*", "_", "\\_", "[", "\\[", "<", "\\<").Replace(text)
}

// aboutNative shows the native function that a name stands for.
func aboutNative(n *session.Native) string {
	var b strings.Builder
	lang := "c"
	fmt.Fprintf(&b, "```%s\n%s\n```", lang, n.Signature)
	if n.Origin != "" {
		fmt.Fprintf(&b, "\n\n%s", escape(n.Origin))
	}
	if len(n.Params) > 0 {
		b.WriteString("\n")
	}
	for _, p := range n.Params {
		fmt.Fprintf(&b, "\n- `%s`: %s", p.Name, p.Lifetime)
	}
	if n.Result != "" {
		fmt.Fprintf(&b, "\n- result: %s", n.Result)
	}
	return b.String()
}
