// Package version says which pinvet this is.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Number is the release that this source tree leads to. CHANGELOG.md has a
// section of this name.
const Number = "0.1.0"

// commit is set by the build of a release, which has no repository at hand.
var commit string

// Long is one line: the number, the commit it was built from where that is
// known, the Go version and the platform.
func Long() string {
	commit := commit
	if commit != "" {
		commit = " " + commit[:min(len(commit), 12)]
	} else if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision" && len(s.Value) >= 12:
				commit = " " + s.Value[:12]
			case s.Key == "vcs.modified" && s.Value == "true":
				commit += "+"
			}
		}
	}
	return fmt.Sprintf("pinvet %s%s (%s, %s/%s)", Number, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
