package version

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
	"sync"
)

// Build names this build of pinvet: two that analyse differently have different names. It is the number
// and where the source is from: the commit of a release or of a clean work tree, or the sum of a module,
// which are the same on every platform. Of any other build it is a hash of the executable; an error says
// why that could not be read.
var Build = sync.OnceValues(func() (string, error) {
	info, _ := debug.ReadBuildInfo()
	if from := origin(commit, info); from != "" {
		return Number + " " + from, nil
	}
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return Number + " build-" + hex.EncodeToString(h.Sum(nil)[:8]), nil
})

// origin says where the source of a build is from, "" if that does not settle what it is.
func origin(commit string, info *debug.BuildInfo) string {
	if commit != "" || info == nil {
		return commit
	}
	if info.Main.Sum != "" && info.Main.Replace == nil {
		return info.Main.Version + " " + info.Main.Sum
	}
	revision := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value != "false":
			return ""
		}
	}
	return revision
}
