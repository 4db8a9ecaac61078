package source

// Difference is the smallest edit that makes one text of another, in byte offsets: what stands between
// start and oldEnd is replaced by what stands between start and newEnd.
func Difference(old, now []byte) (start, oldEnd, newEnd int) {
	most := min(len(old), len(now))
	for start < most && old[start] == now[start] {
		start++
	}
	tail := 0
	for tail < most-start && old[len(old)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	return start, len(old) - tail, len(now) - tail
}
