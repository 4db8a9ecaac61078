package cache

import (
	"fmt"
	"io/fs"
	"time"
)

// stamp is what tells without reading that a file is the same: size, and times and number where the system has them.
type stamp struct {
	size    int64
	mtime   int64 // in nanoseconds
	ctime   int64 // likewise; 0 where there is none
	number  uint64
	regular bool
}

// slack is how coarse the clock of a file system may be. A file that was changed so shortly before it was looked at
// may change again and look the same.
const slack = 2 * time.Second

// stampOf is the stamp of a file, and whether it is old enough to be trusted from now on.
func stampOf(info fs.FileInfo, now time.Time) (s stamp, settled bool) {
	s = stamp{size: info.Size(), mtime: info.ModTime().UnixNano(), regular: info.Mode().IsRegular()}
	s.ctime, s.number = system(info)
	return s, max(s.mtime, s.ctime) < now.Add(-slack).UnixNano()
}

func (s stamp) text() string {
	return fmt.Sprint(s.size, s.mtime, s.ctime, s.number, s.regular)
}

var now = time.Now // in tests another clock
