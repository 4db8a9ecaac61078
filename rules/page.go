package rules

import "strings"

// PagePath is where the page of r stands in the repository.
func PagePath(r *Rule) string { return "rules/" + r.Folder + "/" + r.Code + ".md" }

// Summary returns the first paragraph under "What it does" on the page of r,
// or the title of a rule whose page has none.
func Summary(r *Rule) string {
	_, rest, ok := strings.Cut(r.Doc, "\n## What it does\n")
	if !ok {
		return r.Title
	}
	paragraph, _, _ := strings.Cut(strings.TrimSpace(rest), "\n\n")
	return strings.Join(strings.Fields(paragraph), " ")
}
