// Package webpage is what the HTML reports of pinvet share: the look, and how a page of its own is
// put together.
//
// In: the parts of a page. Out: one HTML file that loads nothing, and that runs no script but its own:
// its content security policy names the hash of that.
package webpage

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"
)

// Style is the look: colours for light and dark, type, form fields.
//
//go:embed base.css
var Style template.CSS

// Policy is the content security policy of a page with this one script.
func Policy(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// Frame is a page with a hole for its data.
type Frame struct{ Before, After string }

// Build puts style and script into a page. The page marks their places, and that of the data, by
// {{policy}}, {{style}}, {{data}} and {{script}}, in this order.
func Build(page, style, script string) Frame {
	before, after, _ := strings.Cut(page, "{{data}}")
	fill := strings.NewReplacer("{{policy}}", Policy(script), "{{style}}", string(Style)+style, "{{script}}", script)
	return Frame{fill.Replace(before), fill.Replace(after)}
}
