package lsp

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/source"
	"github.com/pinvet/pinvet/internal/finding"
	"github.com/pinvet/pinvet/internal/suppress"
	"github.com/pinvet/pinvet/lsp/protocol"
	"github.com/pinvet/pinvet/rules/suppressions"
)

// because stands for the reason that the user is to write.
const because = "TODO: say why this is right"

// suppressions offers comments and, on members of C#, an attribute that suppress a finding. What is said
// about suppressions cannot be suppressed.
func (o *offer) suppressions(x *finding.Finding, diags []protocol.Diagnostic) (out []protocol.CodeAction) {
	f := o.res.File(o.d.at.path)
	if f == nil || suppressions.About(x.Code) {
		return nil
	}
	insert := func(where string, line int, text string) {
		at := protocol.Position{Line: line - 1}
		out = append(out, protocol.CodeAction{
			Title: fmt.Sprintf("Ignore %s %s", x.Code, where), Kind: protocol.QuickFix, Diagnostics: diags,
			Edit: o.s.workspaceEdit(o.r, map[string][]protocol.TextEdit{o.d.at.path: {{
				Range: protocol.Range{Start: at, End: at}, NewText: lineEnds(text+"\n", o.d.text),
			}}}),
		})
	}
	// A statement of many lines is spoken of above its first, a macro above its #define.
	if line, ok := suppress.Line(f, x.Start.Line, x.Start.Column); ok {
		insert("on this line", line, fmt.Sprintf("%s// pinvet:ignore %s -- %s", indentOf(f.LineText(line)), x.Code, because))
	}
	if a, ok := o.attribute(f, x, diags); ok {
		out = append(out, a)
	}
	insert("in this file", firstLine(f.LineText(1)), fmt.Sprintf("// pinvet:ignore-file %s -- %s", x.Code, because))
	if a, ok := o.except(x, diags); ok {
		out = append(out, a)
	}
	return out
}

// codeAnalysis is the namespace of SuppressMessage.
const codeAnalysis = "System.Diagnostics.CodeAnalysis"

// attribute offers a SuppressMessage on the member of C# that a finding is in.
func (o *offer) attribute(f *source.File, x *finding.Finding, diags []protocol.Diagnostic) (a protocol.CodeAction, ok bool) {
	at, ok := o.outline.At(f.Offset(x.Start.Line, x.Start.Column))
	if !ok {
		return a, false
	}
	namespace := codeAnalysis + "."
	if slices.Contains(o.outline.Namespaces, codeAnalysis) {
		namespace = ""
	}
	text := fmt.Sprintf("[%sSuppressMessage(\"pinvet\", \"%s:%s\", Justification = \"%s\")]", namespace, x.Code, x.Name, because)
	pos := f.Position(at)
	line := f.LineText(pos.Line)
	if indent := indentOf(line); pos.Col == len(indent)+1 {
		text = lineEnds(text+"\n", o.d.text) + indent
	} else {
		text += " "
	}
	place := protocol.Position{Line: pos.Line - 1, Character: pos.Col - 1}
	return protocol.CodeAction{
		Title: fmt.Sprintf("Suppress %s with an attribute", x.Code), Kind: protocol.QuickFix, Diagnostics: diags,
		Edit: o.s.workspaceEdit(o.r, map[string][]protocol.TextEdit{o.d.at.path: {{Range: protocol.Range{Start: place, End: place}, NewText: text}}}),
	}, true
}

// except offers to switch the rule off for the file in the pinvet.yaml that counts, if there is one.
func (o *offer) except(x *finding.Finding, diags []protocol.Diagnostic) (a protocol.CodeAction, ok bool) {
	file, line, text, ok := o.r.config.Except(o.d.at.path, x.Code, because)
	if !ok {
		return a, false
	}
	path, err := filepath.Rel(o.r.path, file)
	if err != nil {
		return a, false
	}
	at := protocol.Position{Line: line - 1}
	return protocol.CodeAction{
		Title: fmt.Sprintf("Switch %s off for this file in %s", x.Code, filepath.Base(file)), Kind: protocol.QuickFix, Diagnostics: diags,
		Edit: o.s.workspaceEdit(o.r, map[string][]protocol.TextEdit{filepath.ToSlash(path): {{
			Range: protocol.Range{Start: at, End: at}, NewText: text,
		}}}),
	}, true
}

// firstLine is the line above which a comment for the whole file goes: a script's #! stays first.
func firstLine(first []byte) int {
	if strings.HasPrefix(string(first), "#!") {
		return 2
	}
	return 1
}

func indentOf(line []byte) string {
	text := string(line)
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}
