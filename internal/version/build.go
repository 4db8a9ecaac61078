package version

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"sync"
)

// Build names this build of pinvet: two that analyse differently have different names. It is the number
// and the commit of a release, which are the same on every platform; of any other build, the number and
// a hash of the executable. An error says why the executable could not be read.
var Build = sync.OnceValues(func() (string, error) {
	if commit != "" {
		return Number + " " + commit, nil
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
