package protocol

// Hover is what is shown over a place. go-lsp's own marshals itself and would swallow a range or
// contents of today's kind.
type Hover struct {
	Contents MarkupContent `json:"contents"`
	Range    *Range        `json:"range,omitempty"`
}

// Kinds of markup.
const (
	Markdown  = "markdown"
	PlainText = "plaintext"
)

// MarkupContent is text for people.
type MarkupContent struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}
