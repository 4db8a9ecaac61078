package suppress

import (
	"slices"
	"strings"

	"github.com/pinvet/pinvet/analyzers/ir"
)

// Dated tells whether a suppression of the files may end on a day, so that what is found depends on the day.
func Dated(files []*ir.File) bool {
	return slices.ContainsFunc(files, func(f *ir.File) bool {
		return slices.ContainsFunc(f.Directives, func(d ir.Directive) bool {
			return strings.Contains(d.Text, untilWord) || d.Attr != nil && slices.ContainsFunc(d.Attr.Args, func(a ir.AttrArg) bool {
				return strings.Contains(a.Text, untilWord)
			})
		})
	})
}
