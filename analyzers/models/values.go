package models

// SameValue compares two values as code does that may have cut or extended them
// at 32 bits: 0xFFFFFFFF and -1 are the same failure value.
func SameValue(a, b int64) bool {
	return a == b || (fits32(a) && fits32(b) && uint32(a) == uint32(b))
}

func fits32(v int64) bool { return v >= -1<<31 && v < 1<<32 }

func hasValue(vs []int64, v int64) bool {
	for _, x := range vs {
		if SameValue(x, v) {
			return true
		}
	}
	return false
}
