package cache

import (
	"io/fs"
	"syscall"
)

// system is the time of the last change of anything about a file, and its number.
func system(info fs.FileInfo) (ctime int64, number uint64) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return st.Ctim.Nano(), st.Ino
	}
	return 0, 0
}
