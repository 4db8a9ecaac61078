package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// The environment of a cache.
const (
	EnvDir  = "PINVET_CACHE"      // the folder; "off" switches the cache off
	EnvSize = "PINVET_CACHE_SIZE" // the limit, in MB
)

// Place is the folder of the user's cache: what PINVET_CACHE names, or else pinvet in the folder for caches of this
// system; "" where the cache is switched off. Its error says why there is no such folder.
func Place() (string, error) {
	switch dir := os.Getenv(EnvDir); dir {
	case "":
	case "off":
		return "", nil
	default:
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("%w; %s names another folder", err, EnvDir)
	}
	return filepath.Join(dir, "pinvet"), nil
}

// Limit is what PINVET_CACHE_SIZE says, in bytes; without it DefaultLimit.
func Limit() (int64, error) {
	text := os.Getenv(EnvSize)
	if text == "" {
		return DefaultLimit, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s=%s: give a number of megabytes", EnvSize, text)
	}
	return n << 20, nil
}
