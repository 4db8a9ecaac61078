package protocol_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	lsp "github.com/sourcegraph/go-lsp"

	"github.com/pinvet/pinvet/lsp/protocol"
)

// pipe is a stream whose input is given and whose output is kept.
type pipe struct {
	io.Reader
	out bytes.Buffer
}

func (p *pipe) Write(b []byte) (int, error) { return p.out.Write(b) }
func (p *pipe) Close() error                { return nil }

func frame(s string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(s), s) }

func read(t *testing.T, input string) (got []string, answers string, err error) {
	t.Helper()
	p := &pipe{Reader: strings.NewReader(input)}
	s := protocol.NewStream(p)
	for {
		var raw json.RawMessage
		if err = s.ReadObject(&raw); err != nil {
			return got, p.out.String(), err
		}
		got = append(got, string(raw))
	}
}

const note = `{"jsonrpc":"2.0","method":"exit"}`

func TestStreamGoesOnAfterBadMessages(t *testing.T) {
	for _, c := range []struct{ name, bad, want string }{
		{"no JSON", `{"jsonrpc":`, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,`},
		{"empty", ``, `"code":-32700`},
		{"a batch", `[]`, `"code":-32600`},
		{"no method", `{"jsonrpc":"2.0","id":3}`, `"id":3,"error":{"code":-32600`},
		{"no id and no method", `{"jsonrpc":"2.0"}`, `"code":-32600`},
		{"another version", `{"jsonrpc":"1.0","id":"a","method":"x"}`, `"id":"a","error":{"code":-32600`},
		{"an id of another kind", `{"jsonrpc":"2.0","id":{},"method":"x"}`, `"id":null,"error":{"code":-32600`},
		{"a method of another kind", `{"jsonrpc":"2.0","id":1,"method":7}`, `"code":-32600`},
		{"a number", `7`, `"code":-32600`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, answers, err := read(t, frame(c.bad)+frame(note))
			if err != io.EOF || len(got) != 1 || got[0] != note {
				t.Errorf("read %q, %v; want the message after the bad one and EOF", got, err)
			}
			if !strings.Contains(answers, c.want) || strings.Count(answers, "Content-Length") != 1 {
				t.Errorf("answered %q, want one message with %s", answers, c.want)
			}
		})
	}
}

func TestStreamFrames(t *testing.T) {
	for _, c := range []struct {
		name, input string
		messages    int
		err         error
	}{
		{"header in other words", "content-length: 33\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n" + note, 1, io.EOF},
		{"line feeds only", "Content-Length: 33\n\n" + note, 1, io.EOF},
		{"end inside a message", "Content-Length: 40\r\n\r\n" + note, 0, io.ErrUnexpectedEOF},
		{"end inside headers", "Content-Length: 40\r\n", 0, io.ErrUnexpectedEOF},
		{"negative length", "Content-Length: -1\r\n\r\n", 0, protocol.ErrFrame},
		{"length that is none", "Content-Length: many\r\n\r\n", 0, protocol.ErrFrame},
		{"too long", "Content-Length: 99999999999\r\n\r\n", 0, protocol.ErrFrame},
		{"no header", "GET /\r\n\r\n", 0, protocol.ErrFrame},
		{"endless header", strings.Repeat("x", 1<<20), 0, protocol.ErrFrame},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _, err := read(t, c.input)
			if len(got) != c.messages || !errors.Is(err, c.err) {
				t.Errorf("read %d messages and %v, want %d and %v", len(got), err, c.messages, c.err)
			}
		})
	}
}

// back writes v and reads it into out.
func back(t *testing.T, v, out any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, out); err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestIntegerWorkDoneToken(t *testing.T) {
	for _, raw := range []string{`7`, `"a"`} {
		var p protocol.InitializeParams
		if err := json.Unmarshal([]byte(`{"processId":null,"rootUri":null,"capabilities":{},"workDoneToken":`+raw+`}`), &p); err != nil {
			t.Fatal(err)
		}
		if p.WorkDoneToken.String() != raw || p.ProcessID != nil || p.RootURI != nil {
			t.Errorf("token %s was read as %s", raw, p.WorkDoneToken)
		}
		if got, _ := json.Marshal(protocol.ProgressParams{Token: p.WorkDoneToken}); !strings.Contains(string(got), `"token":`+raw) {
			t.Errorf("token %s was written as %s", raw, got)
		}
	}
	var p protocol.InitializeParams
	if err := json.Unmarshal([]byte(`{"workDoneToken":{}}`), &p); err == nil {
		t.Error("an object passed for a token")
	}
}

func TestIntegerCodeInContext(t *testing.T) {
	var p protocol.CodeActionParams
	in := `{"textDocument":{"uri":"file:///a"},"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}},
		"context":{"diagnostics":[{"range":{},"message":"m","code":8019},{"range":{},"message":"n","code":"PIN101"},{"range":{},"message":"o"}]}}`
	if err := json.Unmarshal([]byte(in), &p); err != nil {
		t.Fatal(err)
	}
	d := p.Context.Diagnostics
	if d[0].Code != (protocol.Code{Text: "8019", Number: true}) || d[1].Code != (protocol.Code{Text: "PIN101"}) || !d[2].Code.IsZero() {
		t.Errorf("codes %+v %+v %+v", d[0].Code, d[1].Code, d[2].Code)
	}
	for i, want := range []string{`"code":8019`, `"code":"PIN101"`, ``} {
		got, _ := json.Marshal(d[i])
		if want == "" && strings.Contains(string(got), "code") || !strings.Contains(string(got), want) {
			t.Errorf("written as %s", got)
		}
	}
}

func TestNilSlicesAreArrays(t *testing.T) {
	for _, v := range []any{
		protocol.PublishDiagnosticsParams{}, protocol.WorkspaceDiagnosticReport{}, protocol.RegistrationParams{},
		protocol.TextDocumentEdit{}, protocol.ExecuteCommandOptions{}, protocol.CodeActionOptions{},
		protocol.DocumentDiagnosticReport{Kind: protocol.ReportFull, Items: new(protocol.List[protocol.Diagnostic])},
	} {
		got, err := json.Marshal(v)
		if err != nil || !strings.Contains(string(got), "[]") {
			t.Errorf("%T is written as %s, %v", v, got, err)
		}
	}
	got, _ := json.Marshal(protocol.DocumentDiagnosticReport{Kind: protocol.ReportUnchanged, ResultID: "1"})
	if strings.Contains(string(got), "items") {
		t.Errorf("an unchanged report has items: %s", got)
	}
}

func TestHoverKeepsItsMembers(t *testing.T) {
	r := &protocol.Range{End: protocol.Position{Character: 3}}
	var h protocol.Hover
	back(t, protocol.Hover{Contents: protocol.MarkupContent{Kind: protocol.Markdown, Value: "**x**"}, Range: r}, &h)
	if h.Contents.Kind != "markdown" || h.Contents.Value != "**x**" || h.Range == nil || h.Range.End.Character != 3 {
		t.Errorf("came back as %+v", h)
	}
	// The trap: a type that embeds lsp.Hover is marshalled by lsp.Hover alone.
	type embedded struct {
		lsp.Hover
		Extra string `json:"extra"`
	}
	if got, _ := json.Marshal(embedded{Extra: "lost"}); strings.Contains(string(got), "lost") {
		t.Error("lsp.Hover no longer swallows members; protocol.Hover could embed it")
	}
}

func TestShadowedMembers(t *testing.T) {
	d := protocol.Diagnostic{Code: protocol.Code{Text: "PIN101"}}
	d.Diagnostic.Code = "wrong place"
	if got, _ := json.Marshal(d); !strings.Contains(string(got), `"code":"PIN101"`) || strings.Contains(string(got), "wrong place") {
		t.Errorf("written as %s", got)
	}
	var in protocol.InitializeParams
	if err := json.Unmarshal([]byte(`{"processId":4,"rootUri":"file:///r","capabilities":{"general":{"positionEncodings":["utf-8"]}}}`), &in); err != nil {
		t.Fatal(err)
	}
	if in.ProcessID == nil || *in.ProcessID != 4 || in.InitializeParams.ProcessID != 0 || *in.RootURI != "file:///r" ||
		len(in.Capabilities.General.PositionEncodings) != 1 {
		t.Errorf("read as %+v", in)
	}
}

func TestMinimalInitialize(t *testing.T) {
	var p protocol.InitializeParams
	if err := json.Unmarshal([]byte(`{"processId":null,"rootUri":null,"capabilities":{}}`), &p); err != nil {
		t.Fatal(err)
	}
	if p.ClientInfo != nil || p.WorkspaceFolders != nil || p.Capabilities.TextDocument.Diagnostic != nil {
		t.Errorf("read as %+v", p)
	}
}
